import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..");
const { app } = JSON.parse(readFileSync(join(root, "cdktf.json"), "utf8")) as { app: string };

/** Runs what `cdktf` runs. */
function main(env: NodeJS.ProcessEnv) {
  const folder = mkdtempSync(join(tmpdir(), "zscaler-main-"));
  const outdir = join(folder, "cdktf.out");
  const clean = { ...process.env };
  delete clean.ZSCALER_CONFIG;
  const { status, stdout, stderr } = spawnSync(app, {
    shell: true,
    cwd: root,
    env: { ...clean, CDKTF_OUTDIR: outdir, ...env },
    encoding: "utf8",
  });
  return { status, stdout, stderr, outdir };
}

/** A copy of the starter whose deployment has another name. */
function renamed(name: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "zscaler-config-")), "file.yaml");
  writeFileSync(file, readFileSync(join(root, "examples/starter/zscaler.yaml"), "utf8").replace("  egress:", `  ${name}:`));
  return file;
}

const context = (config: string) => ({ CDKTF_CONTEXT_JSON: JSON.stringify({ config }) });

test("the environment names the file, before cdktf's context", () => {
  const { status, stderr, outdir } = main({ ...context(renamed("by-context")), ZSCALER_CONFIG: renamed("by-environment") });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(existsSync(join(outdir, "stacks/by-environment/cdk.tf.json"))).toBe(true);
  expect(existsSync(join(outdir, "stacks/by-context"))).toBe(false);
});

test("cdktf's context names the file", () => {
  const { status, outdir } = main(context(renamed("by-context")));
  expect(status).toBe(0);
  expect(existsSync(join(outdir, "stacks/by-context/cdk.tf.json"))).toBe(true);
});

test("without either it is zscaler.yaml; a file that is not there is told, and nothing is written", () => {
  const { status, stdout, stderr, outdir } = main({});
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^zscaler\.yaml:1:1\n {4}the file does not exist\n/);
  expect(existsSync(outdir)).toBe(false);
});

test("a wrong file is answered with the whole list and nothing else, and nothing is written", () => {
  const { status, stdout, stderr, outdir } = main({ ZSCALER_CONFIG: "test/corpus/several-mistakes.yaml" });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  const expected = readFileSync(join(root, "test/corpus/several-mistakes.expected"), "utf8");
  expect(stderr).toBe(expected.replaceAll("several-mistakes.yaml", "test/corpus/several-mistakes.yaml"));
  expect(existsSync(outdir)).toBe(false);
});
