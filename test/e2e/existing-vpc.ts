import { EC2, type IpPermission, type ResourceType, type TagSpecification, waitUntilNatGatewayAvailable } from "@aws-sdk/client-ec2";
import { IAM } from "@aws-sdk/client-iam";
import { clientConfiguration } from "../../emulator";
import { type Account } from "../../emulator/account";
import { formatRange, parseRange, subRange } from "../../modules/addressing";
import { ask } from "./vpc-snapshot";

/** Where a route table's default route leads. */
type DefaultRoute = "natGateway" | "internetGateway" | "none";

export interface ExistingVpcShape {
  /** First word of all names. @default "corp" */
  readonly name?: string;
  /** /16 to /20. Its upper half stays free. @default "10.20.0.0/16" */
  readonly cidr?: string;
  readonly secondaryCidr?: string;
  /** Letters of the region, up to seven. */
  readonly zones: readonly string[];
  /** By zone. @default the zone's NAT gateway */
  readonly appRoutes?: Readonly<Record<string, DefaultRoute>>;
  /** By zone. @default the internet gateway in the first zone, none in the others */
  readonly dataRoutes?: Readonly<Record<string, DefaultRoute>>;
}

/** What `moveDefaultRoute` moves a route to. */
export type RouteTarget = { readonly NatGatewayId: string } | { readonly GatewayId: string } | { readonly NetworkInterfaceId: string };

const purposes = ["public", "app", "data", "connector", "resolver"] as const;
type Purpose = (typeof purposes)[number];

interface ExistingSubnet {
  readonly id: string;
  readonly cidr: string;
  /** Its own, which no other subnet uses. */
  readonly routeTableId: string;
}

export interface ExistingZone {
  /** `us-west-2a` */
  readonly name: string;
  readonly natGatewayId: string;
  /** Of the NAT gateway's address. */
  readonly allocationId: string;
  readonly subnets: Readonly<Record<Purpose, ExistingSubnet>>;
}

export interface ExistingVpc {
  readonly id: string;
  /** The secondary range, if there is one, is the last. */
  readonly cidrs: readonly string[];
  readonly internetGatewayId: string;
  /** Where the app tables' route to 192.168.0.0/16 leads. */
  readonly vpnGatewayId: string;
  /** Its default route leads to the internet gateway. */
  readonly mainRouteTableId: string;
  /** A subnet of the first zone without a table of its own: it uses the main one. */
  readonly mainTableSubnetId: string;
  readonly securityGroups: { readonly service: string; readonly management: string };
  /** Its name. */
  readonly instanceProfile: string;
  readonly networkAclId: string;
  readonly s3EndpointId: string;
  readonly flowLogId: string;
  readonly zones: Readonly<Record<string, ExistingZone>>;
}

const anywhere = "0.0.0.0/0";
/** The company's network behind its VPN. */
const onPremises = "192.168.0.0/16";
const companyTags = { Owner: "network-team", CostCenter: "4711", Environment: "production" };

const tagged = (ResourceType: ResourceType, Name: string): { readonly TagSpecifications: TagSpecification[] } => ({
  TagSpecifications: [{ ResourceType, Tags: Object.entries({ Name, ...companyTags }).map(([Key, Value]) => ({ Key, Value })) }],
});

const given = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error("the answer lacks what was asked for");
  return value;
};

/** The ranges of a VPC's subnets, each 1/256 of it: sixteen for a zone, and the last of the lower half for the subnet that uses the main table. */
function subnetRanges(cidr: string) {
  const parsed = parseRange(cidr);
  if (!("range" in parsed)) throw new Error(parsed.finding.problem);
  const numbered = (number: number): string => formatRange(subRange(parsed.range, 8, number));
  return {
    of: (zone: number, purpose: Purpose): string => numbered(16 * zone + purposes.indexOf(purpose)),
    mainTable: numbered(127),
  };
}

interface Site {
  readonly ec2: EC2;
  readonly vpcId: string;
  readonly name: string;
}

