import { ComplexList, ComplexObject, type TerraformElement, TerraformIterator } from "cdktf";

/** Whether what has values in an element is a block or an argument, by its path without list indices: `root_block_device.tags`. */
export type Shape = ReadonlyMap<string, "argument" | "block" | "unclear">;

/** How cdktf describes an attribute to its own HCL writer. */
interface HclAttribute {
  readonly value: unknown;
  readonly isBlock?: boolean;
  readonly type?: string;
}

type HclAttributes = Readonly<Record<string, HclAttribute>>;

/** An element of a generated class: it describes its attributes. */
interface Described {
  synthesizeHclAttributes(): HclAttributes;
}

type Fields = readonly (readonly [string, unknown])[];

const isDescribed = (element: object): element is Described =>
  "synthesizeHclAttributes" in element && typeof element.synthesizeHclAttributes === "function";

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

let iterationMade: object | undefined;

/** A list that is made by an iteration. cdktf keeps it for an argument, and makes something else of it for blocks. */
const iteration = (): object => (iterationMade ??= TerraformIterator.fromList([""]).dynamic({}));

/** A value with an iteration in place of each list that lies so many lists deep. */
function withIterations(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return depth === 0 ? iteration() : value.map((item) => withIterations(item, depth - 1));
  return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withIterations(item, depth)])) : value;
}

/** How many lists lie within each other. */
const listDepth = (value: unknown): number => {
  if (Array.isArray(value)) return 1 + Math.max(0, ...value.map(listDepth));
  return isPlain(value) ? Math.max(0, ...Object.values(value).map(listDepth)) : 0;
};

const held = (value: unknown): unknown => (value instanceof ComplexList || value instanceof ComplexObject ? internalValueOf(value) : value);

const internalValueOf = (value: object): unknown => ("internalValue" in value ? value.internalValue : undefined);

/** What an element keeps its props in. */
const fieldsOf = (element: object): Fields => Object.entries(element).filter(([name]) => name.startsWith("_"));

/** What cdktf says of an element that differs in some fields. The element itself stays as it is. */
const describedWith = (element: Described, fields: Fields): HclAttributes => {
  const varied = Object.create(element, Object.fromEntries(fields.map(([name, value]) => [name, { value }]))) as Described;
  return varied.synthesizeHclAttributes();
};

/** All props of a class, set or not. */
const describeClass = (element: Described): HclAttributes =>
  describedWith(
    element,
    fieldsOf(element).map(([name, value]) => {
      if (value instanceof ComplexObject) return [name, { internalValue: {} }];
      return [name, value instanceof ComplexList ? { internalValue: iteration() } : iteration()];
    }),
  );

/** True for a block, or blocks, with a list or an object in them. What else a block holds is an argument. */
const holdsMore = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(holdsMore);
  return isPlain(value) && Object.values(value).some((item) => typeof item === "object" && item !== null);
};

/** The props that hold more, with an iteration in place of each list so deep. */
const describeLists = (element: Described, fields: Fields, depth: number): HclAttributes =>
  describedWith(
    element,
    fields.map(([name, value]) => {
      const inner = held(value);
      return [name, inner === value ? withIterations(value, depth) : { internalValue: withIterations(inner, depth) }];
    }),
  );

function kindOf(name: string, { value, isBlock, type }: HclAttribute): "argument" | "block" | "unclear" {
  if (isBlock !== true || type === "map" || value === iteration()) return "argument";
  // An object may be an argument or a block. Of `timeouts` it is known.
  return type === "struct" && name !== "timeouts" ? "unclear" : "block";
}

function collect(attributes: HclAttributes, path: readonly string[], shape: Map<string, "argument" | "block" | "unclear">): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    const at = [...path, name];
    const key = at.join(".");
    if (!shape.has(key)) shape.set(key, kindOf(name, attribute));
    if (shape.get(key) !== "block") continue;
    const items: readonly unknown[] = Array.isArray(attribute.value) ? attribute.value : [attribute.value];
    for (const item of items) if (isPlain(item)) collect(item as HclAttributes, at, shape);
  }
}

const classShapes = new WeakMap<object, Shape>();

/**
 * Finds out which of an element's props are blocks. cdktf marks every object and list of objects as a block, also those that are arguments
 * (`ingress` of a security group), but treats an iteration differently in the two.
 */
export function shapeOf(element: TerraformElement): Shape {
  if (!isDescribed(element)) return new Map();
  const known = classShapes.get(element.constructor);
  const shape = new Map(known);
  if (known === undefined) {
    collect(describeClass(element), [], shape);
    classShapes.set(element.constructor, new Map(shape));
  }
  const fields = fieldsOf(element).filter(([, value]) => holdsMore(held(value)));
  const depth = Math.max(-1, ...fields.map(([, value]) => listDepth(held(value))));
  for (let level = 0; level <= depth; level++) collect(describeLists(element, fields, level), [], shape);
  return shape;
}
