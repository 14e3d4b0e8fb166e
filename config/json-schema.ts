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

const withoutDefault = (schema: Json): Json => Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "default"));

/** What templates say of each key: once if they agree, and without a default value if that is all in which they differ. */
const sharedProperties = (deployments: readonly Json[]): Readonly<Record<string, Json>> => {
  const shared = new Map<string, Json>();
  for (const [key, schema] of deployments.flatMap((deployment) => Object.entries(propertiesOf(deployment)))) {
    const other = shared.get(key) ?? schema;
    shared.set(key, JSON.stringify(other) === JSON.stringify(schema) ? schema : withoutDefault(schema));
  }
  shared.delete("template");
  return Object.fromEntries(shared);
};

/** The JSON schema of the config file, as text, for editors. Rules that JSON schema cannot say are checked when the file is loaded. */
export function jsonSchema(): string {
  const deployments = deploymentSchemas().map((schema) => lenient(schema) as Json);
  const definitions = sharedProperties(deployments);
  const reference = (key: string): Json => ({ $ref: `#/definitions/${key}` });
  const referring = (deployment: Json): Json => ({
    ...deployment,
    properties: Object.fromEntries(
      Object.entries(propertiesOf(deployment)).map(([key, schema]) => [
        key,
        JSON.stringify(definitions[key]) === JSON.stringify(schema) ? reference(key) : schema,
      ]),
    ),
    required: ["template"],
  });
  const file = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "zscaler.yaml",
    type: "object",
    properties: {
      defaults: {
        description: "Settings of all deployments whose template knows them, unless a deployment has its own.",
        type: "object",
        properties: Object.fromEntries(Object.keys(definitions).map((key) => [key, reference(key)])),
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
    definitions,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
