import { z } from "zod";
import { check } from "../../config/check";
import { isReadable, readDocument } from "../../config/yaml/document";
import { withDefaults } from "../../config/merge";
import { type Problem } from "../../config/problems/problem";
import { oneOf, text } from "../../modules/validation/schema";

const problemsOf = (schema: z.ZodType, yaml: string): readonly Problem[] => {
  const document = readDocument(yaml, "f.yaml");
  if (!isReadable(document)) return document.problems;
  const checked = check(schema, document, "f.yaml");
  return "problems" in checked ? checked.problems : [];
};

const listOf = (schema: z.ZodType, yaml: string): readonly string[] =>
  problemsOf(schema, yaml).map(({ line, column, path, problem, fix }) => [`${line}:${column}`, path, problem, fix].join(" | "));

/** What is said of one value, written `a: <value>`. */
const saidOf = (schema: z.ZodType, written: string): readonly string[] =>
  problemsOf(z.strictObject({ a: schema }), `a: ${written}\n`).map(({ problem, fix }) => `${problem} | ${fix}`);

test("data, with defaults", () => {
  const document = readDocument("a: x\n", "f.yaml");
  if (!isReadable(document)) throw new Error("not read");
  const checked = check(z.strictObject({ a: z.string(), b: z.number().default(5) }), document, "f.yaml");
  expect(checked).toEqual({ data: { a: "x", b: 5 } });
});

describe("types", () => {
  test.each<[string, z.ZodType, string, string]>([
    ["text from a number", z.string(), "012", '012 is a number | write text, in quotes: "012"'],
    [
      "text from a long number",
      z.string(),
      "012345678901234567890",
      '012345678901234567890 is a number | write text, in quotes: "012345678901234567890"',
    ],
    ["text from true", z.string(), "true", 'true is a boolean | write text, in quotes: "true"'],
    ["text from a list", z.string(), "[b]", "a is a list | write text"],
    ["text from a map", z.string(), "{ b: 1 }", "a is a map | write text"],
    ["text from nothing", z.string(), "", "a has no value | write text, or remove it"],
    ["text from null", z.string(), "null", "a has no value | write text, or remove it"],
    ["a number from text", z.number(), '"12"', "12 is text | write a number, without quotes: 12"],
    ["a number from a word", z.number(), "twelve", "twelve is text | write a number"],
    ["a number from infinity", z.number(), ".inf", ".inf is not a finite number | write a number"],
    ["a number from NaN", z.number(), ".nan", ".nan is not a finite number | write a number"],
    ["a whole number from a fraction", z.int(), "1.50", "1.50 is not a whole number | write a whole number"],
    ["a boolean from yes", z.boolean(), "yes", "yes is text | write true, without quotes"],
    ["a boolean from Off", z.boolean(), "Off", "Off is text | write false, without quotes"],
    ["a boolean from a word", z.boolean(), "maybe", "maybe is text | write true or false"],
    ["a list from a text", z.array(z.string()), "b", "b is text | write a list: [b]"],
    ["a list from a map", z.array(z.string()), "{}", "a is a map | write a list"],
    ["a tuple from a text", z.tuple([z.string()]), "b", "b is text | write a list"],
    ["a map from a text", z.strictObject({ b: z.string(), c: z.string().optional() }), "b", "b is text | write a map with the keys b, c"],
    ["a map from a list", z.strictObject({ b: z.string() }), "[b]", "a is a list | write a map with the key b"],
    ["a record from a number", z.record(z.string(), z.string()), "5", "5 is a number | write a map"],
    ["nothing at all", z.never().optional(), "5", "a is not allowed here | remove it"],
    ["null only", z.null(), "5", "5 is a number | write null"],
    ["a date", z.date(), "2026-01-31", "2026-01-31 is text | write a value"],
    [
      "through default, pipe and preprocess",
      z.preprocess((value) => value, z.int().default(1)).pipe(z.number()),
      "b",
      "b is text | write a number",
    ],
  ])("%s", (_, schema, written, said) => {
    expect(saidOf(schema, written)).toEqual([said]);
  });

  test("an example helps", () => {
    const schema = z.string().meta({ description: "Id of the VPC.", examples: ["vpc-1", "vpc-2"] });
    expect(saidOf(schema, "[]")).toEqual(["a is a list | write text, for example vpc-1"]);
    expect(saidOf(schema.optional(), "")).toEqual(["a has no value | id of the VPC, for example vpc-1"]);
    expect(saidOf(z.array(z.int()).meta({ examples: [[1, 2]] }), "{}")).toEqual(["a is a map | write a list, for example [1,2]"]);
  });
});

