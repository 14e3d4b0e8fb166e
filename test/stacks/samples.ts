import { type AppConnectorsSettings } from "../../config/app-connectors";
import { type BaseSettings } from "../../config/base";
import { type GwlbSettings } from "../../config/gwlb";
import { type HaSettings } from "../../config/ha";
import { type NetworkSettings } from "../../config/network";
import { type SpokeSettings } from "../../config/spoke";
import { type ZpaSettings } from "../../config/zpa";
import { type ZpaHaSettings } from "../../config/zpa-ha";
import { certificate } from "./certificate";

type Overrides<Settings extends BaseSettings | ZpaSettings | HaSettings | ZpaHaSettings> = Partial<
  Omit<Settings, "connectors" | "template">
> & {
  readonly connectors?: Partial<Settings["connectors"]>;
};

const common = ({ connectors, ...settings }: Overrides<BaseSettings>): Omit<BaseSettings, "template"> => ({
  region: "us-west-2",
  network: { create: { cidr: "10.1.0.0/16" } },
  ...settings,
  connectors: { provisioningUrl: "connector.zscaler.net/api/v1/provUrl?name=aws-prod", secret: "ZS/CC/credentials", ...connectors },
});

/** The shortest deployment, with what a test is about. */
export const base = (overrides: Overrides<BaseSettings> = {}): BaseSettings => ({ template: "base", ...common(overrides) });

const domains = { crm: "crm.example.com" };

/** The shortest zpa deployment, with what a test is about. */
export const zpa = ({ zpa = { domains }, ...overrides }: Overrides<ZpaSettings> = {}): ZpaSettings => ({
  template: "zpa",
  ...common(overrides),
  zpa,
});

/** The shortest ha deployment, with what a test is about. */
export const ha = ({ failover, ...overrides }: Overrides<HaSettings> = {}): HaSettings => ({
  template: "ha",
  ...common(overrides),
  ...(failover ? { failover } : {}),
});

/** The shortest zpa-ha deployment, with what a test is about. */
export const zpaHa = ({ zpa = { domains }, failover, ...overrides }: Overrides<ZpaHaSettings> = {}): ZpaHaSettings => ({
  template: "zpa-ha",
  ...common(overrides),
  zpa,
  ...(failover ? { failover } : {}),
});

/** The shortest network deployment, with what a test is about. */
export const network = (overrides: Partial<Omit<NetworkSettings, "template">> = {}): NetworkSettings => ({
  template: "network",
  region: "us-west-2",
  network: { create: { cidr: "10.1.0.0/16" } },
  ...overrides,
});

/** The shortest gwlb deployment, with what a test is about. */
export const gwlb = ({
  connectors,
  ...overrides
}: Partial<Omit<GwlbSettings, "connectors" | "template">> & {
  readonly connectors?: Partial<GwlbSettings["connectors"]>;
} = {}): GwlbSettings => ({
  template: "gwlb",
  region: "us-west-2",
  network: { create: { cidr: "10.1.0.0/16" } },
  ...overrides,
  connectors: { provisioningUrl: "connector.zscaler.net/api/v1/provUrl?name=aws-prod", secret: "ZS/CC/credentials", ...connectors },
});

/** The name of the service of a hub elsewhere. */
const serviceName = "com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0";

/** The shortest spoke deployment, with what a test is about. */
export const spoke = (overrides: Partial<Omit<SpokeSettings, "template">> = {}): SpokeSettings => ({
  template: "spoke",
  region: "us-west-2",
  network: { create: { cidr: "10.2.0.0/16" } },
  endpointService: { name: serviceName },
  ...overrides,
});

const keyInSecret = { key: { secretsManager: { secret: "ZS/AC/provisioning-key" } } } as const;

/** The shortest app-connectors deployment, with what a test is about. */
export const appConnectors = ({
  appConnectors,
  ...overrides
}: Partial<Omit<AppConnectorsSettings, "appConnectors" | "template">> & {
  readonly appConnectors?: Partial<AppConnectorsSettings["appConnectors"]>;
} = {}): AppConnectorsSettings => ({
  template: "app-connectors",
  region: "us-west-2",
  network: { create: { cidr: "10.1.0.0/16" } },
  ...overrides,
  appConnectors: { enrollment: keyInSecret, applications: { ranges: { crm: { range: "10.0.0.0/8", tcp: [443] } } }, ...appConnectors },
});

