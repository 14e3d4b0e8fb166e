import { isAlias, isMap, isScalar, isSeq, Scalar } from "yaml";
import type { Alias, Node, Pair, YAMLMap } from "yaml";

import type { Finding } from "../../modules/validation/schema";
import { findUnseen, straightened } from "./characters";
import type { Spot } from "./characters";
import type { Lines } from "./lines";
import type { Path } from "../problems/problem";
import { shown } from "../problems/shown";
import { nestedTooDeep } from "./syntax-words";

/** A configuration of a hundred deployments has a tenth of these values. With many more the checks take seconds and fill the stack. */
const limits = { values: 50_000, depth: 64 };

/** What leads to a value in the file: where its key or list item begins, and the value itself. */
interface Found {
  readonly keyOffset: number;
  /** Undefined where nothing is written. */
  readonly valueOffset: number | undefined;
  /** A number, boolean or null as it is written. */
  readonly written: string | undefined;
}

export interface PlainData {
  readonly value: unknown;
  /** Whether a limit was exceeded, so that the value is not all there is. */
  readonly isPartial: boolean;
  /** What a path leads to, or as far as it leads. */
  readonly find: (path: Path) => Found;
}

/** The alias in the file through which values are read once more. */
interface Via {
  readonly alias: Alias;
  readonly path: Path;
}

