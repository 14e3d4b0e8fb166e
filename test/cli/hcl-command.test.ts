import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { CommandError } from "../../cli/command-error";
import { type HclOptions, runHcl } from "../../cli/hcl-command";
import { base, zpaHa } from "../stacks/samples";

let folder: string;
beforeEach(() => {
  // Without links, since the working folder of a process has none either.
  folder = realpathSync(mkdtempSync(join(tmpdir(), "hcl-command-")));
  const s3 = { bucket: "states", region: "us-east-1" };
  const deployments = { egress: base(), lab: { ...base(), backend: { s3 } }, full: zpaHa() };
  writeFileSync(join(folder, "zscaler.yaml"), JSON.stringify({ deployments }));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What the command prints. */
function run(name: string, options: Partial<HclOptions> = {}, file = join(folder, "zscaler.yaml")): string {
  const chunks: string[] = [];
  const out = new Writable({
    write: (chunk, _, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  runHcl(file, name, { out: join(folder, "out"), as: "module", force: false, ...options }, out);
  return chunks.join("");
}

const read = (path: string): string => readFileSync(join(folder, path), "utf8");

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a person runs it in the folder. */
function type(args: readonly string[], env: Readonly<Record<string, string>> = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, "../../bin/zscaler-aws.js"), "hcl", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

const files = [
  "README.md",
  "connectors.tf",
  "examples/complete/main.tf",
  "locals.tf",
  "main.tf",
  "network.tf",
  "outputs.tf",
  "steering.tf",
  "variables.tf",
  "versions.tf",
];

test("tells what it wrote, and that a second time nothing is to be done", () => {
  expect(run("egress", { out: join(folder, "modules/egress") })).toBe(
    [...files.map((path) => `wrote    ${path}\n`), `${folder}/modules/egress: ${files.length} written, 0 unchanged\n`].join(""),
  );
  expect(run("egress", { out: join(folder, "modules/egress") })).toBe(`${folder}/modules/egress: 0 written, ${files.length} unchanged\n`);
});

test("tells what it removed", () => {
  run("full");
  const told = run("egress");
  expect(told).toMatch(/^removed {2}zpa_dns\.tf$/m);
  expect(told).toMatch(/: \d+ written, \d+ unchanged, 3 removed\n$/);
  expect(readdirSync(join(folder, "out"))).not.toContain("assets");
});

test("a deployment that is not there is named with those that are", () => {
  expect(() => run("egres")).toThrow(new CommandError(`${folder}/zscaler.yaml has no deployment egres: it has egress, lab, full`));
});

test("a file of theirs is named, and forced if they say so", () => {
  mkdirSync(join(folder, "out"));
  writeFileSync(join(folder, "out/network.tf"), "theirs\n");
  expect(() => run("egress")).toThrow(
    new CommandError(`${folder}/out has files that are not as they were generated:
  network.tf
Nothing was written. Choose another folder, or overwrite them with --force.`),
  );
  expect(readdirSync(join(folder, "out"))).toEqual(["network.tf"]);
  expect(run("egress", { force: true })).toContain("wrote    network.tf\n");
});

test("a folder in the place of a file is left by force too", () => {
  mkdirSync(join(folder, "out/network.tf"), { recursive: true });
  expect(() => run("egress", { force: true })).toThrow(/Choose another folder, or move them away\.$/);
});

test("what the system refuses is told without a stack", () => {
  expect(() => run("egress", { out: join(folder, "zscaler.yaml") })).toThrow(CommandError);
  expect(() => run("egress", { out: join(folder, "zscaler.yaml") })).toThrow(/zscaler\.yaml cannot be written, and is as it was: E/);
});

test("a root configuration keeps the state where the deployment has it", () => {
  run("egress", { as: "root", out: join(folder, "terraform/egress") });
  expect(read("terraform/egress/backend.tf")).toContain('path = "../../zscaler.egress.tfstate"');
  run("lab", { as: "root", out: join(folder, "terraform/lab") });
  expect(read("terraform/lab/backend.tf")).toMatch(/backend "s3" \{\n {4}bucket += "states"\n/);
});

test.each<[string, Partial<HclOptions>, string, string]>([
  ["the file that is found by itself", { out: "out" }, "zscaler.yaml", "npx zscaler-aws hcl egress --out out"],
  ["a root configuration", { out: "a/b", as: "root" }, "zscaler.yaml", "npx zscaler-aws hcl egress --out a/b --as root"],
  ["another file, however it was named", { out: "out" }, "other.yaml", "npx zscaler-aws hcl egress --out out --config other.yaml"],
  [
    "words that a shell would read",
    { out: "it's $HOME", force: true },
    "zscaler.yaml",
    "npx zscaler-aws hcl egress --out 'it'\\''s $HOME'",
  ],
])("the README has the command for %s", (_, options, file, command) => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    writeFileSync("other.yaml", read("zscaler.yaml"));
    run("egress", options, file);
    expect(read(`${options.out}/README.md`)).toContain(`\n\`\`\`sh\n${command}\n\`\`\`\n`);
  } finally {
    process.chdir(before);
  }
});

test("the command line gives the same bytes in any place and language", () => {
  run("full", { out: join(folder, "here") });
  const ran = type(["full", "--out", join(folder, "there")], { TZ: "Asia/Tokyo", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" });
  expect(ran).toMatchObject({ status: 0, stderr: "" });
  expect(ran.stdout).toContain(`${folder}/there: `);
  const paths = readdirSync(join(folder, "here"), { recursive: true, encoding: "utf8" });
  expect(readdirSync(join(folder, "there"), { recursive: true, encoding: "utf8" }).sort()).toEqual([...paths].sort());
  // The README and the manifest differ by the folder in the command.
  const same = paths.filter(
    (path) => path !== "README.md" && path !== ".zscaler-aws.json" && statSync(join(folder, "here", path)).isFile(),
  );
  expect(same.length).toBeGreaterThan(10);
  for (const path of same) expect(readFileSync(join(folder, "there", path))).toEqual(readFileSync(join(folder, "here", path)));
});

test("mistakes of the file are told as by every command", () => {
  writeFileSync(join(folder, "zscaler.yaml"), "deployments:\n  egress:\n    template: base\n    region: nowhere\n");
  const { status, stdout, stderr } = type(["egress", "--out", "out"]);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^zscaler\.yaml:4:13 {2}deployments\.egress\.region\n/m);
  expect(stderr).toMatch(/^\d problems\n$/m);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(readdirSync(folder)).toEqual(["zscaler.yaml"]);
});

test.each([
  [["egress"], "error: required option '-o, --out <folder>' not specified"],
  [["egress", "--out", "out", "--as", "stack"], "argument 'stack' is invalid. Allowed choices are module, root."],
  [["--out", "out"], "error: missing required argument 'deployment'"],
])("%p is refused with the help", (args, message) => {
  const { status, stderr } = type(args);
  expect(status).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr).toContain("Usage: zscaler-aws hcl [options] <deployment>");
});

test("what cannot be written is named, without a stack, and nothing is written", () => {
  const associated = { steeredBy: { transitGateway: { id: "tgw-0123456789abcdef0" } } };
  const associateVpcs = {
    "a-b": { id: "vpc-0123456789abcdef0", ...associated },
    a_b: { id: "vpc-0123456789abcdef1", ...associated },
  };
  const full = zpaHa({ zpa: { domains: { crm: "crm.example.com" }, associateVpcs } });
  writeFileSync(join(folder, "zscaler.yaml"), JSON.stringify({ deployments: { full } }));
  const { status, stderr } = type(["full", "--out", "out"]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^full cannot be written in HCL:\n {2}zpa\.associateVpcs\.a_b\.id: .* rename one of the two\n$/);
  expect(readdirSync(folder)).toEqual(["zscaler.yaml"]);
});
