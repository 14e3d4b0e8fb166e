import { type AwsConnection, type Check, connectAws, formatChecks, preflight } from "../../../cli/preflight";
import { region, request } from "./answers";
import { type Answers, fakeAws, type FakeAws, failure, type Reply } from "./fake-aws";

const environment = { ...process.env };
let servers: FakeAws[] = [];

beforeEach(() => {
  process.env = { ...environment, AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "signing", AWS_EC2_METADATA_DISABLED: "true" };
});

afterEach(async () => {
  process.env = environment;
  await Promise.all(servers.map(({ stop }) => stop()));
  servers = [];
});

async function serve(answers: Answers): Promise<FakeAws> {
  const server = await fakeAws(answers);
  servers.push(server);
  return server;
}

const connect = (endpoint: string, more: Partial<AwsConnection> = {}) =>
  connectAws({ region, endpoint, patience: { connection: 300, answer: 300 }, ...more });

const unknowns = (checks: readonly Check[]) => checks.filter(({ outcome }) => outcome === "unknown");

const page = (action: string, content: string): Reply => ({
  status: 200,
  body: `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${content}</${action}Response>`,
});

test("a denied account gets every check as unknown, with the IAM action that is needed", async () => {
  const { endpoint } = await serve((call) =>
    failure(call, 403, /^(Describe(?!Key|Secret)|Run)/.test(call.action) ? "UnauthorizedOperation" : "AccessDeniedException", "no"),
  );
  const checks = await preflight(request, connect(endpoint));
  expect(Object.fromEntries(checks.map((check) => [check.name, check.outcome === "unknown" ? check.fix : check.outcome]))).toEqual({
    account: "allow sts:GetCallerIdentity to whoever runs this",
    zones: "allow ec2:DescribeAvailabilityZones to whoever runs this",
    "instance types": "allow ec2:DescribeInstanceTypeOfferings to whoever runs this",
    vCPU: expect.stringMatching(/^allow (ec2:DescribeInstances|servicequotas:GetServiceQuota) to/) as string,
    subscription: "allow ec2:DescribeImages to whoever runs this",
    VPCs: expect.stringMatching(/^allow (ec2:DescribeVpcs|servicequotas:GetServiceQuota) to/) as string,
    "NAT gateways": expect.stringMatching(/^allow (ec2:Describe(NatGateways|Subnets)|servicequotas:GetServiceQuota) to/) as string,
    "elastic addresses": expect.stringMatching(/^allow (ec2:DescribeAddresses|servicequotas:GetServiceQuota) to/) as string,
    "allocation ids": "allow ec2:DescribeAddresses to whoever runs this",
    "endpoint service": "allow ec2:DescribeVpcEndpointServices to whoever runs this",
    secret: "allow secretsmanager:GetSecretValue to whoever runs this",
    "secret's key": "allow secretsmanager:DescribeSecret to whoever runs this",
    "disk key": expect.stringMatching(/^allow (kms:DescribeKey|sts:GetCallerIdentity) to/) as string,
  });
});

test("an endpoint that is silent, gone or says something else stops nothing", async () => {
  const silent = await serve(() => "silence");
  const gone = await fakeAws(() => "silence");
  await gone.stop();
  const garbled = await serve(() => ({ status: 200, body: "<!doctype html><title>log in</title>" }));
  const broken = await serve(() => ({ status: 500, body: "<!doctype html><title>sorry</title>" }));
  const started = Date.now();
  for (const { endpoint } of [silent, gone, garbled, broken]) {
    const checks = await preflight(request, connect(endpoint));
    expect(checks).toHaveLength(13);
    expect(checks.filter(({ outcome }) => outcome === "pass")).toEqual([]);
  }
  expect(unknowns(await preflight(request, connect(silent.endpoint)))).toHaveLength(13);
  expect(unknowns(await preflight(request, connect(gone.endpoint)))).toHaveLength(13);
  expect(Date.now() - started).toBeLessThan(10_000);
}, 15_000);

test("without credentials every check says so", async () => {
  process.env = { PATH: environment["PATH"], HOME: "/nowhere", AWS_EC2_METADATA_DISABLED: "true" };
  const { endpoint, calls } = await serve((call) => failure(call, 500, "Asked", ""));
  const checks = await preflight(request, connect(endpoint));
  expect(checks.map(({ detail }) => detail.includes("was not accepted with these credentials"))).toEqual(checks.map(() => true));
  expect(calls).toEqual([]);
});