async function makeSubnet({ ec2, vpcId, name }: Site, zoneName: string, cidr: string): Promise<string> {
  const subnet = await ec2.createSubnet({ VpcId: vpcId, AvailabilityZone: zoneName, CidrBlock: cidr, ...tagged("subnet", name) });
  return given(subnet.Subnet?.SubnetId);
}

async function makeRouteTable({ ec2, vpcId, name }: Site): Promise<string> {
  return given((await ec2.createRouteTable({ VpcId: vpcId, ...tagged("route-table", name) })).RouteTable?.RouteTableId);
}

async function makeSubnetWithTable(site: Site, zoneName: string, cidr: string): Promise<ExistingSubnet> {
  const [id, routeTableId] = [await makeSubnet(site, zoneName, cidr), await makeRouteTable(site)];
  await site.ec2.associateRouteTable({ SubnetId: id, RouteTableId: routeTableId });
  return { id, cidr, routeTableId };
}

async function makeNatGateway({ ec2, name }: Site, subnetId: string) {
  const allocationId = given((await ec2.allocateAddress({ Domain: "vpc", ...tagged("elastic-ip", name) })).AllocationId);
  const made = await ec2.createNatGateway({ SubnetId: subnetId, AllocationId: allocationId, ...tagged("natgateway", name) });
  const natGatewayId = given(made.NatGateway?.NatGatewayId);
  await waitUntilNatGatewayAvailable({ client: ec2, minDelay: 1, maxDelay: 5, maxWaitTime: 60 }, { NatGatewayIds: [natGatewayId] });
  return { allocationId, natGatewayId };
}

/** Makes the table that the VPC's main association moves to. The one that came with the VPC stays, without any association. */
async function makeMainTable(site: Site, internetGatewayId: string): Promise<string> {
  const { ec2, vpcId } = site;
  const mainRouteTableId = await makeRouteTable(site);
  const Filters = [
    { Name: "vpc-id", Values: [vpcId] },
    { Name: "association.main", Values: ["true"] },
  ];
  const { RouteTables = [] } = await ec2.describeRouteTables({ Filters });
  const AssociationId = given(RouteTables[0]?.Associations?.find(({ Main }) => Main)?.RouteTableAssociationId);
  await ec2.replaceRouteTableAssociation({ AssociationId, RouteTableId: mainRouteTableId });
  await ec2.createRoute({ RouteTableId: mainRouteTableId, DestinationCidrBlock: anywhere, GatewayId: internetGatewayId });
  return mainRouteTableId;
}

/** Makes a network ACL that lets everything through, for some subnets. */
async function makeNetworkAcl({ ec2, vpcId, name }: Site, subnetIds: readonly string[]): Promise<string> {
  const NetworkAclId = given((await ec2.createNetworkAcl({ VpcId: vpcId, ...tagged("network-acl", name) })).NetworkAcl?.NetworkAclId);
  const everything = { NetworkAclId, RuleNumber: 100, Protocol: "-1", RuleAction: "allow", CidrBlock: anywhere } as const;
  await ec2.createNetworkAclEntry({ ...everything, Egress: false });
  await ec2.createNetworkAclEntry({ ...everything, Egress: true });
  const { NetworkAcls = [] } = await ec2.describeNetworkAcls({ Filters: [{ Name: "vpc-id", Values: [vpcId] }] });
  for (const { NetworkAclAssociationId: AssociationId, SubnetId } of NetworkAcls.flatMap(({ Associations = [] }) => Associations)) {
    if (subnetIds.includes(given(SubnetId))) await ec2.replaceNetworkAclAssociation({ AssociationId, NetworkAclId });
  }
  return NetworkAclId;
}

const egress: readonly IpPermission[] = [
  { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: anywhere, Description: "HTTPS" }] },
  { IpProtocol: "udp", FromPort: 123, ToPort: 123, IpRanges: [{ CidrIp: anywhere, Description: "Time" }] },
  { IpProtocol: "udp", FromPort: 53, ToPort: 53, IpRanges: [{ CidrIp: anywhere, Description: "DNS" }] },
];
const everyProtocol: IpPermission = { IpProtocol: "-1", IpRanges: [{ CidrIp: anywhere }] };

