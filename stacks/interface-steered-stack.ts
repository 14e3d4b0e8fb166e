import { type TerraformStack } from "cdktf";
import { type Construct } from "constructs";
import { type InterfaceSteeredDeployment } from "../config/interface-steered";
import { CloudConnectors } from "../modules/cloud-connector";
import { Steering } from "../modules/steering";
import { type TestHosts } from "../modules/test-hosts";
import { type ConnectorRoute, connectorRoutes, defaultRoutes } from "./steered-routes";
import { DeploymentStack } from "./deployment-stack";
import { connectorSubnets, existingSubnetIds } from "./network-parts";
import { connectorOutputs, steeringOutputs } from "./outputs";
import { addTestHosts } from "./test-hosts";
import { type ModuleInputs, type ZscalerStack } from "./zscaler-stack";

/**
 * What the templates have in common whose subnets are steered by `interface`.
 *
 * Makes a `Network`, `CloudConnectors`, the `Steering` of the workload and resolver route tables, made or existing, and, where asked for,
 * `TestHosts`.
 */
export abstract class InterfaceSteeredStack<Deployment extends InterfaceSteeredDeployment> extends DeploymentStack<Deployment> {
  readonly connectors: CloudConnectors;
  readonly steering: Steering;
  readonly testHosts: TestHosts | undefined;
  readonly routes: Readonly<Record<string, ConnectorRoute>>;

  /** @param deployment Gets the stack, since values that are Terraform variables need it first. */
  constructor(
    scope: Construct,
    id: string,
    deployment: (stack: ZscalerStack) => Deployment,
    inputs?: (stack: TerraformStack) => ModuleInputs,
  ) {
    super(scope, id, deployment, inputs);
    const { connectors, steering, failover, iam } = this.deployment;
    this.connectors = new CloudConnectors(this, "connectors", {
      ...connectors,
      name: this.resourceName,
      zones: connectorSubnets(this.network, Object.keys(this.zones)),
      vpcId: this.network.vpcId,
      vpcRanges: this.network.ranges,
      iam,
    });
    this.routes = connectorRoutes(defaultRoutes(this.network, steering), this.connectors, failover?.pinned ?? {});
    const targetSubnetIds = existingSubnetIds(this.network, ["connector", "management"]);
    this.steering = new Steering(this, "steering", {
      movedBy: failover === undefined ? "terraform" : "function",
      imports: this.inputs?.calledBy !== "module",
      routes: Object.fromEntries(
        Object.entries(this.routes).map(([name, { routeTableId, destination, connector, defaultRoute }]) => [
          name,
          {
            routeTableId,
            destination,
            target: { networkInterfaceId: connector.serviceInterface.id },
            after: connector.instance,
            existing: defaultRoute && { defaultRoute, vpcId: this.network.vpcId, targetSubnetIds },
          },
        ]),
      ),
    });
    this.addOutputs({ ...connectorOutputs(this.connectors), ...steeringOutputs(this.steering) });
    this.testHosts = addTestHosts(this, this.deployment);
  }
}
