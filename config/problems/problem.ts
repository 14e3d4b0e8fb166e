import { excerpt, printable } from "./shown";

/** The keys and list indices that lead from the top of the file to a value. */
export type Path = readonly (string | number)[];

/** One mistake in a file. Line and column count from 1; a column is a UTF-16 unit, as editors count. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The path as it is printed, empty for the file as a whole. */
  readonly path: string;
  readonly problem: string;
  readonly fix: string;
}

/** `deployments.egress.zones[1]`; a key that is no plain word is quoted: `tags["cost center"]`. */
export const formatPath = (path: Path): string =>
  path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[\w-]{1,60}$/.test(step)) return `[${printable(JSON.stringify(excerpt(step)))}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");

/** The problems by position, each once. Those of one place keep their order. */
const inOrder = (problems: readonly Problem[]): readonly Problem[] => {
  const distinct = new Map<string, Problem>();
  for (const each of problems) {
    const identity = [each.file, each.line, each.column, each.problem, each.fix].join("\n");
    if (!distinct.has(identity)) distinct.set(identity, each);
  }
  return [...distinct.values()].sort(
    (one, other) => (one.file < other.file ? -1 : one.file > other.file ? 1 : 0) || one.line - other.line || one.column - other.column,
  );
};

const indented = (text: string): string[] => text.split("\n").map((line) => `    ${printable(line)}`.trimEnd());

/** The list that people read: each problem's place and path, what is wrong, what mends it; last, how many there are. */
export const formatProblems = (problems: readonly Problem[]): string => {
  const listed = inOrder(problems);
  const blocks = listed.map(({ file, line, column, path, problem, fix }) =>
    [`${file}:${line}:${column}  ${path}`.trimEnd(), ...indented(problem), ...indented(fix)].join("\n"),
  );
  return [...blocks, listed.length === 1 ? "1 problem" : `${listed.length} problems`].join("\n\n");
};

/** A file that is not usable. Its message is the whole list; it has no stack, since the mistake is in the file and not in this program. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly problems: readonly Problem[]) {
    super(formatProblems(problems));
    this.stack = this.message;
  }
}
