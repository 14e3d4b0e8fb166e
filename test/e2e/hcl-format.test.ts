import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { findTerraform } from "../../emulator";
import { writeStack } from "../../hcl";
import { type Json } from "../../hcl/syntax/json";
import { fileText } from "../../hcl/syntax/print";
import { expressionText, templateParts } from "../../hcl/syntax/scan";
import { plain } from "../../hcl/syntax/tree";
import { valueOf } from "../../hcl/syntax/value";
import { randomStacks } from "../hcl/random-stack";
import { sampleNames, sampleStack } from "../hcl/samples";
import { strings, values } from "../hcl/strings";

const folder = mkdtempSync(join(tmpdir(), "hcl-format-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;

/** What `terraform fmt` would change in folders of files. */
async function changes(folders: Readonly<Record<string, Files>>): Promise<string> {
  const root = mkdtempSync(join(folder, "batch-"));
  for (const [name, files] of Object.entries(folders)) {
    mkdirSync(join(root, name));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(root, name, file), text);
  }
  const { command } = await findTerraform();
  const { stdout, stderr } = spawnSync(command, ["fmt", "-check", "-diff", "-recursive", "-no-color", "."], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, TF_CLI_CONFIG_FILE: devNull, CHECKPOINT_DISABLE: "1" },
  });
  return stdout + stderr;
}

const everything = { providers: "included", backend: "included" } as const;

test("terraform fmt changes nothing in any sample", async () => {
  const comments = { "aws_vpc.network": "word ".repeat(50) };
  expect(
    await changes(Object.fromEntries(sampleNames.map((name) => [name, writeStack(sampleStack(name), { ...everything, comments })]))),
  ).toBe("");
});

test("nor in any stack", async () => {
  const many = fc.array(randomStacks, { minLength: 40, maxLength: 40, size: "max" });
  await fc.assert(
    fc.asyncProperty(many, async (stacks) => {
      expect(await changes(Object.fromEntries(stacks.map((stack, index) => [`stack-${index}`, writeStack(stack, everything)])))).toBe("");
    }),
    { numRuns: 1, endOnFailure: true },
  );
});

const valueFile = (all: readonly Json[]): Files => ({
  "locals.tf": fileText([
    {
      kind: "block",
      type: "locals",
      labels: [],
      body: [all.map((value, index) => ({ kind: "argument", name: `v${index}`, value: valueOf(value, "v", { typeOf: () => undefined }) }))],
    },
  ]),
});

test("nor in any value", async () => {
  const many = fc.array(values, { minLength: 300, maxLength: 300, size: "max" });
  await fc.assert(
    fc.asyncProperty(many, async (all) => {
      expect(await changes({ random: valueFile(all), strings: valueFile(Object.values(strings)) })).toBe("");
    }),
    { numRuns: 1, endOnFailure: true },
  );
});

const atoms = ["a", "b-c", "1", "2.5", "true", '"s"', '"x${ a }y"', "var.x", "x.y[0]", "x[*].y", "null"];

/** Expressions with white space as nobody would write it. */
const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const one = tie("expression");
  const some = fc.array(one, { maxLength: 3 });
  const operators = ["+", " - ", "*", "/", " % ", "==", "!=", "<", ">", "<=", ">=", "&&", "||"];
  const entries = (items: readonly string[], separator: string) => items.map((item, index) => `k${index}=${item}`).join(separator);
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthSize: "medium" },
      fc.constantFrom(...atoms),
      fc.tuple(one, fc.constantFrom(...operators), one).map(([left, operator, right]) => `${left} ${operator}${right}`),
      one.map((inner) => `-${inner}`),
      one.map((inner) => `!${inner}`),
      one.map((inner) => `( ${inner})[0] .z`),
      fc.tuple(one, one, one).map(([condition, yes, no]) => `${condition}?${yes}:${no}`),
      some.map((items) => `f(${items.join(",")})`),
      some.map((items) => `[\n${items.join(",\n")}]`),
      some.map((items) => `{${entries(items, ",")}}`),
      some.map((items) => `{\n${entries(items, "\n")}\n}`),
      one.map((inner) => `[for v in [${inner}]:v if ${inner}]`),
      one.map((inner) => `{for k,v in ${inner}:k=>v...}`),
      one.map((inner) => `provider::aws::f( ${inner}... )`),
      one.map((inner) => `"\${${inner}}z%{ if ${inner} ~}a%{endif}"`),
      fc.tuple(one, one).map(([key, value]) => `{(${key})=${value}, "k" : ${value}}`),
    ),
  };
});

test("nor in any expression, alone or within a text", async () => {
  const file = (all: readonly string[]): string =>
    fileText([
      {
        kind: "block",
        type: "locals",
        labels: [],
        body: all.flatMap((text, index) => [
          [{ kind: "argument" as const, name: `alone${index}`, value: plain(expressionText(text)) }],
          [
            {
              kind: "argument" as const,
              name: `within${index}`,
              value: { kind: "template" as const, parts: templateParts(`a\${${text}}`) },
            },
          ],
        ]),
      },
    ]);
  const many = fc.array(expression, { minLength: 400, maxLength: 400, size: "max" });
  await fc.assert(
    fc.asyncProperty(many, async (all) => {
      expect(await changes({ expressions: { "locals.tf": file(all) } })).toBe("");
    }),
    { numRuns: 1, endOnFailure: true },
  );
});
