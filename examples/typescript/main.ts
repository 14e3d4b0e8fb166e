import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import { CloudConnectors } from "../../modules/cloud-connector";
import { Network } from "../../modules/network";
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

const { subnet, egress } = network.subnet("connector", "a");
const connectors = new CloudConnectors(stack, "connectors", {
  name: "lab",
  vpcId: network.vpc.id,
  vpcRanges: network.ranges,
  zones: { a: { connectorSubnetId: subnet.id, egress }, b: "served" },
  servedBy: { b: "a" },
  perZone: 2,
  provisioningUrl: "connector.zscaler.net/api/v1/provUrl?name=lab",
  secret: "ZS/CC/credentials",
});

const workloads = Object.entries(network.tier("workload"));
new Steering(stack, "steering", {
  tables: Object.fromEntries(
    workloads.flatMap(([zone, { routeTable }]) => {
      const { serviceInterface, instance } = connectors.serving(zone);
      return routeTable ? [[zone, { routeTableId: routeTable.id, networkInterfaceId: serviceInterface.id, after: instance }]] : [];
    }),
  ),
});

new TestHosts(stack, "test_hosts", {
  name: "lab",
  vpcId: network.vpc.id,
  workloadSubnetIds: Object.fromEntries(
    workloads.map(
      ([
        zone,
        {
          subnet: { id },
        },
      ]) => [zone, id],
    ),
  ),
});

app.synth();
