import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import {
  DescribeImagesCommand,
  DescribeVpcsCommand,
  EC2Client,
  GetEbsDefaultKmsKeyIdCommand,
  MonitorInstancesCommand,
} from "@aws-sdk/client-ec2";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientConfiguration, seedAccount, startEmulator, type Emulator } from "../../emulator";

/** The first run of a machine makes the virtual environment. */
const firstRunMilliseconds = 180_000;
const region = "us-west-2";

const isAlive = (processId: number): boolean => {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
};

const ended = async (processId: number): Promise<boolean> => {
  for (let attempt = 0; attempt < 50 && isAlive(processId); attempt += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  return !isAlive(processId);
};

describe("a running emulator", () => {
  let emulator: Emulator;
  const ec2 = (inRegion = region): EC2Client => new EC2Client(clientConfiguration({ endpoint: emulator.endpoint, region: inRegion }));

  beforeAll(async () => {
    emulator = await startEmulator();
  }, firstRunMilliseconds);
  afterAll(() => emulator.stop());

  test("answers on loopback", async () => {
    expect(emulator.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { Vpcs } = await ec2().send(new DescribeVpcsCommand());
    expect(Vpcs).toHaveLength(1);
  });

  test("outlives the Ctrl-C that ends its user, who may need it to clean up", async () => {
    process.kill(emulator.processId, "SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await ec2().send(new DescribeVpcsCommand())).Vpcs).toHaveLength(1);
  });

  test.each([
    ["us-west-2", "2l8tfysndbav4tv2nfjwak3cu"],
    ["us-gov-west-1", "2l8tfysndbav4tv2nfjwak3cu"],
    ["cn-north-1", "axnpwhsb4facossmbm1h9yad6"],
  ])("has the marketplace image of %s", async (region, code) => {
    const { Images } = await ec2(region).send(
      new DescribeImagesCommand({ Owners: ["aws-marketplace"], Filters: [{ Name: "product-code", Values: [code] }] }),
    );
    expect(Images?.map(({ ProductCodes }) => ProductCodes)).toEqual([[{ ProductCodeId: code, ProductCodeType: "marketplace" }]]);
  });

  test("has no image of another product", async () => {
    const filters = [{ Name: "product-code", Values: ["another"] }];
    expect((await ec2().send(new DescribeImagesCommand({ Filters: filters }))).Images).toEqual([]);
  });

  test("knows the account's default key of volumes", async () => {
    expect((await ec2().send(new GetEbsDefaultKmsKeyIdCommand())).KmsKeyId).toBe("alias/aws/ebs");
  });

  test("refuses a call that it lacks at once, by name", async () => {
    const started = Date.now();
    await expect(ec2().send(new MonitorInstancesCommand({ InstanceIds: ["i-1"] }))).rejects.toThrow(
      "monitor_instances is not yet implemented",
    );
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(emulator.complaints()).toContain("monitor_instances");
  });

  test("a long poll of a queue holds nobody up", async () => {
    const sqs = async (action: string, body: object): Promise<{ QueueUrl: string }> => {
      const authorization = `AWS4-HMAC-SHA256 Credential=emulator/20260102/${region}/sqs/aws4_request, SignedHeaders=host, Signature=0`;
      const headers = { authorization, "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${action}` };
      return (await (await fetch(emulator.endpoint, { method: "POST", headers, body: JSON.stringify(body) })).json()) as {
        QueueUrl: string;
      };
    };
    const { QueueUrl } = await sqs("CreateQueue", { QueueName: "queue" });
    const done: string[] = [];
    const poll = sqs("ReceiveMessage", { QueueUrl, WaitTimeSeconds: 2 }).then(() => done.push("poll"));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await ec2().send(new DescribeVpcsCommand());
    done.push("call");
    await poll;
    expect(done).toEqual(["call", "poll"]);
  });

  test("is seeded with the secret that connectors read, once", async () => {
    const account = { endpoint: emulator.endpoint, region: region };
    const client = new SecretsManagerClient(clientConfiguration(account));
    const read = async () => client.send(new GetSecretValueCommand({ SecretId: "ZS/CC/credentials" }));
    await seedAccount(account, { secret: "ZS/CC/credentials" });
    const first = await read();
    expect(Object.keys(JSON.parse(first.SecretString ?? "") as object)).toEqual(["api_key", "username", "password"]);
    await seedAccount(account, { secret: "ZS/CC/credentials" });
    expect((await read()).VersionId).toBe(first.VersionId);
  });
});

test(
  "stopping it leaves no process",
  async () => {
    const emulator = await startEmulator();
    expect(isAlive(emulator.processId)).toBe(true);
    await emulator.stop();
    expect(isAlive(emulator.processId)).toBe(false);
  },
  firstRunMilliseconds,
);

test(
  "it dies with the process that started it",
  async () => {
    const program = `require("./emulator").startEmulator().then((emulator) => process.send(emulator.processId))`;
    const options = { cwd: join(__dirname, "../.."), stdio: ["ignore", "inherit", "inherit", "ipc"] as ("ignore" | "inherit" | "ipc")[] };
    const parent: ChildProcess = spawn(process.execPath, ["-r", "ts-node/register", "-e", program], options);
    const processId = await new Promise<number>((resolve, reject) => {
      parent.once("message", resolve).once("exit", () => reject(new Error("ended early")));
    });
    expect(isAlive(processId)).toBe(true);
    parent.kill("SIGKILL");
    expect(await ended(processId)).toBe(true);
  },
  firstRunMilliseconds,
);
