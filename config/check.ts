import type { z } from "zod";

import type { Document } from "./yaml/document";
import { explain, unworded } from "./problems/messages";
import { formatPath } from "./problems/problem";
import type { Path, Problem } from "./problems/problem";

export type Checked<Data> = { readonly data: Data } | { readonly problems: readonly Problem[] };

const placeOf = ({ line, column }: Problem): string => `${line}:${column}`;

/**
 * The data of a document as its schema makes it, or everything that is wrong with it: what was found while reading, and what the schema
 * finds in the rest. At a place where reading found something, the schema has no say.
 *
 * @param file the name to print in problems
 */
export const check = <Schema extends z.ZodType>(schema: Schema, document: Document, file: string): Checked<z.output<Schema>> => {
  const result = schema.safeParse(document.value, { error: () => unworded });
  if (result.success && document.problems.length === 0) return { data: result.data };

  const known = new Set(document.problems.map(placeOf));
  const judged = { schema, value: document.value, written: (path: Path) => document.locate(path).written };
  const found = (result.error?.issues ?? [])
    .flatMap((issue) => explain(issue, judged))
    .map(({ path, part, problem, fix }): Problem => {
      const place = document.locate(path, part);
      return { file, line: place.line, column: place.column, path: formatPath(place.path), problem, fix };
    });
  return { problems: [...document.problems, ...found.filter((problem) => !known.has(placeOf(problem)))] };
};