describe("a role to assume", () => {
  const assumeRole = { arn: "arn:aws:iam::111122223333:role/deployer", externalId: "7" };

  test("is assumed once, and asks the rest", async () => {
    const server = await serve((call) =>
      call.action === "AssumeRole"
        ? {
            status: 200,
            body:
              '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
              "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>" +
              "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
          }
        : failure(call, 403, "AccessDeniedException", "no"),
    );
    await preflight(request, connect(server.endpoint, { assumeRole }));
    const [first, ...others] = server.calls;
    expect(first).toMatchObject({ action: "AssumeRole", body: expect.stringContaining("ExternalId=7") as string });
    expect(others.map(({ action, authorization }) => action !== "AssumeRole" && authorization.includes("ASIAROLE/"))).toEqual(
      others.map(() => true),
    );
    expect(others.length).toBeGreaterThan(10);
  });

  test("that may not be assumed is what every check names", async () => {
    const { endpoint } = await serve((call) => failure(call, 403, "AccessDenied", "no"));
    const checks = await preflight(request, connect(endpoint, { assumeRole }));
    expect(checks.map((check) => check.outcome === "unknown" && check.fix)).toEqual(
      checks.map(() => "allow sts:AssumeRole to whoever runs this"),
    );
  });
});

test("all pages are counted", async () => {
  const { endpoint } = await serve(({ action, body }) =>
    page(
      action,
      `<vpcSet><item><vpcId>vpc-1</vpcId></item><item/></vpcSet>${body.includes("NextToken") ? "" : "<nextToken>2</nextToken>"}`,
    ),
  );
  expect(await connect(endpoint).vpcCount()).toBe(4);
});

test("a quota without a value of the account's own has AWS's default", async () => {
  const { endpoint } = await serve((call) =>
    call.action === "GetServiceQuota"
      ? failure(call, 400, "NoSuchResourceException", "")
      : { status: 200, body: JSON.stringify({ Quota: { QuotaCode: "L-F678F1CE", Value: 5 } }) },
  );
  expect(await connect(endpoint).quota("vpc", "L-F678F1CE")).toBe(5);
});

test("a dry run is marked as one, and its answer is AWS's code", async () => {
  const server = await serve((call) => failure(call, 401, "OptInRequired", "subscribe"));
  const image = { id: "ami-1", name: "", state: "available", created: "", rootDevice: "/dev/xvda" };
  expect(await connect(server.endpoint).dryRun({ image, type: "m6i.large", subnet: "subnet-1" })).toEqual({
    code: "OptInRequired",
    message: "subscribe",
  });
  const sent = Object.fromEntries(new URLSearchParams(server.calls.at(0)?.body));
  expect(sent).toMatchObject({
    Action: "RunInstances",
    DryRun: "true",
    ImageId: "ami-1",
    InstanceType: "m6i.large",
    SubnetId: "subnet-1",
    "MetadataOptions.HttpTokens": "required",
    "BlockDeviceMapping.1.DeviceName": "/dev/xvda",
    "BlockDeviceMapping.1.Ebs.Encrypted": "true",
  });
});

describe("a secret's value is told by no answer:", () => {
  const value = "hunter2-hunter2";
  const secretText = JSON.stringify({ api_key: value, username: value, password: value, [value]: value });
  const answer = JSON.stringify({ Name: "ZS/CC/credentials", SecretString: secretText });

  test.each<[string, Reply]>([
    ["a good one", { status: 200, body: answer }],
    ["one without the keys", { status: 200, body: JSON.stringify({ SecretString: JSON.stringify({ [value]: value }) }) }],
    ["one that is no JSON", { status: 200, body: JSON.stringify({ SecretString: value }) }],
    ["one that is cut off", { status: 200, body: answer.slice(0, answer.indexOf(value) + 5) }],
    ["one that starts amid the value", { status: 200, body: answer.slice(answer.indexOf(value)) }],
    ["one that is the value", { status: 200, body: value }],
    ["an error that quotes it", { status: 400, body: JSON.stringify({ __type: "Strange", message: `cannot use ${value}` }) }],
    [
      "an internal error that quotes it",
      { status: 500, body: JSON.stringify({ __type: "InternalServiceError", message: `cannot use ${value}` }) },
    ],
  ])("%s", async (_case, reply) => {
    const { endpoint } = await serve((call) =>
      call.action === "GetSecretValue" ? reply : failure(call, 403, "AccessDeniedException", "no"),
    );
    const written: string[] = [];
    const streams = (["stdout", "stderr"] as const).map((name) =>
      jest.spyOn(process[name], "write").mockImplementation((text) => (written.push(String(text)), true)),
    );
    const checks = await preflight(request, connect(endpoint));
    streams.forEach((stream) => stream.mockRestore());
    const all = [...written, JSON.stringify(checks), formatChecks("egress", checks)].join("\n");
    for (const part of [value, "hunter", "unter2"]) expect(all).not.toContain(part);
    expect(checks.map(({ name }) => name)).toContain("secret");
  });
});

