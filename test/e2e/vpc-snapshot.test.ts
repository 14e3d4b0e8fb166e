import { setTimeout } from "node:timers/promises";
import { EC2 } from "@aws-sdk/client-ec2";
import { IAM } from "@aws-sdk/client-iam";
import { Lambda } from "@aws-sdk/client-lambda";
import { SSM } from "@aws-sdk/client-ssm";
import { zipSync } from "fflate";
import { clientConfiguration, type Emulator, startEmulator } from "../../emulator";
import { type Account } from "../../emulator/account";
import { overlaps, parseRange } from "../../modules/addressing";
import { defaultRouteOf, type ExistingVpc, type ExistingZone, makeExistingVpc, moveDefaultRoute } from "./existing-vpc";
import { ask, askByForm, differences, type Differences, type Snapshot, snapshotOf } from "./vpc-snapshot";

interface World {
  readonly account: Account;
  readonly ec2: EC2;
  readonly iam: IAM;
  readonly lambda: Lambda;
  readonly ssm: SSM;
  readonly vpc: ExistingVpc;
  readonly a: ExistingZone;
  readonly b: ExistingZone;
  /** The VPC that each region has. */
  readonly otherVpcId: string;
}

const idsWhere = (snapshot: Snapshot, kind: string, attributes: object): readonly string[] =>
  Object.entries(snapshot[kind] ?? {})
    .filter(([, thing]) => Object.entries(attributes).every(([name, value]) => thing[name] === value))
    .map(([id]) => id)
    .sort();

const firstOf = (snapshot: Snapshot, kind: string, attributes: object = {}): string => idsWhere(snapshot, kind, attributes)[0] ?? "";

const tagsOf = (snapshot: Snapshot, id: string): readonly string[] => idsWhere(snapshot, "tag", { ResourceId: id });

/** How many addresses of a subnet are free: 251 of /24. */
const freeAddresses = (subnetId: string, before: number, after: number) => ({
  subnet: { [subnetId]: { AvailableIpAddressCount: { before, after } } },
});

const everywhere = "0.0.0.0/0";
const document = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] });
const resolver = async ({ account }: World, operation: string, input: object): Promise<unknown> => {
  const answer = await ask(account, "route53resolver", `Route53Resolver.${operation}`, { CreatorRequestId: operation, ...input });
  return (Object.values(answer)[0] as { readonly Id: string }).Id;
};

type Ids = Readonly<Record<string, string>>;

/** Makes one thing of a kind, and says its id. `made` has what those before it made. */
type Making = (world: World, made: Ids) => Promise<unknown>;

