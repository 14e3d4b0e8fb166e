import { z } from "zod";
import { type Document, isReadable, readDocument } from "../../config/yaml/document";
import { withDefaults } from "../../config/merge";
import { type Path } from "../../config/problems/problem";
import { oneOf } from "../../modules/validation/schema";

const network = oneOf({ create: z.strictObject({ cidr: z.string() }), existing: z.strictObject({ id: z.string() }) });

const deployment = z.discriminatedUnion("template", [
  z.strictObject({
    template: z.literal("base"),
    network: network.meta({ description: "The VPC." }),
    inner: z.strictObject({ nat: network.optional(), size: z.string() }).optional(),
    tags: z.record(z.string(), z.unknown()),
    zones: z.array(z.string()),
    region: z.string().optional(),
  }),
  z.strictObject({ template: z.literal("other"), region: z.string(), only: z.number().optional() }),
  z.looseObject({ template: z.literal("loose") }),
]);

const merged = (text: string): Document => {
  const document = readDocument(text, "f.yaml");
  if (!isReadable(document)) throw new Error(JSON.stringify(document.problems));
  return withDefaults(document, deployment, "f.yaml");
};

const deploymentsOf = (text: string): unknown => merged(text).value.deployments;

test("maps merge deeply, the deployment's keys win and come first, lists are replaced", () => {
  const text = `defaults:
  zones: [a, b]
  tags: { Owner: netsec, deep: { x: 1, y: 1 } }
  region: us-west-2
deployments:
  one: { tags: { Cost: 7, deep: { x: 2 } }, zones: [c] }
  two: {}
`;
  expect(deploymentsOf(text)).toEqual({
    one: { tags: { Cost: 7, deep: { x: 2, y: 1 }, Owner: "netsec" }, zones: ["c"], region: "us-west-2" },
    two: { zones: ["a", "b"], tags: { Owner: "netsec", deep: { x: 1, y: 1 } }, region: "us-west-2" },
  });
  expect(Object.keys((deploymentsOf(text) as { one: object }).one)).toEqual(["tags", "zones", "region"]);
});

test("a choice is replaced whole, at any depth and under a description", () => {
  const text = `defaults:
  template: base
  network: { existing: { id: vpc-1 } }
  inner: { size: big, nat: { create: { cidr: x } } }
deployments:
  one: { network: { create: { cidr: 10.0.0.0/16 } }, inner: { nat: { existing: { id: y } } } }
`;
  expect(deploymentsOf(text)).toEqual({
    one: {
      template: "base",
      network: { create: { cidr: "10.0.0.0/16" } },
      inner: { size: "big", nat: { existing: { id: "y" } } },
    },
  });
});

test("an empty value of a deployment wins, and a value of another kind too", () => {
  expect(deploymentsOf("defaults: { tags: { a: 1 }, inner: { size: x } }\ndeployments: { one: { tags: , inner: 7 } }\n")).toEqual({
    one: { tags: null, inner: 7 },
  });
});

test.each([
  "defaults: 5\ndeployments: { one: { a: 1 } }\n",
  "defaults: { b: 1 }\ndeployments: [1]\n",
  "defaults: { b: 1 }\n",
  "deployments: { one: 1 }\n",
])("%j stays as it is", (text) => {
  const document = readDocument(text, "f.yaml");
  expect(merged(text).value).toEqual(isReadable(document) && document.value);
});

test("a deployment that is no map stays so", () => {
  expect(deploymentsOf("defaults: { b: 1 }\ndeployments: { one: 1, two: , three: {} }\n")).toEqual({ one: 1, two: null, three: { b: 1 } });
});

describe("places", () => {
  const document = merged(`defaults:
  tags: { Owner: netsec, deep: { x: 1 } }
  spokes: [{ cidr: 1 }]
deployments:
  one:
    tags: { Cost: 7 }
`);

  test.each<[string, Path, string, Path]>([
    ["from the deployment", ["deployments", "one", "tags", "Cost"], "6:19", ["deployments", "one", "tags", "Cost"]],
    ["from defaults", ["deployments", "one", "tags", "Owner"], "2:18", ["defaults", "tags", "Owner"]],
    ["inside of what is from defaults", ["deployments", "one", "tags", "deep", "x"], "2:37", ["defaults", "tags", "deep", "x"]],
    ["merged from both", ["deployments", "one", "tags"], "6:11", ["deployments", "one", "tags"]],
    ["given by neither", ["deployments", "one", "tags", "none"], "6:5", ["deployments", "one", "tags", "none"]],
    ["given by neither, at the top", ["deployments", "one", "none"], "5:3", ["deployments", "one", "none"]],
    ["missing in a map from defaults", ["deployments", "one", "tags", "deep", "y"], "6:5", ["deployments", "one", "tags", "deep", "y"]],
    ["missing in an item from defaults", ["deployments", "one", "spokes", 0, "id"], "3:12", ["defaults", "spokes", 0, "id"]],
  ])("%s", (_, path, position, shown) => {
    const place = document.locate(path);
    expect(`${place.line}:${place.column}`).toBe(position);
    expect(place.path).toEqual(shown);
  });

  test("of keys", () => {
    const { line, column } = document.locate(["deployments", "one", "tags", "Owner"], "key");
    expect([line, column]).toEqual([2, 11]);
  });
});

