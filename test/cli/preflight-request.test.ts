import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PreflightRequest } from "../../cli/preflight";
import { preflightRequest } from "../../cli/preflight-command";
import { loadConfig } from "../../config";
import { allSamples, appConnectors, base, gwlb, ha, spoke, zpaHa, zpaProviderSamples } from "../stacks/samples";
import { synthesize } from "../stacks/synthesize";

/** What the deployments of a file ask of AWS, as it is loaded. */
function requestsOf(deployments: Readonly<Record<string, object>>): readonly PreflightRequest[] {
  const folder = mkdtempSync(join(tmpdir(), "preflight-request-"));
  try {
    const file = join(folder, "zscaler.yaml");
    // JSON is YAML too.
    writeFileSync(file, JSON.stringify({ deployments }));
    return loadConfig(file).map(({ name, deployment }) => preflightRequest(name, deployment));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a deployment of these settings asks of AWS. */
function requestOf(settings: object): PreflightRequest {
  const [request] = requestsOf({ egress: settings });
  if (!request) throw new Error("nothing was loaded");
  return request;
}

test("a base deployment asks for its zone and its connector", () => {
  const request = requestOf(base());
  expect(request).toEqual({
    deployment: "egress",
    region: "us-west-2",
    zones: { a: "us-west-2a" },
    vpcs: 1,
    elasticAddresses: 1,
    allocationIds: [],
    natGatewayZones: ["us-west-2a"],
    instances: [{ type: "m6i.large", count: 1, zones: ["us-west-2a"] }],
    image: { marketplace: "2l8tfysndbav4tv2nfjwak3cu" },
    secret: { name: "ZS/CC/credentials" },
  });
});

test("an ha deployment asks for a connector in each of its two zones", () => {
  const zones = ["us-west-2a", "us-west-2b"];
  expect(requestOf(ha())).toMatchObject({
    elasticAddresses: 2,
    natGatewayZones: zones,
    instances: [{ type: "m6i.large", count: 2, zones }],
  });
});

describe("connectors behind a balancer", () => {
  const zones = ["us-west-2a", "us-west-2b"];

  test("are asked for, a fixed number in each zone", () => {
    expect(requestOf(gwlb({ fleet: { fixed: { perZone: 3 } } })).instances).toEqual([{ type: "m6i.large", count: 6, zones }]);
  });

  test("are asked for up to the most that Auto Scaling has at once, in all groups", () => {
    // 5 at the most, one more while they are replaced, and 2 that wait.
    const autoScaling = { groups: "perZone" as const, min: 2, max: 5, warmPool: { min: 2 } };
    expect(requestOf(gwlb({ fleet: { autoScaling } })).instances).toEqual([{ type: "m6i.large", count: 16, zones }]);
    expect(requestOf(gwlb({ fleet: { autoScaling: { ...autoScaling, groups: "one" } } })).instances).toMatchObject([{ count: 8 }]);
  });

  test("need endpoints in a VPC that exists: one in each zone, and one for each service", () => {
    const network = { existing: { id: "vpc-00000001", cidr: "10.20.0.0/16", internetGateway: { create: {} } } };
    const endpointsOf = (otherwise: Parameters<typeof gwlb>[0]) => requestOf(gwlb({ network, ...otherwise })).existing?.endpoints;
    expect(endpointsOf({})).toBe(2);
    expect(endpointsOf({ endpointTier: "separate", privateEndpoints: ["s3", "ssm"] })).toBe(3);
  });
});

describe("App Connectors", () => {
  const zones = ["us-west-2a", "us-west-2b"];
  const secret = "ZS/AC/provisioning-key";

  test("ask for a NAT gateway in each zone, their image, and their key", () => {
    expect(requestOf(appConnectors())).toEqual({
      deployment: "egress",
      region: "us-west-2",
      zones: { a: "us-west-2a", b: "us-west-2b" },
      vpcs: 1,
      elasticAddresses: 2,
      allocationIds: [],
      natGatewayZones: zones,
      instances: [{ type: "m5a.xlarge", count: 2, zones }],
      image: { marketplace: "by1wc5269g0048ix2nqvr0362" },
      provisioningKey: { secret, reader: { who: "the App Connectors", setting: "kmsKey" } },
      furtherSecrets: [],
    });
  });

  test("are counted up to the most that can be there", () => {
    const autoScaling = { min: 2, max: 20, warmPool: { min: 3 } };
    // Two more while they are replaced.
    expect(requestOf(appConnectors({ fleet: { autoScaling } })).instances).toMatchObject([{ count: 25 }]);
    expect(requestOf(appConnectors({ fleet: { fixed: { perZone: 4 } } })).instances).toMatchObject([{ count: 8 }]);
    expect(requestOf(appConnectors({ appConnectors: { appProtection: true } })).instances).toMatchObject([{ type: "m5a.2xlarge" }]);
  });

  test("ask for all secrets that they are given, each with who reads it", () => {
    const { provisioningKey, furtherSecrets, diskKey, image } = requestOf(allSamples["app-connectors-everything"]);
    expect(provisioningKey).toEqual({
      secret: "arn:aws:secretsmanager:us-west-2:123456789012:secret:ZS/AC/provisioning-key-AbCdEf",
      field: "provisioning_key",
      reader: { who: "the App Connectors", setting: "kmsKey", kmsKey: "alias/secrets" },
    });
    expect(furtherSecrets).toEqual([
      {
        what: "portal's secret",
        id: "ZS/ZPA/api",
        keys: ["client_id", "client_secret"],
        reader: { who: "the App Connector function", setting: "portal.secretKmsKey", kmsKey: "alias/secrets" },
      },
      { what: "proxy's secret", id: "ZS/AC/proxy", keys: ["username", "password"] },
    ]);
    expect([diskKey, image]).toEqual(["alias/disks", { id: "ami-0123456789abcdef0" }]);
  });

  test("ask for a parameter, for no secret's key where their role exists, and for no key where it is made or none is needed", () => {
    const keyOf = (more: Parameters<typeof appConnectors>[0]) => requestOf(appConnectors(more)).provisioningKey;
    const parameterStore = { parameter: "/zpa/key", kmsKey: "alias/zpa" };
    expect(keyOf({ appConnectors: { enrollment: { key: { parameterStore } } } })).toEqual({ parameter: "/zpa/key" });
    expect(keyOf({ appConnectors: { instanceProfile: { existing: { name: "mine" } } } })).toEqual({ secret });
    expect(requestOf(zpaProviderSamples["app-connectors-key-made"])).not.toHaveProperty("provisioningKey");
    expect(requestOf(allSamples["app-connectors-all-existing"])).not.toHaveProperty("provisioningKey");
  });

  test("need no subscription for Red Hat's image", () => {
    expect(requestOf(appConnectors({ appConnectors: { image: { rhel: {} } } }))).not.toHaveProperty("image");
  });

  test("in a VPC that exists look applications up there, unless they have resolvers of their own", () => {
    const settings = allSamples["app-connectors-all-existing"];
    expect(requestOf(settings).existing).toMatchObject({
      looksUpApplications: true,
      securityGroups: ["sg-0123456789abcdef0"],
      subnets: [
        { id: "subnet-0123456789abcdef0", tier: "connector", zone: "a" },
        { id: "subnet-0123456789abcdef1", tier: "connector", zone: "b" },
      ],
    });
    const dns = { servers: ["10.9.0.2"] };
    expect(requestOf({ ...settings, appConnectors: { ...settings.appConnectors, dns } }).existing).not.toHaveProperty(
      "looksUpApplications",
    );
  });

  test("in another deployment's VPC leave by its NAT gateways", () => {
    const guest = appConnectors({
      network: { deployment: "egress" },
      subnets: { ranges: { a: { connector: "10.1.250.0/26" }, b: { connector: "10.1.250.64/26" } } },
    });
    const [request] = requestsOf({ apps: guest, egress: ha() });
    expect(request).toMatchObject({ deployment: "apps", vpcs: 0, elasticAddresses: 0, natGatewayZones: [] });
    expect(request).not.toHaveProperty("existing");
  });
});

describe("a spoke", () => {
  const name = "com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0";

  test("asks for the service in its zones, and for no NAT gateway and no connector", () => {
    expect(requestOf(spoke())).toEqual({
      deployment: "egress",
      region: "us-west-2",
      zones: { a: "us-west-2a", b: "us-west-2b" },
      vpcs: 1,
      elasticAddresses: 0,
      allocationIds: [],
      natGatewayZones: [],
      instances: [],
      endpointService: { name, zones: ["us-west-2a", "us-west-2b"] },
    });
  });

  test("names its zones by their ids if it is given those", () => {
    expect(requestOf(spoke({ zones: ["usw2-az1", "usw2-az3"] }))).toMatchObject({
      zones: { az1: "usw2-az1", az3: "usw2-az3" },
      endpointService: { zones: ["usw2-az1", "usw2-az3"] },
    });
  });

  test("of a VPC that exists needs an endpoint in each zone", () => {
    const network = { existing: { id: "vpc-00000001", cidr: "10.20.0.0/16" } };
    expect(requestOf(spoke({ network })).existing).toMatchObject({ endpoints: 2, natGateways: {} });
  });
});

describe("a VPC that exists", () => {
  const settings = zpaHa({
    network: {
      existing: {
        id: "vpc-00000001",
        cidr: "10.20.0.0/16",
        secondaryCidrs: { more: "100.64.0.0/16" },
        taken: ["10.20.0.0/17"],
        internetGateway: { existing: { id: "igw-00000001" } },
      },
    },
    nat: { existing: { gateways: { a: "nat-0000000a", b: "nat-0000000b" } } },
    subnets: { existing: { a: { connector: "subnet-0000001a" } }, ranges: { b: { resolver: "10.20.200.0/28" } }, workloads: "perZone" },
    connectors: {
      securityGroups: { existing: { service: "sg-00000001", management: "sg-00000002" } },
      managementSecurityGroups: ["sg-00000002"],
    },
    steering: {
      routeTables: {
        a: { app: { id: "rtb-0000001a", defaultRoute: "takeOver" }, old: { id: "rtb-0000002a", defaultRoute: "forget" } },
        b: { app: { id: "rtb-0000001b" }, data: { id: "rtb-0000002b", defaultRoute: "restore" } },
      },
    },
    zpa: { domains: { crm: "crm.example.com" }, endpoint: { create: { securityGroup: { existing: { id: "sg-00000003" } } } } },
  });

  test("is asked for with all that is named in it", () => {
    const request = requestOf(settings);
    expect(request).toMatchObject({ vpcs: 0, elasticAddresses: 0, natGatewayZones: [] });
    expect(request.existing).toMatchObject({
      vpc: "vpc-00000001",
      ranges: ["10.20.0.0/16", "100.64.0.0/16"],
      taken: ["10.20.0.0/17"],
      // The interfaces of a small connector, and two of the failover function.
      subnets: [{ id: "subnet-0000001a", tier: "connector", zone: "a", addresses: 4 }],
      internetGateway: { id: "igw-00000001" },
      natGateways: { a: "nat-0000000a", b: "nat-0000000b" },
      routeTables: [
        { id: "rtb-0000001a", zone: "a", name: "app", defaultRoute: "takeOver" },
        { id: "rtb-0000001b", zone: "b", name: "app", defaultRoute: "create" },
        { id: "rtb-0000002b", zone: "b", name: "data", defaultRoute: "restore" },
      ],
      securityGroups: ["sg-00000001", "sg-00000002", "sg-00000003"],
    });
  });

  test("gets the subnets and the tag that are asked for", () => {
    const { plannedSubnets = [], tag = "" } = requestOf(settings).existing ?? {};
    const stack = synthesize(settings);
    const made = Object.entries(stack.ofType("aws_subnet")).map(([address, { cidr_block: range }]) => [address, range]);
    expect(Object.fromEntries(plannedSubnets.map(({ tier, zone, range }) => [`aws_subnet.network_${zone}_${tier}`, range]))).toEqual(
      Object.fromEntries(made),
    );
    expect(plannedSubnets.filter(({ origin }) => origin === "written")).toEqual([
      { tier: "resolver", zone: "b", range: "10.20.200.0/28", origin: "written" },
    ]);
    expect(stack.file.provider?.["aws"]?.[0]).toHaveProperty(["default_tags", 0, "tags", tag], "shared");
  });

  test("without connectors has neither route tables nor security groups to ask for", () => {
    const existing = { id: "vpc-00000001", cidr: "10.20.0.0/16", internetGateway: { create: {} } };
    const request = requestOf({
      template: "network",
      region: "us-west-2",
      network: { existing },
      subnets: { existing: { a: { workload: "subnet-0000004a" } } },
      testHosts: {},
    });
    expect(request.existing).toMatchObject({
      internetGateway: "make",
      subnets: [{ id: "subnet-0000004a", addresses: 1 }],
      routeTables: [],
      securityGroups: [],
    });
  });

  test("is not asked for where one is made", () => {
    expect(requestOf(base())).not.toHaveProperty("existing");
  });
});
