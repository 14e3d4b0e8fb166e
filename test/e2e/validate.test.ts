import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { cacheFolder, findAwsProvider, findTerraform, providerEnvironment } from "../../emulator";
import { type BaseSettings } from "../../config/base";
import { BaseStack } from "../../stacks/base";
import { base, samples } from "../stacks/samples";

const root = join(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "zscaler-validate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const template = (settings: BaseSettings) => (outdir: string) => {
  const app = new App({ outdir });
  new BaseStack(app, "egress", () => settings);
  app.synth();
  return join(outdir, "stacks/egress");
};

const example = (file: string, stack: string) => (outdir: string) => {
  execFileSync("node", ["-r", "ts-node/register", file], { cwd: root, env: { ...process.env, CDKTF_OUTDIR: outdir } });
  return join(outdir, "stacks", stack);
};

interface Validation {
  readonly valid: boolean;
  readonly diagnostics: readonly { readonly summary: string; readonly detail: string }[];
}

async function validate(stackFolder: string): Promise<Validation> {
  const { command } = await findTerraform();
  const provider = await providerEnvironment(await findAwsProvider(), { terraform: command, workingFolder: folder, cache: cacheFolder });
  const env = { ...process.env, ...provider, CHECKPOINT_DISABLE: "1" };
  execFileSync(command, ["init", "-backend=false", "-input=false"], { cwd: stackFolder, env, stdio: "pipe" });
  return new Promise((resolve) => {
    execFile(command, ["validate", "-json"], { cwd: stackFolder, env }, (_, stdout) => resolve(JSON.parse(stdout) as Validation));
  });
}

test.each([
  ...Object.entries(samples).map(([name, settings]) => [`base, ${name}`, template(settings)] as const),
  ["base in a Local Zone", template(base({ zones: ["a", "us-west-2-lax-1a"] }))] as const,
  ["base with one NAT gateway", template(base({ zones: ["a", "b"], nat: { single: { zone: "a" } } }))] as const,
  ["examples/typescript", example("examples/typescript/main.ts", "lab")] as const,
])("%s is valid to Terraform and the AWS provider", async (name, synthesize) => {
  const stackFolder = synthesize(join(folder, name.replace(/\W+/g, "-")));
  expect(await validate(stackFolder)).toMatchObject({ valid: true, diagnostics: [] });
});
