import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { CloudConnectors } from "../../modules/cloud-connector";
import { RouteFailover } from "../../modules/route-failover";
import { Steering } from "../../modules/steering";
import { ZscalerStack } from "../../stacks/zscaler-stack";

/** Connectors, steering and failover, module by module, in a VPC whose subnets and route tables exist. */
const vpcId = "vpc-0a1b2c3d4e5f60718";
const zones = {
  a: { subnetId: "subnet-0a1b2c3d4e5f6071a", routeTableId: "rtb-0a1b2c3d4e5f6071a" },
  b: { subnetId: "subnet-0a1b2c3d4e5f6071b", routeTableId: "rtb-0a1b2c3d4e5f6071b" },
};
const byZone = <Value>(value: (zone: string, its: (typeof zones)["a"]) => Value): Record<string, Value> =>
  Object.fromEntries(Object.entries(zones).map(([zone, its]) => [zone, value(zone, its)]));

const app = new App();
const stack = new ZscalerStack(app, "existing");
new LocalBackend(stack, { path: "../../../existing.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-central-1" });

const connectors = new CloudConnectors(stack, "connectors", {
  name: "existing",
  vpcId,
  vpcRanges: { vpc: "10.20.0.0/16" },
  zones: byZone((_, { subnetId }) => ({ connectorSubnetId: subnetId })),
  provisioningUrl: "connector.zscaler.net/api/v1/provUrl?name=existing",
  secret: "ZS/CC/credentials",
});

const steering = new Steering(stack, "steering", {
  movedBy: "function",
  routes: byZone((zone, { routeTableId }) => {
    const { serviceInterface, instance } = connectors.serving(zone);
    return {
      routeTableId,
      target: { networkInterfaceId: serviceInterface.id },
      after: instance,
      existing: { defaultRoute: "takeOver", vpcId, targetSubnetIds: Object.values(zones).map(({ subnetId }) => subnetId) },
    };
  }),
});

new RouteFailover(stack, "failover", {
  name: "existing",
  vpcId,
  subnetIds: byZone((_, { subnetId }) => subnetId),
  connectors: connectors.connectors,
  connectorSecurityGroupId: connectors.serviceSecurityGroupId,
  healthProbePort: 50000,
  routes: byZone((zone, { routeTableId }) => ({
    routeTableId,
    destination: "0.0.0.0/0",
    home: connectors.serving(zone).key,
    tier: "workload",
    formerTarget: steering.formerTargets[zone],
  })),
  after: Object.values(steering.routes),
});

app.synth();
