import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { deploymentSchema } from "../../config/deployment";
import { isChoice, layers, under } from "../../config/shape";

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

type PlainMap = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is PlainMap => typeof value === "object" && value !== null && !Array.isArray(value);

/** Puts a part of a deployment into another, map by map; of a choice, another variant takes the place of the one that was there. */
const merged = (whole: unknown, part: unknown, schemas = layers(deploymentSchema, whole)): unknown => {
  if (!isMap(whole) || !isMap(part)) return part;
  const isOther = isChoice(schemas) && !Object.keys(part).some((key) => key in whole);
  if (isOther) return part;
  const added = Object.entries(part).map(([key, value]) => [key, merged(whole[key], value, under(schemas, whole, key))]);
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
    const parts = byName ? part : Object.fromEntries(names.map((name) => [name, part]));
    return {
      deployments: Object.fromEntries(
        names.map((name) => [name, name in parts ? merged(deployments[name], parts[name]) : deployments[name]]),
      ),
    };
  };
  return [first as ShownFile, ...others.map((shown) => ("deployments" in shown ? (shown as ShownFile) : withPart(shown)))];
};

/** What a pattern finds in a text, each once. */
export const found = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map(([all, group]) => group ?? all)),
];

/** A synthesized stack. */
export interface Stack {
  readonly resource: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
}

/** The Terraform addresses of a stack's resources. */
export const addressesOf = ({ resource }: Stack): readonly string[] =>
  Object.entries(resource).flatMap(([type, those]) => Object.keys(those).map((name) => `${type}.${name}`));

/** The stacks that a program in TypeScript synthesizes, by name. */
export function synthesizedBy(program: string, env: NodeJS.ProcessEnv = {}): (stack: string) => unknown {
  const outdir = mkdtempSync(join(tmpdir(), "zscaler-example-"));
  execFileSync("node", ["-r", "ts-node/register", program], { cwd: root, env: { ...process.env, ...env, CDKTF_OUTDIR: outdir } });
  return (stack) => JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")) as unknown;
}
