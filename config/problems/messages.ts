import { z } from "zod";

import type { Finding } from "../../modules/validation/schema";
import type { Path } from "./problem";
import { knownKeys, noteOf, schemasAt, valueAt } from "../shape";
import { shown } from "./shown";
import { badFormat, nounFor, notAmong, notMultiple, outOfBounds, ownWords, refused, unknownKey, wrongType } from "./wording";
import type { Subject } from "./wording";

type Issue = z.core.$ZodIssue;

/** What an issue's message is when its schema has no words for it: the error map to give to zod is `() => unworded`. */
export const unworded = "no words of its own";

/** What is wrong at a path, and whether the value or its key is meant. */
export interface Explanation extends Finding {
  readonly path: Path;
  readonly part: "key" | "value";
}

/** Data, the schema that judged it, and how numbers are written in the file. */
export interface Judged {
  readonly schema: z.core.$ZodType;
  readonly value: unknown;
  readonly written: (path: Path) => string | undefined;
}

const subjectAt = ({ schema, value: root, written }: Judged, path: Path): Subject => {
  const value = valueAt(root, path);
  const schemas = schemasAt(schema, root, path);
  return { path, value, given: shown(written(path) ?? value), note: noteOf(schemas), keys: knownKeys(schemas) };
};

const typeCodes: readonly Issue["code"][] = ["invalid_type", "invalid_value", "invalid_union"];

/** The finding of an issue that is about one value as a whole. */
const findingOf = (issue: Issue, subject: Subject): Finding => {
  const isMissing = subject.value === undefined && typeCodes.includes(issue.code);
  if (issue.message !== unworded && !isMissing) return ownWords(issue.message, subject);
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, subject);
    case "invalid_value":
      return notAmong(issue.values, [], subject);
    case "invalid_union":
      return noVariant(issue, subject);
    case "too_small":
    case "too_big":
      return outOfBounds(issue, subject);
    case "not_multiple_of":
      return notMultiple(issue, subject);
    case "invalid_format":
      return badFormat(issue, subject);
    default:
      return refused(subject);
  }
};

type UnionIssue = Extract<Issue, { code: "invalid_union" }>;

const isAboutWhole = ({ code, path }: Issue): boolean => path.length === 0 && (code === "invalid_type" || code === "invalid_value");

/** The value is of none of the kinds that the variants want: all of these at once. */
const noVariant = (issue: UnionIssue, subject: Subject): Finding => {
  const whole = issue.errors.flat().filter(isAboutWhole);
  const options =
    ("options" in issue ? issue.options : undefined) ?? whole.flatMap((each) => (each.code === "invalid_value" ? each.values : []));
  const kinds = whole.flatMap((each) => (each.code === "invalid_type" ? [nounFor(each.expected, subject.keys)] : []));
  if (options.length + kinds.length === 0) return refused(subject);
  return notAmong([...new Set(options)], [...new Set(kinds)], subject);
};

/** The issues of the variant that was probably meant: it takes a value of this kind, and has the fewest objections. */
const meantVariant = (issue: UnionIssue): readonly Issue[] | undefined =>
  issue.errors.filter((issues) => !issues.some(isAboutWhole)).sort((one, other) => one.length - other.length)[0];

/** A record does not check what stands under a key that it refuses. */
const explainSkipped = (judged: Judged, path: Path): readonly Explanation[] => {
  const [schema] = schemasAt(judged.schema, judged.value, path);
  const issues = schema ? z.safeParse(schema, valueAt(judged.value, path), { error: () => unworded }).error?.issues : [];
  return (issues ?? []).flatMap((issue) => explain(issue, judged, path));
};

/** What an issue of zod, and those inside it, say to people. Its path starts at `base`. */
export const explain = (issue: Issue, judged: Judged, base: Path = []): readonly Explanation[] => {
  const path: Path = [...base, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))];
  const subject = subjectAt(judged, path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], part: "key", ...unknownKey(key, subject.keys) }));
  }
  if (issue.code === "invalid_key") {
    const key = String(path.at(-1));
    const asSubject: Subject = { path, value: key, given: shown(key), note: {}, keys: [] };
    const aboutKey = issue.issues.map((inner): Explanation => ({ path, part: "key", ...findingOf(inner, asSubject) }));
    return [...aboutKey, ...explainSkipped(judged, path)];
  }
  if (issue.code === "invalid_element") return issue.issues.flatMap((inner) => explain(inner, judged, path));
  const variant =
    issue.code === "invalid_union" && issue.message === unworded && subject.value !== undefined ? meantVariant(issue) : undefined;
  return variant?.flatMap((inner) => explain(inner, judged, path)) ?? [{ path, part: "value", ...findingOf(issue, subject) }];
};
