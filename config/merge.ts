import type { z } from "zod";

import { isPlainMap } from "./yaml/document";
import type { Document, PlainMap } from "./yaml/document";
import { formatPath } from "./problems/problem";
import type { Path, Problem } from "./problems/problem";
import { unknownKey } from "./problems/wording";
import { isChoice, isClosed, knownKeys, layers, mayHave, under, valueAt } from "./shape";

type Schemas = readonly z.core.$ZodType[];

/**
 * The document with what stands under `defaults:` put under each deployment whose template knows it. What none of them knows is a mistake and is
 * left out. Maps are merged key by key and the deployment's own keys come first; anything else that a deployment gives replaces the default,
 * lists and choices (`oneOf`) as a whole. A place in what came from `defaults:` is a place there; what is given nowhere is missing in the
 * deployment.
 *
 * @param deployment the schema of one deployment, which knows the templates and the choices
 * @param file the name to print in problems
 */
export const withDefaults = (document: Document, deployment: z.core.$ZodType, file: string): Document => {
  const { defaults, deployments } = document.value;
  if (!isPlainMap(defaults) || !isPlainMap(deployments)) return document;
  const schemasOf = new Map(
    Object.entries(deployments).flatMap(([name, own]) => (isPlainMap(own) ? [[name, layers(deployment, { ...defaults, ...own })]] : [])),
  );
  if (schemasOf.size === 0) return document;

  const inherited = new Set<string>();
  const merge = (own: PlainMap, base: PlainMap, schemas: Schemas, path: Path): PlainMap => {
    const merged = new Map(Object.entries(own));
    for (const [key, value] of Object.entries(base)) {
      const given = merged.get(key);
      const there = [...path, key];
      if (!merged.has(key)) {
        merged.set(key, value);
        inherited.add(JSON.stringify(there));
      } else if (isPlainMap(given) && isPlainMap(value)) {
        const inner = under(schemas, own, key);
        if (!isChoice(inner)) merged.set(key, merge(given, value, inner, there));
      }
    }
    return Object.fromEntries(merged);
  };

  const knownBy = (schemas: Schemas): PlainMap => Object.fromEntries(Object.entries(defaults).filter(([key]) => mayHave(schemas, key)));
  const merged = Object.entries(deployments).map(([name, own]) => {
    const schemas = schemasOf.get(name);
    return [name, schemas && isPlainMap(own) ? merge(own, knownBy(schemas), schemas, ["deployments", name]) : own];
  });
  const value: PlainMap = { ...document.value, deployments: Object.fromEntries(merged) };

  /** The path in `defaults:` of what a deployment has from there. */
  const origin = (path: Path): Path | undefined => {
    const length = path.findIndex((_, index) => inherited.has(JSON.stringify(path.slice(0, index + 1)))) + 1;
    if (length === 0) return undefined;
    const isThere = valueAt(value, path) !== undefined || path.slice(length).some((step) => typeof step === "number");
    return isThere ? ["defaults", ...path.slice(2)] : undefined;
  };
  const all = [...schemasOf.values()].flat();
  const unknown = Object.keys(isClosed(all) ? defaults : {})
    .filter((key) => !knownKeys(all).includes(key))
    .map((key): Problem => {
      const { line, column } = document.locate(["defaults", key], "key");
      return { file, line, column, path: formatPath(["defaults", key]), ...unknownKey(key, knownKeys(all)) };
    });
  return { value, problems: [...document.problems, ...unknown], locate: (path, part) => document.locate(origin(path) ?? path, part) };
};
