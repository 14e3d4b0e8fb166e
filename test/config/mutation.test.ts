import fc from "fast-check";
import { z } from "zod";
import { check } from "../../config/check";
import { isReadable, readDocument } from "../../config/yaml/document";
import { escapeTemplates } from "../../config/yaml/escape";
import { withDefaults } from "../../config/merge";
import { formatProblems, type Problem } from "../../config/problems/problem";
import { oneOf } from "../../modules/validation/schema";

const deployment = z.discriminatedUnion("template", [
  z.strictObject({
    template: z.literal("base"),
    region: z.string().regex(/^[a-z0-9-]+$/),
    zones: z.array(z.string()).min(1).default(["a"]),
    network: oneOf({ create: z.strictObject({ cidr: z.string() }), existing: z.strictObject({ id: z.string() }) }),
    connectors: z.strictObject({ size: z.enum(["small", "medium"]), perZone: z.int().max(20).default(1) }),
    nat: z.union([z.literal("perZone"), z.strictObject({ allocations: z.record(z.string().max(8), z.string()) })]).optional(),
    tags: z.record(z.string().min(1), z.string()).optional(),
  }),
  z.strictObject({ template: z.literal("spoke"), region: z.string(), tags: z.unknown() }),
]);

const schema = z.strictObject({
  defaults: z.record(z.string(), z.unknown()).optional(),
  deployments: z.record(z.string().regex(/^[a-z]+$/), deployment),
});

const valid = `# what all share
defaults:
  region: us-west-2
  tags: { Owner: netsec, "cost center": '012' }
deployments:
  egress: # the first
    template: base
    zones: [a, b]
    network: &net
      create: { cidr: 10.1.0.0/16 }
    connectors:
      size: small
      perZone: 2
    nat:
      allocations: { a: "eipalloc-1", b: eipalloc-2 }
    tags:
      Text: |
        two
        lines
  ingress:
    template: base
    network: *net
    connectors: { size: medium }
  spoke: { template: spoke }
`;

const problemsOf = (text: string): readonly Problem[] => {
  const document = readDocument(text, "f.yaml");
  if (!isReadable(document)) return document.problems;
  const checked = check(schema, withDefaults(document, deployment, "f.yaml"), "f.yaml");
  if ("problems" in checked) return checked.problems;
  escapeTemplates(checked.data);
  return [];
};

const expectGoodProblems = (text: string): void => {
  const problems = problemsOf(text);
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  for (const { line, column, problem, fix } of problems) {
    expect(lines[line - 1]).toBeDefined();
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
    expect(problem).toMatch(/^[^\n]{3,}$/);
    expect(fix).not.toBe("");
    expect(`${problem}${fix}`).not.toMatch(/undefined|\[object/);
  }
  if (problems.length > 0) expect(formatProblems(problems)).toMatch(/\n\n\d+ problems?$/);
};

test("the file that is mutated is valid", () => {
  expect(problemsOf(valid)).toEqual([]);
});

const signs = fc.constantFrom(
  ..."[]{}:,-?&*!|>'\"%@`#~<=\\$\t\r\n \u0000\u0007\u0085\u00a0\u00ad\u200b\u2028\u202e\ufeff\ufffd\ud800“”‘’«–—é日".split(""),
  ...[
    "🙂",
    ": ",
    "- ",
    "? ",
    "&net ",
    "*net",
    "*x",
    "<<: ",
    "!x ",
    "!!int ",
    "|\n",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "__proto__: ",
    "constructor: ",
  ],
  ...[
    "null",
    "true",
    "012",
    "1e999",
    ".nan",
    "0x1F",
    "\n  ",
    "\n\t",
    "  ",
    "'\\0'",
    '"\\0"',
    '"\\uD800"',
    "deployments:\n",
    "template: x\n",
  ],
);

type Mutation = (text: string) => string;

const place = fc.nat({ max: valid.length });

const swap = <Item>(items: readonly Item[], one: number, other: number): readonly Item[] =>
  items.map((item, index) => (index === one ? (items[other] ?? item) : index === other ? (items[one] ?? item) : item));

const onLines = (change: (lines: readonly string[]) => readonly string[]): Mutation => {
  return (text) => change(text.split("\n")).join("\n");
};

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  {
    arbitrary: fc.tuple(place, signs).map(
      ([at, sign]) =>
        (text: string) =>
          text.slice(0, at) + sign + text.slice(at),
    ),
    weight: 4,
  },
  fc.tuple(place, fc.nat({ max: 12 })).map(
    ([at, length]) =>
      (text: string) =>
        text.slice(0, at) + text.slice(at + length),
  ),
  fc.tuple(place, fc.nat({ max: 12 })).map(
    ([at, length]) =>
      (text: string) =>
        text.slice(0, at + length) + text.slice(at),
  ),
  place.map((at) => (text: string) => swap(text.split(""), at, at + 1).join("")),
  fc.tuple(fc.nat({ max: 25 }), fc.nat({ max: 25 })).map(([one, other]) => onLines((lines) => swap(lines, one, other))),
  fc.nat({ max: 25 }).map((at) => onLines((lines) => lines.filter((_, index) => index !== at))),
  fc.nat({ max: 25 }).map((at) => onLines((lines) => lines.flatMap((line, index) => (index === at ? [line, line] : [line])))),
);

test("a valid file with some mutations", () => {
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
      expectGoodProblems(mutations.reduce((text, mutate) => mutate(text), valid));
    }),
    { numRuns: 600 },
  );
});

test("signs of YAML at random", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(signs, fc.constantFrom("a", "b: ", "a: 1\n"))), (some) => expectGoodProblems(some.join(""))),
    {
      numRuns: 500,
    },
  );
});

test("any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), expectGoodProblems));
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), expectGoodProblems));
});

test("any data", () => {
  fc.assert(fc.property(fc.jsonValue(), (data) => expectGoodProblems(JSON.stringify(data))));
  fc.assert(fc.property(fc.jsonValue(), (data) => expectGoodProblems(JSON.stringify({ deployments: data, defaults: data }))));
});