export const threeZones = ["a", "b", "c"];

const sharedConnectors = {
  size: "large",
  instanceType: "c6i.4xlarge",
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
} as const satisfies Partial<GwlbSettings["connectors"]>;

/** Every option that the templates share, other than its default where there is one. */
const shared = {
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
  connectors: { ...sharedConnectors, perZone: 2 },
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
} as const satisfies Overrides<BaseSettings>;

const everyZpa: ZpaSettings["zpa"] = {
  domains: { crm: "crm.example.com", wiki: "wiki.example.org" },
  existingRules: { partner: "rslvr-rr-0123456789abcdef0" },
  systemDomains: { zscaler_net: "zscaler.net" },
  targets: ["185.46.212.90"],
  endpoint: { create: { securityGroup: { untracked: {} } } },
  associateVpcs: {
    spoke: { id: "vpc-0123456789abcdef0", steeredBy: { transitGateway: { id: "tgw-0123456789abcdef0" } }, associated: ["partner"] },
  },
};

const everyFailover: HaSettings["failover"] = {
  probe: { intervalSeconds: 3, timeoutSeconds: 2 },
  deadAfter: 3,
  aliveAfter: 5,
  holdDown: { firstSeconds: 30, longestSeconds: 600 },
  allDead: { bypass: { onProbesAlone: true } },
  drained: ["b-2"],
  paused: true,
  alarms: { topic: { arn: "arn:aws:sns:us-west-2:123456789012:alarms" } },
  pinned: {
    partner: { destination: "203.0.113.0/24", connector: "b-1" },
    partner6: { destination: "2001:db8::/32", connector: "a-2" },
    lists: { destination: "pl-0123456789abcdef0", connector: "a-1" },
  },
  runtime: "nodejs20.x",
  architecture: "x86_64",
  memory: 512,
  logRetentionDays: 90,
  reservedConcurrency: 5,
};

const existingVpc = { id: "vpc-0123456789abcdef0", cidr: "10.20.0.0/16" } as const;

/** All parts around the connectors exist. */
const allExisting = {
  zones: ["a", "b"],
  network: { existing: existingVpc },
  nat: { existing: { gateways: { a: "nat-0123456789abcdef0", b: "nat-0123456789abcdef1" } } },
  subnets: {
    existing: {
      a: { connector: "subnet-0123456789abcdef0", management: "subnet-0123456789abcdef2" },
      b: { connector: "subnet-0123456789abcdef1", management: "subnet-0123456789abcdef3" },
    },
  },
  steering: {
    routeTables: {
      a: { app: { id: "rtb-0123456789abcdef0" }, old: { id: "rtb-0123456789abcdef2", defaultRoute: "restore" } },
      b: { app: { id: "rtb-0123456789abcdef1", defaultRoute: "takeOver" }, done: { id: "rtb-0123456789abcdef3", defaultRoute: "forget" } },
    },
  },
  connectors: {
    managementTier: "separate",
    securityGroups: { existing: { service: "sg-0123456789abcdef0", management: "sg-0123456789abcdef1" } },
    instanceProfile: { existing: { name: "zscaler-connectors" } },
  },
} as const satisfies Overrides<BaseSettings>;

