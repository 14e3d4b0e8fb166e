import { type Aws, AwsRefusal } from "../../../cli/preflight/aws";
import { type RouteTable, type Subnet } from "../../../cli/preflight/aws-network";
import { type ExistingNetwork, type PreflightRequest } from "../../../cli/preflight/request";

export const region = "us-west-2";

export const image = {
  id: "ami-0123456789abcdef0",
  name: "zs-cc-ga-1",
  state: "available",
  created: "2026-05-01T00:00:00.000Z",
  rootDevice: "/dev/sda1",
};

export const key = {
  arn: "arn:aws:kms:us-west-2:111122223333:key/11111111-2222-3333-4444-555555555555",
  account: "111122223333",
  state: "Enabled",
  spec: "SYMMETRIC_DEFAULT",
  usage: "ENCRYPT_DECRYPT",
  ofAws: false,
};

export const caller = { account: "111122223333", arn: "arn:aws:sts::111122223333:assumed-role/deployer/session" };

export const wholeAccount = JSON.stringify({
  Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "kms:*", Resource: "*" }],
});

/** One zone, one connector, everything asked. */
export const request: PreflightRequest = {
  deployment: "egress",
  region,
  zones: { a: "us-west-2a" },
  vpcs: 1,
  elasticAddresses: 1,
  allocationIds: ["eipalloc-1"],
  natGatewayZones: ["us-west-2a"],
  instances: [{ type: "m6i.large", count: 1, zones: ["us-west-2a"] }],
  image: { marketplace: "2l8tfysndbav4tv2nfjwak3cu" },
  secret: { name: "ZS/CC/credentials" },
  diskKey: "alias/disks",
  endpointService: { name: "com.amazonaws.vpce.us-west-2.vpce-svc-0", zones: ["us-west-2a"] },
  allowedAccountIds: ["111122223333"],
};

export const tag = "zs-edge-connector-cluster/egress-cluster";

/** A VPC that exists, of which everything is asked. */
export const existing: ExistingNetwork = {
  vpc: "vpc-1",
  ranges: ["10.20.0.0/16", "100.64.0.0/16"],
  taken: ["10.20.0.0/17"],
  tag,
  plannedSubnets: [{ tier: "management", zone: "a", range: "10.20.144.0/22", origin: "planned" }],
  subnets: [
    { id: "subnet-1", tier: "connector", zone: "a", addresses: 4 },
    { id: "subnet-public", tier: "public", zone: "a", addresses: 2 },
  ],
  internetGateway: { id: "igw-1" },
  natGateways: { a: "nat-1" },
  routeTables: [
    { id: "rtb-app", zone: "a", name: "app", defaultRoute: "takeOver" },
    { id: "rtb-data", zone: "a", name: "data", defaultRoute: "create" },
  ],
  securityGroups: ["sg-1", "sg-2"],
  endpoints: 2,
};

/** A subnet of that VPC in the first zone, but for what is otherwise. */
export const subnet = (otherwise: Partial<Subnet> = {}): Subnet => ({
  id: "subnet-1",
  zone: "us-west-2a",
  isDefault: false,
  vpc: "vpc-1",
  range: "10.20.1.0/24",
  freeAddresses: 250,
  tags: {},
  ...otherwise,
});

/** A route table of that VPC, but for what is otherwise, and its default route, if there is one. */
export const table = (id: string, target?: string, otherwise: Partial<RouteTable> = {}): RouteTable => ({
  id,
  vpc: "vpc-1",
  isMain: false,
  subnets: [],
  routes: target === undefined ? [] : [{ destination: "0.0.0.0/0", target, isBlackhole: false }],
  tags: {},
  ...otherwise,
});

/** An account in which `request` passes, also with `existing`, but for what is answered otherwise. */
export const answering = (otherwise: Partial<Aws> = {}): Aws => ({
  caller: () => Promise.resolve(caller),
  zones: () => Promise.resolve([{ name: "us-west-2a", id: "usw2-az1", state: "available", optedIn: true, group: "us-west-2" }]),
  offerings: () => Promise.resolve([{ type: "m6i.large", zone: "us-west-2a" }]),
  vcpus: () => Promise.resolve(new Map([["m6i.large", 2]])),
  runningInstances: () => Promise.resolve([]),
  addresses: () => Promise.resolve([{ allocationId: "eipalloc-1", usedBy: undefined, ownRange: false }]),
  subnets: () => Promise.resolve([subnet({ isDefault: true }), subnet({ id: "subnet-public", range: "10.20.0.0/24" })]),
  vpc: () => Promise.resolve({ id: "vpc-1", ranges: ["10.20.0.0/16", "100.64.0.0/16"] }),
  internetGateways: () => Promise.resolve([{ id: "igw-1", vpcs: ["vpc-1"], tags: {} }]),
  natGateways: () => Promise.resolve([{ id: "nat-1", state: "available", connectivity: "public", vpc: "vpc-1", subnet: "subnet-public" }]),
  routeTables: () =>
    Promise.resolve([
      table("rtb-public", "igw-1", { subnets: ["subnet-public"] }),
      table("rtb-app", "eni-own"),
      table("rtb-data", "eni-own"),
    ]),
  securityGroups: (ids) => Promise.resolve(ids.map((id) => ({ id, vpc: "vpc-1" }))),
  interfacesTagged: () => Promise.resolve([{ id: "eni-own", subnet: "subnet-1" }]),
  vpcEndpoints: () => Promise.resolve([{ id: "vpce-own", type: "GatewayLoadBalancer", tags: { [tag]: "shared" } }]),
  endpointService: () =>
    Promise.resolve({ types: ["GatewayLoadBalancer"], zones: ["us-west-2a"], owner: "999999999999", acceptance: false }),
  natGatewaySubnets: () => Promise.resolve([]),
  vpcCount: () => Promise.resolve(1),
  quota: () => Promise.resolve(5),
  images: () => Promise.resolve([image]),
  dryRun: () => Promise.resolve({ code: "DryRunOperation", message: "" }),
  secretState: () => Promise.resolve({ is: "readable", missing: [], empty: [] }),
  storedKey: () => Promise.resolve({ is: "readable", finding: undefined, store: "encrypted" }),
  forwardingRules: () => Promise.resolve([]),
  secretEncryption: () => Promise.resolve({ key: undefined }),
  key: () => Promise.resolve(key),
  keyPolicy: () => Promise.resolve(wholeAccount),
  ...otherwise,
});

/** An account in which every question is denied. */
export const denying: Aws = Object.fromEntries(
  Object.keys(answering()).map((question) => [
    question,
    () => Promise.reject(new AwsRefusal(`service:${question}`, "denied", "AccessDenied")),
  ]),
) as unknown as Aws;
