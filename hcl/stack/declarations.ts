import { type Json, type JsonObject } from "../syntax/json";
import { type Block } from "../syntax/tree";
import { bareExpression, type Reading, valueOf } from "../syntax/value";
import { blockObjects, entriesOf, grouped } from "./body";
import { blocks, expression, itemsFrom, literal, type Parts, references, template } from "./parts";

const variable: Parts = {
  // `list`, `map` and `set` alone mean any elements, which Terraform's format writes out.
  type: expression((value, place) =>
    bareExpression(value === "list" || value === "map" || value === "set" ? `${value}(any)` : value, place),
  ),
  description: literal,
  default: literal,
  nullable: literal,
  sensitive: literal,
  ephemeral: literal,
  validation: blocks,
};

const output: Parts = {
  description: literal,
  value: template,
  sensitive: literal,
  ephemeral: literal,
  precondition: blocks,
  depends_on: references,
};

export const variableBlock = (name: string, json: JsonObject, reading: Reading): Block => ({
  kind: "block",
  type: "variable",
  labels: [name],
  body: grouped(itemsFrom(variable, json, `var.${name}`, reading)),
});

export const outputBlock = (name: string, json: JsonObject, reading: Reading): Block => ({
  kind: "block",
  type: "output",
  labels: [name],
  body: grouped(itemsFrom(output, json, `output.${name}`, reading)),
});

/** The locals, in one block. */
export const localsBlocks = (json: Json, reading: Reading): readonly Block[] =>
  blockObjects(json, "locals").map((locals) => ({
    kind: "block",
    type: "locals",
    labels: [],
    body: [entriesOf(locals).map(([name, value]) => ({ kind: "argument", name, value: valueOf(value, `local.${name}`, reading) }))],
  }));
