import { type Construct } from "constructs";
import { baseDeployment, baseLayout, type BaseSettings } from "../config/base";
import { CloudConnectors, type ConnectorSubnets } from "../modules/cloud-connector";
import { Network } from "../modules/network";
import { Steering, type SteeredTable } from "../modules/steering";
import { TestHosts } from "../modules/test-hosts";
import { checkSettings, orToken } from "../modules/validation";
import { connectorOutputs, networkOutputs, testHostOutputs } from "./outputs";
import { applyTerraformSettings } from "./terraform-settings";
import { ZscalerStack } from "./zscaler-stack";

const schema = baseDeployment(orToken);

/**
 * The base template: a VPC whose workloads reach the internet through a Cloud Connector of their zone.
 *
 * Makes a `Network`, `CloudConnectors`, the `Steering` of the workload route tables and, where asked for, `TestHosts`.
 */
export class BaseStack extends ZscalerStack {
  readonly network: Network;
  readonly connectors: CloudConnectors;
  readonly steering: Steering;
  readonly testHosts?: TestHosts;

  /** @param settings Gets the stack, since values that are Terraform variables need it first. */
  constructor(scope: Construct, id: string, settings: (stack: ZscalerStack) => BaseSettings) {
    super(scope, id);
    const deployment = checkSettings(this, schema, settings(this));
    const { zones, tiers, addresses } = baseLayout(deployment);
    applyTerraformSettings(this, deployment);

    this.network = new Network(this, "network", {
      name: id,
      zones,
      tiers,
      addresses,
      vpc: deployment.network,
      nat: deployment.nat,
      subnets: deployment.subnets,
      privateEndpoints: deployment.privateEndpoints,
      iam: deployment.iam,
    });
    this.connectors = new CloudConnectors(this, "connectors", {
      ...deployment.connectors,
      name: id,
      zones: Object.fromEntries(Object.keys(zones).map((zone) => [zone, this.connectorSubnets(zone)])),
      vpcId: this.network.vpc.id,
      vpcRanges: this.network.ranges,
      iam: deployment.iam,
    });
    this.steering = new Steering(this, "steering", { tables: this.steeredTables() });
    if (deployment.testHosts) {
      this.testHosts = new TestHosts(this, "test_hosts", {
        ...deployment.testHosts,
        name: id,
        vpcId: this.network.vpc.id,
        workloadSubnetIds: Object.fromEntries(Object.entries(this.network.tier("workload")).map(([zone, { subnet }]) => [zone, subnet.id])),
        publicSubnetId: Object.values(this.network.tier("public"))[0]?.subnet.id,
        after: [
          ...Object.values(this.steering.routes),
          ...(["public", "workload"] as const).flatMap((tier) => Object.values(this.network.tier(tier)).flatMap(({ egress }) => egress)),
        ],
        iam: deployment.iam,
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

  private steeredTables(): Readonly<Record<string, SteeredTable>> {
    return Object.fromEntries(
      Object.entries(this.network.tier("workload")).flatMap(([zone, { routeTable }]) => {
        if (!routeTable) return [];
        const { serviceInterface, instance } = this.connectors.serving(zone);
        return [[`${zone}_workload`, { routeTableId: routeTable.id, networkInterfaceId: serviceInterface.id, after: instance }]];
      }),
    );
  }
}
