import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

const root = join(__dirname, "../..");
const example = join(root, "examples/terraform-module");
const folder = mkdtempSync(join(tmpdir(), "zscaler-terraform-module-"));
afterAll(() => rmSync(folder, { recursive: true }));

const [command = "", words = ""] = /^npx zscaler-aws (.*)$/m.exec(readFileSync(join(example, "README.md"), "utf8")) ?? [];

/** Each file below a folder, by its path. */
const contents = (top: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(top, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(top, file), readFileSync(file, "base64")]),
  );

test("the module of examples/terraform-module is what the command in its README writes", () => {
  copyFileSync(join(example, "zscaler.yaml"), join(folder, "zscaler.yaml"));
  const env = { ...process.env, ZSCALER_CONFIG: undefined };
  execFileSync(process.execPath, [join(root, "bin/zscaler-aws.js"), ...words.split(" ")], { cwd: folder, env, stdio: "pipe" });
  const [committed, written] = [contents(join(example, "modules")), contents(join(folder, "modules"))];
  const differing = Object.keys({ ...committed, ...written }).filter((path) => committed[path] !== written[path]);
  const remedy = `after a change to a template, to the function or to its packages: cd examples/terraform-module && ${command}`;
  expect({ differing, remedy }).toEqual({ differing: [], remedy });
});