/** By kind. */
const makings: Readonly<Record<string, Making>> = {
  dhcpOptions: async ({ ec2 }) => {
    const DhcpConfigurations = [{ Key: "domain-name", Values: ["corp.example.com"] }];
    return (await ec2.createDhcpOptions({ DhcpConfigurations })).DhcpOptions?.DhcpOptionsId;
  },
  internetGateway: async ({ ec2 }) => (await ec2.createInternetGateway()).InternetGateway?.InternetGatewayId,
  egressOnlyInternetGateway: async ({ ec2, vpc }) =>
    (await ec2.createEgressOnlyInternetGateway({ VpcId: vpc.id })).EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId,
  address: async ({ ec2 }) => (await ec2.allocateAddress({ Domain: "vpc" })).AllocationId,
  customerGateway: async ({ ec2 }) =>
    (await ec2.createCustomerGateway({ Type: "ipsec.1", BgpAsn: 65000, PublicIp: "203.0.113.9" })).CustomerGateway?.CustomerGatewayId,
  vpnGateway: async ({ ec2 }) => (await ec2.createVpnGateway({ Type: "ipsec.1" })).VpnGateway?.VpnGatewayId,
  vpnConnection: async ({ ec2, vpc }, made) => {
    const ends = { CustomerGatewayId: made["customerGateway"], VpnGatewayId: vpc.vpnGatewayId };
    return (await ec2.createVpnConnection({ Type: "ipsec.1", ...ends })).VpnConnection?.VpnConnectionId;
  },
  peering: async ({ ec2, vpc, otherVpcId }) =>
    (await ec2.createVpcPeeringConnection({ VpcId: vpc.id, PeerVpcId: otherVpcId })).VpcPeeringConnection?.VpcPeeringConnectionId,
  networkAcl: async ({ ec2, vpc }) => (await ec2.createNetworkAcl({ VpcId: vpc.id })).NetworkAcl?.NetworkAclId,
  securityGroupRule: async ({ ec2, vpc }) => {
    const IpPermissions = [{ IpProtocol: "tcp", FromPort: 8443, ToPort: 8443, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }];
    const made = await ec2.authorizeSecurityGroupIngress({ GroupId: vpc.securityGroups.service, IpPermissions });
    return made.SecurityGroupRules?.[0]?.SecurityGroupRuleId;
  },
  prefixList: async ({ ec2 }) => {
    const list = { PrefixListName: "partners", AddressFamily: "IPv4", MaxEntries: 5, Entries: [{ Cidr: "198.51.100.0/24" }] };
    return (await ec2.createManagedPrefixList(list)).PrefixList?.PrefixListId;
  },
  endpointService: async ({ account, ec2, a }) => {
    const balancer = { Version: "2015-12-01", Name: "inspection", Type: "gateway", "Subnets.member.1": a.subnets.connector.id };
    const made = await askByForm(account, "elasticloadbalancing", "CreateLoadBalancer", balancer);
    const arns = (made["LoadBalancers"] as readonly { readonly LoadBalancerArn: string }[]).map(({ LoadBalancerArn }) => LoadBalancerArn);
    return (await ec2.createVpcEndpointServiceConfiguration({ GatewayLoadBalancerArns: arns })).ServiceConfiguration?.ServiceId;
  },
  flowLog: async ({ ec2, a }) => {
    const log = { ResourceIds: [a.subnets.app.id], LogGroupName: "app" };
    const DeliverLogsPermissionArn = "arn:aws:iam::123456789012:role/logs";
    return (await ec2.createFlowLogs({ ...log, ResourceType: "Subnet", TrafficType: "ALL", DeliverLogsPermissionArn })).FlowLogIds?.[0];
  },
  volume: async ({ ec2, a }) => (await ec2.createVolume({ AvailabilityZone: a.name, Size: 8 })).VolumeId,
  launchTemplate: async ({ ec2 }) => {
    const template = { LaunchTemplateName: "web", LaunchTemplateData: { InstanceType: "t3.micro" } } as const;
    return (await ec2.createLaunchTemplate(template)).LaunchTemplate?.LaunchTemplateId;
  },
  keyPair: async ({ ec2 }) => (await ec2.createKeyPair({ KeyName: "ops" })).KeyPairId,
  resolverRule: (world) => resolver(world, "CreateResolverRule", { RuleType: "SYSTEM", DomainName: "corp.example.com" }),
  resolverRuleAssociation: (world, made) =>
    resolver(world, "AssociateResolverRule", { VPCId: world.vpc.id, ResolverRuleId: made["resolverRule"] }),
  role: async ({ iam }) => (await iam.createRole({ RoleName: "web", AssumeRolePolicyDocument: document })).Role?.RoleName,
  policy: async ({ iam }) => (await iam.createPolicy({ PolicyName: "web", PolicyDocument: document })).Policy?.PolicyName,
  instanceProfile: async ({ iam }) =>
    (await iam.createInstanceProfile({ InstanceProfileName: "web" })).InstanceProfile?.InstanceProfileName,
  function: async ({ iam, lambda }) => {
    const { Role } = await iam.getRole({ RoleName: "web" });
    const Code = { ZipFile: zipSync({ "index.js": new Uint8Array() }) };
    return (await lambda.createFunction({ FunctionName: "web", Role: Role?.Arn, Code, Runtime: "nodejs20.x", Handler: "index.handler" }))
      .FunctionName;
  },
  parameter: async ({ ssm }) => {
    await ssm.putParameter({ Name: "/web/colour", Value: "blue", Type: "String" });
    return "/web/colour";
  },
  eventRule: async ({ account }) => {
    await ask(account, "events", "AWSEvents.PutRule", { Name: "web", ScheduleExpression: "rate(1 minute)" });
    return "web";
  },
  logGroup: async ({ account }) => {
    await ask(account, "logs", "Logs_20140328.CreateLogGroup", { logGroupName: "web" });
    return "web";
  },
  alarm: async ({ account }) => {
    const condition = { ComparisonOperator: "GreaterThanThreshold", EvaluationPeriods: 1, Threshold: 1, Period: 60, Statistic: "Sum" };
    const alarm = { AlarmName: "web", Namespace: "web", MetricName: "errors", ...condition };
    await ask(account, "monitoring", "GraniteServiceVersion20100801.PutMetricAlarm", alarm);
    return "web";
  },
  topic: async ({ account }) => (await askByForm(account, "sns", "CreateTopic", { Name: "web" }))["TopicArn"],
  queue: async ({ account }) => (await ask(account, "sqs", "AmazonSQS.CreateQueue", { QueueName: "web" }))["QueueUrl"],
};

