import { inexpressible, type JsonObject } from "../syntax/json";
import { type Block } from "../syntax/tree";
import { arranged } from "./arrange";
import { itemsOf, type Known } from "./body";
import { lifecycleBlocks } from "./lifecycle";
import { itemsFrom, type Parts, reference, references, template } from "./parts";

const unwritten =
  (what: string): Parts[string] =>
  (_, __, place) => {
    throw inexpressible(place, `${what} are not written`);
  };

/** What every resource and data source may have. */
const meta: Parts = {
  count: template,
  for_each: template,
  provider: reference,
  lifecycle: lifecycleBlocks,
  depends_on: references,
  dynamic: unwritten("dynamic blocks"),
  provisioner: unwritten("provisioners"),
  connection: unwritten("connections of provisioners"),
};

/** A resource or a data source. */
export function resourceBlock(type: "resource" | "data", labels: readonly [string, string], json: JsonObject, known: Known): Block {
  const place = [...(type === "data" ? [type] : []), ...labels].join(".");
  const part = (isMeta: boolean): JsonObject =>
    Object.fromEntries(Object.entries(json).filter(([name, value]) => Object.hasOwn(meta, name) === isMeta && !(isMeta && value === null)));
  return {
    kind: "block",
    type,
    labels,
    body: arranged([...itemsOf(part(false), place, [], known), ...itemsFrom(meta, part(true), place, known.reading)]),
  };
}