describe("a secret that AWS does not give", () => {
  test.each([
    ["ResourceNotFoundException", "Secrets Manager can't find the specified secret.", "absent"],
    ["ResourceNotFoundException", "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT", "without a value"],
    [
      "InvalidRequestException",
      "You can't perform this operation on the secret because it was marked for deletion.",
      "about to be deleted",
    ],
  ])("for %s (%s) is %s", async (code, message, is) => {
    const { endpoint } = await serve((call) => failure(call, 400, code, message));
    expect(await connect(endpoint).secretState("s", ["api_key"])).toEqual({ is });
  });

  test("because of its key needs kms:Decrypt", async () => {
    const { endpoint } = await serve((call) => failure(call, 400, "AccessDeniedException", "Access to KMS is not allowed"));
    await expect(connect(endpoint).secretState("s", [])).rejects.toMatchObject({ action: "kms:Decrypt", reason: "denied" });
  });
});

describe("a provisioning key", () => {
  const key = "3|api.private.zscaler.com|hunter2hunter2==";
  const secretAnswer = (text: string): Reply => ({ status: 200, body: JSON.stringify({ SecretString: text }) });
  const parameterAnswer = (text: string, type = "SecureString"): Reply => ({
    status: 200,
    body: JSON.stringify({ Parameter: { Name: "/zpa/key", Type: type, Value: text } }),
  });

  test("is read from a secret, a key of its JSON, or a parameter, and judged there", async () => {
    const server = await serve(({ action, body }) =>
      action === "GetParameter"
        ? parameterAnswer(key, body.includes("clear") ? "String" : "SecureString")
        : secretAnswer(body.includes("json") ? JSON.stringify({ key }) : `"${key}"`),
    );
    const aws = connect(server.endpoint);
    const right = { is: "readable", finding: undefined, store: "encrypted" };
    expect(await aws.storedKey({ secret: "zpa/key" })).toEqual(right);
    expect(await aws.storedKey({ secret: "zpa/json", field: "key" })).toEqual(right);
    expect(await aws.storedKey({ secret: "zpa/json" })).toMatchObject({ finding: { problem: "the provisioning key is JSON" } });
    expect(await aws.storedKey({ secret: "zpa/json", field: "other" })).toEqual({ is: "without the field" });
    expect(await aws.storedKey({ parameter: "/zpa/key" })).toEqual(right);
    expect(await aws.storedKey({ parameter: "/zpa/clear" })).toEqual({ ...right, store: "clear" });
    expect(server.calls.filter(({ action }) => action === "GetParameter").map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { Name: "/zpa/key", WithDecryption: true },
      { Name: "/zpa/clear", WithDecryption: true },
    ]);
  });

  test.each<[string, Reply]>([
    ["a good one", parameterAnswer(key)],
    ["a broken one", parameterAnswer(`“${key}`)],
    ["one that is cut off", { status: 200, body: parameterAnswer(key).body.slice(0, -9) }],
    ["an error that quotes it", { status: 400, body: JSON.stringify({ __type: "Strange", message: `cannot use ${key}` }) }],
  ])("is told by no answer: %s", async (_case, reply) => {
    const { endpoint } = await serve((call) =>
      call.action === "GetParameter" ? reply : failure(call, 403, "AccessDeniedException", "no"),
    );
    const checks = await preflight({ ...request, provisioningKey: { parameter: "/zpa/key" } }, connect(endpoint));
    expect(checks.map(({ name }) => name)).toContain("provisioning key");
    expect(JSON.stringify(checks)).not.toContain("hunter");
  });

  test("that is not there is absent, and one that may not be read needs an action", async () => {
    const { endpoint } = await serve((call) =>
      call.body.includes("none")
        ? failure(call, 400, "ParameterNotFound", "")
        : failure(call, 400, "AccessDeniedException", call.body.includes("kms") ? "The ciphertext refers to a KMS key" : "no"),
    );
    const aws = connect(endpoint);
    expect(await aws.storedKey({ parameter: "/zpa/none" })).toEqual({ is: "absent" });
    await expect(aws.storedKey({ parameter: "/zpa/key" })).rejects.toMatchObject({ action: "ssm:GetParameter", reason: "denied" });
    await expect(aws.storedKey({ parameter: "/zpa/kms" })).rejects.toMatchObject({ action: "kms:Decrypt", reason: "denied" });
  });
});