describe("missing keys", () => {
  const connectors = z.strictObject({
    provisioningUrl: z.string().meta({ description: "URL of the group. From the portal.", examples: ["connector.zscaler.net"] }),
    size: z.enum(["small", "large"]),
    plain: z.int(),
    described: z.string().describe("Zscaler's name of it").pipe(z.string()),
    map: z.strictObject({ b: z.string() }),
    many: z.union([z.string(), z.array(z.string())]),
    spokes: z.array(z.strictObject({ cidr: z.string() })),
  });

  test("stand at the key of the map that lacks them", () => {
    expect(listOf(z.strictObject({ connectors }), "connectors:\n  spokes:\n    - {}\n")).toEqual([
      "1:1 | connectors.provisioningUrl | provisioningUrl is missing | URL of the group. From the portal, for example connector.zscaler.net",
      "1:1 | connectors.size | size is missing | add size with one of small, large",
      "1:1 | connectors.plain | plain is missing | add plain with a number",
      "1:1 | connectors.described | described is missing | Zscaler's name of it",
      "1:1 | connectors.map | map is missing | add map with a map with the key b",
      "1:1 | connectors.many | many is missing | add many with text, or a list",
      "3:7 | connectors.spokes[0].cidr | cidr is missing | add cidr with text",
    ]);
  });

  test("of a name that every object has", () => {
    expect(saidOf(z.strictObject({ toString: z.string() }), "{}")).toEqual(["toString is missing | add toString with text"]);
  });

  test("whatever words the schema has for a wrong value", () => {
    expect(saidOf(z.strictObject({ b: z.string("b is a name\nwrite it") }), "{}")).toEqual(["b is missing | add b with text"]);
    expect(saidOf(z.strictObject({ b: z.string("b is a name\nwrite it") }), "{ b: 5 }")).toEqual(["b is a name | write it"]);
  });

  test("an item that is nothing", () => {
    expect(listOf(z.strictObject({ a: z.array(z.string()) }), "a:\n  - b\n  -\n")).toEqual([
      "3:4 | a[1] | item 2 has no value | write text, or remove it",
    ]);
  });
});

describe("unknown keys", () => {
  const network = z.strictObject({ cidr: z.string(), zones: z.array(z.string()).optional() }).optional();

  test("one problem each, at the key, with the nearest or all that are known", () => {
    expect(listOf(z.strictObject({ network }), "network:\n  cidr: x\n  zone: [a]\n  banana: 1\nnetwrok: 5\n")).toEqual([
      "3:3 | network.zone | zone is not known here | did you mean zones?",
      "4:3 | network.banana | banana is not known here | known here: cidr, zones",
      "5:1 | netwrok | netwrok is not known here | did you mean network?",
    ]);
  });

  test("in a list, a record, behind a default and in a discriminated union", () => {
    const variants = z.discriminatedUnion("template", [
      z.strictObject({ template: z.literal("base"), connectors: z.int().optional() }),
      z.strictObject({ template: z.literal("spoke"), attachment: z.int().optional() }),
    ]);
    const schema = z.strictObject({
      list: z.array(z.strictObject({ size: z.int().optional() })),
      record: z.record(z.string(), variants).default({}),
    });
    expect(listOf(schema, "list: [{ sise: 1 }]\nrecord: { x: { template: spoke, connectors: 1, attachmnt: 2 } }\n")).toEqual([
      "1:10 | list[0].sise | sise is not known here | did you mean size?",
      "2:33 | record.x.connectors | connectors is not known here | known here: template, attachment",
      "2:48 | record.x.attachmnt | attachmnt is not known here | did you mean attachment?",
    ]);
  });

  test("keys of a record whose names are known", () => {
    const schema = z.strictObject({ a: z.partialRecord(z.enum(["crm", "billing"]), z.string()) });
    expect(listOf(schema, "a: { crm: x, biling: y }\n")).toEqual(["1:14 | a.biling | biling is not known here | did you mean billing?"]);
  });

  test("a long list of keys ends somewhere", () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`key${index}`, z.string().optional()]));
    expect(listOf(z.strictObject(many), "banana: 1\n")[0]).toMatch(/known here: key0, .*key29, \.\.\. \(40 in all\)$/);
  });
});

