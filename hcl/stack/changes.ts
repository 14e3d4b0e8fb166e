import { type Json, type JsonObject } from "../syntax/json";
import { type Block } from "../syntax/tree";
import { type Reading } from "../syntax/value";
import { blockObjects, entriesOf, grouped } from "./body";
import { lifecycleBlocks } from "./lifecycle";
import { blocks, itemsFrom, type Parts, reference, template } from "./parts";
import { resourceBlock } from "./resource";

/** Blocks that change what Terraform has in its state. */
const changes = {
  import: { for_each: template, provider: reference, to: reference, id: template },
  moved: { from: reference, to: reference },
  removed: { from: reference, lifecycle: lifecycleBlocks },
} as const satisfies Readonly<Record<string, Parts>>;

/** The blocks `import`, `moved` or `removed`. */
export const changeBlocks = (type: keyof typeof changes, json: Json, reading: Reading): readonly Block[] =>
  blockObjects(json, type).map((item, index) => ({
    kind: "block",
    type,
    labels: [],
    body: grouped(itemsFrom(changes[type], item, `${type}[${index}]`, reading)),
  }));

const check: Parts = {
  data: (_, value, place, reading) => dataBlocks(value, place, reading),
  assert: blocks,
};

/** Assertions on what exists, by name. */
export const checkBlocks = (json: Json, reading: Reading): readonly Block[] =>
  labelled(json, "check").map(([name, item, place]) => ({
    kind: "block",
    type: "check",
    labels: [name],
    body: grouped(itemsFrom(check, item, place, reading)),
  }));

/** A check's own data source. No element describes it, so that it may hold simple values only. */
const dataBlocks = (json: Json, place: string, reading: Reading): readonly Block[] =>
  labelled(json, place).flatMap(([type, byName, at]) =>
    labelled(byName, at).map(([name, item]) => resourceBlock("data", [type, name], item, { shape: new Map(), reading })),
  );

/** Blocks by their label. */
const labelled = (json: Json, place: string): readonly (readonly [string, JsonObject, string])[] =>
  blockObjects(json, place).flatMap((byLabel) =>
    entriesOf(byLabel).flatMap(([label, value]) =>
      blockObjects(value, `${place}.${label}`).map((item) => [label, item, `${place}.${label}`] as const),
    ),
  );