/** Subnets and gateways are made in a VPC that exists, and all that it does not get by default. */
const madeInExisting = {
  zones: ["a", "b"],
  network: {
    existing: {
      ...existingVpc,
      secondaryCidrs: { more: "100.64.0.0/20" },
      taken: ["10.20.0.0/16"],
      internetGateway: { existing: { id: "igw-0123456789abcdef0" } },
      namespace: "egress",
      lockDefaultSecurityGroup: true,
      flowLogs: {},
    },
  },
  subnets: {
    workloads: "perZone",
    existing: { a: { public: "subnet-0123456789abcdef0", workload: "subnet-0123456789abcdef1", resolver: "subnet-0123456789abcdef2" } },
  },
  privateEndpoints: ["ec2", "s3"],
  steering: {
    routeTables: {
      a: {
        app: { id: "rtb-0123456789abcdef0", defaultRoute: "takeOver" },
        dns: { id: "rtb-0123456789abcdef1", tier: "resolver", defaultRoute: "takeOver" },
      },
    },
  },
  testHosts: { bastion: { allowFrom: { home: "198.51.100.7/32" }, keyName: "operators" } },
} as const satisfies Overrides<BaseSettings>;

/** Deployments of the base template whose Terraform addresses and subnets are frozen. */
export const samples = {
  "one-zone": base({ testHosts: {} }),
  "three-zones": base({ zones: threeZones }),
  "medium-pairs": base({ zones: ["a", "b"], connectors: { size: "medium", perZone: 2, managementTier: "separate" } }),
  everything: base(shared),
} as const satisfies Record<string, BaseSettings>;

const unbalancedSamples = {
  ...samples,
  zpa: zpa(),
  "zpa-one-zone-with-connectors": zpa({ zones: ["a", "b"], connectors: { servedBy: { b: "a" } } }),
  "zpa-everything": zpa({ ...shared, zpa: everyZpa }),
  ha: ha(),
  "ha-pairs": ha({ connectors: { perZone: 2 }, failover: { alarms: { create: { email: "netsec@example.com" } } } }),
  "ha-three-zones": ha({ zones: threeZones, connectors: { servedBy: { c: "a" } } }),
  "ha-everything": ha({ ...shared, failover: everyFailover }),
  "zpa-ha": zpaHa({ testHosts: {} }),
  "zpa-ha-three-zones": zpaHa({ zones: threeZones, connectors: { servedBy: { c: "a" } } }),
  "zpa-ha-everything": zpaHa({ ...shared, zpa: everyZpa, failover: everyFailover }),
  network: network({ zones: ["a", "b"], testHosts: {} }),
  "all-existing": base(allExisting),
  "zpa-existing-endpoint": zpa({
    ...allExisting,
    network: { existing: { ...existingVpc, internetGateway: { create: {} } } },
    nat: { single: { zone: "b" } },
    zpa: { domains, endpoint: { existing: { id: "rslvr-out-0123456789abcdef0" } } },
  }),
  "ha-all-existing": ha({ ...allExisting, failover: { pinned: { partner: { destination: "203.0.113.0/24", connector: "a-1" } } } }),
  "zpa-ha-made-in-existing": zpaHa({
    ...madeInExisting,
    zpa: { domains, endpoint: { create: { securityGroup: { existing: { id: "sg-0123456789abcdef0" } } } } },
    failover: { allDead: { bypass: {} } },
  }),
} as const satisfies Record<string, BaseSettings | ZpaSettings | HaSettings | ZpaHaSettings | NetworkSettings>;

