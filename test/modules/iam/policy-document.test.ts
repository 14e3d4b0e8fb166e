import fc from "fast-check";
import { jsonDocument, policyDocument } from "../../../modules/iam";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** JSON as Go's encoding/json writes a map, and so Terraform's jsonencode: keys in the order of their UTF-8 bytes, for HTML and JavaScript. */
const goJson = (value: Json): string => {
  if (typeof value === "string") {
    const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
    return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped);
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  const entries = Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${entries.map(([key, item]) => `${goJson(key)}:${goJson(item)}`).join(",")}}`;
};

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.stringMatching(/^[0-9]{1,3}$/),
  fc.string({ unit: fc.constantFrom(...Array.from('<>&"\\/\n\b\f\u0000\u007f\u2028\u2029\uE000é😀')) }),
);

const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(text, tie("json"), { maxKeys: 5 }),
  ),
}));

test("a document is what Terraform's jsonencode writes", () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(jsonDocument(value)).toBe(goJson(value));
    }),
    { numRuns: 1000 },
  );
});

// Copied from Terraform 1.11: jsonencode({ b = 1, "10" = 1, "9" = 2, "\uE000" = 1, "\U0001F600" = 2, x = "\u2028\u2029<&>\b\f\u0001\t/é" }).
test("Terraform's own answer", () => {
  expect(jsonDocument({ b: 1, "10": 1, "9": 2, "\uE000": 1, "😀": 2, x: "\u2028\u2029<&>\b\f\u0001\t/é" })).toBe(
    '{"10":1,"9":2,"b":1,"x":"\\u2028\\u2029\\u003c\\u0026\\u003e\\b\\f\\u0001\\t/é","\uE000":1,"😀":2}',
  );
});

test("a policy document has IAM's version and keeps its statements in order", () => {
  expect(
    policyDocument([
      { Effect: "Deny", Action: "b:*", Resource: "*" },
      { Effect: "Allow", Action: ["b:B", "a:A"], Resource: "*" },
    ]),
  ).toBe(
    '{"Statement":[{"Action":"b:*","Effect":"Deny","Resource":"*"},{"Action":["b:B","a:A"],"Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}',
  );
});
