import { jsonSchema } from "../../config/json-schema";

interface Schema {
  readonly $ref?: string;
  readonly default?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const { properties = {}, definitions = {} } = JSON.parse(jsonSchema()) as Schema;
const defaults = properties["defaults"]?.properties ?? {};
const deployments = properties["deployments"]?.additionalProperties?.oneOf ?? [];
const named = (ref: string | undefined) => definitions[ref?.replace("#/definitions/", "") ?? ""];

test("each definition that is named is there, and each that is there is named", () => {
  const named = new Set([...jsonSchema().matchAll(/"#\/definitions\/([^"]+)"/g)].map(([, name]) => name));
  expect([...named].sort()).toEqual(Object.keys(definitions).sort());
});

test("defaults take what any template takes", () => {
  const keys = deployments.flatMap((deployment) => Object.keys(deployment.properties ?? {}));
  expect(Object.keys(defaults).sort()).toEqual([...new Set(keys)].filter((key) => key !== "template").sort());
  const [ofConnectors, ofFleet] = (defaults["connectors"]?.anyOf ?? []).map(({ $ref }) => named($ref)?.properties ?? {});
  expect(ofConnectors).toHaveProperty("perZone");
  expect(ofFleet).toHaveProperty("servedBy");
  expect(ofFleet).not.toHaveProperty("perZone");
});

test("a default value that is not that of all templates is none of defaults", () => {
  expect(named(defaults["zones"]?.$ref)).not.toHaveProperty("default");
  expect(named(defaults["nat"]?.$ref)).toHaveProperty("default");
});
