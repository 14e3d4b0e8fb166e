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
  }),
  z.strictObject({ template: z.literal("other") }),
]);

const merged = (text: string): Document => {
  const document = readDocument(text, "f.yaml");
  if (!isReadable(document)) throw new Error(JSON.stringify(document.problems));
  return withDefaults(document, deployment);
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

test("keys that objects inherit are keys like others", () => {
  const text = "defaults: { constructor: { a: 1 }, toString: 2 }\ndeployments: { one: { constructor: { b: 1 } } }\n";
  expect(JSON.stringify(deploymentsOf(text))).toBe('{"one":{"constructor":{"b":1,"a":1},"toString":2}}');
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
