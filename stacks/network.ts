import { type TerraformStack } from "cdktf";
import { type Construct } from "constructs";
import { type z } from "zod";
import { networkDeployment, type NetworkSettings } from "../config/network";
import { Steering } from "../modules/steering";
import { type TestHosts } from "../modules/test-hosts";
import { checkSettings, type Immutable, orToken } from "../modules/validation";
import { DeploymentStack, type ZoneRoute } from "./deployment-stack";
import { addTestHosts } from "./test-hosts";
import { type ModuleInputs, type ZscalerStack } from "./zscaler-stack";

const schema = networkDeployment(orToken);

/**
 * The network template: a VPC whose workloads leave by NAT gateways, without connectors. A later template steers the same routes to connectors.
 *
 * Makes a `Network`, the `Steering` of the workload route tables to the NAT gateway of their zone and, where asked for, `TestHosts`.
 */
export class NetworkStack extends DeploymentStack<Immutable<z.output<typeof schema>>> {
  readonly steering: Steering;
  readonly testHosts: TestHosts | undefined;
  readonly routes: Readonly<Record<string, ZoneRoute>>;

  /**
   * @param settings Gets the stack, since values that are Terraform variables need it first.
   * @param inputs Only for a stack that becomes a Terraform module.
   */
  constructor(
    scope: Construct,
    id: string,
    settings: (stack: ZscalerStack) => NetworkSettings,
    inputs?: (stack: TerraformStack) => ModuleInputs,
  ) {
    super(scope, id, (stack) => checkSettings(stack, schema, settings(stack)), inputs);
    const routes = Object.entries(this.network.tier("workload")).flatMap(([zone, { routeTableId }]) => {
      if (routeTableId === undefined) return [];
      const natGatewayId = this.network.natGateways.idFor(zone);
      return natGatewayId === undefined ? [] : [{ zone, routeTableId, natGatewayId }];
    });
    this.routes = Object.fromEntries(
      routes.map(({ zone, routeTableId }) => [`${zone}_workload`, { routeTableId, destination: "0.0.0.0/0", tier: "workload", zone }]),
    );
    this.steering = new Steering(this, "steering", {
      movedBy: "terraform",
      routes: Object.fromEntries(
        routes.map(({ zone, routeTableId, natGatewayId }) => [`${zone}_workload`, { routeTableId, target: { natGatewayId } }]),
      ),
    });
    this.testHosts = addTestHosts(this, this.deployment);
  }
}
