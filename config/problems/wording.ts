import type { z } from "zod";

import type { Finding } from "../../modules/validation/schema";
import { nearest } from "./nearest";
import type { Path } from "./problem";
import type { Note } from "../shape";
import { shown, withoutSecrets } from "./shown";

type Of<Code extends z.core.$ZodIssue["code"]> = Extract<z.core.$ZodIssue, { code: Code }>;

/** A value that something is wrong with. */
export interface Subject {
  readonly path: Path;
  /** Undefined if a key is missing. */
  readonly value: unknown;
  /** The value as it is written in the file, fit to be printed. */
  readonly given: string;
  readonly note: Note;
  /** The keys that are known there. */
  readonly keys: readonly string[];
}

const fewNames = 8;
const mostNames = 30;

const listed = (names: readonly string[]): string =>
  names.length > mostNames ? `${names.slice(0, mostNames).join(", ")}, ... (${names.length} in all)` : names.join(", ");

const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? "" : "s"}`;

const isScalar = (value: unknown): value is string | number | boolean | null | undefined => typeof value !== "object" || value === null;

const kindOf = (value: unknown): string => {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "string") return "text";
  return typeof value === "number" && !Number.isFinite(value) ? "not a finite number" : `a ${typeof value}`;
};

const nouns: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  null: "null",
};

/** What a zod type is to people. */
export const nounFor = (expected: string, keys: readonly string[]): string => {
  if (expected !== "object" && expected !== "record") return nouns[expected] ?? "a value";
  return keys.length > 0 && keys.length <= fewNames ? `a map with the ${keys.length === 1 ? "key" : "keys"} ${listed(keys)}` : "a map";
};

const withExample = (fix: string, { example }: Note): string =>
  example === undefined ? fix : `${fix}, for example ${isScalar(example) ? String(example) : JSON.stringify(example)}`;

/** A description within a line: `Range of the VPC.` becomes `range of the VPC`. Words that are always capital stay so. */
const inLine = (description: string): string =>
  description
    .replace(/\.$/, "")
    .replace(/^(?!(?:Amazon|Linux|Route|Secrets|Terraform|Zscaler)\b)[A-Z](?=[a-z]*\b)/, (letter) => letter.toLowerCase());

/** What the schema says that the value is, else `otherwise`; and an example. */
const advice = (note: Note, otherwise: string): string =>
  withExample(note.description === undefined ? otherwise : inLine(note.description), note);

const nameOf = (path: Path): string => {
  const last = path.at(-1) ?? "the file";
  return typeof last === "number" ? `item ${last + 1}` : shown(last);
};

const subjectOf = ({ path, value, given }: Subject): string => (isScalar(value) ? given : nameOf(path));

/** What is wrong if there is no value at all. */
const absent = ({ path, value, note }: Subject, noun: string): Finding | undefined => {
  if (value === undefined) return { problem: `${nameOf(path)} is missing`, fix: advice(note, `add ${nameOf(path)} with ${noun}`) };
  if (value === null) return { problem: `${nameOf(path)} has no value`, fix: advice(note, `write ${noun}, or remove it`) };
  return undefined;
};

const booleans: Readonly<Record<string, boolean>> = { true: true, yes: true, on: true, false: false, no: false, off: false };

/** How the value that is given becomes one of the type that is wanted. */
const conversion = (expected: string, { value, given }: Subject): string | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
  const boolean = typeof value === "string" ? booleans[value.toLowerCase()] : undefined;
  if (expected === "string" && isScalar(value)) return `write text, in quotes: "${given}"`;
  if (expected === "array" && isScalar(value)) return `write a list: [${given}]`;
  if (expected === "boolean" && boolean !== undefined) return `write ${boolean}, without quotes`;
  if ((expected === "number" || expected === "int") && Number.isFinite(number)) return `write a number, without quotes: ${number}`;
  return undefined;
};

/** A value of another type than `expected`, in zod's words. */
export const wrongType = (expected: string, subject: Subject): Finding => {
  const { value, path, note, keys } = subject;
  const noun = nounFor(expected, keys);
  if (expected === "never" && value !== undefined) return { problem: `${nameOf(path)} is not allowed here`, fix: "remove it" };
  const kind = expected === "int" && typeof value === "number" ? "not a whole number" : kindOf(value);
  return (
    absent(subject, noun) ?? {
      problem: `${subjectOf(subject)} is ${kind}`,
      fix: conversion(expected, subject) ?? withExample(`write ${noun}`, note),
    }
  );
};

/** A value that is none of `options`, nor of the other kinds that could stand there. */
export const notAmong = (options: readonly unknown[], kinds: readonly string[], subject: Subject): Finding => {
  const names = options.map(shown);
  const named = names.length === 1 ? `${names[0]}` : `one of ${listed(names)}`;
  const choice = [...(names.length > 0 ? [named] : []), ...kinds].join(", or ");
  const meant = typeof subject.value === "string" ? nearest(subject.value, options.map(String)) : undefined;
  const reason = names.length === 0 ? kindOf(subject.value) : names.length > fewNames ? "not allowed here" : `not ${choice}`;
  return (
    absent(subject, choice) ?? {
      problem: `${subjectOf(subject)} is ${reason}`,
      fix: meant === undefined ? `write ${choice}` : `did you mean ${shown(meant)}?`,
    }
  );
};

const units: Readonly<Record<string, string>> = { string: "character", array: "item", map: "key", set: "item" };

/** A number, text or list that is too small, large, short or long. */
export const outOfBounds = (issue: Of<"too_small"> | Of<"too_big">, subject: Subject): Finding => {
  const { value, path, note } = subject;
  const bound = Number(issue.code === "too_big" ? issue.maximum : issue.minimum);
  const [side, beyond] = issue.code === "too_big" ? ["at most", "less than"] : ["at least", "more than"];
  const relation = issue.exact ? "exactly" : issue.inclusive === false ? beyond : side;
  const unit = units[issue.origin];
  if (unit === undefined) {
    const problem = `${subjectOf(subject)} is too ${issue.code === "too_big" ? "large" : "small"}`;
    return { problem, fix: withExample(`write ${relation} ${bound}`, note) };
  }
  const size = typeof value === "string" ? value.length : Object.keys(value as object).length;
  const problem = size === 0 ? `${nameOf(path)} is empty` : `${subjectOf(subject)} has ${plural(size, unit)}`;
  return { problem, fix: withExample(`give ${relation} ${plural(bound, unit)}`, note) };
};

const formats: Readonly<Record<string, string>> = {
  base64: "base64",
  cidrv4: "an IPv4 range",
  cidrv6: "an IPv6 range",
  date: "a date (2026-01-31)",
  datetime: "a date and time (2026-01-31T23:59:59Z)",
  duration: "a duration (P1D)",
  email: "an e-mail address",
  guid: "a UUID",
  hostname: "a host name",
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
  lowercase: "text in small letters",
  mac: "a MAC address",
  time: "a time (23:59:59)",
  uppercase: "text in capital letters",
  url: "a URL",
  uuid: "a UUID",
};

/** A text of another form than the schema wants. */
export const badFormat = (issue: Of<"invalid_format">, { given, note }: Subject): Finding => {
  const { prefix, suffix, includes } = issue as { prefix?: string; suffix?: string; includes?: string };
  const lacks = (relation: string, part: string): Finding => ({
    problem: `${given} does not ${relation} ${shown(part)}`,
    fix: withExample(`write a text that ${relation.replace(/ |$/, "s$&")} ${shown(part)}`, note),
  });
  if (prefix !== undefined) return lacks("start with", prefix);
  if (suffix !== undefined) return lacks("end with", suffix);
  if (includes !== undefined) return lacks("contain", includes);
  const name = formats[issue.format];
  if (name !== undefined) return { problem: `${given} is not ${name}`, fix: withExample(`write ${name}`, note) };
  return { problem: `${given} does not have the right form`, fix: advice(note, `it must match ${issue.pattern ?? issue.format}`) };
};

export const notMultiple = ({ divisor }: Of<"not_multiple_of">, { value, given }: Subject): Finding => {
  const below = Math.floor(Number(value) / divisor) * divisor;
  const near = Number.isSafeInteger(below) ? `, for example ${below} or ${below + divisor}` : "";
  return { problem: `${given} is not a multiple of ${divisor}`, fix: `write a multiple of ${divisor}${near}` };
};

export const unknownKey = (key: string, known: readonly string[]): Finding => {
  const meant = nearest(key, known);
  const rest = known.length > 0 ? `known here: ${listed(known)}` : "remove it";
  return { problem: `${shown(key)} is not known here`, fix: meant === undefined ? rest : `did you mean ${shown(meant)}?` };
};

/** A schema's own message: the problem, then the fix on a line of its own. A long or secret value in it is cut as everywhere else. */
export const ownWords = (message: string, subject: Subject): Finding => {
  const { value, given } = subject;
  const isCut = typeof value === "string" && value.length > 1 && !given.includes(value);
  const [problem = "", ...fix] = withoutSecrets(isCut ? message.replaceAll(value, given) : message).split("\n");
  return { problem, fix: fix.join("\n") || advice(subject.note, "see what the documentation says of it") };
};

/** All that can be said when a schema refuses a value without words. */
export const refused = (subject: Subject): Finding => ({
  problem: `${subjectOf(subject)} is not allowed here`,
  fix: advice(subject.note, "see what the documentation says of it"),
});
