import { jsonDocument } from "../../modules/iam";
import { expressionOf, isName, type Leaves } from "./container";
import { isList, isObject, type Json } from "./json";
import { quoted } from "./quoted";
import { soleInterpolation, wordsText } from "./spacing";
import { isBareInterpolation, type Part } from "./template";
import { type Expression, plain } from "./tree";

/** The type that an expression is known to have. */
export type TypeOf = (expression: string) => "string" | "number" | undefined;

/**
 * A text that is a JSON document, as a call of `jsonencode` that gives the same bytes; undefined for any other text.
 *
 * An interpolation may stand in a string, or in place of a number where it is known to be one.
 */
export function documentOf(parts: readonly Part[], typeOf: TypeOf): Expression | undefined {
  const [first] = parts;
  if (typeof first !== "string" || !/^[[{]/.test(first)) return undefined;
  if (!parts.every((part) => typeof part === "string" || isBareInterpolation(part))) return undefined;
  const mark = unusedCharacter(parts);
  const text = markedText(parts, mark, typeOf);
  // Terraform composes the characters of every text, and so would break `\\n` before an accent.
  const value = text === undefined || text.normalize("NFC") !== text ? undefined : parsed(text);
  if (value === undefined || !isEncodable(value) || jsonDocument(value) !== text) return undefined;
  return { kind: "call", name: "jsonencode", argument: expressionOf(value, "", leavesOf(parts, mark, typeOf)) };
}

/** A character of the private use area that does not stand in the text: it marks where an interpolation was. */
function unusedCharacter(parts: readonly Part[]): string {
  const literals = parts.filter((part) => typeof part === "string").join("");
  let code = 0xe000;
  while (literals.includes(String.fromCharCode(code))) code++;
  return String.fromCharCode(code);
}

/** The text with a marked number in place of each interpolation: JSON, if it is a document. One in place of a JSON number becomes a string. */
function markedText(parts: readonly Part[], mark: string, typeOf: TypeOf): string | undefined {
  let text = "";
  let quotes = 0;
  for (const [index, part] of parts.entries()) {
    if (typeof part === "string") {
      quotes += part.replace(/\\[^]/g, "").split('"').length - 1;
      text += part;
    } else if (quotes % 2 === 1) {
      text += `${mark}${index}${mark}`;
    } else if (typeOf(wordsText(part.words)) === "number") {
      text += `"${mark}number${mark}${index}${mark}"`;
    } else {
      return undefined;
    }
  }
  return text;
}

/** What a text says as JSON: a list or an object with something in it. */
function parsed(text: string): Json | undefined {
  if (!/^[[{][^]+[\]}]$/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** False for numbers that Terraform writes otherwise, for strings that it does not take, and for keys whose order depends on a value. */
function isEncodable(value: Json): boolean {
  if (typeof value === "number") return !String(value).includes("e");
  if (typeof value === "string") return !/[\0\p{Cs}]/u.test(value);
  if (isList(value)) return value.every(isEncodable);
  if (!isObject(value)) return true;
  const keys = Object.keys(value);
  const isOrdered = keys.length < 2 || keys.every((key) => !/\p{Co}|\$\{|%\{/u.test(key));
  return isOrdered && keys.every(isEncodable) && Object.values(value).every(isEncodable);
}

/** Puts the interpolations back. */
function leavesOf(parts: readonly Part[], mark: string, typeOf: TypeOf): Leaves {
  const number = `${mark}number`;
  const marked = new RegExp(`${mark}(\\d+)${mark}`);
  const restored = (text: string): readonly Part[] =>
    text.split(marked).flatMap((piece, index) => {
      if (index % 2 === 0) return piece === "" ? [] : [piece];
      return parts.slice(Number(piece), Number(piece) + 1);
    });
  return {
    text: (text) => {
      const found = restored(text.startsWith(number) ? text.slice(number.length) : text);
      const sole = soleInterpolation(found);
      if (sole === undefined) return { kind: "template", parts: found };
      // Between quotes in the document, a value of any type is a string.
      return plain(text.startsWith(number) || typeOf(sole) === "string" ? sole : `tostring(${sole})`);
    },
    key: (key) => {
      if (isName(key)) return key;
      const found = restored(key);
      const sole = soleInterpolation(found);
      return sole === undefined ? quoted(found) : `(${sole})`;
    },
  };
}
