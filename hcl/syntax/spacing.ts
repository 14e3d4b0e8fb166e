import { isBareInterpolation, type Part, type Sequence, type Word } from "./template";

/** The words of an expression with the spaces that `terraform fmt` puts between them. */
export const wordsText = (words: readonly Word[], minusAtStart: "negates" | "subtracts" = "negates"): string =>
  words
    .map((word, index) => {
      const next = words[index + 1];
      if (next === undefined) return word.text;
      const spaced = index === 0 && word.text === "-" ? minusAtStart === "subtracts" : isSpaced(words[index - 1], word, next);
      return spaced ? `${word.text} ` : word.text;
    })
    .join("");

/** A sequence as `terraform fmt` leaves it, which takes a minus at its start for a subtraction. */
export function sequenceText({ opening, words, trims: { left, right } }: Sequence): string {
  const before = words[0]?.text === "{" ? " " : "";
  const after = words.at(-1)?.text === "}" ? " " : "";
  return `${opening}${left ? "~" : ""}${before}${wordsText(words, "subtracts")}${after}${right ? "~" : ""}}`;
}

/** The expression of a template that is nothing but one interpolation. */
export function soleInterpolation(parts: readonly Part[]): string | undefined {
  const [part] = parts;
  if (parts.length !== 1 || part === undefined || typeof part === "string") return undefined;
  return isBareInterpolation(part) ? wordsText(part.words) : undefined;
}

const tight = new Set([".", "::"]);

function isSpaced(before: Word | undefined, left: Word, right: Word): boolean {
  if (left.kind === "identifier" && right.text === "(") return false;
  if (tight.has(left.text) || tight.has(right.text) || right.text === "," || right.text === "...") return false;
  if (left.text === ",") return true;
  // `for x in [a]`: here `in` is no name that `[a]` is an index of.
  if (left.text === "in" && before?.kind === "identifier") return true;
  if (right.text === "[" && (left.kind === "identifier" || left.kind === "number" || left.kind === "close")) return false;
  if (left.text === "!") return false;
  // A minus after what can end an expression subtracts, any other negates.
  if (left.text === "-") return before !== undefined && before.kind !== "operator" && before.kind !== "open";
  if (left.text === "{" || right.text === "}") return !(left.text === "{" && right.text === "}");
  return left.kind !== "open" && right.kind !== "close";
}
