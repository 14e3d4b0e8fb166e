import { inexpressible, isList, isObject, type Json, type JsonObject } from "../syntax/json";
import { type Argument, type Block, type Body } from "../syntax/tree";
import { type Reading, valueOf } from "../syntax/value";
import { arranged } from "./arrange";
import { type Shape } from "./shape";

/** What is known of the things in a body. */
export interface Known {
  readonly shape: Shape;
  readonly reading: Reading;
}

/** The entries of an object of Terraform's JSON, without its comments. */
export const entriesOf = (json: JsonObject): readonly (readonly [string, Json])[] => Object.entries(json).filter(([name]) => name !== "//");

/** The objects of blocks of one type: Terraform's JSON has one, a list of them, or null for none. */
export function blockObjects(value: Json, place: string): readonly JsonObject[] {
  const items = isList(value) ? value : value === null ? [] : [value];
  return items.map((item) => {
    if (isObject(item)) return item;
    throw inexpressible(place, "a block cannot be an expression");
  });
}

/** Arguments together, and apart from the blocks and from what a thing depends on. */
export const grouped = (items: readonly (Argument | Block)[]): Body => {
  const isMain = (item: Argument | Block): boolean => item.kind === "argument" && item.name !== "depends_on";
  return [items.filter(isMain), items.filter((item) => !isMain(item))];
};

/** What is checked is read before what is said of it. */
const conditionFirst = ([one]: readonly [string, Json], [other]: readonly [string, Json]): number =>
  Number(other === "condition") - Number(one === "condition");

/** Blocks that hold arguments only. */
export const plainBlocks = (type: string, value: Json, place: string, reading: Reading): readonly Block[] =>
  blockObjects(value, place).map((json) => ({
    kind: "block",
    type,
    labels: [],
    body: [
      [...entriesOf(json)]
        .sort(conditionFirst)
        .map(([name, item]) => ({ kind: "argument", name, value: valueOf(item, `${place}.${name}`, reading) })),
    ],
  }));

/** What cannot be a block: neither an object, nor a list that might hold one. */
const isSimple = (value: Json): boolean => {
  if (isList(value)) return value.length > 0 && value.every((item) => !isObject(item));
  return !isObject(value);
};

/** What stands in a body, by the shape of its element. */
export function itemsOf(json: JsonObject, place: string, path: readonly string[], known: Known): readonly (Argument | Block)[] {
  return entriesOf(json).flatMap(([name, value]): readonly (Argument | Block)[] => {
    const at = [...path, name];
    const inner = `${place}.${name}`;
    const kind = known.shape.get(at.join(".")) ?? (isSimple(value) ? "argument" : "unclear");
    if (kind === "unclear") throw inexpressible(inner, "cdktf does not say whether this is a block or an argument");
    if (kind === "argument") return [{ kind: "argument", name, value: valueOf(value, inner, known.reading) }];
    return blockObjects(value, inner).map((block) => ({
      kind: "block",
      type: name,
      labels: [],
      body: arranged(itemsOf(block, inner, at, known)),
    }));
  });
}