describe("a key of defaults", () => {
  const problemsOf = (text: string): readonly string[] =>
    merged(text).problems.map(({ file, line, column, path, problem, fix }) =>
      [`${file}:${line}:${column}`, path, problem, fix].join(" | "),
    );

  test("goes to the deployments whose template knows it", () => {
    const text = `defaults: { region: us-west-2, zones: [a], only: 1 }
deployments:
  one: { template: base }
  two: { template: other }
`;
    expect(deploymentsOf(text)).toEqual({
      one: { template: "base", region: "us-west-2", zones: ["a"] },
      two: { template: "other", region: "us-west-2", only: 1 },
    });
    expect(problemsOf(text)).toEqual([]);
  });

  test("that no deployment's template knows is told once, and goes to none", () => {
    const text = `defaults: { region: us-west-2, zone: [a], only: 1 }
deployments:
  one: { template: base }
  two: { template: base }
`;
    expect(deploymentsOf(text)).toEqual({ one: { template: "base", region: "us-west-2" }, two: { template: "base", region: "us-west-2" } });
    expect(problemsOf(text)).toEqual([
      "f.yaml:1:32 | defaults.zone | zone is not known here | did you mean zones?",
      "f.yaml:1:43 | defaults.only | only is not known here | known here: template, network, inner, tags, zones, region",
    ]);
  });

  test("is compared with what all templates of the file know", () => {
    const text = "defaults: { onli: 1, zonse: [a] }\ndeployments: { one: { template: base }, two: { template: other } }\n";
    expect(problemsOf(text)).toEqual([
      "f.yaml:1:13 | defaults.onli | onli is not known here | did you mean only?",
      "f.yaml:1:22 | defaults.zonse | zonse is not known here | did you mean zones?",
    ]);
  });

  test("inside a map is not looked at: a template that has the map judges it", () => {
    const text = "defaults: { inner: { sise: 1 } }\ndeployments: { one: { template: base } }\n";
    expect(deploymentsOf(text)).toEqual({ one: { template: "base", inner: { sise: 1 } } });
    expect(problemsOf(text)).toEqual([]);
  });

  test("is known to a template that takes anything, and judged by what the others know", () => {
    const alone = "defaults: { anything: 1 }\ndeployments: { one: { template: loose } }\n";
    expect(problemsOf(alone)).toEqual([]);
    expect(deploymentsOf(alone)).toEqual({ one: { template: "loose", anything: 1 } });
    expect(problemsOf("defaults: { anything: 1 }\ndeployments: { one: { template: loose }, two: { template: base } }\n")).toHaveLength(1);
  });

  test("may be that of any template where a deployment names none that is there", () => {
    expect(problemsOf("defaults: { only: 1, anything: 1 }\ndeployments: { one: { template: bse }, two: { template: base } }\n")).toEqual([
      "f.yaml:1:22 | defaults.anything | anything is not known here | known here: template, network, inner, tags, zones, region, only",
    ]);
  });
});

test("keys that objects inherit are keys like others", () => {
  const text = "defaults: { tags: { constructor: { a: 1 }, toString: 2 } }\ndeployments: { one: { tags: { constructor: { b: 1 } } } }\n";
  expect(JSON.stringify(deploymentsOf(text))).toBe('{"one":{"tags":{"constructor":{"b":1,"a":1},"toString":2}}}');
  expect(merged("defaults: { toString: 1 }\ndeployments: { one: { template: base } }\n").problems).toHaveLength(1);
  expect(JSON.stringify(merged("defaults: { __proto__: { a: 1 } }\ndeployments: { one: {} }\n").value)).toBe(
    '{"defaults":{},"deployments":{"one":{}}}',
  );
});

test("the mark of a choice is not part of its JSON schema", () => {
  expect(z.toJSONSchema(network)).toEqual({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: {
      create: { type: "object", properties: { cidr: { type: "string" } }, required: ["cidr"], additionalProperties: false },
      existing: { type: "object", properties: { id: { type: "string" } }, required: ["id"], additionalProperties: false },
    },
    additionalProperties: false,
  });
});