describe("values among others", () => {
  test.each<[string, z.ZodType, string, string]>([
    ["near one", z.enum(["small", "medium", "large"]), "xlarge", "xlarge is not one of small, medium, large | did you mean large?"],
    ["near none", z.enum(["small", "large"]), "huge", "huge is not one of small, large | write one of small, large"],
    ["another type", z.enum(["small", "large"]), "5", "5 is not one of small, large | write one of small, large"],
    ["a map", z.enum(["small", "large"]), "{ b: 1 }", "a is not one of small, large | write one of small, large"],
    ["a literal", z.literal("accepted"), "yes", "yes is not accepted | write accepted"],
    ["numbers", z.literal([2, 3, 5]), "4", "4 is not one of 2, 3, 5 | write one of 2, 3, 5"],
    ["many", z.literal([1, 2, 3, 4, 5, 6, 7, 8, 9]), "0", "0 is not allowed here | write one of 1, 2, 3, 4, 5, 6, 7, 8, 9"],
    ["nothing", z.enum(["small", "large"]).default("small"), "", "a has no value | write one of small, large, or remove it"],
  ])("%s", (_, schema, written, said) => {
    expect(saidOf(schema, written)).toEqual([said]);
  });
});

describe("bounds", () => {
  test.each<[z.ZodType, string, string]>([
    [z.number().min(5), "3", "3 is too small | write at least 5"],
    [z.number().gt(5), "5", "5 is too small | write more than 5"],
    [z.int().max(65535), "70_000", "70_000 is text | write a number"],
    [z.int().max(65535), "0x1FFFF", "0x1FFFF is too large | write at most 65535"],
    [z.number().lt(1), "1", "1 is too large | write less than 1"],
    [z.int(), "12345678901234567890", "12345678901234567890 is too large | write at most 9007199254740991"],
    [z.string().min(1), '""', "a is empty | give at least 1 character"],
    [z.string().min(3), "bc", "bc has 2 characters | give at least 3 characters"],
    [z.string().max(3), "bcde", "bcde has 4 characters | give at most 3 characters"],
    [z.string().length(3), "b", "b has 1 character | give exactly 3 characters"],
    [z.array(z.int()).min(2), "[1]", "a has 1 item | give at least 2 items"],
    [z.array(z.int()).nonempty(), "[]", "a is empty | give at least 1 item"],
    [z.array(z.int()).max(1), "[1, 2]", "a has 2 items | give at most 1 item"],
    [z.array(z.int()).length(2), "[1, 2, 3]", "a has 3 items | give exactly 2 items"],
    [z.tuple([z.int()]), "[1, 2]", "a has 2 items | give at most 1 item"],
    [z.number().multipleOf(5), "7", "7 is not a multiple of 5 | write a multiple of 5, for example 5 or 10"],
    [z.number().multipleOf(0.1), "0.25", "0.25 is not a multiple of 0.1 | write a multiple of 0.1"],
  ])("%#: %s", (schema, written, said) => {
    expect(saidOf(schema, written)).toEqual([said]);
  });
});

describe("forms", () => {
  test.each<[z.ZodType, string, string]>([
    [z.string().regex(/^[a-z]+$/), "B1", "B1 does not have the right form | it must match /^[a-z]+$/"],
    [
      z
        .string()
        .regex(/^[a-z]+$/)
        .describe("Small letters."),
      "B1",
      "B1 does not have the right form | small letters",
    ],
    [z.string().startsWith("vpc-"), "sg-1", "sg-1 does not start with vpc- | write a text that starts with vpc-"],
    [z.string().endsWith(".com"), "b", "b does not end with .com | write a text that ends with .com"],
    [z.string().includes("@"), "b", "b does not contain @ | write a text that contains @"],
    [z.email(), "b", "b is not an e-mail address | write an e-mail address"],
    [z.ipv4(), "b", "b is not an IPv4 address | write an IPv4 address"],
    [z.cidrv4(), "b", "b is not an IPv4 range | write an IPv4 range"],
    [z.uuid(), "b", "b is not a UUID | write a UUID"],
    [z.string().lowercase(), "Bc", "Bc is not text in small letters | write text in small letters"],
    [z.ulid(), "b", expect.stringMatching(/^b does not have the right form \| it must match \/.*\/$/)],
    [z.templateLiteral(["b", z.int()]), "x", expect.stringMatching(/^x does not have the right form/)],
  ])("%#: %s", (schema, written, said) => {
    expect(saidOf(schema, written)).toEqual([said]);
  });
});

