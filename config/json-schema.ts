import { z } from "zod";
import { templates } from "./deployment";

type Json = Readonly<Record<string, unknown>>;

/** The JSON schema of each template's deployments. */
export const deploymentSchemas = (): readonly Json[] =>
  Object.values(templates).map((schema) => z.toJSONSchema(schema, { target: "draft-07", io: "input" }) as Json);

/** What a deployment lacks may stand in `defaults`: whether a key is missing is said when the file is loaded. */
const lenient = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(lenient);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key, value]) => key !== "$schema" && !(key === "required" && Array.isArray(value)));
  return Object.fromEntries(kept.map(([key, value]) => [key, lenient(value)]));
};

const propertiesOf = ({ properties }: Json): Readonly<Record<string, Json>> => properties as Readonly<Record<string, Json>>;

const without = (schema: Json, ...keys: readonly string[]): Json =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)));

const isSame = (one: Json, other: Json | undefined): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What templates say of a setting: its name is the key, or where others say something else of it, that of the first template too. */
interface Definition {
  readonly name: string;
  readonly key: string;
  readonly schema: Json;
}

/** What templates say of each key: once if they agree but for the default value and the description. The default value is left out where they do not. */
const definitionsOf = (deployments: readonly Json[]): readonly Definition[] => {
  const definitions: Definition[] = [];
  for (const deployment of deployments) {
    const { template, ...properties } = propertiesOf(deployment);
    for (const [key, schema] of Object.entries(properties)) {
      const ofKey = definitions.filter((definition) => definition.key === key);
      const bare = without(schema, "default", "description");
      const same = ofKey.find((definition) => isSame(without(definition.schema, "default", "description"), bare));
      if (same === undefined) {
        definitions.push({ name: ofKey.length === 0 ? key : `${key}-of-${String(template?.["const"])}`, key, schema });
      } else if (JSON.stringify(same.schema["default"]) !== JSON.stringify(schema["default"])) {
        definitions[definitions.indexOf(same)] = { ...same, schema: without(same.schema, "default") };
      }
    }
  }
  return definitions;
};

/** The JSON schema of the config file, as text, for editors. Rules that JSON schema cannot say are checked when the file is loaded. */
export function jsonSchema(): string {
  const deployments = deploymentSchemas().map((schema) => lenient(schema) as Json);
  const definitions = definitionsOf(deployments);
  const reference = ({ name }: Definition): Json => ({ $ref: `#/definitions/${name}` });
  const referring = (deployment: Json): Json => ({
    ...deployment,
    properties: Object.fromEntries(
      Object.entries(propertiesOf(deployment)).map(([key, schema]) => {
        const definition = definitions.find((each) => each.key === key && isSame(each.schema, schema));
        return [key, definition ? reference(definition) : schema];
      }),
    ),
    required: ["template"],
  });
  const keys = [...new Set(definitions.map(({ key }) => key))];
  const anyOf = (key: string): Json => {
    const [first = {}, ...others] = definitions.filter((definition) => definition.key === key).map(reference);
    return others.length === 0 ? first : { anyOf: [first, ...others] };
  };
  const file = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "zscaler.yaml",
    type: "object",
    properties: {
      defaults: {
        description: "Settings of all deployments whose template knows them, unless a deployment has its own.",
        type: "object",
        properties: Object.fromEntries(keys.map((key) => [key, anyOf(key)])),
        additionalProperties: false,
      },
      deployments: {
        description: "Deployments by name: the name of the stack and the first word of every AWS name in it.",
        type: "object",
        additionalProperties: { oneOf: deployments.map(referring) },
      },
    },
    required: ["deployments"],
    additionalProperties: false,
    definitions: Object.fromEntries(definitions.map(({ name, schema }) => [name, schema])),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
