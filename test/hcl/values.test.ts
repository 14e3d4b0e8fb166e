import fc from "fast-check";
import { type Json } from "../../hcl/syntax/json";
import { fileText } from "../../hcl/syntax/print";
import { valueOf } from "../../hcl/syntax/value";
import { jsonDocument } from "../../modules/iam";
import { normalize, parseHcl } from "./normalize";
import { nasty, strings, values } from "./strings";

const written = (values: Readonly<Record<string, Json>>): string =>
  fileText([
    {
      kind: "block",
      type: "locals",
      labels: [],
      body: [
        Object.entries(values).map(([name, value]) => ({
          kind: "argument",
          name,
          value: valueOf(value, name, { typeOf: () => undefined }),
        })),
      ],
    },
  ]);

async function expectRoundTrip(value: Json): Promise<void> {
  const { locals = null } = await parseHcl(written({ value }));
  expect({ locals }).toEqual(normalize({ locals: { value } }, { locals }));
}

describe.each(Object.entries(strings))("%s", (_, text) => {
  test("as a value", async () => {
    await expectRoundTrip(text);
  });

  test("within lists and objects, and as a key", async () => {
    await expectRoundTrip([text, { a: text, b: [text] }]);
    await expectRoundTrip({ [text]: 1 });
  });

  test("in a policy", async () => {
    await expectRoundTrip(jsonDocument({ Statement: [{ Condition: { StringEquals: { [text]: text } } }] }));
  });
});

test("any value means in HCL what it means in JSON", async () => {
  await fc.assert(fc.asyncProperty(values, expectRoundTrip), { numRuns: 300 });
});

test("any document becomes a call of jsonencode that gives its bytes", async () => {
  const document = fc.record({
    Version: fc.constant("2012-10-17"),
    Statement: fc.array(fc.dictionary(nasty, nasty, { minKeys: 1 }), { minLength: 1 }),
  });
  await fc.assert(
    fc.asyncProperty(document, async (value) => {
      await expectRoundTrip(jsonDocument(value));
    }),
    { numRuns: 100 },
  );
});
