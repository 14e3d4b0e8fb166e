import { isList, type Json } from "./json";
import { type Expression, plain } from "./tree";

/** How the strings and the keys of a JSON value are written. */
export interface Leaves {
  text(text: string, place: string): Expression;
  key(key: string, place: string): string;
}

/** A JSON value as an expression of the same structure. */
export function expressionOf(value: Json, place: string, leaves: Leaves): Expression {
  if (typeof value === "string") return leaves.text(value, place);
  if (typeof value !== "object" || value === null) return plain(JSON.stringify(value));
  if (isList(value)) return { kind: "list", items: value.map((item, index) => expressionOf(item, `${place}[${index}]`, leaves)) };
  const entries = Object.entries(value).map(([key, item]) => ({
    key: leaves.key(key, place),
    value: expressionOf(item, `${place}.${key}`, leaves),
  }));
  return { kind: "object", entries };
}

/** Words with a meaning of their own at the start of an object. */
const reserved = new Set(["for", "true", "false", "null"]);

/** True for a key that needs no quotes. */
export const isName = (key: string): boolean => /^[A-Za-z_][\w-]*$/.test(key) && !reserved.has(key);