async function makeSecurityGroup({ ec2, vpcId, name }: Site, ingress: IpPermission): Promise<string> {
  const made = await ec2.createSecurityGroup({ GroupName: name, Description: name, VpcId: vpcId, ...tagged("security-group", name) });
  const GroupId = given(made.GroupId);
  await ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions: [everyProtocol] });
  await ec2.authorizeSecurityGroupEgress({ GroupId, IpPermissions: [...egress] });
  await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [ingress] });
  return GroupId;
}

async function makeRole(iam: IAM, RoleName: string, service: string): Promise<string> {
  const Statement = [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }];
  const document = JSON.stringify({ Version: "2012-10-17", Statement });
  return given((await iam.createRole({ RoleName, AssumeRolePolicyDocument: document })).Role?.Arn);
}

/** Roles are those of all regions: their names have the region's. */
async function makeInstanceProfile(iam: IAM, name: string): Promise<string> {
  await makeRole(iam, name, "ec2.amazonaws.com");
  await iam.createInstanceProfile({ InstanceProfileName: name });
  await iam.addRoleToInstanceProfile({ InstanceProfileName: name, RoleName: name });
  return name;
}

async function makeFlowLog(account: Account, iam: IAM, { ec2, vpcId, name }: Site): Promise<string> {
  await ask(account, "logs", "Logs_20140328.CreateLogGroup", { logGroupName: name });
  const { FlowLogIds } = await ec2.createFlowLogs({
    ResourceType: "VPC",
    ResourceIds: [vpcId],
    TrafficType: "ALL",
    LogGroupName: name,
    DeliverLogsPermissionArn: await makeRole(iam, `${name}-${account.region}`, "vpc-flow-logs.amazonaws.com"),
    ...tagged("vpc-flow-log", name),
  });
  return given(FlowLogIds?.[0]);
}

/**
 * Makes a VPC as a company has it, by AWS calls. Each zone has five subnets with a route table each: public, with a NAT gateway; app; data;
 * connector, which leaves by the NAT gateway; resolver, which has no way out.
 */
