import { deploymentSchemas } from "../config/json-schema";

interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | false;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
}

const takes = ({ type, const: only, enum: choices, items, anyOf }: JsonSchema): string => {
  if (typeof only === "string") return only;
  if (anyOf) return anyOf.map(takes).join(" or ");
  if (choices) return choices.length > 12 ? `${String(choices[0])} to ${String(choices.at(-1))}` : choices.map(String).join(", ");
  if (type === "array") return items ? `list of ${takes(items)}` : "list";
  return { string: "text", integer: "number", boolean: "true, false", object: "map" }[type ?? ""] ?? String(type);
};

const byDefault = (value: unknown, required: boolean): string => {
  if (value === undefined) return required ? "required" : "";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
};

const rowsOf = (path: string, schema: JsonSchema, required: boolean): readonly string[] => {
  const inner = [
    ...Object.entries(schema.properties ?? {}).map(
      ([key, value]) => [`${path}.${key}`, value, schema.required?.includes(key) === true] as const,
    ),
    ...(typeof schema.additionalProperties === "object" ? [[`${path}.<name>`, schema.additionalProperties, false] as const] : []),
  ].flatMap((option) => rowsOf(...option));
  const description = (schema.description ?? "").replaceAll("|", "\\|");
  const own = description === "" ? [] : [`| \`${path}\` | ${takes(schema)} | ${byDefault(schema.default, required)} | ${description} |`];
  return [...own, ...inner];
};

const optionsOf = (template: string): JsonSchema => {
  const schema = deploymentSchemas().find(({ properties }) => (properties as Record<string, JsonSchema>).template?.const === template);
  if (!schema) throw new Error(`there is no template ${template}`);
  return schema;
};

/**
 * Every option of a template as a Markdown table, from the schema.
 *
 * @param besides templates whose options are left out
 */
export function optionTable(template: string, besides: readonly string[] = []): string {
  const { properties = {}, required = [] } = optionsOf(template);
  const elsewhere = besides.flatMap((other) => Object.keys(optionsOf(other).properties ?? {}));
  const rows = Object.entries(properties)
    .filter(([key]) => key !== "template" && !elsewhere.includes(key))
    .flatMap(([key, value]) => rowsOf(key, value, required.includes(key)));
  return ["| Option | Takes | Default | What it does |", "| --- | --- | --- | --- |", ...rows].join("\n");
}
