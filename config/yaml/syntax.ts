import { isMap, isNode, isScalar, isSeq, Scalar, visit } from "yaml";
import type { Document, YAMLError } from "yaml";

import type { Spot } from "./characters";
import type { Lines } from "./lines";
import { inWords, nestedTooDeep, tab } from "./syntax-words";

/** Where quotes and brackets open, by the sign that closes them and the offset where they end; outer ones first. */
const openings = (document: Document): Map<string, Spot[]> => {
  const found = new Map<string, Spot[]>();
  const add = (sign: string, close: string, range: readonly number[] | null | undefined): void => {
    const [offset = 0, end = 0] = range ?? [];
    const problem = `the ${sign} that opens here is never closed`;
    const spot = { offset, problem, fix: `close it with ${close} and indent continued lines deeper than their key` };
    const key = `${close}${end}`;
    found.set(key, [...(found.get(key) ?? []), spot]);
  };
  visit(document, (_, node) => {
    if (isScalar(node) && node.type === Scalar.QUOTE_DOUBLE) add('"', '"', node.range);
    if (isScalar(node) && node.type === Scalar.QUOTE_SINGLE) add("'", "'", node.range);
    if (isMap(node) && node.flow) add("{", "}", node.range);
    if (isSeq(node) && node.flow) add("[", "]", node.range);
  });
  return found;
};

const unclosed = /^Missing closing (["'])quote$|end with a ([\]}])$/;

/** Offsets at which lines start whose indentation has a tab in it, outside of texts that run over several lines. */
const tabbedLines = (document: Document, text: string): number[] => {
  const texts: (readonly number[])[] = [];
  visit(document, {
    Scalar: (_, { range }) => {
      if (range) texts.push(range);
    },
  });
  let next = 0;
  return [...text.matchAll(/^ *\t[\t ]*(?![\s#])/gm)]
    .map(({ index }) => index)
    .filter((offset) => {
      while ((texts[next]?.[1] ?? Infinity) <= offset) next++;
      return (texts[next]?.[0] ?? Infinity) >= offset;
    });
};

/** Where YAML reports several errors at one place, the first of these says most. */
const rank = ({ code }: YAMLError): number => (code === "MULTILINE_IMPLICIT_KEY" ? 0 : code === "BLOCK_AS_IMPLICIT_KEY" ? 1 : 2);

const unevenKey = /^All mapping items/;

/** Of each map that has keys in several columns, the first that is not in the first's. */
const firstUnevenKeys = (document: Document, lines: Lines): Map<number, number> => {
  const found = new Map<number, number>();
  visit(document, {
    Map: (_, { items, flow }) => {
      if (flow) return;
      const offsets = items.flatMap(({ key }) => (isNode(key) && key.range ? [key.range[0]] : []));
      const [first = 0] = offsets;
      const uneven = offsets.find((offset) => lines.at(offset).column !== lines.at(first).column);
      if (uneven !== undefined) found.set(lines.at(uneven).line, uneven);
    },
  });
  return found;
};

/** Errors by position without those that only follow from others: after a key in a wrong column its neighbours seem to be in wrong ones. */
const causes = (document: Document, lines: Lines): readonly YAMLError[] => {
  const errors = [...document.errors].sort((one, other) => one.pos[0] - other.pos[0] || rank(one) - rank(other));
  const end = errors.findIndex(({ message }) => message.includes("in YAML stream"));
  const uneven = errors.some(({ message }) => unevenKey.test(message)) ? firstUnevenKeys(document, lines) : undefined;
  return errors
    .slice(0, end < 0 ? undefined : end + 1)
    .filter(({ message, pos }) => !unevenKey.test(message) || !uneven?.size || uneven.has(lines.at(pos[0]).line));
};

/**
 * What keeps the text from being YAML, in plain words. At most one problem a line, since one mistake makes several errors there; what
 * follows a line indented with a tab is only the consequence, and is left out.
 */
export const syntaxProblems = (document: Document, text: string, lines: Lines): readonly Spot[] => {
  if (document.errors.length === 0) return [];
  const tooDeep = document.errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (tooDeep) return [{ offset: tooDeep.pos[0], ...nestedTooDeep }];

  const errors = causes(document, lines);
  const lineOf = (offset: number): number => lines.at(offset).line;
  const tabs = tabbedLines(document, text);
  const failed = new Set(errors.map(({ pos }) => lineOf(pos[0])));
  const tabbed = tabs.some((offset) => failed.has(lineOf(offset))) ? tabs.map((offset): Spot => ({ offset, ...tab })) : [];
  const firstTab = tabbed[0]?.offset ?? Infinity;

  const opened = openings(document);
  const firstOfLine = new Map<number, Spot>();
  for (const error of errors.filter(({ pos }) => pos[0] < firstTab)) {
    const [, quote, bracket] = unclosed.exec(error.message) ?? [];
    const opening = opened.get(`${quote ?? bracket}${error.pos[0]}`)?.shift();
    const spot = opening ?? { offset: error.pos[0], ...inWords(error, text) };
    if (!firstOfLine.has(lineOf(spot.offset))) firstOfLine.set(lineOf(spot.offset), spot);
  }
  return [...firstOfLine.values(), ...tabbed];
};