export async function makeExistingVpc(account: Account, shape: ExistingVpcShape): Promise<ExistingVpc> {
  const { name = "corp", cidr = "10.20.0.0/16", secondaryCidr, zones: letters, appRoutes = {}, dataRoutes = {} } = shape;
  const ec2 = new EC2(clientConfiguration(account));
  const iam = new IAM(clientConfiguration(account));
  const ranges = subnetRanges(cidr);

  const vpcId = given((await ec2.createVpc({ CidrBlock: cidr, ...tagged("vpc", name) })).Vpc?.VpcId);
  await ec2.modifyVpcAttribute({ VpcId: vpcId, EnableDnsHostnames: { Value: true } });
  if (secondaryCidr !== undefined) await ec2.associateVpcCidrBlock({ VpcId: vpcId, CidrBlock: secondaryCidr });
  const siteOf = (...words: readonly string[]): Site => ({ ec2, vpcId, name: [name, ...words].join("-") });

  const internetGateway = await ec2.createInternetGateway(tagged("internet-gateway", name));
  const internetGatewayId = given(internetGateway.InternetGateway?.InternetGatewayId);
  await ec2.attachInternetGateway({ VpcId: vpcId, InternetGatewayId: internetGatewayId });
  const vpnGateway = await ec2.createVpnGateway({ Type: "ipsec.1", ...tagged("vpn-gateway", name) });
  const vpnGatewayId = given(vpnGateway.VpnGateway?.VpnGatewayId);
  await ec2.attachVpnGateway({ VpcId: vpcId, VpnGatewayId: vpnGatewayId });

  const makeZone = async (letter: string, index: number): Promise<ExistingZone> => {
    const zoneName = `${account.region}${letter}`;
    const subnet = (purpose: Purpose) => makeSubnetWithTable(siteOf(purpose, letter), zoneName, ranges.of(index, purpose));
    const subnets = {
      public: await subnet("public"),
      app: await subnet("app"),
      data: await subnet("data"),
      connector: await subnet("connector"),
      resolver: await subnet("resolver"),
    };
    await ec2.modifySubnetAttribute({ SubnetId: subnets.public.id, MapPublicIpOnLaunch: { Value: true } });
    const nat = await makeNatGateway(siteOf(letter), subnets.public.id);
    const targets = { natGateway: { NatGatewayId: nat.natGatewayId }, internetGateway: { GatewayId: internetGatewayId } };
    const route = ({ routeTableId: RouteTableId }: ExistingSubnet, to: DefaultRoute) =>
      to !== "none" && ec2.createRoute({ RouteTableId, DestinationCidrBlock: anywhere, ...targets[to] });
    await route(subnets.public, "internetGateway");
    await route(subnets.app, appRoutes[letter] ?? "natGateway");
    await route(subnets.data, dataRoutes[letter] ?? (index === 0 ? "internetGateway" : "none"));
    await route(subnets.connector, "natGateway");
    await ec2.createRoute({ RouteTableId: subnets.app.routeTableId, DestinationCidrBlock: onPremises, GatewayId: vpnGatewayId });
    return { name: zoneName, ...nat, subnets };
  };
  const zones = Object.fromEntries(
    await Promise.all(letters.map(async (letter, index) => [letter, await makeZone(letter, index)] as const)),
  );
  const inZones = Object.values(zones);

  const s3 = await ec2.createVpcEndpoint({
    VpcId: vpcId,
    ServiceName: `com.amazonaws.${account.region}.s3`,
    VpcEndpointType: "Gateway",
    RouteTableIds: inZones.map(({ subnets }) => subnets.app.routeTableId),
    ...tagged("vpc-endpoint", name),
  });
  const existing: ExistingVpc = {
    id: vpcId,
    cidrs: [cidr, ...(secondaryCidr === undefined ? [] : [secondaryCidr])],
    internetGatewayId,
    vpnGatewayId,
    mainRouteTableId: await makeMainTable(siteOf("main"), internetGatewayId),
    mainTableSubnetId: await makeSubnet(siteOf("main"), `${account.region}${letters[0] ?? ""}`, ranges.mainTable),
    securityGroups: {
      service: await makeSecurityGroup(siteOf("service"), { IpProtocol: "-1", IpRanges: [{ CidrIp: cidr, Description: "The VPC" }] }),
      management: await makeSecurityGroup(siteOf("management"), {
        IpProtocol: "tcp",
        FromPort: 22,
        ToPort: 22,
        IpRanges: [{ CidrIp: cidr, Description: "SSH from the VPC" }],
      }),
    },
    instanceProfile: await makeInstanceProfile(iam, `${name}-connector-${account.region}`),
    networkAclId: await makeNetworkAcl(
      siteOf("data"),
      inZones.map(({ subnets }) => subnets.data.id),
    ),
    s3EndpointId: given(s3.VpcEndpoint?.VpcEndpointId),
    flowLogId: await makeFlowLog(account, iam, siteOf("flow-logs")),
    zones,
  };
  ec2.destroy();
  iam.destroy();
  return existing;
}

/** The id that a route table's default route leads to, `undefined` without one. */
export async function defaultRouteOf(account: Account, routeTableId: string): Promise<string | undefined> {
  const ec2 = new EC2(clientConfiguration(account));
  const { RouteTables = [] } = await ec2.describeRouteTables({ RouteTableIds: [routeTableId] });
  ec2.destroy();
  const route = RouteTables[0]?.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === anywhere);
  return route?.NetworkInterfaceId ?? route?.NatGatewayId ?? route?.TransitGatewayId ?? route?.VpcPeeringConnectionId ?? route?.GatewayId;
}

/** Moves a route table's default route by hand. */
export async function moveDefaultRoute(account: Account, routeTableId: string, target: RouteTarget): Promise<void> {
  const ec2 = new EC2(clientConfiguration(account));
  await ec2.replaceRoute({ RouteTableId: routeTableId, DestinationCidrBlock: anywhere, ...target });
  ec2.destroy();
}
