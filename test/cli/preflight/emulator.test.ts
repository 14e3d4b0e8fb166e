import { EC2 } from "@aws-sdk/client-ec2";
import { KMS } from "@aws-sdk/client-kms";
import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { type Check, connectAws, formatChecks, preflight, type PreflightRequest } from "../../../cli/preflight";
import { clientConfiguration, type Emulator, startEmulator } from "../../../emulator";

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
