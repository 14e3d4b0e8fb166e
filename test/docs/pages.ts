import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

export const root = join(__dirname, "../..");
export const read = (file: string): string => readFileSync(join(root, file), "utf8");
export const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"))
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];

/** The code blocks of a page in one language. */
export const blocks = (page: string, language: string): readonly string[] =>
  [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, code]) => code ?? "");

/** Puts a part of a file into another, map by map. */
const merged = (whole: unknown, part: unknown): unknown => {
  if (typeof whole !== "object" || typeof part !== "object" || Array.isArray(part)) return part;
  const added = Object.entries({ ...part }).map(([key, value]) => [key, merged((whole as Record<string, unknown>)[key], value)]);
  return { ...whole, ...Object.fromEntries(added) };
};

export interface ShownFile {
  readonly deployments: Readonly<Record<string, unknown>>;
}

/**
 * The files of a page: each with deployments of its own, and the page's first one with each part that the page shows, of the deployments that it names
 * or else of every one.
 */
export const filesOf = (page: string): readonly ShownFile[] => {
  const [first = { deployments: {} }, ...others] = blocks(page, "yaml").map((text) => parse(text) as ShownFile | Record<string, unknown>);
  const { deployments } = first as ShownFile;
  const withPart = (part: Readonly<Record<string, unknown>>): ShownFile => {
    const names = Object.keys(deployments);
    const byName = Object.keys(part).every((key) => names.includes(key));
    return {
      deployments: merged(deployments, byName ? part : Object.fromEntries(names.map((name) => [name, part]))) as typeof deployments,
    };
  };
  return [first as ShownFile, ...others.map((shown) => ("deployments" in shown ? (shown as ShownFile) : withPart(shown)))];
};

/** The stacks that a program in TypeScript synthesizes, by name. */
export function synthesizedBy(program: string, env: NodeJS.ProcessEnv = {}): (stack: string) => unknown {
  const outdir = mkdtempSync(join(tmpdir(), "zscaler-example-"));
  execFileSync("node", ["-r", "ts-node/register", program], { cwd: root, env: { ...process.env, ...env, CDKTF_OUTDIR: outdir } });
  return (stack) => JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")) as unknown;
}