const nothing: Differences = { added: {}, removed: {}, changed: {} };

/** Changes something, and says what differs after it. */
type Mutation = (world: World, before: Snapshot) => Promise<Partial<Differences>>;

/** By what is done, the kind first. A later one may need what an earlier one made. */
const mutations: Readonly<Record<string, Mutation>> = {
  "tag added to a subnet": async ({ ec2, a }) => {
    await ec2.createTags({ Resources: [a.subnets.app.id], Tags: [{ Key: "Team", Value: "web" }] });
    return { added: { tag: [`${a.subnets.app.id} Team`] } };
  },
  "tag of a route table changed": async ({ ec2, a }) => {
    const { routeTableId } = a.subnets.app;
    await ec2.createTags({ Resources: [routeTableId], Tags: [{ Key: "Owner", Value: "nobody" }] });
    return { changed: { tag: { [`${routeTableId} Owner`]: { Value: { before: "network-team", after: "nobody" } } } } };
  },
  "tag of the VPC taken away": async ({ ec2, vpc }) => {
    await ec2.deleteTags({ Resources: [vpc.id], Tags: [{ Key: "CostCenter" }] });
    return { removed: { tag: [`${vpc.id} CostCenter`] } };
  },
  "route moved to another target": async ({ account, a, vpc }) => {
    const { routeTableId } = a.subnets.app;
    await moveDefaultRoute(account, routeTableId, { GatewayId: vpc.internetGatewayId });
    const change = { NatGatewayId: { before: a.natGatewayId }, GatewayId: { after: vpc.internetGatewayId } };
    return { changed: { route: { [`${routeTableId} ${everywhere}`]: change } } };
  },
  "route added": async ({ ec2, b }) => {
    const { routeTableId } = b.subnets.data;
    await ec2.createRoute({ RouteTableId: routeTableId, DestinationCidrBlock: everywhere, NatGatewayId: b.natGatewayId });
    return { added: { route: [`${routeTableId} ${everywhere}`] } };
  },
  "route taken away": async ({ ec2, b }) => {
    const { routeTableId } = b.subnets.app;
    await ec2.deleteRoute({ RouteTableId: routeTableId, DestinationCidrBlock: "192.168.0.0/16" });
    return { removed: { route: [`${routeTableId} 192.168.0.0/16`] } };
  },
  "routeTable made": async ({ ec2, otherVpcId }) => {
    const id = String((await ec2.createRouteTable({ VpcId: otherVpcId })).RouteTable?.RouteTableId);
    return { added: { routeTable: [id], route: [`${id} 172.31.0.0/16`] } };
  },
  "routeTableAssociation of a subnet with the main table replaced by one of its own": async ({ ec2, b, vpc }) => {
    const { routeTableId } = b.subnets.data;
    await ec2.associateRouteTable({ RouteTableId: routeTableId, SubnetId: vpc.mainTableSubnetId });
    return { added: { routeTableAssociation: [`${routeTableId} ${vpc.mainTableSubnetId}`] } };
  },
  "routeTableAssociation that makes a table the main one moved": async ({ ec2, b, vpc }, before) => {
    const [former, later] = [`${vpc.mainRouteTableId} main`, `${b.subnets.resolver.routeTableId} main`];
    const AssociationId = String(before["routeTableAssociation"]?.[former]?.["RouteTableAssociationId"]);
    await ec2.replaceRouteTableAssociation({ AssociationId, RouteTableId: b.subnets.resolver.routeTableId });
    return { added: { routeTableAssociation: [later] }, removed: { routeTableAssociation: [former] } };
  },
  "vpc given a further range": async ({ ec2, vpc }, before) => {
    await ec2.associateVpcCidrBlock({ VpcId: vpc.id, CidrBlock: "100.65.0.0/16" });
    const ranges = { before: before["vpc"]?.[vpc.id]?.["CidrBlockAssociationSet"], after: expect.any(Array) as unknown };
    const tables = idsWhere(before, "routeTable", { VpcId: vpc.id });
    return {
      added: { route: tables.map((id) => `${id} 100.65.0.0/16`) },
      changed: { vpc: { [vpc.id]: { CidrBlockAssociationSet: ranges } } },
    };
  },
  "vpcAttributes for DNS switched off": async ({ ec2, vpc }) => {
    await ec2.modifyVpcAttribute({ VpcId: vpc.id, EnableDnsHostnames: { Value: false } });
    await ec2.modifyVpcAttribute({ VpcId: vpc.id, EnableDnsSupport: { Value: false } });
    const off = { before: true, after: false };
    return { changed: { vpcAttributes: { [vpc.id]: { EnableDnsHostnames: off, EnableDnsSupport: off } } } };
  },
  "subnet gives public addresses": async ({ ec2, a }) => {
    await ec2.modifySubnetAttribute({ SubnetId: a.subnets.app.id, MapPublicIpOnLaunch: { Value: true } });
    return { changed: { subnet: { [a.subnets.app.id]: { MapPublicIpOnLaunch: { before: false, after: true } } } } };
  },
  "subnet names its hosts by their ids": async ({ ec2, a }) => {
    await ec2.modifySubnetAttribute({ SubnetId: a.subnets.app.id, PrivateDnsHostnameTypeOnLaunch: "resource-name" });
    const change = { before: "ip-name", after: "resource-name" };
    return { changed: { subnet: { [a.subnets.app.id]: { "PrivateDnsNameOptionsOnLaunch.HostnameType": change } } } };
  },
  "subnet made": async ({ ec2, vpc }, before) => {
    const id = String((await ec2.createSubnet({ VpcId: vpc.id, CidrBlock: "10.20.128.0/24" })).Subnet?.SubnetId);
    const acl = firstOf(before, "networkAcl", { VpcId: vpc.id, IsDefault: true });
    return { added: { subnet: [id], networkAclAssociation: [`${acl} ${id}`] } };
  },
  "subnet deleted": async ({ ec2 }, before) => {
    const id = firstOf(before, "subnet", { CidrBlock: "10.20.128.0/24" });
    await ec2.deleteSubnet({ SubnetId: id });
    return { removed: { subnet: [id], networkAclAssociation: idsWhere(before, "networkAclAssociation", { SubnetId: id }) } };
  },
  "vpc made and deleted": async ({ ec2 }) => {
    const { Vpc } = await ec2.createVpc({ CidrBlock: "10.40.0.0/16" });
    await ec2.deleteVpc({ VpcId: String(Vpc?.VpcId) });
    return nothing;
  },
  "internetGateway detached": async ({ ec2, vpc }) => {
    await ec2.detachInternetGateway({ VpcId: vpc.id, InternetGatewayId: vpc.internetGatewayId });
    const attachments = { before: [{ State: "available", VpcId: vpc.id }], after: [] };
    return { changed: { internetGateway: { [vpc.internetGatewayId]: { Attachments: attachments } } } };
  },
  "natGateway deleted": async ({ ec2, b }, before) => {
    await ec2.deleteNatGateway({ NatGatewayId: b.natGatewayId });
    const networkInterface = idsWhere(before, "networkInterface", { SubnetId: b.subnets.public.id });
    return {
      removed: { natGateway: [b.natGatewayId], networkInterface, tag: tagsOf(before, b.natGatewayId) },
      changed: freeAddresses(b.subnets.public.id, 250, 251),
    };
  },
  "address released": async ({ ec2, b }, before) => {
    await ec2.releaseAddress({ AllocationId: b.allocationId });
    return { removed: { address: [b.allocationId], tag: tagsOf(before, b.allocationId) } };
  },
  "transitGateway made": async ({ ec2 }) => {
    const id = String((await ec2.createTransitGateway()).TransitGateway?.TransitGatewayId);
    const { TransitGatewayRouteTables: tables = [] } = await ec2.describeTransitGatewayRouteTables();
    return { added: { transitGateway: [id], transitGatewayRouteTable: [String(tables[0]?.TransitGatewayRouteTableId)] } };
  },
  "transitGatewayRouteTable made": async ({ ec2 }, before) => {
    const made = await ec2.createTransitGatewayRouteTable({ TransitGatewayId: firstOf(before, "transitGateway") });
    return { added: { transitGatewayRouteTable: [String(made.TransitGatewayRouteTable?.TransitGatewayRouteTableId)] } };
  },
  "transitGatewayAttachment made": async ({ ec2, vpc, a }, before) => {
    const ends = { TransitGatewayId: firstOf(before, "transitGateway"), VpcId: vpc.id, SubnetIds: [a.subnets.resolver.id] };
    const made = await ec2.createTransitGatewayVpcAttachment(ends);
    const ids = [String(made.TransitGatewayVpcAttachment?.TransitGatewayAttachmentId)];
    return { added: { transitGatewayAttachment: ids, transitGatewayVpcAttachment: ids } };
  },
  "transitGatewayVpcAttachment deleted": async ({ ec2 }, before) => {
    const id = firstOf(before, "transitGatewayVpcAttachment");
    await ec2.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: id });
    return { removed: { transitGatewayAttachment: [id], transitGatewayVpcAttachment: [id] } };
  },
  "peering deleted": async ({ ec2 }, before) => {
    const id = firstOf(before, "peering");
    await ec2.deleteVpcPeeringConnection({ VpcPeeringConnectionId: id });
    return { removed: { peering: [id] } };
  },
  "networkAclEntry changed": async ({ ec2, vpc }) => {
    const entry = { NetworkAclId: vpc.networkAclId, RuleNumber: 100, Egress: true, Protocol: "-1", CidrBlock: everywhere };
    await ec2.replaceNetworkAclEntry({ ...entry, RuleAction: "deny" });
    return { changed: { networkAclEntry: { [`${vpc.networkAclId} out 100`]: { RuleAction: { before: "allow", after: "deny" } } } } };
  },
  "networkAclAssociation moved": async ({ ec2, vpc, a }, before) => {
    const former = firstOf(before, "networkAclAssociation", { SubnetId: a.subnets.app.id });
    const AssociationId = String(before["networkAclAssociation"]?.[former]?.["NetworkAclAssociationId"]);
    await ec2.replaceNetworkAclAssociation({ AssociationId, NetworkAclId: vpc.networkAclId });
    return {
      added: { networkAclAssociation: [`${vpc.networkAclId} ${a.subnets.app.id}`] },
      removed: { networkAclAssociation: [former] },
    };
  },
  "securityGroupRule changed": async ({ ec2, vpc }, before) => {
    const id = firstOf(before, "securityGroupRule", { FromPort: 8443 });
    const rule = { IpProtocol: "tcp", FromPort: 8443, ToPort: 8444, CidrIpv4: "10.0.0.0/8" };
    const SecurityGroupRules = [{ SecurityGroupRuleId: id, SecurityGroupRule: rule }];
    await ec2.modifySecurityGroupRules({ GroupId: vpc.securityGroups.service, SecurityGroupRules });
    return { changed: { securityGroupRule: { [id]: { ToPort: { before: 8443, after: 8444 } } } } };
  },
  "securityGroupRule taken away": async ({ ec2, vpc }, before) => {
    const id = firstOf(before, "securityGroupRule", { FromPort: 8443 });
    await ec2.revokeSecurityGroupIngress({ GroupId: vpc.securityGroups.service, SecurityGroupRuleIds: [id] });
    return { removed: { securityGroupRule: [id] } };
  },
  "securityGroup deleted with its rules": async ({ ec2, vpc }, before) => {
    const id = vpc.securityGroups.management;
    await ec2.deleteSecurityGroup({ GroupId: id });
    const securityGroupRule = idsWhere(before, "securityGroupRule", { GroupId: id });
    return { removed: { securityGroup: [id], securityGroupRule, tag: tagsOf(before, id) } };
  },
  "prefixList given a further entry": async ({ ec2 }, before) => {
    const id = firstOf(before, "prefixList", { PrefixListName: "partners" });
    const list = { PrefixListId: id, PrefixListName: "partners", CurrentVersion: 1 };
    await ec2.modifyManagedPrefixList({ ...list, AddEntries: [{ Cidr: "203.0.113.0/24" }] });
    const [first, second] = [{ Cidr: "198.51.100.0/24" }, { Cidr: "203.0.113.0/24" }];
    const change = {
      State: { before: "create-complete", after: "modify-complete" },
      Version: { before: 1, after: 2 },
      Entries: { before: [first], after: [first, second] },
    };
    return { changed: { prefixList: { [id]: change } } };
  },
  "vpcEndpoint deleted with its routes": async ({ ec2, vpc }, before) => {
    await ec2.deleteVpcEndpoints({ VpcEndpointIds: [vpc.s3EndpointId] });
    const route = idsWhere(before, "route", { GatewayId: vpc.s3EndpointId });
    return { removed: { vpcEndpoint: [vpc.s3EndpointId], route, tag: tagsOf(before, vpc.s3EndpointId) } };
  },
  "networkInterface made": async ({ ec2, a, vpc }, before) => {
    const Groups = [vpc.securityGroups.service, firstOf(before, "securityGroup", { VpcId: vpc.id, GroupName: "default" })].sort();
    const made = await ec2.createNetworkInterface({ SubnetId: a.subnets.connector.id, Description: "probe", Groups });
    return {
      added: { networkInterface: [String(made.NetworkInterface?.NetworkInterfaceId)] },
      changed: freeAddresses(a.subnets.connector.id, 251, 250),
    };
  },
  "networkInterface given its groups in another order": async ({ ec2 }, before) => {
    const id = firstOf(before, "networkInterface", { Description: "probe" });
    const groups = before["networkInterface"]?.[id]?.["Groups"] as readonly { readonly GroupId: string }[];
    const Groups = groups.map(({ GroupId }) => GroupId).reverse();
    await ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: id, Groups });
    return nothing;
  },
  "networkInterface forwards": async ({ ec2 }, before) => {
    const id = firstOf(before, "networkInterface", { Description: "probe" });
    await ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: id, SourceDestCheck: { Value: false } });
    return { changed: { networkInterface: { [id]: { SourceDestCheck: { before: true, after: false } } } } };
  },
  "instance launched": async ({ ec2, a }) => {
    const launch = { ImageId: "ami-0c10ddc0nnec70000", SubnetId: a.subnets.data.id, MinCount: 1, MaxCount: 1 };
    const [launched] = (await ec2.runInstances(launch)).Instances ?? [];
    const { Volumes = [] } = await ec2.describeVolumes({
      Filters: [{ Name: "attachment.instance-id", Values: [String(launched?.InstanceId)] }],
    });
    return {
      added: {
        instance: [String(launched?.InstanceId)],
        networkInterface: [String(launched?.NetworkInterfaces?.[0]?.NetworkInterfaceId)],
        volume: [String(Volumes[0]?.VolumeId)],
      },
      changed: freeAddresses(a.subnets.data.id, 251, 250),
    };
  },
  "instance terminated": async ({ ec2, a }, before) => {
    const inSubnet = { SubnetId: a.subnets.data.id };
    const instance = idsWhere(before, "instance", inSubnet);
    await ec2.terminateInstances({ InstanceIds: [...instance] });
    const volume = idsWhere(before, "volume", { State: "in-use" });
    return {
      removed: { instance, networkInterface: idsWhere(before, "networkInterface", inSubnet), volume },
      changed: freeAddresses(a.subnets.data.id, 250, 251),
    };
  },
  "resolverEndpoint made": async (world) => {
    const IpAddresses = [world.a, world.b].map(({ subnets }) => ({ SubnetId: subnets.resolver.id }));
    const endpoint = { Direction: "OUTBOUND", SecurityGroupIds: [world.vpc.securityGroups.service], IpAddresses };
    const id = String(await resolver(world, "CreateResolverEndpoint", endpoint));
    const { NetworkInterfaces = [] } = await world.ec2.describeNetworkInterfaces({
      Filters: [{ Name: "subnet-id", Values: IpAddresses.map(({ SubnetId }) => SubnetId) }],
    });
    const addresses = IpAddresses.map(({ SubnetId }) => freeAddresses(SubnetId, 251, 250).subnet);
    return {
      added: {
        resolverEndpoint: [id],
        networkInterface: NetworkInterfaces.map(({ NetworkInterfaceId }) => String(NetworkInterfaceId)).sort(),
      },
      changed: { subnet: Object.assign({}, ...addresses) as Differences["changed"][string] },
    };
  },
};

