import { EC2, type ResourceType } from "@aws-sdk/client-ec2";
import { KMS } from "@aws-sdk/client-kms";
import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { type Check, connectAws, type ExistingNetwork, formatChecks, preflight, type PreflightRequest } from "../../../cli/preflight";
import { clientConfiguration, type Emulator, startEmulator } from "../../../emulator";
import { makeExistingVpc } from "../../e2e/existing-vpc";

const account = "123456789012";
const values = { api_key: "value-of-the-key", username: "value-of-the-name", password: "value-of-the-password" };
const productCode = "2l8tfysndbav4tv2nfjwak3cu";

const inherited = process.env;
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
  process.env = { ...emulator.environment("us-west-2"), AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
  // Its first use makes a virtual environment.
}, 180_000);

afterAll(async () => {
  process.env = inherited;
  await emulator.stop();
});

/** Each test has a region of its own, and so an account without what the others make. */
function regionOf(region: string) {
  const settings = clientConfiguration({ endpoint: emulator.endpoint, region });
  return {
    ec2: new EC2(settings),
    kms: new KMS(settings),
    secrets: new SecretsManager(settings),
    ask: (request: Partial<PreflightRequest>) =>
      preflight(
        {
          deployment: "egress",
          region,
          zones: { a: `${region}a` },
          vpcs: 0,
          elasticAddresses: 0,
          allocationIds: [],
          instances: [],
          ...request,
        },
        connectAws({ region, endpoint: emulator.endpoint }),
      ),
  };
}

const outcomes = (checks: readonly Check[]) => Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]));

const keyPolicy = (account: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" }],
  });

test("a prepared account passes what the emulator knows, and needs an action for the rest", async () => {
  const { ec2, kms, secrets, ask } = regionOf("us-west-2");
  const secretKey = (await kms.createKey({})).KeyMetadata?.Arn ?? "";
  const diskKey = (await kms.createKey({ KeyUsage: "ENCRYPT_DECRYPT", Policy: keyPolicy(account) })).KeyMetadata?.KeyId ?? "";
  await kms.createAlias({ AliasName: "alias/disks", TargetKeyId: diskKey });
  await secrets.createSecret({ Name: "ZS/CC/credentials", KmsKeyId: secretKey, SecretString: JSON.stringify(values) });
  const { AllocationId: allocationId = "" } = await ec2.allocateAddress({ Domain: "vpc" });

  const checks = await ask({
    zones: { a: "us-west-2a", b: "us-west-2b" },
    vpcs: 1,
    elasticAddresses: 1,
    allocationIds: [allocationId],
    natGatewayZones: ["us-west-2a", "us-west-2b"],
    instances: [
      { type: "m6i.large", count: 2, zones: ["us-west-2a", "us-west-2b"] },
      { type: "t3.micro", count: 1, zones: ["us-west-2a"] },
    ],
    image: { marketplace: productCode },
    secret: { name: "ZS/CC/credentials" },
    secretKey,
    diskKey: "alias/disks",
    allowedAccountIds: [account],
  });

  expect(checks.filter(({ outcome }) => outcome !== "pass")).toEqual([
    // The emulator has quotas for VPCs only.
    ...["vCPU", "elastic addresses"].map((name) => ({
      name,
      outcome: "unknown",
      detail: expect.stringContaining("servicequotas:GetAWSDefaultServiceQuota") as string,
      fix: expect.stringContaining("servicequotas:GetAWSDefaultServiceQuota") as string,
    })),
  ]);
  expect(checks).toHaveLength(12);
  const text = formatChecks("egress", checks);
  expect(text).toContain("ZS/CC/credentials has api_key, username and password\n");
  for (const value of Object.values(values)) expect(text + JSON.stringify(checks)).not.toContain(value);
  // The dry run is one.
  expect((await ec2.describeInstances({})).Reservations).toEqual([]);
});

