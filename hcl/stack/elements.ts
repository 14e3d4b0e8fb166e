import {
  TerraformDataSource,
  TerraformElement,
  TerraformOutput,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
} from "cdktf";
import { inexpressible, isList, isObject, type Json, type JsonObject } from "../syntax/json";

/** What declares something by type and name, or by one of the two, in Terraform's JSON. */
const kinds = ["resource", "data", "provider", "output", "variable"] as const;

/** An element, and what the stack's JSON holds of it. */
export interface Synthesized {
  readonly element: TerraformElement;
  readonly kind: (typeof kinds)[number];
  readonly labels: readonly string[];
  readonly json: JsonObject;
}

const identify = (element: TerraformElement): Pick<Synthesized, "kind" | "labels"> | undefined => {
  if (TerraformProvider.isTerraformProvider(element)) return { kind: "provider", labels: [element.terraformResourceType] };
  if (TerraformResource.isTerraformResource(element)) return typed("resource", element);
  if (TerraformDataSource.isTerraformDataSource(element)) return typed("data", element);
  if (TerraformOutput.isTerraformOutput(element)) return { kind: "output", labels: [element.friendlyUniqueId] };
  return element instanceof TerraformVariable ? { kind: "variable", labels: [element.friendlyUniqueId] } : undefined;
};

const typed = (kind: "resource" | "data", element: TerraformResource | TerraformDataSource) => ({
  kind,
  labels: [element.terraformResourceType, element.friendlyUniqueId],
});

const member = (json: Json | undefined, key: string): Json | undefined => (json !== undefined && isObject(json) ? json[key] : undefined);

/** All that the JSON declares, by kind and labels. Of a provider there may be more than one. */
function declared(json: JsonObject): ReadonlyMap<string, JsonObject[]> {
  const found = new Map<string, JsonObject[]>();
  const add = (path: readonly string[], value: Json): void => {
    for (const item of isList(value) ? value : [value]) {
      if (!isObject(item)) throw inexpressible(path.join("."), "this is no block");
      found.set(path.join("."), [...(found.get(path.join(".")) ?? []), item]);
    }
  };
  for (const kind of kinds) {
    for (const [first, value] of Object.entries(json[kind] ?? {}) as [string, Json][]) {
      if (kind !== "resource" && kind !== "data") add([kind, first], value);
      else for (const name of Object.keys(value ?? {})) add([kind, first, name], member(value, name) ?? null);
    }
  }
  return found;
}

/**
 * The elements of a stack in the order in which they were put into each other, each with its part of the stack's JSON.
 *
 * @throws For what the JSON declares without an element: nobody knows its blocks.
 */
export function elementsOf(stack: TerraformStack, json: JsonObject): readonly Synthesized[] {
  const left = declared(json);
  const elements = stack.node.findAll().flatMap((element): readonly Synthesized[] => {
    if (!TerraformElement.isTerraformElement(element) || TerraformStack.of(element) !== stack) return [];
    const identity = identify(element);
    // A resource that is moved away has nothing left in the JSON.
    const own = identity && left.get([identity.kind, ...identity.labels].join("."))?.shift();
    return identity && own ? [{ element, ...identity, json: own }] : [];
  });
  for (const [path, { length }] of left) {
    if (length > 0) throw inexpressible(path, "no element of the stack describes this, so it cannot be told what in it is a block");
  }
  return elements;
}
