import { CST, Lexer } from "yaml";

import type { Finding } from "../../modules/validation/schema";

/** Something wrong at an offset of the text. */
export interface Spot extends Finding {
  readonly offset: number;
}

interface Family {
  readonly pattern: RegExp;
  readonly name: string;
  readonly fix: string;
  /** What YAML reads in its place, so that the rest of the file can be checked as well. */
  readonly plain: string;
}

/** Visible look-alikes of what YAML reads. */
const typographic: readonly Family[] = [
  { pattern: /[“”„‟«»″＂]/u, name: "typographic double quote", fix: 'type " instead', plain: '"' },
  { pattern: /[‘’‚‛‹›′＇´]/u, name: "typographic single quote", fix: "type ' instead", plain: "'" },
  { pattern: /(?!-)\p{Pd}|\u2212/u, name: "typographic dash", fix: "type - instead", plain: "-" },
];

/** Spaces that are none to YAML: they make part of a word or a key. */
const blank: Family = {
  pattern: /(?! )\p{Zs}|[\p{Zl}\p{Zp}\u0085]/u,
  name: "special space",
  fix: "type an ordinary space instead, or delete it",
  plain: " ",
};

/** What nobody sees. Escapes in double quotes can make these too. */
const unseen: readonly Family[] = [
  { pattern: /\uFFFD|\p{Cs}/u, name: "replacement character", fix: "save the file as UTF-8", plain: "" },
  { pattern: /(?![\t\n\r\u0085])\p{Cc}|\r(?!\n)/u, name: "control character", fix: "delete it, or save the file as UTF-8 text", plain: "" },
  { pattern: /\p{Cf}|\p{DI}/u, name: "invisible character", fix: "delete it", plain: "" },
];

const families = [...typographic, blank, ...unseen];
const anyOf = (some: readonly Family[]): string => some.map(({ pattern }) => pattern.source).join("|");
const odd = new RegExp(anyOf(families), "gu");
const oddOrNewline = new RegExp(`\\n|${anyOf(families)}`, "gu");
const unseenInText = new RegExp(`(?!\\r)(?:${anyOf(unseen)})`, "u");
const blankEverywhere = new RegExp(blank.pattern, "gu");
/** Most files hold nothing but this, and to see so is quick. */
const unusual = /[^\t\n\r\x20-\x7e]|\r(?!\n)/;

const names: Readonly<Record<string, string>> = {
  "\u0000": "NUL",
  "\u001b": "escape",
  "\u00a0": "no-break space",
  "\u00ad": "soft hyphen",
  "\u00ab": "left guillemet",
  "\u00bb": "right guillemet",
  "\u200b": "zero-width space",
  "\u200c": "zero-width non-joiner",
  "\u200d": "zero-width joiner",
  "\u200e": "left-to-right mark",
  "\u200f": "right-to-left mark",
  "\u2010": "hyphen",
  "\u2011": "no-break hyphen",
  "\u2012": "figure dash",
  "\u2013": "en dash",
  "\u2014": "em dash",
  "\u2018": "left single quotation mark",
  "\u2019": "right single quotation mark",
  "\u201c": "left double quotation mark",
  "\u201d": "right double quotation mark",
  "\u201e": "low double quotation mark",
  "\u2028": "line separator",
  "\u2029": "paragraph separator",
  "\u202a": "left-to-right embedding",
  "\u202b": "right-to-left embedding",
  "\u202c": "end of a change of direction",
  "\u202d": "left-to-right override",
  "\u202e": "right-to-left override",
  "\u202f": "narrow no-break space",
  "\u2060": "word joiner",
  "\u2066": "left-to-right isolate",
  "\u2067": "right-to-left isolate",
  "\u2069": "end of an isolate",
  "\u2212": "minus sign",
  "\u3000": "ideographic space",
  "\ufeff": "byte order mark",
};

const familyOf = (character: string): Family | undefined => families.find(({ pattern }) => pattern.test(character));

const find = (character: string): Finding => {
  const family = familyOf(character);
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return { problem: `U+${code} (${names[character] ?? family?.name ?? "character"}) stands here`, fix: family?.fix ?? "delete it" };
};

/** Where comments begin and end. */
const comments = (text: string): (readonly [number, number])[] => {
  const found: (readonly [number, number])[] = [];
  let offset = 0;
  let atScalar = false;
  for (const token of new Lexer().lex(text)) {
    const isMark: boolean = !atScalar && (token === CST.SCALAR || token === CST.DOCUMENT || token === CST.FLOW_END);
    if (!atScalar && token.startsWith("#")) found.push([offset, offset + token.length]);
    atScalar = isMark && token === CST.SCALAR;
    if (!isMark) offset += token.length;
  }
  return found;
};

/** Special spaces as ordinary ones, every other character where it was. */
export const withPlainSpaces = (text: string): string => (unusual.test(text) ? text.replace(blankEverywhere, " ") : text);

/** A file of the wrong encoding is full of these. */
const once = /^[\p{Cc}\p{Cs}\uFFFD]$/u;

/**
 * Characters that look like what YAML reads and are not, or that nobody sees, anywhere but in comments. The same character is named once a
 * line, and a control character once in the whole text.
 */
export const findOddCharacters = (text: string): readonly Spot[] => {
  if (!unusual.test(text)) return [];
  const commentRanges = comments(withPlainSpaces(text));
  let next = 0;
  const named = new Set<string>();
  const namedInLine = new Set<string>();
  const spots: Spot[] = [];
  for (const { 0: character, index } of text.matchAll(oddOrNewline)) {
    if (character === "\n") {
      namedInLine.clear();
      continue;
    }
    let comment = commentRanges[next];
    while (comment && comment[1] <= index) comment = commentRanges[++next];
    if (comment && comment[0] <= index) continue;
    const before = once.test(character) ? named : namedInLine;
    if (!before.has(character)) spots.push({ offset: index, ...find(character) });
    before.add(character);
  }
  return spots;
};

/** What is wrong with a text that escapes such as `\u200b` made. */
export const findUnseen = (text: string): Finding | undefined => {
  const character = unseenInText.exec(text)?.[0];
  return character === undefined ? undefined : find(character);
};

/** A value as it was probably meant, if odd characters stand in what was written for it; others come from escapes and are meant. */
export const straightened = (value: string, written: string): string =>
  unusual.test(written) ? value.replace(odd, (character) => familyOf(character)?.plain ?? "").replace(/^(["'])(.*)\1$/s, "$2") : value;