test("an unprepared account fails, and every fix is named", async () => {
  const { ec2, kms, secrets, ask } = regionOf("eu-central-1");
  const { KeyId: diskKey = "" } =
    (await kms.createKey({ KeyUsage: "ENCRYPT_DECRYPT", Policy: keyPolicy("999999999999") })).KeyMetadata ?? {};
  const secretKey = (await kms.createKey({})).KeyMetadata?.Arn ?? "";
  await secrets.createSecret({ Name: "s", KmsKeyId: secretKey, SecretString: JSON.stringify({ ...values, api_key: "" }) });
  const { AllocationId: used = "" } = await ec2.allocateAddress({ Domain: "vpc" });
  const subnet = (await ec2.describeSubnets({})).Subnets?.find(({ AvailabilityZone }) => AvailabilityZone === "eu-central-1a")?.SubnetId;
  await ec2.createNatGateway({ SubnetId: subnet, AllocationId: used });

  const checks = await ask({
    zones: { a: "eu-central-1a", x: "eu-central-1x" },
    vpcs: 5,
    allocationIds: [used, "eipalloc-00000000"],
    natGatewayZones: Array.from({ length: 5 }, () => "eu-central-1a"),
    instances: [{ type: "m6i.larg", count: 1, zones: ["eu-central-1a"] }],
    image: { id: "ami-00000000000000000" },
    secret: { name: "s" },
    diskKey,
    allowedAccountIds: ["999999999999"],
  });

  expect(outcomes(checks)).toEqual({
    account: "fail",
    zones: "fail",
    "instance types": "fail",
    vCPU: "unknown",
    subscription: "fail",
    VPCs: "fail",
    "NAT gateways": "fail",
    "allocation ids": "fail",
    secret: "fail",
    "secret's key": "fail",
    "disk key": "fail",
  });
  const text = formatChecks("egress", checks);
  for (const said of [
    "eu-central-1 has no zone eu-central-1x for this account",
    "no zone of eu-central-1 offers m6i.larg",
    "there is none",
    "5 needed, and 1 of 5 are in use",
    "--quota-code L-F678F1CE --desired-value 6",
    "5 needed in eu-central-1a, and 1 of 5 are in use",
    `${used} is in use by`,
    "no elastic address eipalloc-00000000",
    "s has no text in api_key",
    `secretKmsKey: ${secretKey}`,
    `the policy of ${diskKey} does not admit`,
    "0 passed, 10 failed, 1 unknown",
  ]) {
    expect(text).toContain(said);
  }
  for (const value of Object.values(values)) expect(text).not.toContain(value);
});