/** Deployments of the gwlb template. */
export const gwlbSamples = {
  gwlb: gwlb({ testHosts: {} }),
  "gwlb-three-zones": gwlb({
    zones: threeZones,
    connectors: { servedBy: { c: "a" } },
    endpointTier: "separate",
    zpa: { domains },
    failover: { pinned: { partner: { destination: "203.0.113.0/24", connector: "a-1" } } },
  }),
  "gwlb-everything": gwlb({
    ...shared,
    connectors: sharedConnectors,
    fleet: { fixed: { perZone: 3 } },
    balancer: {
      healthCheck: { intervalSeconds: 5, timeoutSeconds: 2, healthyThreshold: 3, unhealthyThreshold: 2 },
      stickiness: "2-tuple",
      crossZone: true,
      onFailure: "keep",
      deregistrationDelaySeconds: 60,
      tcpIdleTimeoutSeconds: 600,
    },
    endpointService: { acceptance: true, allowedPrincipals: ["arn:aws:iam::210987654321:root"] },
    endpointTier: "separate",
    zpa: { ...everyZpa, shareWith: ["210987654321"], shareAcross: "organization" },
    failover: everyFailover,
  }),
  "gwlb-all-existing": gwlb({
    ...allExisting,
    endpointTier: "separate",
    subnets: {
      existing: {
        a: { ...allExisting.subnets.existing.a, endpoint: "subnet-0123456789abcdef4" },
        b: { ...allExisting.subnets.existing.b, endpoint: "subnet-0123456789abcdef5" },
      },
    },
  }),
  asg: gwlb({ fleet: { autoScaling: {} } }),
  "asg-everything": gwlb({
    ...shared,
    connectors: { ...sharedConnectors, size: "small", instanceType: "c6i.large" },
    fleet: {
      autoScaling: {
        groups: "perZone",
        min: 2,
        max: 6,
        targetCpuPercent: 40,
        health: { degraded: "replace", silentMinutes: 15, unseenMinutes: 30, mostUnhealthyPercent: 40, paused: true },
        healthCheckType: "elb",
        graceSeconds: 1200,
        warmUpSeconds: 300,
        launchHook: { wait: { timeoutSeconds: 2400 } },
        terminateHookSeconds: 1200,
        warmPool: { state: "running", min: 1, maxPrepared: 7, reuseOnScaleIn: false },
        protectFromScaleIn: true,
        notifications: { create: { email: "netsec@example.com" } },
        provisioningKeyUses: 50,
        alarms: { topic: { arn: "arn:aws:sns:us-west-2:123456789012:alarms" } },
        runtime: "nodejs20.x",
        architecture: "x86_64",
        memory: 512,
        logRetentionDays: 90,
        reservedConcurrency: 5,
      },
    },
    zpa: everyZpa,
  }),
} as const satisfies Record<string, GwlbSettings>;

/** Deployments of the spoke template whose hub is elsewhere. */
export const spokeSamples = {
  spoke: spoke({ testHosts: {} }),
  "spoke-everything": spoke({
    zones: ["usw2-az1", "usw2-az3"],
    network: { create: { cidr: "10.2.0.0/16", secondaryCidrs: { more: "100.64.0.0/16" }, namespace: "shop", flowLogs: {} } },
    subnets: { zoneSlots: 8, ranges: { az3: { workload: "100.64.0.0/20" } } },
    ingress: { publicSubnets: "perZone", edgeRoutes: true },
    zpa: true,
    resolverRules: { crm: "rslvr-rr-0123456789abcdef0", zscaler_net: "rslvr-rr-0123456789abcdef1" },
    testHosts: shared.testHosts,
    iam: shared.iam,
    provider: shared.provider,
    backend: shared.backend,
    tags: shared.tags,
  }),
  "spoke-existing": spoke({
    zones: ["a", "b"],
    network: { existing: { ...existingVpc, taken: ["10.20.0.0/17"], namespace: "shop" } },
    subnets: { existing: { a: { endpoint: "subnet-0123456789abcdef0" } } },
    steering: allExisting.steering,
  }),
} as const satisfies Record<string, SpokeSettings>;

const portal = { vanityDomain: "acme", customerId: "72058304855015424", secret: "ZS/ZPA/api" } as const;

/** Every option of App Connectors, other than its default where there is one. */
const everyAppConnector = {
  enrollment: {
    key: {
      secretsManager: {
        secret: "arn:aws:secretsmanager:us-west-2:123456789012:secret:ZS/AC/provisioning-key-AbCdEf",
        field: "provisioning_key",
        kmsKey: "alias/secrets",
        usesLeft: 200,
      },
    },
  },
  applications: {
    ranges: {
      crm: { range: "10.1.0.0/20", tcp: [443, "8000-8100"], udp: [53], icmp: true },
      crm6: { range: "2001:db8::/32", tcp: [443], icmp: true },
    },
  },
  instanceType: "c6i.2xlarge",
  appProtection: true,
  image: { rhel: { ami: "ami-0123456789abcdef0" } },
  updatePackages: false,
  disk: { sizeGb: 128, type: "gp2", kmsKey: "alias/disks" },
  proxy: { host: "proxy.example.com", port: 3128, bypass: ["10.0.0.0/8", "*.internal.local"], secret: "ZS/AC/proxy" },
  dns: { servers: ["10.9.0.2", "10.9.0.3"] },
  routes: { office: { range: "192.168.0.0/16", gateway: "10.1.0.1" } },
  tcpKeepalive: { timeSeconds: 120, intervalSeconds: 20, probes: 5 },
  certificates: { office: { parameter: { name: "/pki/office" } }, lab: { s3: { bucket: "certificates", key: "lab/root.pem" } } },
  ssh: { keyName: "operators", allowFrom: { office: "203.0.113.0/24" } },
} as const satisfies AppConnectorsSettings["appConnectors"];

