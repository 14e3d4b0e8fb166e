import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadConfig } from "../../config";
import { generated } from "../../docs/write";

const root = join(__dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"))
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];

/** The code blocks of a page in one language. */
const blocks = (page: string, language: string): readonly string[] =>
  [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, code]) => code ?? "");

test("the generated parts are what the generator writes", () => {
  for (const [file, text] of Object.entries(generated())) expect(readFileSync(file, "utf8")).toBe(text);
});

test.each(pages)("%s links to what exists", (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link ?? "");
  expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
});

describe("the README", () => {
  const folder = mkdtempSync(join(tmpdir(), "zscaler-readme-"));
  const file = join(folder, "zscaler.yaml");
  const [config = ""] = blocks("README.md", "yaml");

  test("has a config file that loads", () => {
    writeFileSync(file, config);
    expect(loadConfig(file)).toMatchObject([{ name: "egress", deployment: { template: "base", zones: ["a", "b"] } }]);
  });

  test("shows the answer to a mistake as it is", () => {
    writeFileSync(file, config.replace("10.1.0.0/16", "10.1.0.7/16"));
    const [answer = ""] = blocks("README.md", "text");
    expect(() => loadConfig(file)).toThrow(`${answer.replace("zscaler.yaml", file)}\n1 problem`);
  });

  test("names npm scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm (?:run )?(start|test|bench|docs|schema|format)\b/g)].map(([, script]) => script ?? ""),
    );
    expect(new Set(named)).toEqual(new Set(Object.keys(scripts)));
  });
});

test("the starter loads, and names a schema that exists", () => {
  const starter = join(root, "examples/starter/zscaler.yaml");
  expect(loadConfig(starter)).toHaveLength(1);
  const [, schema = ""] = /\$schema=(\S+)/.exec(readFileSync(starter, "utf8")) ?? [];
  expect(existsSync(join(dirname(starter), schema))).toBe(true);
});

test("the example in TypeScript synthesizes: one connector's table for each zone, dealt in turn", () => {
  const outdir = mkdtempSync(join(tmpdir(), "zscaler-example-"));
  execFileSync("node", ["-r", "ts-node/register", "examples/typescript/main.ts"], {
    cwd: root,
    env: { ...process.env, CDKTF_OUTDIR: outdir },
  });
  const { resource } = JSON.parse(readFileSync(join(outdir, "stacks/lab/cdk.tf.json"), "utf8")) as {
    resource: { aws_route: Record<string, { network_interface_id?: string }> };
  };
  expect(resource.aws_route.steering_a?.network_interface_id).toBe("${aws_network_interface.connectors_a_1_service.id}");
  expect(resource.aws_route.steering_b?.network_interface_id).toBe("${aws_network_interface.connectors_a_2_service.id}");
});