let emulator: Emulator;
let world: World;
let latest: Snapshot | undefined;

beforeAll(async () => {
  emulator = await startEmulator();
  const account = { endpoint: emulator.endpoint, region: "eu-west-3" };
  const configuration = clientConfiguration(account);
  const ec2 = new EC2(configuration);
  const otherVpcId = String((await ec2.describeVpcs()).Vpcs?.[0]?.VpcId);
  const vpc = await makeExistingVpc(account, { zones: ["a", "b"] });
  const { a, b } = vpc.zones;
  if (!a || !b) throw new Error("a zone is missing");
  const clients = { ec2, iam: new IAM(configuration), lambda: new Lambda(configuration), ssm: new SSM(configuration) };
  world = { account, ...clients, vpc, a, b, otherVpcId };
}, 300_000);

afterAll(async () => {
  for (const client of [world.ec2, world.iam, world.lambda, world.ssm]) client.destroy();
  await emulator.stop();
  expect(emulator.complaints()).toBe("");
});

test("an existing VPC has the default routes that its shape says, and nothing in its upper half", async () => {
  const { account, vpc, a, b } = world;
  const routes = await Promise.all(
    [a, b].flatMap(({ subnets }) => Object.values(subnets)).map(({ routeTableId }) => defaultRouteOf(account, routeTableId)),
  );
  const [igw, natA, natB] = [vpc.internetGatewayId, a.natGatewayId, b.natGatewayId];
  expect(routes).toEqual([igw, natA, igw, natA, undefined, igw, natB, undefined, natB, undefined]);
  expect(await defaultRouteOf(account, vpc.mainRouteTableId)).toBe(igw);

  const shape = { name: "other", cidr: "10.30.0.0/20", secondaryCidr: "100.64.0.0/16", zones: ["c"] };
  const other = await makeExistingVpc(account, { ...shape, appRoutes: { c: "none" }, dataRoutes: { c: "natGateway" } });
  const { c } = other.zones;
  expect(await defaultRouteOf(account, c?.subnets.app.routeTableId ?? "")).toBeUndefined();
  expect(await defaultRouteOf(account, c?.subnets.data.routeTableId ?? "")).toBe(c?.natGatewayId);

  const { Subnets = [] } = await world.ec2.describeSubnets({ Filters: [{ Name: "vpc-id", Values: [vpc.id, other.id] }] });
  expect(Subnets).toHaveLength(17);
  for (const upperHalf of ["10.20.128.0/17", "10.30.8.0/21"].map((text) => parseRange(text))) {
    for (const subnet of Subnets.map(({ CidrBlock = "" }) => parseRange(CidrBlock))) {
      expect("range" in upperHalf && "range" in subnet && !overlaps(upperHalf.range, subnet.range)).toBe(true);
    }
  }
});

