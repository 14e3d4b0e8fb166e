import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { loadConfig } from "../../config";
import { type Deployment } from "../../config/deployment";
import { synthesize } from "../../stacks";
import { allSamples, base } from "../stacks/samples";
import { faultsOf, readStack, terraformValidation } from "./validation";

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

const exampleFile = (file: string, stack: string) => (outdir: string) => {
  synthesize(new App({ outdir }), loadConfig(join(root, file)));
  return join(outdir, "stacks", stack);
};

const stacks: Readonly<Record<string, (outdir: string) => string>> = {
  ...Object.fromEntries(Object.entries(allSamples).map(([name, settings]) => [name, template(settings)])),
  "base-in-a-local-zone": template(base({ zones: ["a", "us-west-2-lax-1a"] })),
  "base-with-one-nat-gateway": template(base({ zones: ["a", "b"], nat: { single: { zone: "a" } } })),
  "example-typescript": example("examples/typescript/main.ts", "lab"),
  "example-typescript-existing": example("examples/typescript/existing.ts", "existing"),
  ...Object.fromEntries(
    ["hub", "shop", "payroll"].map((stack) => [`example-${stack}`, exampleFile("examples/hub-and-spoke/zscaler.yaml", stack)]),
  ),
  ...Object.fromEntries(
    ["egress", "beside", "apps"].map((stack) => [`example-${stack}`, exampleFile("examples/app-connectors/zscaler.yaml", stack)]),
  ),
};

test("the stack of each sample and example is valid to Terraform and the AWS provider", async () => {
  const validate = await terraformValidation(folder);
  const named = Object.entries(stacks).map(([name, synthesizeInto]) => ({ name, file: readStack(synthesizeInto(join(folder, name))) }));
  expect(named.length).toBeGreaterThan(30);
  expect(await faultsOf(validate, join(folder, "all"), named)).toEqual([]);
}, 300_000);
