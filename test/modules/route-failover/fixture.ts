import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { NetworkInterface } from "@cdktf/provider-aws/lib/network-interface";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { type MovedRoute, RouteFailover, type RouteFailoverProps, type WatchedConnector } from "../../../modules/route-failover";
import { ZscalerStack } from "../../../stacks/zscaler-stack";
import { type SynthesizedStack, synthesizeApp } from "../../stacks/synthesize";

export interface Given {
  readonly connectors?: readonly string[];
  /** How many route tables there are, each with its default route. */
  readonly tables?: number;
  readonly more?: Partial<RouteFailoverProps> | ((stack: ZscalerStack) => Partial<RouteFailoverProps>);
}

const zoneOf = (key: string): string => key.replace(/-\d+$/, "");

const connector = (stack: ZscalerStack, key: string): WatchedConnector => {
  const serviceInterface = new NetworkInterface(stack, `interface_${key}`, { subnetId: `subnet-0${zoneOf(key)}` });
  const networkInterface = [{ deviceIndex: 0, networkInterfaceId: serviceInterface.id }];
  return { zone: zoneOf(key), serviceInterface, instance: new Instance(stack, `connector_${key}`, { networkInterface }) };
};

/** A stack with a `RouteFailover` by the id `failover`, in a VPC that exists, with connectors and routes made here. */
export const synthesizeFailover = ({ connectors = ["a-1", "b-1"], tables = 2, more = {} }: Given = {}): SynthesizedStack =>
  synthesizeApp((app) => {
    const stack = new ZscalerStack(app, "theirs");
    new AwsProvider(stack, "aws", { region: "us-west-2" });
    const watched = Object.fromEntries(connectors.map((key) => [key, connector(stack, key)]));
    const made = Array.from({ length: tables }, (_, index) => {
      const home = connectors[index % connectors.length] ?? "";
      const table = new RouteTable(stack, `table_${index}`, { vpcId: "vpc-0" });
      const networkInterfaceId = watched[home]?.serviceInterface.id ?? "";
      const route = new Route(stack, `route_${index}`, { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", networkInterfaceId });
      const moved: MovedRoute = { routeTableId: table.id, destination: "0.0.0.0/0", home, tier: "workload", natGatewayId: `nat-0${home}` };
      return { route, moved };
    });
    new RouteFailover(stack, "failover", {
      name: "theirs",
      vpcId: "vpc-0",
      subnetIds: { a: "subnet-0a", b: "subnet-0b" },
      connectors: watched,
      connectorSecurityGroupId: "sg-0",
      healthProbePort: 50000,
      routes: Object.fromEntries(made.map(({ moved }, index) => [`table_${index}`, moved])),
      after: made.map(({ route }) => route),
      ...(typeof more === "function" ? more(stack) : more),
    });
  })("theirs");
