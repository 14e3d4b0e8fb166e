import { inexpressible, isList, type Json, type JsonObject } from "../syntax/json";
import { type Argument, type Block } from "../syntax/tree";
import { type Reading, referenceOf, referencesOf, valueOf } from "../syntax/value";
import { entriesOf, plainBlocks } from "./body";

type Item = Argument | Block;

type Write = (name: string, value: Json, place: string, reading: Reading) => readonly Item[];

/** All that a block of Terraform's own may hold, in reading order. */
export type Parts = Readonly<Record<string, Write>>;

const argument =
  (value: (value: Json, place: string, reading: Reading) => Argument["value"]): Write =>
  (name, json, place, reading) => [{ kind: "argument", name, value: value(json, place, reading) }];

export const template = argument(valueOf);
/** What Terraform reads before it evaluates anything holds no templates. */
export const literal = argument((json, place) => valueOf(json, place, "literal"));
export const expression = (value: (json: Json, place: string) => Argument["value"]): Write => argument(value);
export const reference = argument(referenceOf);
export const references: Write = (name, json, place, reading) =>
  isList(json) && json.length === 0 ? [] : argument(referencesOf)(name, json, place, reading);
export const blocks: Write = plainBlocks;

/**
 * What stands in a block of Terraform's own.
 *
 * @throws For what is not among the parts.
 */
export function itemsFrom(parts: Parts, json: JsonObject, place: string, reading: Reading): readonly Item[] {
  const unknown = entriesOf(json).find(([name]) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) throw inexpressible(`${place}.${unknown[0]}`, `only ${Object.keys(parts).join(", ")} are written here`);
  return Object.entries(parts).flatMap(([name, write]) => {
    const value = json[name];
    return value === undefined ? [] : write(name, value, `${place}.${name}`, reading);
  });
}