describe("unions", () => {
  const nat = z.union([z.literal("perZone"), z.literal("single"), z.strictObject({ existing: z.record(z.string(), z.int()) })]);

  test.each<[string, z.ZodType, string, readonly string[]]>([
    [
      "none of the words",
      nat,
      "perzone",
      ["perzone is not one of perZone, single, or a map with the key existing | did you mean perZone?"],
    ],
    ["the variant of that kind", nat, "{ existing: { b: x } }", ["x is text | write a number"]],
    [
      "an unknown key of the variant",
      nat,
      "{ exsting: {} }",
      ["existing is missing | add existing with a map", "exsting is not known here | did you mean existing?"],
    ],
    ["no variant of that kind", z.union([z.string(), z.array(z.string())]), "5", ["5 is a number | write text, or a list"]],
    [
      "the variant with the fewest objections",
      z.union([z.array(z.int()), z.array(z.string())]),
      "[b, c, 1]",
      ['1 is a number | write text, in quotes: "1"'],
    ],
    ["nested", z.union([z.int(), z.union([z.boolean(), z.array(z.int())])]), "[b]", ["b is text | write a number"]],
    ["no value", nat, "", ["a has no value | write one of perZone, single, or a map with the key existing, or remove it"]],
    [
      "exclusive ones of which two fit",
      z.xor([z.string(), z.string().min(1)]),
      "b",
      ["b is not allowed here | see what the documentation says of it"],
    ],
  ])("%s", (_, schema, written, said) => {
    expect(saidOf(schema, written)).toEqual(said);
  });

  test("by discriminator", () => {
    const schema = z.strictObject({
      a: z.discriminatedUnion("template", [
        z.strictObject({ template: z.literal("base"), x: z.int() }),
        z.strictObject({ template: z.literal("spoke") }),
      ]),
    });
    expect(listOf(schema, "a: { template: bas }\n")).toEqual(["1:16 | a.template | bas is not one of base, spoke | did you mean base?"]);
    expect(listOf(schema, "a: {}\n")).toEqual(["1:1 | a.template | template is missing | add template with one of base, spoke"]);
    expect(listOf(schema, "a: { template: base, x: b }\n")).toEqual(["1:25 | a.x | b is text | write a number"]);
  });

  test("a choice", () => {
    const schema = oneOf({ create: z.strictObject({ cidr: z.string() }), existing: z.strictObject({ id: z.string() }) });
    expect(saidOf(schema, "{}")).toEqual(["no choice is made | give exactly one of create, existing"]);
    expect(saidOf(schema, "{ create: { cidr: x }, existing: { id: y } }")).toEqual([
      "create and existing exclude each other | give exactly one of create, existing",
    ]);
    expect(saidOf(schema, "{ creat: {} }")).toEqual(["creat is not known here | did you mean create?"]);
    expect(saidOf(schema, "10.0.0.0/8")).toEqual(["10.0.0.0/8 is text | write a map with the keys create, existing"]);
  });
});

describe("keys of records", () => {
  const names = z
    .string()
    .max(5)
    .regex(/^[a-z]+$/, "a name has small letters\nrename it");

  test("point at the key, and what stands under it is checked all the same", () => {
    expect(
      listOf(z.strictObject({ a: z.record(names, z.strictObject({ size: z.int() })) }), "a:\n  Toolong: { size: b, siz: 1 }\n"),
    ).toEqual([
      "2:3 | a.Toolong | Toolong has 7 characters | give at most 5 characters",
      "2:3 | a.Toolong | a name has small letters | rename it",
      "2:20 | a.Toolong.size | b is text | write a number",
      "2:23 | a.Toolong.siz | siz is not known here | did you mean size?",
    ]);
  });
});

