import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { type Deployment } from "../../config/deployment";
import { synthesize } from "../../stacks";
import { allSamples, base } from "../stacks/samples";
import { terraformValidation } from "./validation";

const root = join(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "zscaler-validate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// One after the other in one folder: all use the same provider, so that it is initialized once.
const validated = join(folder, "validated");
let validate: Awaited<ReturnType<typeof terraformValidation>>;
beforeAll(async () => {
  mkdirSync(validated);
  validate = await terraformValidation(folder);
});

// A stack fills the defaults of its settings itself.
const template = (settings: object) => (outdir: string) => {
  synthesize(new App({ outdir }), [{ name: "egress", deployment: settings as Deployment }]);
  return join(outdir, "stacks/egress");
};

const example = (file: string, stack: string) => (outdir: string) => {
  execFileSync("node", ["-r", "ts-node/register", file], { cwd: root, env: { ...process.env, CDKTF_OUTDIR: outdir } });
  return join(outdir, "stacks", stack);
};

test.each([
  ...Object.entries(allSamples).map(([name, settings]) => [`${settings.template}, ${name}`, template(settings)] as const),
  ["base in a Local Zone", template(base({ zones: ["a", "us-west-2-lax-1a"] }))] as const,
  ["base with one NAT gateway", template(base({ zones: ["a", "b"], nat: { single: { zone: "a" } } }))] as const,
  ["examples/typescript", example("examples/typescript/main.ts", "lab")] as const,
  ["examples/typescript, existing", example("examples/typescript/existing.ts", "existing")] as const,
])("%s is valid to Terraform and the AWS provider", async (name, synthesizeInto) => {
  const stackFolder = synthesizeInto(join(folder, name.replace(/\W+/g, "-")));
  copyFileSync(join(stackFolder, "cdk.tf.json"), join(validated, "cdk.tf.json"));
  expect(await validate(validated)).toMatchObject({ valid: true, diagnostics: [] });
});
