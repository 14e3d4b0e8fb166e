import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { CloudConnectors } from "../../modules/cloud-connector";
import { Network } from "../../modules/network";
import { RouteFailover } from "../../modules/route-failover";
import { Steering } from "../../modules/steering";
import { TestHosts } from "../../modules/test-hosts";
import { ZscalerStack } from "../../stacks/zscaler-stack";

/** Workloads in two zones, with connectors in the first one only. */
const app = new App();
const stack = new ZscalerStack(app, "lab");
new LocalBackend(stack, { path: "../../../lab.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-central-1" });

const network = new Network(stack, "network", {
  name: "lab",
  vpc: { create: { cidr: "10.20.0.0/20" } },
  zones: { a: "eu-central-1a", b: "eu-central-1b" },
  tiers: { public: ["a"], connector: ["a"], workload: ["a", "b"] },
});

const { subnetId, egress } = network.subnet("connector", "a");
const connectors = new CloudConnectors(stack, "connectors", {
  name: "lab",
  vpcId: network.vpcId,
  vpcRanges: network.ranges,
  zones: { a: { connectorSubnetId: subnetId, egress }, b: "served" },
  servedBy: { b: "a" },
  perZone: 2,
  provisioningUrl: "connector.zscaler.net/api/v1/provUrl?name=lab",
  secret: "ZS/CC/credentials",
});

const workloads = Object.entries(network.tier("workload"));
const routes = workloads.flatMap(([zone, { routeTableId }]) => (routeTableId === undefined ? [] : [{ zone, routeTableId }]));
const steering = new Steering(stack, "steering", {
  movedBy: "function",
  routes: Object.fromEntries(
    routes.map(({ zone, routeTableId }) => {
      const { serviceInterface, instance } = connectors.serving(zone);
      return [zone, { routeTableId, target: { networkInterfaceId: serviceInterface.id }, after: instance }];
    }),
  ),
});

new RouteFailover(stack, "failover", {
  name: "lab",
  vpcId: network.vpcId,
  subnetIds: { a: subnetId },
  connectors: connectors.connectors,
  connectorSecurityGroupId: connectors.serviceSecurityGroupId,
  healthProbePort: 50000,
  routes: Object.fromEntries(
    routes.map(({ zone, routeTableId }) => [
      zone,
      { routeTableId, destination: "0.0.0.0/0", home: connectors.serving(zone).key, tier: "workload" },
    ]),
  ),
  after: [...egress, ...Object.values(steering.routes)],
});

new TestHosts(stack, "test_hosts", {
  name: "lab",
  vpcId: network.vpcId,
  workloadSubnetIds: Object.fromEntries(workloads.map(([zone, tier]) => [zone, tier.subnetId])),
});

app.synth();