const coreTags = new Set(["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`));

const offsetOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;

const kindOf = (value: unknown): string => (value === null ? "no text" : `a ${typeof value}`);

const dangling = (name: string): Finding => ({
  problem: `*${name} repeats a value that is not there`,
  fix: `put &${name} before the value, above this line`,
});

/** What YAML takes for the name of an alias in *.example.com, or in *-dev.example.com. */
const domainEnd = /^\.|\.[a-z]+$/i;

const unquoted = (name: string): Finding => ({
  problem: `*${name} without quotes repeats a value that is not there`,
  fix: `a text that begins with * is written in quotes: "*${name}"`,
});

const circular = (name: string): Finding => ({
  problem: `*${name} stands inside the value that it repeats`,
  fix: `write the value out, or move &${name}`,
});

const explosion = (name: string): Finding => ({
  problem: `*${name} repeats values until there are more than ${limits.values}`,
  fix: "write out what is needed; aliases of aliases multiply",
});

const tooMany: Finding = { problem: `the file holds more than ${limits.values} values`, fix: "split it into several files" };

const mergeKey: Finding = {
  problem: "<< (a merge key) is not part of YAML 1.2",
  fix: "put what deployments share under defaults:, or write it out",
};

/** Such a key would set the prototype of an object. */
const prototype: Finding = { problem: "__proto__ cannot be a key", fix: "choose another name" };

const noKey: Finding = { problem: "a key is missing here", fix: "write it before the colon" };

const noTextKey: Finding = {
  problem: "a list, map or alias cannot be a key",
  fix: "a key is text; put it in quotes if it starts with [, { or *",
};

const unusableKey = (key: unknown): Finding | undefined => {
  if (key === null || (isScalar(key) && key.value === null && !key.source)) return noKey;
  if (!isScalar(key)) return noTextKey;
  if (key.value === "<<" && key.type === Scalar.PLAIN) return mergeKey;
  return key.value === "__proto__" ? prototype : undefined;
};

/**
 * The values of the nodes of a file, aliases written out. Whatever is wrong is reported, and read as it was probably meant.
 *
 * @param text the file as it was written, when it has odd characters, which are then left out of the values
 */
export const plainData = (root: YAMLMap, text: string | undefined, lines: Lines, report: (path: Path, spot: Spot) => void): PlainData => {
  const pairsOf = new Map<unknown, Map<string, Pair>>();
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const unfinished = new Set<Node>();
  let values = 0;
  /** Set once, at the first value beyond a limit; nothing is read after. */
  let exceeded: Finding | undefined;

  const readText = (scalar: Scalar, path: Path, value: string): string => {
    const [start = 0, end = 0] = scalar.range ?? [];
    const meant = text === undefined ? value : straightened(value, text.slice(start, end));
    const unseen = scalar.type === Scalar.QUOTE_DOUBLE ? findUnseen(meant) : undefined;
    if (unseen) report(path, { offset: start, ...unseen });
    return meant;
  };

  const checkTag = (node: Node, path: Path): void => {
    const { tag } = node as { tag?: string };
    if (tag === undefined || coreTags.has(tag)) return;
    report(path, {
      offset: offsetOf(node),
      problem: `${shown(tag.replace(/^tag:yaml\.org,2002:/, "!!"))} is a tag, and no tags are read here`,
      fix: "remove it",
    });
  };

  const readKey = (key: unknown, path: Path, offset: number): string | undefined => {
    const unusable = unusableKey(key);
    if (unusable) report(path, { offset, ...unusable });
    if (unusable || !isScalar(key)) return undefined;
    checkTag(key, path);
    if (key.anchor) anchors.set(key.anchor, key);
    const { value, source = "" } = key;
    if (typeof value === "string") return readText(key, path, value);
    const problem = `${shown(source)} is ${kindOf(value)}, and a key is text`;
    report(path, { offset, problem, fix: `write it in quotes: "${source.slice(0, 40)}"` });
    return source;
  };

  const duplicate = (path: Path, name: string, first: unknown): Finding => {
    const where = `the first is in line ${lines.at(offsetOf(first)).line}`;
    return path.length === 1 && path[0] === "deployments"
      ? { problem: `two deployments are named ${shown(name)}`, fix: `${where}: rename one of them` }
      : { problem: `${shown(name)} is given twice`, fix: `${where}: keep one of them` };
  };

  const readMap = (map: YAMLMap, path: Path, via: Via | undefined): Record<string, unknown> => {
    const pairs = new Map<string, Pair>();
    const entries: [string, unknown][] = [];
    for (const pair of map.items) {
      const offset = offsetOf(pair.key ?? pair.value);
      const name = readKey(pair.key, path, offset);
      const value = read(pair.value, name === undefined ? path : [...path, name], via);
      if (name === undefined) continue;
      const first = pairs.get(name);
      if (first) {
        report([...path, name], { offset, ...duplicate(path, name, first.key) });
      } else {
        pairs.set(name, pair);
        entries.push([name, value]);
      }
    }
    pairsOf.set(map, pairs);
    return Object.fromEntries(entries);
  };

  const readAlias = (alias: Alias, path: Path, via: Via | undefined): unknown => {
    const refuse = (finding: Finding): null => {
      report(path, { offset: offsetOf(alias), ...finding });
      return null;
    };
    const name = shown(alias.source);
    const target = targets.get(alias) ?? anchors.get(alias.source);
    if (!target) return refuse(domainEnd.test(alias.source) ? unquoted(name) : dangling(name));
    if (unfinished.has(target)) return refuse(circular(name));
    targets.set(alias, target);
    return read(target, path, via ?? { alias, path });
  };

  const exceed = (node: unknown, path: Path, via: Via | undefined): void => {
    if (exceeded) return;
    exceeded = path.length > limits.depth ? nestedTooDeep : via ? explosion(shown(via.alias.source)) : tooMany;
    report(via?.path ?? path, { offset: offsetOf(via?.alias ?? node), ...exceeded });
  };

  const read = (node: unknown, path: Path, via?: Via): unknown => {
    values++;
    if (exceeded || values > limits.values || path.length > limits.depth) {
      exceed(node, path, via);
      return undefined;
    }
    if (isAlias(node)) return readAlias(node, path, via);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    checkTag(node, path);
    if (node.anchor && !via) anchors.set(node.anchor, node);
    if (isScalar(node)) return typeof node.value === "string" ? readText(node, path, node.value) : node.value;
    unfinished.add(node);
    const value = isMap(node) ? readMap(node, path, via) : node.items.map((item, index) => read(item, [...path, index], via));
    unfinished.delete(node);
    return value;
  };

  const resolved = (node: unknown): unknown => (isAlias(node) ? targets.get(node) : node);

  return {
    value: read(root, []),
    isPartial: exceeded !== undefined,
    find: (path) => {
      let keyOffset = offsetOf(root);
      let node: unknown = root;
      for (const step of path) {
        const parent = resolved(node);
        const pair = isMap(parent) ? pairsOf.get(parent)?.get(String(step)) : undefined;
        node = pair ? pair.value : isSeq(parent) ? parent.items[Number(step)] : undefined;
        if (pair) keyOffset = offsetOf(pair.key);
        else if (node) keyOffset = offsetOf(node);
        else return { keyOffset, valueOffset: undefined, written: undefined };
      }
      const scalar = resolved(node);
      const isText = !isScalar(scalar) || typeof scalar.value === "string";
      const isEmpty = !node || (isScalar(node) && node.type === Scalar.PLAIN && node.source === "");
      return { keyOffset, valueOffset: isEmpty ? undefined : offsetOf(node), written: isText ? undefined : scalar.source };
    },
  };
};
