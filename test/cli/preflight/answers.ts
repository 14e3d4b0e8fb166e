import { type Aws, AwsRefusal } from "../../../cli/preflight/aws";
import { type PreflightRequest } from "../../../cli/preflight/request";

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
  allowedAccountIds: ["111122223333"],
};

/** An account in which `request` passes, but for what is answered otherwise. */
export const answering = (otherwise: Partial<Aws> = {}): Aws => ({
  caller: () => Promise.resolve(caller),
  zones: () => Promise.resolve([{ name: "us-west-2a", state: "available", optedIn: true, group: "us-west-2" }]),
  offerings: () => Promise.resolve([{ type: "m6i.large", zone: "us-west-2a" }]),
  vcpus: () => Promise.resolve(new Map([["m6i.large", 2]])),
  runningInstances: () => Promise.resolve([]),
  addresses: () => Promise.resolve([{ allocationId: "eipalloc-1", usedBy: undefined, ownRange: false }]),
  subnets: () => Promise.resolve([{ id: "subnet-1", zone: "us-west-2a", isDefault: true }]),
  natGatewaySubnets: () => Promise.resolve([]),
  vpcCount: () => Promise.resolve(1),
  quota: () => Promise.resolve(5),
  images: () => Promise.resolve([image]),
  dryRun: () => Promise.resolve({ code: "DryRunOperation", message: "" }),
  secretState: () => Promise.resolve({ is: "readable", missing: [], empty: [] }),
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
