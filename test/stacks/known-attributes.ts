import { type ProviderSchema } from "./provider-schema";
import { type Block, type SynthesizedStack, type Value } from "./synthesize";

// Of Terraform itself, in every resource and data source.
const metaArguments = ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

const isBlock = (value: Value | undefined): value is Block => typeof value === "object" && value !== null && !Array.isArray(value);

const unknownIn = (schema: ProviderSchema, path: string, block: Block, skipped: readonly string[]): readonly string[] => {
  const known = schema.get(path);
  if (!known) return [`${path} is not in the schema`];
  return Object.entries(block).flatMap(([name, value]) => {
    if (skipped.includes(name) || known.settable.includes(name)) return [];
    if (!schema.has(`${path}.${name}`)) return [`${path} has no ${name}`];
    return [value].flat().flatMap((inner) => (isBlock(inner) ? unknownIn(schema, `${path}.${name}`, inner, []) : []));
  });
};

const strings = (value: Value): readonly string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
};

const unknownReferences = (schema: ProviderSchema, stack: SynthesizedStack): readonly string[] =>
  [...Object.values(stack.elements), stack.outputs].flatMap(strings).flatMap((text) =>
    [...text.matchAll(/\$\{[^}]*\}/g)].flatMap(([expression]) =>
      [...expression.matchAll(/((?:data\.)?aws_\w+)\.([\w-]+)\.(\w+)/g)].flatMap(([read, type = "", id = "", attribute = ""]) => {
        if (!stack.elements[`${type}.${id}`]) return [`${read}: no ${type}.${id}`];
        const known = schema.get(type);
        const readable = known && [...known.settable, ...known.computed].includes(attribute);
        return readable || schema.has(`${type}.${attribute}`) ? [] : [`${read}: ${type} has no ${attribute}`];
      }),
    ),
  );

const unknownIgnored = (schema: ProviderSchema, type: string, { lifecycle }: Block): readonly string[] => {
  const ignored = isBlock(lifecycle) ? [lifecycle["ignore_changes"] ?? []].flat() : [];
  return ignored
    .map(String)
    .filter((name) => !schema.get(type)?.settable.includes(name) && !schema.has(`${type}.${name}`))
    .map((name) => `${type} has no ${name} to ignore`);
};

/** What a stack sets, ignores or reads that a provider does not know, each once. */
export function unknownAttributes(schema: ProviderSchema, stack: SynthesizedStack): readonly string[] {
  const providers = Object.values(stack.file.provider ?? {}).flat();
  const found = [
    ...providers.flatMap((provider) => unknownIn(schema, "provider", provider, [])),
    ...Object.entries(stack.elements).flatMap(([address, block]) => {
      // Terraform's own.
      if (address.startsWith("terraform_data.")) return [];
      const type = address.replace(/\.[^.]+$/, "");
      return [...unknownIn(schema, type, block, metaArguments), ...unknownIgnored(schema, type, block)];
    }),
    ...unknownReferences(schema, stack),
  ];
  return [...new Set(found)].sort();
}
