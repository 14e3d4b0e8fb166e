import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, seedAccount, startEmulator } from "../../emulator";

const root = join(__dirname, "../..");

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const command = (args: readonly string[], inherited: NodeJS.ProcessEnv = process.env): Promise<Ran> =>
  new Promise((resolve) => {
    // As on a user's machine, where nobody has silenced the AWS SDK.
    const env = { ...inherited };
    delete env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED;
    execFile(process.execPath, [join(root, "bin/zscaler-aws.js"), ...args], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });

test("npm start: deploys the starter to an emulator, shows it, and removes it", async () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };
  expect(scripts.start).toMatch(/cli\/main\.ts try --config examples\/starter\/zscaler\.yaml$/);
  const { code, stdout, stderr } = await command(["try", "--config", "examples/starter/zscaler.yaml"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^egress: \d+ resources deployed$/m);
  expect(stdout).toMatch(/^ {2}public +10\.1\.32\.0\/22 +subnet-\w+ +-> internet gateway igw-\w+$/m);
  expect(stdout).toMatch(/^ {2}connector +10\.1\.36\.0\/22 +subnet-\w+ +-> NAT gateway of zone a nat-\w+$/m);
  expect(stdout).toMatch(/^ {2}workload +10\.1\.0\.0\/19 +subnet-\w+ +-> connector a-1 eni-\w+$/m);
  expect(stdout).toMatch(/^ {2}a-1 +m6i\.large +i-\w+ +service 10\.1\.36\.\d+ eni-\w+ +management 10\.1\.36\.\d+ eni-\w+$/m);
  expect(stdout).toMatch(/^ {2}vpc_id +vpc-\w+$/m);
  expect(stdout).toMatch(/^✔ Remove egress/m);
}, 300_000);

test("without Terraform and Python: shows what would exist, and where to get what is missing", async () => {
  const path = mkdtempSync(join(tmpdir(), "zscaler-path-"));
  symlinkSync(process.execPath, join(path, "node"));
  const { code, stdout } = await command(["try", "--config", "examples/starter/zscaler.yaml"], { ...process.env, PATH: path });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^egress: \d+ resources, not deployed$/m);
  expect(stdout).toMatch(/^ {2}workload +10\.1\.0\.0\/19 +-> connector a-1$/m);
  expect(stdout).toMatch(/^ {2}Terraform 1\.7 or later: .*https:/m);
  expect(stdout).toMatch(/^ {2}Python .*https:/m);
});

describe("with an emulator in place of AWS", () => {
  let emulator: Emulator;
  const folder = mkdtempSync(join(tmpdir(), "zscaler-preflight-"));
  const file = join(folder, "zscaler.yaml");
  writeFileSync(file, readFileSync(join(root, "examples/starter/zscaler.yaml"), "utf8"));
  const preflight = () => command(["preflight", "--config", file], emulator.environment("us-west-2"));

  beforeAll(async () => {
    emulator = await startEmulator();
  }, 300_000);
  afterAll(() => emulator.stop());

  test("preflight fails while the secret is missing, says the fix, and shows no value of it", async () => {
    const missing = await preflight();
    expect(missing.code).toBe(1);
    expect(missing.stdout).toMatch(/^ *fail +secret .*ZS\/CC\/credentials/m);

    await seedAccount({ endpoint: emulator.endpoint, region: "us-west-2" }, { secret: "ZS/CC/credentials" });
    const there = await preflight();
    expect(there.stdout).toMatch(/^ *pass +secret .*api_key.*username.*password/m);
    expect(there.stdout).not.toMatch(/^ *fail/m);
    expect(there.stdout).not.toContain("placeholder");
    expect(there.code).toBe(0);
  }, 60_000);
});

test("a wrong file is answered with the list, and nothing is written", async () => {
  const { code, stdout, stderr } = await command(["try", "--config", "test/corpus/host-bits.yaml"]);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toBe(
    readFileSync(join(root, "test/corpus/host-bits.expected"), "utf8").replace("host-bits.yaml", "test/corpus/host-bits.yaml"),
  );
});

test("under cdktf the list appears whole, and the exit code is 1", async () => {
  const output = mkdtempSync(join(tmpdir(), "zscaler-cdktf-"));
  const { code, said } = await new Promise<{ code: number; said: string }>((resolve) => {
    execFile(
      join(root, "node_modules/.bin/cdktf"),
      ["synth", "--output", output],
      { cwd: root, env: { ...process.env, CI: "true", CHECKPOINT_DISABLE: "1", ZSCALER_CONFIG: "test/corpus/several-mistakes.yaml" } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, said: `${stdout}${stderr}` }),
    );
  });
  expect(code).toBe(1);
  const expected = readFileSync(join(root, "test/corpus/several-mistakes.expected"), "utf8");
  for (const line of expected.trimEnd().split("\n"))
    expect(said).toContain(line.replace("several-mistakes.yaml", "test/corpus/several-mistakes.yaml"));
});
