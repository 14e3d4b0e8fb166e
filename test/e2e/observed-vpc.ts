import {
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Instance,
  type NatGateway,
  type NetworkInterface,
  type Route,
  type RouteTable,
  type Subnet,
  type Tag,
} from "@aws-sdk/client-ec2";
import { clientConfiguration } from "../../emulator";

/** A VPC as AWS calls show it, found by its Name tag. */
export interface ObservedVpc {
  readonly subnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly natGateways: readonly NatGateway[];
  readonly interfaces: readonly NetworkInterface[];
  readonly instances: readonly Instance[];
}

export const nameOf = ({ Tags = [] }: { readonly Tags?: Tag[] | undefined }): string => Tags.find(({ Key }) => Key === "Name")?.Value ?? "";

export async function observeVpc(endpoint: string, region: string, name: string): Promise<ObservedVpc> {
  const client = new EC2Client(clientConfiguration({ endpoint, region }));
  const { Vpcs = [] } = await client.send(new DescribeVpcsCommand({ Filters: [{ Name: "tag:Name", Values: [name] }] }));
  const Filters = [{ Name: "vpc-id", Values: Vpcs.flatMap(({ VpcId }) => VpcId ?? []) }];
  if (Vpcs.length !== 1) throw new Error(`${Vpcs.length} VPCs are named ${name}`);
  const [subnets, routeTables, natGateways, interfaces, instances] = await Promise.all([
    client.send(new DescribeSubnetsCommand({ Filters })),
    client.send(new DescribeRouteTablesCommand({ Filters })),
    client.send(new DescribeNatGatewaysCommand({ Filter: Filters })),
    client.send(new DescribeNetworkInterfacesCommand({ Filters })),
    client.send(new DescribeInstancesCommand({ Filters })),
  ]);
  client.destroy();
  return {
    subnets: subnets.Subnets ?? [],
    routeTables: routeTables.RouteTables ?? [],
    natGateways: natGateways.NatGateways ?? [],
    interfaces: interfaces.NetworkInterfaces ?? [],
    instances: (instances.Reservations ?? []).flatMap(({ Instances = [] }) => Instances),
  };
}

const defaultRoute = ({ Routes = [] }: RouteTable): Route | undefined =>
  Routes.find(({ DestinationCidrBlock }) => DestinationCidrBlock === "0.0.0.0/0");

/** What a packet meets on its way out of a subnet, step by step: `connector egress-connector-a-1 in us-west-2a`. */
export function wayOut(vpc: ObservedVpc, subnetId: string | undefined): readonly string[] {
  const table = vpc.routeTables.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === subnetId));
  const route = table && defaultRoute(table);
  if (!route) return ["nothing"];
  if (route.State !== "active") return [`a ${route.State ?? "nameless"} route`];
  if (route.GatewayId?.startsWith("igw-")) return ["internet gateway"];
  if (route.NatGatewayId) {
    const gateway = vpc.natGateways.find(({ NatGatewayId }) => NatGatewayId === route.NatGatewayId);
    return [`${gateway?.State ?? "missing"} NAT gateway in ${zoneOf(vpc, gateway?.SubnetId)}`, ...wayOut(vpc, gateway?.SubnetId)];
  }
  const target = vpc.interfaces.find(({ NetworkInterfaceId }) => NetworkInterfaceId === route.NetworkInterfaceId);
  const instance = vpc.instances.find(({ InstanceId }) => InstanceId === target?.Attachment?.InstanceId);
  if (!target || !instance) return ["an interface without an instance"];
  const [device, check] = [target.Attachment?.DeviceIndex, target.SourceDestCheck === false ? "unchecked" : "checked"];
  return [
    `${instance.State?.Name ?? ""} ${nameOf(instance)} by ${check} interface ${device} in ${zoneOf(vpc, target.SubnetId)}`,
    ...wayOut(vpc, target.SubnetId),
  ];
}

const zoneOf = (vpc: ObservedVpc, subnetId: string | undefined): string =>
  vpc.subnets.find(({ SubnetId }) => SubnetId === subnetId)?.AvailabilityZone ?? "no zone";

/** The tables whose default route leads to a network interface, by the name of their subnets. */
export const steeredSubnets = (vpc: ObservedVpc): readonly string[] =>
  vpc.routeTables
    .filter((table) => defaultRoute(table)?.NetworkInterfaceId !== undefined)
    .flatMap(({ Associations = [] }) => Associations.map(({ SubnetId }) => nameOf(vpc.subnets.find((s) => s.SubnetId === SubnetId) ?? {})))
    .sort();
