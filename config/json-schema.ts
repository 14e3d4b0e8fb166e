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

/** The JSON schema of the config file, as text, for editors. Rules that JSON schema cannot say are checked when the file is loaded. */
export function jsonSchema(): string {
  const deployments = deploymentSchemas().map((schema) => ({ ...(lenient(schema) as Json), required: ["template"] }));
  const defaults = Object.assign({}, ...deployments.map(({ properties }: Json) => properties as Json)) as Json;
  const file = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "zscaler.yaml",
    type: "object",
    properties: {
      defaults: {
        description: "Settings of all deployments, unless a deployment has its own.",
        type: "object",
        properties: Object.fromEntries(Object.entries(defaults).filter(([key]) => key !== "template")),
        additionalProperties: false,
      },
      deployments: {
        description: "Deployments by name: the name of the stack and the first word of every AWS name in it.",
        type: "object",
        additionalProperties: deployments.length === 1 ? deployments[0] : { oneOf: deployments },
      },
    },
    required: ["deployments"],
    additionalProperties: false,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
