import type { EC2, Route as Ec2Route, Tag } from "@aws-sdk/client-ec2";
import { askFor, askPages, inBatches } from "./asking";
import { type NetworkQuestions, type Route } from "./aws-network";

const tagsOf = (tags: readonly Tag[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));

const targetOf = (route: Ec2Route): string =>
  // A gateway may be a VPC endpoint. A route to an instance names its interface too.
  route.GatewayId ??
  route.NatGatewayId ??
  route.NetworkInterfaceId ??
  route.TransitGatewayId ??
  route.VpcPeeringConnectionId ??
  route.EgressOnlyInternetGatewayId ??
  route.LocalGatewayId ??
  route.CarrierGatewayId ??
  route.CoreNetworkArn ??
  "what AWS does not tell";

/** A static route comes before one of the same destination that is propagated (VPC user guide, "Route priority"), so those are in nobody's way. */
const routesOf = (routes: readonly Ec2Route[] = []): readonly Route[] =>
  routes
    .filter(({ Origin }) => Origin !== "EnableVgwRoutePropagation")
    .map((route) => ({
      destination: route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId ?? "",
      target: targetOf(route),
      isBlackhole: route.State === "blackhole",
    }));

/** The questions for EC2 about networks. Things are asked for by filters: a list of ids is refused whole if one of them does not exist. */
export function networkQuestions(client: () => Promise<EC2>): NetworkQuestions {
  const routeTables = (Name: string, Values: string[]) =>
    askPages(
      "ec2:DescribeRouteTables",
      async () => (await client()).paginateDescribeRouteTables({ Filters: [{ Name, Values }] }),
      (page) => page.RouteTables,
    );

  return {
    async vpc(id) {
      const [found] = await askPages(
        "ec2:DescribeVpcs",
        async () => (await client()).paginateDescribeVpcs({ Filters: [{ Name: "vpc-id", Values: [id] }] }),
        (page) => page.Vpcs,
      );
      if (!found) return undefined;
      const first = found.CidrBlock ?? "";
      const associated = (found.CidrBlockAssociationSet ?? [])
        .filter(({ CidrBlockState }) => CidrBlockState?.State === "associated")
        .map(({ CidrBlock }) => CidrBlock ?? "");
      return { id, ranges: [first, ...associated.filter((range) => range !== first)] };
    },

    async vpcCount() {
      const vpcs = await askPages(
        "ec2:DescribeVpcs",
        async () => (await client()).paginateDescribeVpcs({}),
        (page) => page.Vpcs,
      );
      return vpcs.length;
    },

    async subnets() {
      const subnets = await askPages(
        "ec2:DescribeSubnets",
        async () => (await client()).paginateDescribeSubnets({}),
        (page) => page.Subnets,
      );
      return subnets.map(({ SubnetId, AvailabilityZone, DefaultForAz, VpcId, CidrBlock, AvailableIpAddressCount, Tags }) => ({
        id: SubnetId ?? "",
        zone: AvailabilityZone ?? "",
        isDefault: DefaultForAz === true,
        vpc: VpcId ?? "",
        range: CidrBlock ?? "",
        freeAddresses: AvailableIpAddressCount ?? 0,
        tags: tagsOf(Tags),
      }));
    },

    async internetGateways() {
      const gateways = await askPages(
        "ec2:DescribeInternetGateways",
        async () => (await client()).paginateDescribeInternetGateways({}),
        (page) => page.InternetGateways,
      );
      return gateways.map(({ InternetGatewayId, Attachments = [], Tags }) => ({
        id: InternetGatewayId ?? "",
        vpcs: Attachments.map(({ VpcId }) => VpcId ?? ""),
        tags: tagsOf(Tags),
      }));
    },

    async natGateways(ids) {
      const gateways = await inBatches(ids, (values) =>
        askPages(
          "ec2:DescribeNatGateways",
          async () => (await client()).paginateDescribeNatGateways({ Filter: [{ Name: "nat-gateway-id", Values: values }] }),
          (page) => page.NatGateways,
        ),
      );
      return gateways.map(({ NatGatewayId, State, ConnectivityType, VpcId, SubnetId }) => ({
        id: NatGatewayId ?? "",
        state: State ?? "in a state that AWS does not tell",
        connectivity: ConnectivityType ?? "public",
        vpc: VpcId ?? "",
        subnet: SubnetId,
      }));
    },

    async natGatewaySubnets() {
      const gateways = await askPages(
        "ec2:DescribeNatGateways",
        async () =>
          (await client()).paginateDescribeNatGateways({ Filter: [{ Name: "state", Values: ["pending", "available", "deleting"] }] }),
        (page) => page.NatGateways,
      );
      return gateways.flatMap(({ SubnetId }) => (SubnetId === undefined ? [] : [SubnetId]));
    },

    async routeTables(vpc, ids) {
      const found = await Promise.all([routeTables("vpc-id", [vpc]), inBatches(ids, (values) => routeTables("route-table-id", values))]);
      const tables = found.flat().map(({ RouteTableId, VpcId, Associations = [], Routes, Tags }) => ({
        id: RouteTableId ?? "",
        vpc: VpcId ?? "",
        isMain: Associations.some(({ Main }) => Main === true),
        subnets: Associations.flatMap(({ SubnetId }) => (SubnetId === undefined ? [] : [SubnetId])),
        routes: routesOf(Routes),
        tags: tagsOf(Tags),
      }));
      return [...new Map(tables.map((table) => [table.id, table])).values()];
    },

    async securityGroups(ids) {
      const groups = await inBatches(ids, (values) =>
        askPages(
          "ec2:DescribeSecurityGroups",
          async () => (await client()).paginateDescribeSecurityGroups({ Filters: [{ Name: "group-id", Values: values }] }),
          (page) => page.SecurityGroups,
        ),
      );
      return groups.map(({ GroupId, VpcId }) => ({ id: GroupId ?? "", vpc: VpcId ?? "" }));
    },

    async interfacesTagged(key) {
      const interfaces = await askPages(
        "ec2:DescribeNetworkInterfaces",
        async () => (await client()).paginateDescribeNetworkInterfaces({ Filters: [{ Name: "tag-key", Values: [key] }] }),
        (page) => page.NetworkInterfaces,
      );
      return interfaces.map(({ NetworkInterfaceId, SubnetId }) => ({ id: NetworkInterfaceId ?? "", subnet: SubnetId ?? "" }));
    },

    async vpcEndpoints(vpc) {
      const endpoints = await askPages(
        "ec2:DescribeVpcEndpoints",
        async () => (await client()).paginateDescribeVpcEndpoints({ Filters: [{ Name: "vpc-id", Values: [vpc] }] }),
        (page) => page.VpcEndpoints,
      );
      return endpoints.map(({ VpcEndpointId, VpcEndpointType, Tags }) => ({
        id: VpcEndpointId ?? "",
        type: VpcEndpointType ?? "",
        tags: tagsOf(Tags),
      }));
    },

    async endpointService(name) {
      const answer = await askFor("ec2:DescribeVpcEndpointServices", "InvalidServiceName", async () =>
        (await client()).describeVpcEndpointServices({ ServiceNames: [name] }),
      );
      const [found] = answer?.ServiceDetails ?? [];
      return (
        found && {
          types: (found.ServiceType ?? []).map(({ ServiceType }) => ServiceType ?? ""),
          zones: found.AvailabilityZones ?? [],
          owner: found.Owner ?? "",
          acceptance: found.AcceptanceRequired === true,
        }
      );
    },
  };
}
