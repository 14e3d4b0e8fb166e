import { isDeepStrictEqual } from "node:util";
import { EC2 } from "@aws-sdk/client-ec2";
import { IAM } from "@aws-sdk/client-iam";
import { Lambda } from "@aws-sdk/client-lambda";
import { SSM } from "@aws-sdk/client-ssm";
import { clientConfiguration } from "../../emulator";
import { type Account } from "../../emulator/account";

/** What AWS tells of something, as JSON has it. */
export type Thing = Readonly<Record<string, unknown>>;

/** All that a region has, by kind and id. Lists within a thing are sorted: AWS gives them in no order. */
export type Snapshot = Readonly<Record<string, Readonly<Record<string, Thing>>>>;

/** What differs between two snapshots; kinds without a difference are left out. A changed value is named by its path: `Attachment.DeviceIndex`. */
export interface Differences {
  readonly added: Readonly<Record<string, readonly string[]>>;
  readonly removed: Readonly<Record<string, readonly string[]>>;
  readonly changed: Readonly<Record<string, Readonly<Record<string, Changes>>>>;
}

type Changes = Readonly<Record<string, { readonly before?: unknown; readonly after?: unknown }>>;

/** Asks a service that has no client here for an operation such as `Logs_20140328.DescribeLogGroups`. */
export const ask = (account: Account, service: string, operation: string, input: object = {}): Promise<Thing> =>
  post(account, service, { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": operation }, JSON.stringify(input));

/** Asks a service that takes forms. moto answers in JSON, as AWS once did, and puts the result into two wrappers. */
export async function askByForm(account: Account, service: string, action: string, input: Readonly<Record<string, string>> = {}) {
  const form = new URLSearchParams({ Action: action, ContentType: "JSON", ...input }).toString();
  const answer = await post(account, service, { "Content-Type": "application/x-www-form-urlencoded" }, form);
  return (answer[`${action}Response`] as Readonly<Record<string, Thing>>)[`${action}Result`] ?? {};
}

async function post({ endpoint, region }: Account, service: string, headers: Record<string, string>, body: string): Promise<Thing> {
  const scope = `emulator/20260101/${region}/${service}/aws4_request`;
  const Authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const answer = await fetch(endpoint, { method: "POST", headers: { ...headers, Authorization }, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${service} answers ${answer.status}: ${text}`);
  return JSON.parse(text || "{}") as Thing;
}

const only = (attribute: string, things: readonly object[] = []) => ({
  things: things.map((thing) => ({ [attribute]: (thing as Thing)[attribute] })),
});

async function vpcAttributes(ec2: EC2) {
  const { Vpcs = [] } = await ec2.describeVpcs();
  const read = async (VpcId: string | undefined) => ({
    VpcId,
    EnableDnsSupport: (await ec2.describeVpcAttribute({ VpcId, Attribute: "enableDnsSupport" })).EnableDnsSupport?.Value,
    EnableDnsHostnames: (await ec2.describeVpcAttribute({ VpcId, Attribute: "enableDnsHostnames" })).EnableDnsHostnames?.Value,
  });
  return { things: await Promise.all(Vpcs.map(({ VpcId }) => read(VpcId))) };
}

async function prefixLists(ec2: EC2) {
  const { PrefixLists = [] } = await ec2.describeManagedPrefixLists();
  const read = async (PrefixListId: string | undefined) => (await ec2.getManagedPrefixListEntries({ PrefixListId })).Entries;
  return { things: await Promise.all(PrefixLists.map(async (list) => ({ ...list, Entries: await read(list.PrefixListId) }))) };
}

/** The attribute that names one of a kind, and the call whose answer has them in its lists. */
type Kind = readonly [id: string, list: () => Promise<object>];

const kindsOf = (account: Account, ec2: EC2, iam: IAM, lambda: Lambda, ssm: SSM): Readonly<Record<string, Kind>> => ({
  vpc: ["VpcId", () => ec2.describeVpcs()],
  vpcAttributes: ["VpcId", () => vpcAttributes(ec2)],
  dhcpOptions: ["DhcpOptionsId", () => ec2.describeDhcpOptions()],
  subnet: ["SubnetId", () => ec2.describeSubnets()],
  routeTable: ["RouteTableId", () => ec2.describeRouteTables()],
  internetGateway: ["InternetGatewayId", () => ec2.describeInternetGateways()],
  egressOnlyInternetGateway: ["EgressOnlyInternetGatewayId", () => ec2.describeEgressOnlyInternetGateways()],
  natGateway: ["NatGatewayId", () => ec2.describeNatGateways()],
  address: ["AllocationId", () => ec2.describeAddresses()],
  vpnGateway: ["VpnGatewayId", () => ec2.describeVpnGateways()],
  customerGateway: ["CustomerGatewayId", () => ec2.describeCustomerGateways()],
  vpnConnection: ["VpnConnectionId", () => ec2.describeVpnConnections()],
  transitGateway: ["TransitGatewayId", () => ec2.describeTransitGateways()],
  transitGatewayAttachment: ["TransitGatewayAttachmentId", () => ec2.describeTransitGatewayAttachments()],
  transitGatewayVpcAttachment: ["TransitGatewayAttachmentId", () => ec2.describeTransitGatewayVpcAttachments()],
  transitGatewayRouteTable: ["TransitGatewayRouteTableId", () => ec2.describeTransitGatewayRouteTables()],
  peering: ["VpcPeeringConnectionId", () => ec2.describeVpcPeeringConnections()],
  networkAcl: ["NetworkAclId", () => ec2.describeNetworkAcls()],
  securityGroup: ["GroupId", () => ec2.describeSecurityGroups()],
  securityGroupRule: ["SecurityGroupRuleId", () => ec2.describeSecurityGroupRules()],
  prefixList: ["PrefixListId", () => prefixLists(ec2)],
  vpcEndpoint: ["VpcEndpointId", () => ec2.describeVpcEndpoints()],
  endpointService: ["ServiceId", () => ec2.describeVpcEndpointServiceConfigurations()],
  flowLog: ["FlowLogId", () => ec2.describeFlowLogs()],
  networkInterface: ["NetworkInterfaceId", () => ec2.describeNetworkInterfaces()],
  instance: [
    "InstanceId",
    async () => ({ things: (await ec2.describeInstances()).Reservations?.flatMap(({ Instances = [] }) => Instances) }),
  ],
  volume: ["VolumeId", () => ec2.describeVolumes()],
  launchTemplate: ["LaunchTemplateId", () => ec2.describeLaunchTemplates()],
  keyPair: ["KeyPairId", () => ec2.describeKeyPairs()],
  tag: ["Id", async () => ({ things: (await ec2.describeTags()).Tags?.map((tag) => ({ Id: `${tag.ResourceId} ${tag.Key}`, ...tag })) })],
  resolverEndpoint: ["Id", () => ask(account, "route53resolver", "Route53Resolver.ListResolverEndpoints", { MaxResults: 100 })],
  resolverRule: ["Id", () => ask(account, "route53resolver", "Route53Resolver.ListResolverRules", { MaxResults: 100 })],
  resolverRuleAssociation: [
    "Id",
    () => ask(account, "route53resolver", "Route53Resolver.ListResolverRuleAssociations", { MaxResults: 100 }),
  ],
  // Those of all regions: names are enough to see what is left behind.
  role: ["RoleName", async () => only("RoleName", (await iam.listRoles({ MaxItems: 1000 })).Roles)],
  policy: ["PolicyName", async () => only("PolicyName", (await iam.listPolicies({ Scope: "Local", MaxItems: 1000 })).Policies)],
  instanceProfile: [
    "InstanceProfileName",
    async () => only("InstanceProfileName", (await iam.listInstanceProfiles({ MaxItems: 1000 })).InstanceProfiles),
  ],
  function: ["FunctionName", () => lambda.listFunctions()],
  parameter: ["Name", () => ssm.describeParameters({ MaxResults: 50 })],
  eventRule: ["Name", () => ask(account, "events", "AWSEvents.ListRules", { Limit: 100 })],
  logGroup: ["logGroupName", () => ask(account, "logs", "Logs_20140328.DescribeLogGroups", { limit: 50 })],
  alarm: ["AlarmName", () => ask(account, "monitoring", "GraniteServiceVersion20100801.DescribeAlarms", { MaxRecords: 100 })],
  topic: ["TopicArn", () => askByForm(account, "sns", "ListTopics")],
  queue: [
    "QueueUrl",
    async () => {
      const { QueueUrls = [] } = (await ask(account, "sqs", "AmazonSQS.ListQueues")) as { QueueUrls?: readonly string[] };
      return { things: QueueUrls.map((QueueUrl) => ({ QueueUrl })) };
    },
  ],
});

/** Lists whose members are things of their own to those who look for a change: their kind, and a member's name beside its owner's id. */
const parts: Readonly<Record<string, readonly [kind: string, name: (part: Thing) => unknown]>> = {
  "routeTable.Routes": ["route", (r) => r["DestinationCidrBlock"] ?? r["DestinationIpv6CidrBlock"] ?? r["DestinationPrefixListId"]],
  "routeTable.Associations": ["routeTableAssociation", (a) => a["SubnetId"] ?? a["GatewayId"] ?? "main"],
  "networkAcl.Entries": ["networkAclEntry", (e) => `${e["Egress"] === true ? "out" : "in"} ${String(e["RuleNumber"])}`],
  "networkAcl.Associations": ["networkAclAssociation", (a) => a["SubnetId"]],
};

/** What is told a second time, as tags and as security group rules. */
const toldTwice = /\.(Tags|TagSet)$|^securityGroup\.IpPermissions/;

const sorted = (list: readonly unknown[]): readonly unknown[] =>
  [...list].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

const plain = (value: object): object =>
  JSON.parse(JSON.stringify(value), (_, inner: unknown) => (Array.isArray(inner) ? sorted(inner) : inner)) as object;

/** AWS and moto show what was deleted for a while. */
function isGone({ State, Status }: Thing): boolean {
  const state = (State ?? Status) as string | { readonly Name?: string; readonly Code?: string } | undefined;
  return /^(deleted|terminated)$/.test(typeof state === "object" ? `${state.Name ?? state.Code}` : `${state}`);
}

function thingsIn(kind: string, answer: object): readonly Thing[] {
  const { NextToken, nextToken, Marker, NextMarker } = answer as Thing;
  if (NextToken ?? nextToken ?? Marker ?? NextMarker) throw new Error(`the answer about ${kind} has a second page`);
  return (Object.values(plain(answer)).filter(Array.isArray).flat() as readonly Thing[]).filter((thing) => !isGone(thing));
}

type Entry = readonly [kind: string, id: string, thing: Thing];

/** A thing, and those that are told within it. */
function withParts([kind, id, thing]: Entry): readonly Entry[] {
  const own: Record<string, unknown> = {};
  const within: Entry[] = [];
  for (const [attribute, value] of Object.entries(thing)) {
    const [partKind, nameOf] = parts[`${kind}.${attribute}`] ?? [];
    if (partKind && nameOf) {
      within.push(...(value as readonly Thing[]).map((part): Entry => [partKind, `${id} ${String(nameOf(part))}`, part]));
    } else if (!toldTwice.test(`${kind}.${attribute}`)) own[attribute] = value;
  }
  return [[kind, id, own], ...within];
}

/** What moto keeps of a thing that is gone, by the attribute that names that thing. */
const leftBehind: Readonly<Record<string, string>> = { tag: "ResourceId", networkAcl: "VpcId", networkAclAssociation: "SubnetId" };

/** All that a region has now, and the names of the account's roles, policies and instance profiles. */
export async function snapshotOf(account: Account): Promise<Snapshot> {
  const configuration = clientConfiguration(account);
  const clients = [new EC2(configuration), new IAM(configuration), new Lambda(configuration), new SSM(configuration)] as const;
  const kinds = Object.entries(kindsOf(account, ...clients));
  const answers = await Promise.all(
    kinds.map(async ([kind, [id, list]]) => thingsIn(kind, await list()).map((thing): Entry => [kind, String(thing[id]), thing])),
  );
  for (const client of clients) client.destroy();
  const things = answers.flat();
  const ids = new Set(things.map(([, id]) => id));
  const isThere = ([kind, , thing]: Entry): boolean => {
    const owner = leftBehind[kind];
    return owner === undefined || ids.has(String(thing[owner]));
  };
  const names = [...kinds, ...Object.values(parts)].map(([kind]) => kind);
  const snapshot = Object.fromEntries(names.map((kind): [string, Record<string, Thing>] => [kind, {}]));
  for (const [kind, id, thing] of things.filter(isThere).flatMap(withParts).filter(isThere)) (snapshot[kind] ??= {})[id] = thing;
  return snapshot;
}

const isRecord = (value: unknown): value is Thing => typeof value === "object" && value !== null && !Array.isArray(value);

/** The values in a thing by their paths. A list is one value. */
const valuesByPath = (value: unknown, path: readonly string[] = []): readonly (readonly [string, unknown])[] =>
  isRecord(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([name, inner]) => valuesByPath(inner, [...path, name]))
    : [[path.join("."), value]];

function changesBetween(before: Thing, after: Thing): Changes {
  const [earlier, later] = [Object.fromEntries(valuesByPath(before)), Object.fromEntries(valuesByPath(after))];
  const paths = Object.keys({ ...earlier, ...later }).filter((path) => !isDeepStrictEqual(earlier[path], later[path]));
  return Object.fromEntries(paths.map((path) => [path, { before: earlier[path], after: later[path] }]));
}

/** The entries of a record whose value has something in it. */
const filled = <Value extends object>(names: readonly string[], valueOf: (name: string) => Value): Readonly<Record<string, Value>> =>
  Object.fromEntries(names.map((name) => [name, valueOf(name)] as const).filter(([, value]) => Object.keys(value).length > 0));

export function differences(before: Snapshot, after: Snapshot): Differences {
  const kinds = Object.keys({ ...before, ...after });
  const missing = (one: Thing = {}, other: Thing = {}) =>
    Object.keys(one)
      .filter((id) => !(id in other))
      .sort();
  return {
    added: filled(kinds, (kind) => missing(after[kind], before[kind])),
    removed: filled(kinds, (kind) => missing(before[kind], after[kind])),
    changed: filled(kinds, (kind) => {
      const [earlier, later] = [before[kind] ?? {}, after[kind] ?? {}];
      return filled(Object.keys(earlier), (id) => changesBetween(earlier[id] ?? {}, later[id] ?? earlier[id] ?? {}));
    }),
  };
}
