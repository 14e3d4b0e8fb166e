import { sequenceText } from "./spacing";
import { type Part } from "./template";

const named: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** What a reader would not see: control characters, line separators, and marks that reorder the text around them. */
const unseen = "\\p{Cc}\\p{Cf}\\u2028\\u2029";

const escaped = new RegExp(`["\\\\${unseen}]`, "gu");
const unseenInLines = new RegExp(`(?![\\n\\t])[${unseen}]`, "u");

const escape = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return named[character] ?? (code > 0xffff ? `\\U${hexadecimal(code, 8)}` : `\\u${hexadecimal(code, 4)}`);
};

const hexadecimal = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");

/** True for a text that has characters which are only safe to read as an escape. A newline and a tab are not among them. */
export const needsEscapes = (text: string): boolean => unseenInLines.test(text);

/** A template between quotes, on one line. */
export const quoted = (parts: readonly Part[]): string =>
  `"${parts.map((part) => (typeof part === "string" ? part.replace(escaped, escape) : sequenceText(part))).join("")}"`;
