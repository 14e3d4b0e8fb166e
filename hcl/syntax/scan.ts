import { sequenceText, wordsText } from "./spacing";
import { type Part, type Sequence, type Word } from "./template";

interface Scanned<Item> {
  readonly found: readonly Item[];
  /** Where the closing brace or quote stands, or the end of the text. */
  readonly end: number;
}

const space = /[ \t\r]+|(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\//y;
const patterns = [
  ["identifier", /[\p{ID_Start}_][\p{ID_Continue}-]*/uy],
  ["number", /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ["operator", /==|!=|<=|>=|&&|\|\||=>|\.\.\.|::|[-+*/%<>!?:=.,~]/y],
  ["open", /[([{]/y],
  ["close", /[)\]}]/y],
] as const;

const matched = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
};

const closing = { "(": ")", "[": "]", "{": "}", "{for": "}" } as const;

/**
 * Reads an expression up to the brace that closes it from outside, or to the end of the text.
 *
 * Newlines mean nothing in an expression but between the entries of an object, where they become commas. Comments are left out.
 */
function scanExpression(text: string, start: number): Scanned<Word> {
  const words: Word[] = [];
  const brackets: ("(" | "[" | "{" | "{for")[] = [];
  let ended = false;
  const add = (word: Word): void => {
    const last = words.at(-1)?.text;
    if (ended && last !== "{" && last !== "," && word.text !== "}" && word.text !== ",") words.push({ kind: "operator", text: "," });
    if (word.text === "for" && last === "{") brackets.splice(-1, 1, "{for");
    ended = false;
    words.push(word);
  };
  let at = start;
  while (at < text.length) {
    if (text[at] === "\n") {
      ended ||= brackets.at(-1) === "{";
      at++;
      continue;
    }
    const skipped = matched(space, text, at);
    if (skipped !== undefined) {
      at += skipped.length;
      continue;
    }
    if (text[at] === '"') {
      const { found, end } = scanTemplate(text, at + 1, "quoted");
      if (end >= text.length) throw new Error("a string within an expression does not end");
      add({ kind: "string", text: `"${found.map((part) => (typeof part === "string" ? part : sequenceText(part))).join("")}"` });
      at = end + 1;
      continue;
    }
    const word = wordAt(text, at);
    if (word.kind === "close" && brackets.length === 0) {
      if (word.text === "}") return { found: words, end: at };
      throw new Error(`${word.text} closes nothing`);
    }
    add(word);
    if (word.kind === "open") brackets.push(word.text as "(" | "[" | "{");
    if (word.kind === "close" && closing[brackets.pop() ?? "("] !== word.text) throw new Error(`${word.text} closes another bracket`);
    at += word.text.length;
  }
  if (brackets.length > 0) throw new Error("a bracket within an expression is not closed");
  return { found: words, end: at };
}

function wordAt(text: string, at: number): Word {
  for (const [kind, pattern] of patterns) {
    const word = matched(pattern, text, at);
    // `<<` begins a heredoc, which is no word of a line.
    if (word !== undefined && !text.startsWith("<<", at)) return { kind, text: word };
  }
  throw new Error(`cannot read an expression from ${JSON.stringify(text.slice(at, at + 20))} on`);
}

/** Literal text up to a sequence, with the escapes `$${` and `%%{`; between quotes, up to the quote as well. */
const literals = {
  bare: /(?:[^$%]+|\$\$\{|%%\{|[$%](?!\{))+/y,
  quoted: /(?:[^$%"\\]+|\\[^]|\$\$\{|%%\{|[$%](?!\{))+/y,
} as const;

function scanTemplate(text: string, start: number, form: keyof typeof literals): Scanned<Part> {
  const parts: Part[] = [];
  let at = start;
  while (at < text.length) {
    const literal = matched(literals[form], text, at);
    if (literal !== undefined) {
      parts.push(literal);
      at += literal.length;
    } else if (text[at] === "$" || text[at] === "%") {
      const { sequence, end } = scanSequence(text, at);
      parts.push(sequence);
      at = end;
    } else {
      break;
    }
  }
  return { found: parts, end: at };
}

function scanSequence(text: string, start: number): { readonly sequence: Sequence; readonly end: number } {
  const left = text[start + 2] === "~";
  const { found, end } = scanExpression(text, start + (left ? 3 : 2));
  if (end >= text.length) throw new Error(`${text.slice(start, start + 2)} is not closed by a }`);
  const right = found.at(-1)?.text === "~";
  const words = right ? found.slice(0, -1) : found;
  if (words.length === 0) throw new Error(`${text.slice(start, end + 1)} holds no expression`);
  return { sequence: { opening: text.startsWith("$", start) ? "${" : "%{", words, trims: { left, right } }, end: end + 1 };
}

/** The parts of a template as it stands in Terraform's JSON. Throws where a sequence does not end, or is no expression. */
export const templateParts = (text: string): readonly Part[] => scanTemplate(text, 0, "bare").found;

/** An expression that stands by itself, in Terraform's form. Throws where it is none. */
export function expressionText(text: string): string {
  const { found, end } = scanExpression(text, 0);
  if (end < text.length) throw new Error("} closes nothing");
  if (found.length === 0) throw new Error("there is no expression");
  return wordsText(found);
}
