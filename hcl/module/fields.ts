import { z } from "zod";
import { layers, noteOf } from "../../config/shape";
import { parseRange } from "../../modules/addressing";
import { type Leaf } from "../../modules/validation/schema";

type Schema = z.core.$ZodType;

const leaves = z.registry<{ readonly isLeaf: true }>();

/** The leaf of a module: each value that it wraps can be a Terraform variable. */
export const variableLeaf: Leaf = (schema) => {
  leaves.add(schema, { isLeaf: true });
  return schema;
};

const isLeaf = (schema: Schema): boolean => leaves.get(schema) !== undefined;

/** A setting that can be a Terraform variable, or several of one kind that are one together. */
export interface Field {
  /** Where it stands in a deployment. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** Whether the value is one, or which ones are: the keys of a map, or as many as a list has. */
  readonly holds: "one" | { readonly keys: readonly string[] } | { readonly count: number };
  /** The schema of one value. */
  readonly leaf: Schema;
  readonly description: string;
}

/** The address family of a range. The attributes of security group rules and routes differ by it, so that it belongs to what was generated. */
export function familyOf(value: unknown): 4 | 6 | undefined {
  const parsed = typeof value === "string" ? parseRange(value) : undefined;
  return parsed && "range" in parsed ? parsed.range.family : undefined;
}

const isIpv6 = (value: unknown): boolean => familyOf(value) === 6;

/** The settings of a deployment that can be variables, in the order of its schema. */
export function fieldsOf(schema: Schema, value: unknown, path: readonly string[] = [], outer: readonly Schema[] = []): readonly Field[] {
  if (value === undefined || isIpv6(value)) return [];
  const all = layers(schema, value);
  const description = noteOf([...outer, ...all]).description ?? "";
  const leaf = all.find(isLeaf);
  if (leaf) return [{ path, value, holds: "one", leaf, description }];
  return all.flatMap((layer) => within(layer, value, path, description));
}

function within(schema: Schema, value: unknown, path: readonly string[], description: string): readonly Field[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object":
      return Object.entries(def.shape).flatMap(([key, inner]) => fieldsOf(inner, (value as Record<string, unknown>)[key], [...path, key]));
    case "record": {
      const entries = Object.entries(value as Record<string, unknown>);
      const leaf = layers(def.valueType, undefined).find(isLeaf);
      if (!leaf) return entries.flatMap(([key, item]) => fieldsOf(def.valueType, item, [...path, key]));
      const variable = entries.filter(([, item]) => !isIpv6(item));
      if (variable.length === 0) return [];
      return [{ path, value: Object.fromEntries(variable), holds: { keys: variable.map(([key]) => key) }, leaf, description }];
    }
    case "array": {
      const items = value as readonly unknown[];
      const leaf = layers(def.element, undefined).find(isLeaf);
      return leaf && items.length > 0 ? [{ path, value: items, holds: { count: items.length }, leaf, description }] : [];
    }
    default:
      return [];
  }
}
