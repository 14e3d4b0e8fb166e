import { type Json } from "../syntax/json";
import { type Block, plain } from "../syntax/tree";
import { type Reading, referencesOf } from "../syntax/value";
import { blockObjects } from "./body";
import { blocks, expression, itemsFrom, literal, type Parts, references } from "./parts";

const lifecycle: Parts = {
  create_before_destroy: literal,
  prevent_destroy: literal,
  destroy: literal,
  ignore_changes: expression((value, place) => (value === "all" ? plain("all") : referencesOf(value, place))),
  replace_triggered_by: references,
  precondition: blocks,
  postcondition: blocks,
};

/** The lifecycle of a resource, of a data source, or of what is removed. */
export const lifecycleBlocks = (_: string, json: Json, place: string, reading: Reading): readonly Block[] =>
  blockObjects(json, place).map((item) => ({
    kind: "block",
    type: "lifecycle",
    labels: [],
    body: [itemsFrom(lifecycle, item, place, reading)],
  }));
