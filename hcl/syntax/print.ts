import { heredoc } from "./heredoc";
import { quoted } from "./quoted";
import { type Argument, type Block, type Body, type Expression } from "./tree";

const longestLine = 100;

const characters = (text: string): number => (/^[ -~]*$/.test(text) ? text.length : Array.from(new Intl.Segmenter().segment(text)).length);

/** The columns that a text takes as `terraform fmt` counts them: an accent at the start of a string does not join the quote. */
const columns = (text: string): number => text.split(/(^"|"$)/).reduce((sum, piece) => sum + characters(piece), 0);

interface Assignment {
  readonly name: string;
  readonly value: string;
}

/** Lines `name = value`. Values of one line have their equals signs below each other, and so has a heredoc. */
function assignmentLines(assignments: readonly Assignment[], indentation: string): string[] {
  const isAligned = ({ value }: Assignment): boolean => !value.includes("\n") || value.startsWith("<<");
  const lines: string[] = [];
  for (let start = 0, end; start < assignments.length; start = end) {
    end = start + 1;
    if (assignments.slice(start, end).every(isAligned)) {
      while (assignments.slice(end, end + 1).some(isAligned)) end++;
    }
    const run = assignments.slice(start, end);
    const width = Math.max(...run.map(({ name }) => columns(name)));
    lines.push(...run.map(({ name, value }) => `${indentation}${name}${" ".repeat(width - columns(name))} = ${value}`));
  }
  return lines;
}

/** An expression whose first line begins at a column; the further ones keep the indentation of that line. */
function expressionLines(expression: Expression, indentation: string, column: number): string {
  const inner = `${indentation}  `;
  switch (expression.kind) {
    case "plain":
      return expression.text;
    case "template":
      return quoted(expression.parts);
    case "call":
      return `${expression.name}(${expressionLines(expression.argument, indentation, column + expression.name.length + 1)})`;
    case "list": {
      if (expression.items.length === 0) return "[]";
      const items = expression.items.map((item) => expressionLines(item, inner, inner.length));
      const line = `[${items.join(", ")}]`;
      if (!line.includes("\n") && column + columns(line) <= longestLine) return line;
      return ["[", ...items.map((item) => `${inner}${item},`), `${indentation}]`].join("\n");
    }
    case "object": {
      if (expression.entries.length === 0) return "{}";
      const entries = expression.entries.map(({ key, value }) => ({ name: key, value: valueLines(key, value, inner) }));
      return ["{", ...assignmentLines(entries, inner), `${indentation}}`].join("\n");
    }
  }
}

const valueLines = (name: string, value: Expression, indentation: string): string =>
  expressionLines(value, indentation, indentation.length + columns(name) + " = ".length);

const argumentLines = ({ name, value }: Argument, indentation: string): Assignment => ({
  name,
  value: (value.kind === "template" ? heredoc(value.parts, indentation) : undefined) ?? valueLines(name, value, indentation),
});

/** A comment, with a new line where one would be longer than a line of code. */
function commentLines(comment: string): string[] {
  return comment.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    for (const word of paragraph.split(" ")) {
      const last = lines.at(-1);
      if (last !== undefined && columns(`${last} ${word}`) <= longestLine) lines.push(`${lines.pop() ?? ""} ${word}`);
      else lines.push(`# ${word}`);
    }
    return lines.map((line) => line.trimEnd());
  });
}

function blockLines({ type, labels, body, comment }: Block, indentation: string): string[] {
  const head = [type, ...labels.map((label) => quoted([label]))].join(" ");
  const lines = bodyLines(body, `${indentation}  `);
  const block = lines.length === 0 ? [`${indentation}${head} {}`] : [`${indentation}${head} {`, ...lines, `${indentation}}`];
  return [...(comment === undefined ? [] : commentLines(comment).map((line) => indentation + line)), ...block];
}

function bodyLines(body: Body, indentation: string): string[] {
  const chunks = body.flatMap((group) => {
    const parts: string[][] = [];
    let assignments: Assignment[] = [];
    for (const item of group) {
      if (item.kind === "argument") {
        assignments.push(argumentLines(item, indentation));
        continue;
      }
      parts.push(assignmentLines(assignments, indentation), blockLines(item, indentation));
      assignments = [];
    }
    return [...parts, assignmentLines(assignments, indentation)].filter((lines) => lines.length > 0);
  });
  return chunks.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

/** A file of blocks, as `terraform fmt` leaves it. */
export const fileText = (blocks: readonly Block[]): string => blocks.map((block) => `${blockLines(block, "").join("\n")}\n`).join("\n");
