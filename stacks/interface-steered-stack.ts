import { type TerraformStack } from "cdktf";
import { type Construct } from "constructs";
import { type InterfaceSteeredDeployment } from "../config/interface-steered";
import { interfaceSteeredLayout } from "../config/layout";
import { CloudConnectors, type ConnectorSubnets } from "../modules/cloud-connector";
import { Network } from "../modules/network";
import { Steering } from "../modules/steering";
import { TestHosts } from "../modules/test-hosts";
import { type ConnectorRoute, connectorRoutes } from "./connector-routes";
import { connectorOutputs, networkOutputs, testHostOutputs } from "./outputs";
import { subnetIds } from "./subnet-ids";
import { applyTerraformSettings } from "./terraform-settings";
import { type ModuleInputs, ZscalerStack } from "./zscaler-stack";

/**
 * What the templates have in common whose subnets are steered by `interface`.
 *
 * Makes a `Network`, `CloudConnectors`, the `Steering` of the workload and resolver route tables and, where asked for, `TestHosts`.
 */
export abstract class InterfaceSteeredStack<Deployment extends InterfaceSteeredDeployment> extends ZscalerStack {
  readonly network: Network;
  readonly connectors: CloudConnectors;
  readonly steering: Steering;
  readonly testHosts?: TestHosts;
  /** What each route of `steering` is for, by the same names. */
  readonly routes: Readonly<Record<string, ConnectorRoute>>;
  /** The tags of everything, which the provider gives. */
  readonly defaultTags: Readonly<Record<string, string>>;
  /** The settings, with all defaults filled. */
  protected readonly deployment: Deployment;

  /** @param deployment Gets the stack, since values that are Terraform variables need it first. */
  constructor(
    scope: Construct,
    id: string,
    deployment: (stack: ZscalerStack) => Deployment,
    inputs?: (stack: TerraformStack) => ModuleInputs,
  ) {
    super(scope, id, inputs);
    const name = this.resourceName;
    this.deployment = deployment(this);
    const { zones, tiers, addresses } = interfaceSteeredLayout(this.deployment);
    this.defaultTags = applyTerraformSettings(this, this.deployment);

    this.network = new Network(this, "network", {
      name,
      zones,
      tiers,
      addresses,
      vpc: this.deployment.network,
      range: this.inputs?.vpcRange,
      nat: this.deployment.nat,
      subnets: this.deployment.subnets,
      privateEndpoints: this.deployment.privateEndpoints,
      iam: this.deployment.iam,
    });
    this.connectors = new CloudConnectors(this, "connectors", {
      ...this.deployment.connectors,
      name,
      zones: Object.fromEntries(Object.keys(zones).map((zone) => [zone, this.connectorSubnets(zone)])),
      vpcId: this.network.vpc.id,
      vpcRanges: this.network.ranges,
      iam: this.deployment.iam,
    });
    this.routes = connectorRoutes(this.network, this.connectors, this.deployment.failover?.pinned ?? {});
    this.steering = new Steering(this, "steering", {
      movedBy: this.deployment.failover === undefined ? "terraform" : "function",
      routes: Object.fromEntries(
        Object.entries(this.routes).map(
          ([
            name,
            {
              routeTableId,
              destination,
              connector: { serviceInterface, instance },
            },
          ]) => [name, { routeTableId, destination, networkInterfaceId: serviceInterface.id, after: instance }],
        ),
      ),
    });
    if (this.deployment.testHosts) {
      this.testHosts = new TestHosts(this, "test_hosts", {
        ...this.deployment.testHosts,
        name,
        vpcId: this.network.vpc.id,
        workloadSubnetIds: subnetIds(this.network.tier("workload")),
        publicSubnetId: Object.values(this.network.tier("public"))[0]?.subnet.id,
        after: [
          ...Object.values(this.steering.routes),
          ...(["public", "workload"] as const).flatMap((tier) => Object.values(this.network.tier(tier)).flatMap(({ egress }) => egress)),
        ],
        iam: this.deployment.iam,
      });
    }

    this.addOutputs({
      zones: { value: zones, description: "Names of the zones, by key" },
      ...networkOutputs(this.network),
      ...connectorOutputs(this.connectors),
      ...(this.testHosts ? testHostOutputs(this.testHosts) : {}),
    });
  }

  private connectorSubnets(zone: string): ConnectorSubnets | "served" {
    const connector = this.network.tier("connector")[zone];
    if (!connector) return "served";
    const management = this.network.tier("management")[zone];
    return {
      connectorSubnetId: connector.subnet.id,
      managementSubnetId: management?.subnet.id,
      egress: [...connector.egress, ...(management?.egress ?? []), ...(this.network.privateEndpoints?.ready ?? [])],
    };
  }
}
