import { z } from "zod";

import { choices } from "../modules/validation/schema";
import type { Path } from "./problems/problem";

type Schema = z.core.$ZodType;

const isMapLike = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

/** The variants of a union that a value can mean: those of its discriminator if that says something, else all. */
const variants = (union: z.core.$ZodUnionDef, value: unknown): readonly Schema[] => {
  const { discriminator } = union as Partial<z.core.$ZodDiscriminatedUnionDef>;
  if (discriminator === undefined || !isMapLike(value)) return union.options;
  const meant = union.options.filter((option) =>
    option._zod.propValues?.[discriminator]?.has(value[discriminator] as z.core.util.Primitive),
  );
  return meant.length > 0 ? meant : union.options;
};

/** A schema and those inside it that speak of the same value: without what is optional, has a default, is a pipe or a union. Outer ones first. */
export const layers = (schema: Schema, value: unknown): readonly Schema[] => {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const within = (...inner: readonly Schema[]): Schema[] => [schema, ...inner.flatMap((each) => layers(each, value))];
  switch (def.type) {
    case "optional":
    case "nullable":
    case "nonoptional":
    case "default":
    case "prefault":
    case "catch":
    case "readonly":
      return within(def.innerType);
    case "lazy":
      return within(def.getter());
    case "pipe":
      return within(def.in._zod.def.type === "transform" ? def.out : def.in);
    case "intersection":
      return within(def.left, def.right);
    case "union":
      return within(...variants(def, value));
    default:
      return [schema];
  }
};

const below = (schema: Schema, step: string | number): readonly Schema[] => {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object": {
      const own = Object.hasOwn(def.shape, step) ? def.shape[step] : def.catchall;
      return own ? [own] : [];
    }
    case "record":
      return [def.valueType];
    case "array":
      return [def.element];
    case "tuple": {
      const item = def.items[Number(step)] ?? def.rest;
      return item ? [item] : [];
    }
    default:
      return [];
  }
};

/** What a map or list holds under a key or index; undefined if there is none. */
const itemOf = (value: unknown, step: string | number): unknown =>
  isMapLike(value) && Object.hasOwn(value, step) ? value[step] : undefined;

export const valueAt = (value: unknown, path: Path): unknown => path.reduce(itemOf, value);

/** The schemas for what stands under a key or index of a value that is checked by one of `schemas`. */
export const under = (schemas: readonly Schema[], value: unknown, step: string | number): readonly Schema[] =>
  schemas.flatMap((schema) => below(schema, step)).flatMap((schema) => layers(schema, itemOf(value, step)));

/** Every schema for what stands at a path, outer ones first. */
export const schemasAt = (schema: Schema, value: unknown, path: Path): readonly Schema[] => {
  let current = value;
  return path.reduce<readonly Schema[]>(
    (schemas, step) => {
      const next = under(schemas, current, step);
      current = itemOf(current, step);
      return next;
    },
    layers(schema, value),
  );
};

const keysOf = (schema: Schema): readonly string[] => {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "object") return Object.keys(def.shape);
  return def.type === "record" ? [...(def.keyType._zod.values ?? [])].map(String) : [];
};

/** The keys that a map may have, as far as the schemas name them. */
export const knownKeys = (schemas: readonly Schema[]): readonly string[] => [...new Set(schemas.flatMap(keysOf))];

/** Whether a map may have a key, as far as the schemas say. */
export const mayHave = (schemas: readonly Schema[], key: string): boolean =>
  schemas.flatMap((schema) => below(schema, key)).some(({ _zod }) => _zod.def.type !== "never");

/** Whether one of the schemas is of a map that has only keys that it names. */
export const isClosed = (schemas: readonly Schema[]): boolean =>
  schemas.some((schema) => {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    return def.type === "object" && def.catchall?._zod.def.type === "never";
  });

export interface Note {
  readonly description?: string;
  readonly example?: unknown;
}

/** What the metadata of the schemas says to people, the outermost first. */
export const noteOf = (schemas: readonly Schema[]): Note => {
  const metas = schemas.map((schema) => z.globalRegistry.get(schema));
  const description = metas.find((meta) => meta?.description !== undefined)?.description;
  const example: unknown = metas
    .map((meta) => (Array.isArray(meta?.examples) ? (meta.examples as unknown[])[0] : undefined))
    .find((first) => first !== undefined);
  return { ...(description === undefined ? {} : { description }), ...(example === undefined ? {} : { example }) };
};

/** Whether one of several named variants stands here, which is taken or left as a whole. */
export const isChoice = (schemas: readonly Schema[]): boolean => schemas.some((schema) => choices.get(schema) !== undefined);
