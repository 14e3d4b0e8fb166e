import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { cacheFolder, findAwsProvider, findTerraform, providerEnvironment } from "../../emulator";
import { type Deployment } from "../../config/deployment";
import { synthesize } from "../../stacks";
import { allSamples, base } from "../stacks/samples";

const root = join(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "zscaler-validate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// A stack fills the defaults of its settings itself.
const template = (settings: object) => (outdir: string) => {
  synthesize(new App({ outdir }), [{ name: "egress", deployment: settings as Deployment }]);
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
  ...Object.entries(allSamples).map(([name, settings]) => [`${settings.template}, ${name}`, template(settings)] as const),
  ["base in a Local Zone", template(base({ zones: ["a", "us-west-2-lax-1a"] }))] as const,
  ["base with one NAT gateway", template(base({ zones: ["a", "b"], nat: { single: { zone: "a" } } }))] as const,
  ["examples/typescript", example("examples/typescript/main.ts", "lab")] as const,
])("%s is valid to Terraform and the AWS provider", async (name, synthesizeInto) => {
  const stackFolder = synthesizeInto(join(folder, name.replace(/\W+/g, "-")));
  expect(await validate(stackFolder)).toMatchObject({ valid: true, diagnostics: [] });
});
