import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { findTerraform } from "../../emulator";
import { type Json } from "../../hcl/syntax/json";
import { fileText } from "../../hcl/syntax/print";
import { valueOf } from "../../hcl/syntax/value";
import { jsonDocument } from "../../modules/iam";
import { constantValues, nasty, nastyKeys, strings } from "../hcl/strings";

/** What Terraform makes of outputs in a file. */
async function evaluated(name: string, text: string): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "hcl-values-"));
  try {
    const { command } = await findTerraform();
    const terraform = (...options: readonly string[]) =>
      execFileSync(command, options, {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, TF_CLI_CONFIG_FILE: devNull, CHECKPOINT_DISABLE: "1" },
        maxBuffer: 2 ** 26,
        stdio: "pipe",
      });
    writeFileSync(join(folder, name), text);
    terraform("apply", "-auto-approve", "-input=false", "-no-color");
    return JSON.parse(terraform("output", "-json"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const inJson = (values: readonly Json[]): string =>
  JSON.stringify({ output: Object.fromEntries(values.map((value, index) => [`v${index}`, { value }])) });

const inHcl = (values: readonly Json[]): string =>
  fileText(
    values.map((value, index) => ({
      kind: "block",
      type: "output",
      labels: [`v${index}`],
      body: [[{ kind: "argument", name: "value", value: valueOf(value, `v${index}`, { typeOf: () => undefined }) }]],
    })),
  );

async function expectSame(values: readonly Json[]): Promise<void> {
  expect(await evaluated("values.tf", inHcl(values))).toEqual(await evaluated("values.tf.json", inJson(values)));
}

const policyOf = (text: string): string => jsonDocument({ Statement: [{ Condition: { StringEquals: { [text]: text } } }] });

test("Terraform sees the same texts in HCL as in JSON", async () => {
  const texts = Object.values(strings);
  await expectSame([...texts, ...texts.map((text) => [{ [text]: [text] }]), ...texts.map(policyOf)]);
});

test("Terraform sees the same values in HCL as in JSON", async () => {
  const many = fc.array(constantValues, { minLength: 200, maxLength: 200, size: "max" });
  await fc.assert(fc.asyncProperty(many, expectSame), { numRuns: 1, endOnFailure: true });
});

test("jsonencode gives the bytes that the document had", async () => {
  const document = fc.array(fc.dictionary(nastyKeys, nasty, { minKeys: 1 }), { minLength: 1 }).map(jsonDocument);
  const many = fc.array(document, { minLength: 100, maxLength: 100, size: "max" });
  await fc.assert(fc.asyncProperty(many, expectSame), { numRuns: 1, endOnFailure: true });
});