/** Runs something between two snapshots; the second is the next one's first. */
async function differencesBy<Result>(run: (before: Snapshot) => Promise<Result>) {
  const before = latest ?? (await snapshotOf(world.account));
  latest = undefined;
  const result = await run(before);
  latest = await snapshotOf(world.account);
  return { result, found: differences(before, latest) };
}

test("a thing of each kind is found, and nothing else", async () => {
  const { result, found } = await differencesBy(async () => {
    const made: Record<string, string> = {};
    for (const [kind, make] of Object.entries(makings)) made[kind] = String(await make(world, made));
    return made;
  });
  const added = Object.fromEntries(Object.entries(result).map(([kind, id]) => [kind, [id]]));
  expect(found).toEqual({ ...nothing, added });
});

test.each(Object.entries(mutations))("%s: exactly this is found", async (_, mutate) => {
  const { result, found } = await differencesBy((before) => mutate(world, before));
  expect(found).toEqual({ ...nothing, ...result });
});

test("each kind is changed by a test", async () => {
  const changed = new Set([...Object.keys(makings), ...Object.keys(mutations)].map((name) => name.split(" ")[0]));
  expect(Object.keys(await snapshotOf(world.account)).filter((kind) => !changed.has(kind))).toEqual([]);
});

test("a region that is left alone looks the same a second later", async () => {
  const before = await snapshotOf(world.account);
  await setTimeout(1_100);
  const after = await snapshotOf(world.account);
  expect(after).toEqual(before);
  expect(differences(before, after)).toEqual(nothing);
});

test("an answer that goes on upon a second page is refused", async () => {
  const account = { ...world.account, region: "eu-south-1" };
  const ssm = new SSM(clientConfiguration(account));
  await Promise.all(Array.from({ length: 51 }, (_, index) => ssm.putParameter({ Name: `/web/${index}`, Value: "blue", Type: "String" })));
  ssm.destroy();
  await expect(snapshotOf(account)).rejects.toThrow("the answer about parameter has a second page");
});
