import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { accountEnvironment, clientConfiguration } from "../../emulator/account";

const run = promisify(execFile);
const account = { endpoint: "http://127.0.0.1:1", region: "eu-west-1" };

/** What a developer's machine has set, each of which can lead to a real account. */
const developer = {
  PATH: "/usr/bin",
  AWS_PROFILE: "production",
  AWS_DEFAULT_PROFILE: "production",
  AWS_ACCESS_KEY_ID: "AKIAREAL",
  AWS_SECRET_ACCESS_KEY: "real",
  AWS_SESSION_TOKEN: "real",
  AWS_REGION: "us-east-1",
  AWS_CONFIG_FILE: "/home/somebody/.aws/config",
  AWS_SHARED_CREDENTIALS_FILE: "/home/somebody/.aws/credentials",
  AWS_ENDPOINT_URL_EC2: "https://ec2.us-east-1.amazonaws.com",
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
  AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/token",
  AWS_ROLE_ARN: "arn:aws:iam::999999999999:role/admin",
  AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.2/keys",
  TF_CLI_ARGS_apply: "-destroy",
  TF_WORKSPACE: "production",
  TF_CLI_CONFIG_FILE: "/nowhere",
};

test("nothing of another account is inherited", () => {
  expect(accountEnvironment(account, developer)).toEqual({
    PATH: "/usr/bin",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    AWS_ACCESS_KEY_ID: "emulator",
    AWS_SECRET_ACCESS_KEY: "emulator",
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
  });
});

test("a client is bound to the emulator by endpoint and keys", () => {
  expect(clientConfiguration(account)).toEqual({
    endpoint: "http://127.0.0.1:1",
    region: "eu-west-1",
    credentials: { accessKeyId: "emulator", secretAccessKey: "emulator" },
  });
});

test("an SDK client in such an environment calls the emulator with the emulator's keys", async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(400).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const program = `const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
    new STSClient({}).send(new GetCallerIdentityCommand()).catch(() => {});`;
  const env = accountEnvironment({ endpoint, region: "eu-west-1" }, { ...process.env, ...developer, PATH: process.env["PATH"] });
  await run(process.execPath, ["-e", program], { env });
  await new Promise((resolve) => server.close(resolve));
  expect(seen).toEqual([expect.stringMatching(/Credential=emulator\/\d{8}\/eu-west-1\/sts\//)]);
});
