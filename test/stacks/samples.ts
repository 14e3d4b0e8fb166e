import { type BaseSettings } from "../../config/base";
import { certificate } from "./certificate";

type Overrides = Partial<Omit<BaseSettings, "connectors">> & { readonly connectors?: Partial<BaseSettings["connectors"]> };

/** The shortest deployment, with what a test is about. */
export const base = ({ connectors, ...settings }: Overrides = {}): BaseSettings => ({
  template: "base",
  region: "us-west-2",
  network: { create: { cidr: "10.1.0.0/16" } },
  ...settings,
  connectors: { provisioningUrl: "connector.zscaler.net/api/v1/provUrl?name=aws-prod", secret: "ZS/CC/credentials", ...connectors },
});

export const threeZones = ["a", "b", "c"];

/** Every option of the base template, other than its default where there is one. */
const everything = base({
  zones: ["a", "b", "c"],
  network: {
    create: {
      cidr: "10.1.0.0/16",
      secondaryCidrs: { more: "100.64.0.0/16" },
      namespace: "egress",
      flowLogs: { retentionDays: 90 },
    },
  },
  nat: { perZone: { allocations: { b: "eipalloc-0123456789abcdef0" } } },
  subnets: { zoneSlots: 8, ranges: { c: { workload: "100.64.0.0/20" } } },
  privateEndpoints: ["secretsmanager", "ssm", "ssmmessages", "logs", "monitoring", "kms", "ec2", "autoscaling", "s3"],
  connectors: {
    size: "large",
    instanceType: "c6i.4xlarge",
    perZone: 2,
    servedBy: { c: "a" },
    secret: "arn:aws:secretsmanager:us-west-2:123456789012:secret:ZS/CC/credentials-AbCdEf",
    secretKmsKey: "alias/secrets",
    disk: { type: "gp2", kmsKey: "alias/disks", grantTo: "arn:aws:iam::123456789012:role/deployer" },
    hostnames: { type: "ip-name", aRecord: true },
    ssh: { keyName: "operators", allowFrom: { office: "203.0.113.0/24" } },
    supportServer: "199.168.148.101/32",
    managementTier: "separate",
    managementSecurityGroups: ["sg-0123456789abcdef0"],
    sourceRanges: { spoke: "10.2.0.0/16", spoke6: "2001:db8::/32" },
    healthProbePort: 8080,
    cloudTags: true,
  },
  testHosts: {
    instanceType: "t3.small",
    rootCertificate: certificate,
    bastion: { allowFrom: { home: "198.51.100.7/32" }, keyName: "operators" },
  },
  iam: { path: "/network/", permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" },
  provider: {
    profile: "network",
    assumeRole: { roleArn: "arn:aws:iam::123456789012:role/deployer", externalId: "zscaler", sessionName: "egress" },
    allowedAccountIds: ["123456789012"],
  },
  backend: {
    s3: {
      bucket: "states",
      key: "network/egress.tfstate",
      region: "us-east-1",
      kmsKey: "arn:aws:kms:us-east-1:123456789012:key/3f0d9e38-1a8a-4a4a-9d0e-0123456789ab",
      profile: "states",
    },
  },
  tags: { Owner: "netsec" },
});

/** Deployments whose Terraform addresses and subnets are frozen. */
export const samples = {
  "one-zone": base({ testHosts: {} }),
  "three-zones": base({ zones: threeZones }),
  "medium-pairs": base({ zones: ["a", "b"], connectors: { size: "medium", perZone: 2, managementTier: "separate" } }),
  everything,
} as const satisfies Record<string, BaseSettings>;