test("keys and secrets that are not there, disabled or deleted fail", async () => {
  const { kms, secrets, ask } = regionOf("eu-west-1");
  const judge = async (request: Partial<PreflightRequest>, name: string) => (await ask(request)).find((check) => check.name === name);
  const { KeyId: disabled = "" } = (await kms.createKey({ KeyUsage: "ENCRYPT_DECRYPT", Policy: keyPolicy(account) })).KeyMetadata ?? {};
  await kms.disableKey({ KeyId: disabled });
  const { KeyId: asymmetric = "" } = (await kms.createKey({ KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" })).KeyMetadata ?? {};
  await secrets.createSecret({ Name: "empty" });
  await secrets.createSecret({ Name: "gone", SecretString: "{}" });
  await secrets.deleteSecret({ SecretId: "gone" });

  expect(await judge({ diskKey: disabled }, "disk key")).toMatchObject({ outcome: "fail", detail: `${disabled} is Disabled` });
  expect(await judge({ diskKey: asymmetric }, "disk key")).toMatchObject({ outcome: "fail", fix: "name a symmetric encryption key" });
  expect(await judge({ diskKey: "alias/none" }, "disk key")).toMatchObject({
    outcome: "fail",
    detail: "eu-west-1 has no KMS key alias/none",
  });
  expect(await judge({ secret: { name: "none" } }, "secret")).toMatchObject({ outcome: "fail", detail: "eu-west-1 has no secret none" });
  expect(await judge({ secret: { name: "empty" } }, "secret")).toMatchObject({ outcome: "fail", detail: "empty is without a value" });
  expect(await judge({ secret: { name: "gone" } }, "secret")).toMatchObject({ outcome: "fail", detail: "gone is about to be deleted" });
});

test("without the marketplace's image there is nothing to launch", async () => {
  const { ask } = regionOf("us-east-1");
  const checks = await ask({
    instances: [{ type: "m6i.large", count: 1, zones: ["us-east-1a"] }],
    image: { marketplace: "nosuchproduct" },
  });
  expect(outcomes(checks)).toMatchObject({ subscription: "fail", "instance types": "pass" });
});

describe("a VPC that exists", () => {
  const region = "ca-central-1";
  const zones = { a: `${region}a`, b: `${region}b` };
  const tag = "zs-edge-connector-cluster/egress-cluster";

  /** Each test has a VPC, with names of its own. */
  async function madeVpc(name: string) {
    const { zones: made, ...vpc } = await makeExistingVpc({ endpoint: emulator.endpoint, region }, { name, zones: Object.keys(zones) });
    if (!made["a"] || !made["b"]) throw new Error("a zone is not there");
    return { ...vpc, a: made["a"], b: made["b"] };
  }

  test("passes with what it has, and again once it is deployed into", async () => {
    const { ec2, ask } = regionOf(region);
    const { a, b, ...vpc } = await madeVpc("prepared");
    const existing: ExistingNetwork = {
      vpc: vpc.id,
      ranges: vpc.cidrs,
      taken: ["10.20.0.0/17"],
      tag,
      plannedSubnets: [{ tier: "management", zone: "a", range: "10.20.128.0/24", origin: "planned" }],
      subnets: [
        { id: a.subnets.connector.id, tier: "connector", zone: "a", addresses: 4 },
        { id: b.subnets.public.id, tier: "public", zone: "b", addresses: 2 },
      ],
      internetGateway: { id: vpc.internetGatewayId },
      natGateways: { a: a.natGatewayId, b: b.natGatewayId },
      routeTables: [
        { id: a.subnets.app.routeTableId, zone: "a", name: "app", defaultRoute: "takeOver" },
        { id: b.subnets.data.routeTableId, zone: "b", name: "data", defaultRoute: "create" },
      ],
      securityGroups: Object.values(vpc.securityGroups),
      endpoints: 0,
    };
    const checks = await ask({ zones, existing });
    expect(checks.filter(({ outcome }) => outcome !== "pass").map(({ name }) => name)).toEqual(["owners of routes"]);
    expect(formatChecks("egress", checks)).toContain(`leads to ${a.natGatewayId}, which is remembered`);

    const tags = (ResourceType: ResourceType) => [{ ResourceType, Tags: [{ Key: tag, Value: "shared" }] }];
    const made = await ec2.createNetworkInterface({ SubnetId: a.subnets.connector.id, TagSpecifications: tags("network-interface") });
    await ec2.createSubnet({
      VpcId: vpc.id,
      AvailabilityZone: zones.a,
      CidrBlock: "10.20.128.0/24",
      TagSpecifications: tags("subnet"),
    });
    const leading = { DestinationCidrBlock: "0.0.0.0/0", NetworkInterfaceId: made.NetworkInterface?.NetworkInterfaceId };
    await ec2.replaceRoute({ RouteTableId: a.subnets.app.routeTableId, ...leading });
    await ec2.createRoute({ RouteTableId: b.subnets.data.routeTableId, ...leading });
    expect((await ask({ zones, existing })).filter(({ outcome }) => outcome !== "pass")).toEqual([]);
  });

  test("fails where it is not as said, with what to write instead", async () => {
    const { ec2, ask } = regionOf(region);
    const { a, b, ...vpc } = await madeVpc("unprepared");
    const egressOnly = await ec2.createEgressOnlyInternetGateway({ VpcId: vpc.id });
    await ec2.createRoute({
      RouteTableId: b.subnets.data.routeTableId,
      DestinationIpv6CidrBlock: "::/0",
      EgressOnlyInternetGatewayId: egressOnly.EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId,
    });
    const other = (await ec2.createVpc({ CidrBlock: "10.99.0.0/16" })).Vpc?.VpcId ?? "";
    const group = await ec2.createSecurityGroup({ GroupName: "other", Description: "other", VpcId: other });

    const checks = await ask({
      zones,
      existing: {
        vpc: vpc.id,
        ranges: ["10.20.0.0/16", "100.64.0.0/16"],
        taken: [],
        tag,
        plannedSubnets: [{ tier: "workload", zone: "a", range: "10.20.0.0/21", origin: "planned" }],
        subnets: [
          { id: a.subnets.connector.id, tier: "connector", zone: "b", addresses: 4 },
          { id: a.subnets.data.id, tier: "resolver", zone: "a", addresses: 5000 },
          { id: a.subnets.app.id, tier: "public", zone: "a", addresses: 2 },
        ],
        internetGateway: "make",
        natGateways: { b: a.natGatewayId },
        routeTables: [
          { id: a.subnets.app.routeTableId, zone: "a", name: "app", defaultRoute: "create" },
          { id: b.subnets.data.routeTableId, zone: "b", name: "data", defaultRoute: "create" },
          { id: "rtb-00000000", zone: "b", name: "gone", defaultRoute: "takeOver" },
        ],
        securityGroups: [group.GroupId ?? ""],
        endpoints: 0,
      },
    });
    expect(outcomes(checks)).toEqual({
      account: "pass",
      zones: "pass",
      VPC: "fail",
      "subnet ranges": "fail",
      "internet gateway": "fail",
      subnets: "fail",
      "NAT gateways that exist": "fail",
      "security groups": "fail",
      "route table a.app": "fail",
      "route table b.data": "unknown",
      "route table b.gone": "fail",
      "owners of routes": "unknown",
    });
    const text = formatChecks("egress", checks);
    for (const said of [
      `${vpc.id} has 10.20.0.0/16, and 100.64.0.0/16 is not among them`,
      `10.20.0.0/21 (workload of zone a) overlaps 10.20.0.0/24 (${a.subnets.public.id}), 10.20.1.0/24 (${a.subnets.app.id})`,
      "taken: [10.20.0.0/22, 10.20.4.0/24, 10.20.16.0/22, 10.20.20.0/24, 10.20.127.0/24]",
      `internetGateway: { existing: { id: ${vpc.internetGatewayId} } }`,
      `${a.subnets.connector.id} (connector of zone b) is in ${zones.a}, not in ${zones.b}`,
      `whose route table ${a.subnets.app.routeTableId} has no default route to an internet gateway`,
      `${a.natGatewayId} (zone b) is in ${zones.a}, and traffic would cross zones`,
      `is in ${other}, not in ${vpc.id}`,
      `${a.subnets.app.routeTableId} leads to ${a.natGatewayId} already`,
      "all IPv6 traffic (::/0) to eigw-",
      "there is no route table rtb-00000000",
    ]) {
      expect(text).toContain(said);
    }
  });

  test("of another region is not there", async () => {
    const checks = await regionOf("eu-north-1").ask({
      existing: {
        vpc: "vpc-00000000",
        ranges: ["10.20.0.0/16"],
        taken: [],
        tag,
        plannedSubnets: [{ tier: "workload", zone: "a", range: "10.20.0.0/21", origin: "planned" }],
        subnets: [],
        internetGateway: undefined,
        natGateways: {},
        routeTables: [],
        securityGroups: [],
        endpoints: 0,
      },
    });
    expect(outcomes(checks)).toMatchObject({ VPC: "fail", "subnet ranges": "fail" });
  });
});
