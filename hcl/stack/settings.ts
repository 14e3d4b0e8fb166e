import { isObject, type Json, type JsonObject } from "../syntax/json";
import { type Block, type Expression } from "../syntax/tree";
import { referencesOf, valueOf } from "../syntax/value";
import { blockObjects, entriesOf, grouped, itemsOf } from "./body";
import { itemsFrom, literal, type Parts } from "./parts";
import { type Shape } from "./shape";

/** The blocks within the settings of a backend: no element describes them, and all else is arguments. */
const backendBlocks: Readonly<Record<string, string>> = { remote: "workspaces", cloud: "workspaces", kubernetes: "exec" };

const versions: Parts = {
  required_version: literal,
  required_providers: (name, value, place) =>
    blockObjects(value, place).map((json) => ({
      kind: "block",
      type: name,
      labels: [],
      body: [entriesOf(json).map(([key, item]) => ({ kind: "argument", name: key, value: requirement(item, `${place}.${key}`) }))],
    })),
};

const state: Parts = {
  backend: (_, value, place) =>
    blockObjects(value, place).flatMap((byType) =>
      entriesOf(byType).flatMap(([type, item]) => blockObjects(item, place).map((json) => stateBlock(type, [type], json, place))),
    ),
  cloud: (name, value, place) => blockObjects(value, place).map((json) => stateBlock(name, [], json, place)),
};

/** The versions that a stack takes, and where its state is kept. */
export function settingsBlocks(json: Json): { readonly versions: readonly Block[]; readonly backend: readonly Block[] } {
  const settings = blockObjects(json, "terraform").map((item) => itemsFrom({ ...versions, ...state }, item, "terraform", "literal"));
  const items = settings.flat();
  const isState = (item: (typeof items)[number]): boolean => item.kind === "block" && (item.type === "backend" || item.type === "cloud");
  const block = (held: typeof items): readonly Block[] =>
    held.length === 0 ? [] : [{ kind: "block", type: "terraform", labels: [], body: held.map((item) => [item]) }];
  return { versions: block(items.filter((item) => !isState(item))), backend: block(items.filter(isState)) };
}

function stateBlock(type: string, labels: readonly string[], json: JsonObject, place: string): Block {
  const shape: Shape = new Map(entriesOf(json).map(([name]) => [name, backendBlocks[type] === name ? "block" : "argument"]));
  const items = itemsOf(json, place, [], { shape, reading: "literal" });
  return { kind: "block", type: type === "cloud" ? type : "backend", labels, body: grouped(items) };
}

/** Aliases that a module is given are references, the rest are strings. */
function requirement(value: Json, place: string): Expression {
  if (!isObject(value)) return valueOf(value, place, "literal");
  const entries = entriesOf(value).map(([key, item]) => {
    const at = `${place}.${key}`;
    return { key, value: key === "configuration_aliases" ? referencesOf(item, at) : valueOf(item, at, "literal") };
  });
  return { kind: "object", entries: entries.sort((one, other) => (one.key < other.key ? -1 : 1)) };
}
