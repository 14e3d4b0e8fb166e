import { expressionOf, isName } from "./container";
import { documentOf, type TypeOf } from "./document";
import { inexpressible, type Json } from "./json";
import { quoted } from "./quoted";
import { expressionText, templateParts } from "./scan";
import { soleInterpolation } from "./spacing";
import { type Part } from "./template";
import { type Expression, plain } from "./tree";

/** How Terraform reads the strings at a place of its JSON: as they are (the default of a variable, a description), or as templates. */
export type Reading = "literal" | { readonly typeOf: TypeOf };

/** Says where it was, when what it is told to read cannot be. */
function located<Result>(place: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw inexpressible(place, error instanceof Error ? error.message : String(error));
  }
}

/** A text as a template that means it. */
const escapeTemplate = (text: string): string => text.replace(/\$+(?=\{)/g, "$&$$").replace(/%+(?=\{)/g, "$&%");

/** There Terraform finds no sequences, and no more than one `$` or `%` before an escape. */
const misreadAfterCarriageReturn = /(?<!\$)\$\{|\$\$\$\{|(?<!%)%\{|%%%\{/;

function partsOf(text: string, place: string, reading: Reading): readonly Part[] {
  if (text.includes("\0")) throw inexpressible(place, "Terraform takes no NUL character");
  if (/\p{Cs}/u.test(text)) throw inexpressible(place, "half of a surrogate pair is no character");
  if (reading === "literal") return text === "" ? [] : [escapeTemplate(text)];
  const [, rest = ""] = /\r(?!\n)([^]*)/.exec(text) ?? [];
  if (misreadAfterCarriageReturn.test(rest)) {
    throw inexpressible(place, "in JSON, Terraform takes ${ and %{ for text after a carriage return without a newline");
  }
  // Terraform takes a byte order mark off the start of a template in JSON, as off that of a file.
  return located(place, () => templateParts(text.replace(/^\ufeff/, "")));
}

function textOf(text: string, place: string, reading: Reading): Expression {
  const parts = partsOf(text, place, reading);
  const sole = soleInterpolation(parts);
  if (sole !== undefined) return plain(sole);
  return (reading === "literal" ? undefined : documentOf(parts, reading.typeOf)) ?? { kind: "template", parts };
}

function keyOf(key: string, place: string, reading: Reading): string {
  if (isName(key)) return key;
  const parts = partsOf(key, place, reading);
  const sole = soleInterpolation(parts);
  return sole === undefined ? quoted(parts) : `(${sole})`;
}

/**
 * A value of Terraform's JSON as the expression that means the same.
 *
 * @param place Where the value stands, for the error: `aws_instance.a.user_data`.
 * @throws For a template that is none, a NUL character and half a surrogate pair.
 */
export const valueOf = (value: Json, place: string, reading: Reading): Expression =>
  expressionOf(value, place, {
    text: (text, at) => textOf(text, at, reading),
    key: (key, at) => keyOf(key, at, reading),
  });

/** An expression that Terraform's JSON writes as a bare string, such as a variable's type. */
export function bareExpression(value: Json, place: string): Expression {
  if (typeof value !== "string") throw inexpressible(place, "an expression is a string");
  return plain(located(place, () => expressionText(value)));
}

/** A reference, which Terraform's JSON writes as a string: `aws_vpc.network`, `tags["Name"]`. */
export function referenceOf(value: Json, place: string): Expression {
  if (typeof value !== "string") throw inexpressible(place, "a reference is a string");
  const parts = located(place, () => templateParts(value));
  const text = soleInterpolation(parts) ?? located(place, () => expressionText(value));
  if (!/^[\p{ID_Start}_][^\s"]*(?:\["[^"]*"\][^\s"]*)*$/u.test(text)) throw inexpressible(place, `${text} is no reference`);
  return plain(text);
}

/** A list of references. */
export function referencesOf(value: Json, place: string): Expression {
  const items = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return { kind: "list", items: items.map((item, index) => referenceOf(item, `${place}[${index}]`)) };
}