/** Deployments of the app-connectors template. */
export const appConnectorSamples = {
  "app-connectors": appConnectors(),
  "app-connectors-group": appConnectors({ fleet: { autoScaling: {} }, portal }),
  "app-connectors-everything": appConnectors({
    zones: threeZones,
    network: shared.network,
    nat: shared.nat,
    subnets: { zoneSlots: 8, ranges: { c: { connector: "100.64.0.0/20" } } },
    privateEndpoints: shared.privateEndpoints,
    appConnectors: everyAppConnector,
    fleet: {
      autoScaling: {
        min: 3,
        max: 9,
        target: { networkOutBytes: 3_000_000_000 },
        graceSeconds: 600,
        warmUpSeconds: 300,
        launchHook: { wait: { timeoutSeconds: 3600 } },
        drainMinutes: 60,
        warmPool: { state: "running", min: 1, maxPrepared: 10, reuseOnScaleIn: true },
        protectFromScaleIn: true,
        notifications: { create: { email: "netsec@example.com" } },
      },
    },
    portal: { ...portal, cloud: "beta", microtenantId: "72058304855015500", secretKmsKey: "alias/secrets" },
    operations: {
      enrollMinutes: 45,
      agentMinutes: 45,
      cpuPercent: 70,
      cpuMinutes: 60,
      logBucket: "app-connector-logs",
      alarms: { topic: { arn: "arn:aws:sns:us-west-2:123456789012:alarms" } },
      runtime: "nodejs20.x",
      architecture: "x86_64",
      memory: 512,
      logRetentionDays: 90,
      reservedConcurrency: 5,
    },
    iam: shared.iam,
    provider: shared.provider,
    backend: shared.backend,
    tags: shared.tags,
  }),
  "app-connectors-all-existing": appConnectors({
    network: { existing: existingVpc },
    nat: { existing: { gateways: { a: "nat-0123456789abcdef0", b: "nat-0123456789abcdef1" } } },
    subnets: { existing: { a: { connector: "subnet-0123456789abcdef0" }, b: { connector: "subnet-0123456789abcdef1" } } },
    portal,
    appConnectors: {
      enrollment: { oauth: { group: { existing: { id: "72058304855015425" } } } },
      applications: { any: {} },
      addresses: { "a-1": "10.20.0.10" },
      securityGroup: { existing: { id: "sg-0123456789abcdef0" } },
      instanceProfile: { existing: { name: "app-connectors" } },
    },
  }),
} as const satisfies Record<string, AppConnectorsSettings>;

/** App Connectors whose key is made: its provider is on no machine of the tests, so that Terraform cannot validate them. */
export const zpaProviderSamples = {
  "app-connectors-key-made": appConnectors({
    appConnectors: {
      enrollment: {
        key: {
          create: {
            group: {
              countryCode: "US",
              cityCountry: "San Jose, US",
              location: "San Jose, CA, USA",
              latitude: 37.33874,
              longitude: -121.88525,
              versionProfile: "newRelease",
            },
            uses: 10,
            keyInState: "accepted",
          },
        },
      },
    },
  }),
} as const satisfies Record<string, AppConnectorsSettings>;

/** Deployments of every template whose Terraform addresses and subnets are frozen. */
export const allSamples = { ...unbalancedSamples, ...gwlbSamples, ...spokeSamples, ...appConnectorSamples };
