import { isMap, isScalar, isSeq, parseDocument } from "yaml";

import { findOddCharacters, withPlainSpaces } from "./characters";
import type { Spot } from "./characters";
import { linesOf } from "./lines";
import { plainData } from "./plain";
import type { Path, Problem } from "../problems/problem";
import { formatPath } from "../problems/problem";
import { syntaxProblems } from "./syntax";

/** A hundred deployments have a tenth of this; for as much as this YAML takes seconds. */
const mostCharacters = 1_000_000;

export type PlainMap = Readonly<Record<string, unknown>>;

export const isPlainMap = (value: unknown): value is PlainMap => typeof value === "object" && value !== null && !Array.isArray(value);

/** Where a value stands, and the path by which people find it there. */
interface Place {
  readonly line: number;
  readonly column: number;
  readonly path: Path;
  /** A number, boolean or null as it is written: `012` for 12. */
  readonly written: string | undefined;
}

/** What a file says, as plain data. */
export interface Document {
  readonly value: PlainMap;
  /**
   * The place of the value, or of its key, at a path. For an empty value it is the key; for a path that leads nowhere it is the key of the
   * closest parent that exists.
   */
  readonly locate: (path: Path, part?: "key" | "value") => Place;
  /** Mistakes that did not keep the rest from being read: the value is as they were probably meant, and is fit for finding more of them only. */
  readonly problems: readonly Problem[];
}

/** A file that says nothing usable. */
export interface Unreadable {
  readonly problems: readonly Problem[];
}

export const isReadable = (reading: Document | Unreadable): reading is Document => "value" in reading;

const onlyMaps = "a configuration is a map that starts with deployments: and has one entry for each";

/**
 * Reads YAML 1.2 (core schema) with more care than YAML asks for: one document, a map at the top, keys that are text and stand once, no
 * merge keys, no tags, no look-alike or invisible characters. Never throws. At most 1,000,000 characters, 50,000 values with aliases written
 * out, and 64 levels.
 *
 * @param file the name to print in problems
 */
export const readDocument = (original: string, file: string): Document | Unreadable => {
  const text = original.replace(/^\uFEFF/, "");
  const lines = linesOf(text);
  const toProblem = (path: Path, { offset, problem, fix }: Spot): Problem => ({
    file,
    ...lines.at(offset),
    path: formatPath(path),
    problem,
    fix,
  });
  const unreadable = (spots: readonly Spot[]): Unreadable => ({ problems: spots.map((spot) => toProblem([], spot)) });

  if (text.length > mostCharacters) {
    const problem = `the file has ${text.length} characters`;
    return unreadable([{ offset: 0, problem, fix: `a configuration has at most ${mostCharacters}: split it into several files` }]);
  }
  const oddCharacters = findOddCharacters(text);
  const readable = withPlainSpaces(text);
  const yaml = parseDocument(readable, { schema: "core", uniqueKeys: false, resolveKnownTags: false, prettyErrors: false });
  if (yaml.errors.length > 0) {
    const oddLines = new Set(oddCharacters.map(({ offset }) => lines.at(offset).line));
    const explained = ({ offset }: Spot): boolean => {
      const { line } = lines.at(offset);
      return oddLines.has(line) || oddLines.has(line - 1);
    };
    return unreadable([...oddCharacters, ...syntaxProblems(yaml, readable, lines).filter((spot) => !explained(spot))]);
  }
  const { contents } = yaml;
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    const problem =
      text.trim() === "" ? "the file is empty" : /^\s*[^\s#]/m.test(text) ? "the file holds no value" : "the file holds only comments";
    return unreadable([...oddCharacters, { offset: 0, problem, fix: onlyMaps }]);
  }
  if (!isMap(contents)) {
    const problem = `the file is ${isSeq(contents) ? "a list" : "one text"}`;
    return unreadable([...oddCharacters, { offset: contents.range[0], problem, fix: onlyMaps }]);
  }

  const problems = oddCharacters.map((spot) => toProblem([], spot));
  const written = oddCharacters.length > 0 ? text : undefined;
  const { value, isPartial, find } = plainData(contents, written, lines, (path, spot) => problems.push(toProblem(path, spot)));
  if (isPartial || !isPlainMap(value)) return { problems };
  return {
    value,
    problems,
    locate: (path, part = "value") => {
      const { keyOffset, valueOffset = keyOffset, written } = find(path);
      return { ...lines.at(part === "key" ? keyOffset : valueOffset), path, written };
    },
  };
};