describe("messages of schemas", () => {
  test("the problem and the fix", () => {
    const cidr = text((value) => ({ problem: `${value} has host bits set`, fix: "use the network address" }));
    expect(listOf(z.strictObject({ cidr }), "cidr: 10.1.0.7/16\n")).toEqual([
      "1:7 | cidr | 10.1.0.7/16 has host bits set | use the network address",
    ]);
  });

  test("no fix, and no words at all", () => {
    const odd = z.int().meta({ description: "An odd number." });
    expect(
      saidOf(
        odd.refine((value) => value % 2 === 1, "this is even"),
        "2",
      ),
    ).toEqual(["this is even | an odd number"]);
    expect(
      saidOf(
        odd.refine((value) => value % 2 === 1),
        "2",
      ),
    ).toEqual(["2 is not allowed here | an odd number"]);
    expect(
      saidOf(
        z.string().refine(() => false),
        "b",
      ),
    ).toEqual(["b is not allowed here | see what the documentation says of it"]);
  });

  test("at another path, also one that is not there", () => {
    const schema = z.strictObject({ a: z.strictObject({ b: z.int().optional(), c: z.array(z.int()) }) }).superRefine((_, context) => {
      context.addIssue({ code: "custom", path: ["a", "b"], message: "b is wanted too\nadd it" });
      context.addIssue({ code: "custom", path: ["a", "c", 1], message: "5 is too much\nless" });
    });
    expect(listOf(schema, "a:\n  c: [4, 5]\n")).toEqual(["1:1 | a.b | b is wanted too | add it", "2:10 | a.c[1] | 5 is too much | less"]);
  });

  test("a long, secret or many-lined value is cut in them", () => {
    const echo = text((value) => ({ problem: `${value} is wrong`, fix: `not ${value}` }));
    const [problem] = problemsOf(
      z.strictObject({ a: echo }),
      "a: |\n  -----BEGIN RSA PRIVATE KEY-----\n  MIIEpAIBAAK\n  -----END RSA PRIVATE KEY-----\n",
    );
    expect(problem).toMatchObject({ problem: '"(private key, not shown)\\n" is wrong', fix: 'not "(private key, not shown)\\n"' });
    expect(saidOf(echo, "abc.".repeat(50))[0]).toHaveLength(2 * 60 + " is wrong | not ".length);
    expect(saidOf(echo, '"b\\nc"')).toEqual(['"b\\nc" is wrong | not "b\\nc"']);
  });
});

test("no value is printed as an object, and no secret at all", () => {
  const secret = "kJ8sd7Fh2Lq0Zx9Vb3Nm5kJ8sd7Fh2Lq0Zx9";
  const schemas = [
    z.int(),
    z.enum(["b"]),
    z.string().max(3),
    z.string().regex(/b/),
    z.array(z.string()),
    z.strictObject({}),
    z.union([z.int(), z.literal("b")]),
  ];
  for (const schema of schemas) {
    for (const written of [secret, `{ ${secret}: 1 }`, `[${secret}]`]) {
      const said = saidOf(schema, written).join("\n");
      expect(said).not.toContain(secret);
      expect(said).not.toContain("[object");
    }
  }
});

describe("all at once", () => {
  const deployment = z.strictObject({
    region: z.string(),
    zones: z.array(z.string()).optional(),
    tags: z.record(z.string(), z.string()).optional(),
  });
  const schema = z.strictObject({ defaults: z.record(z.string(), z.unknown()).optional(), deployments: z.record(z.string(), deployment) });

  const allOf = (yaml: string): readonly string[] => {
    const document = readDocument(yaml, "f.yaml");
    if (!isReadable(document)) throw new Error("not read");
    const checked = check(schema, withDefaults(document, deployment, "f.yaml"), "f.yaml");
    return "problems" in checked ? checked.problems.map(({ line, column, path, problem }) => `${line}:${column} ${path} ${problem}`) : [];
  };

  test("what reading finds and what the schema finds", () => {
    expect(allOf("deployments:\n  one: { region: “us-west-2”, zone: [a] }\n  one: {}\n")).toEqual([
      "2:18  U+201C (left double quotation mark) stands here",
      "2:28  U+201D (right double quotation mark) stands here",
      "3:3 deployments.one two deployments are named one",
      "2:31 deployments.one.zone zone is not known here",
    ]);
  });

  test("a problem of reading alone refuses the file", () => {
    expect(allOf("deployments:\n  one: { region: “us-west-2” }\n")).toHaveLength(2);
  });

  test("what reading says of a place is not said again", () => {
    expect(allOf("deployments:\n  one: { region: *nowhere }\n")).toEqual([
      "2:18 deployments.one.region *nowhere repeats a value that is not there",
    ]);
  });

  test("what comes from defaults is shown there", () => {
    expect(allOf("defaults:\n  tags: { Owner: 5 }\n  zon: 1\ndeployments:\n  one: { region: x }\n")).toEqual([
      "3:3 defaults.zon zon is not known here",
      "2:18 defaults.tags.Owner 5 is a number",
    ]);
  });
});
