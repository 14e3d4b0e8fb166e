import type { ErrorCode, YAMLError } from "yaml";

import type { Finding } from "../../modules/validation/schema";

type Words = Finding | ((error: YAMLError, text: string) => Finding);

const general: Finding = {
  problem: "YAML cannot be read here",
  fix: "look at the indentation, quotes, colons and brackets in this line and the one above",
};

const looseEnd: Finding = {
  problem: "something follows where the value has ended",
  fix: "put the whole value in quotes, close a quote above, or give each key and list item a line of its own",
};

export const tab: Finding = { problem: "the line is indented with a tab", fix: "YAML takes spaces only: type spaces instead" };

const anchorsAndTags: Finding = {
  problem: "an anchor (&), alias (*) or tag (!) is not complete here",
  fix: "put the value in quotes if it is meant to start with &, * or !",
};

const byCode: Partial<Record<ErrorCode, Words>> = {
  ALIAS_PROPS: anchorsAndTags,
  BAD_ALIAS: anchorsAndTags,
  BAD_PROP_ORDER: anchorsAndTags,
  MULTIPLE_ANCHORS: anchorsAndTags,
  MULTIPLE_TAGS: anchorsAndTags,
  BAD_DIRECTIVE: { problem: "a line that starts with % is a directive, and this one is unknown", fix: "remove it" },
  BAD_DQ_ESCAPE: (error) => ({
    problem: `${error.message.replace("Invalid escape sequence ", "").slice(0, 10)} is no escape of double quotes`,
    fix: "write \\\\ for a backslash, or use single quotes",
  }),
  BAD_SCALAR_START: ({ pos }, text) => ({ problem: `a value cannot start with ${text.charAt(pos[0])}`, fix: "put the value in quotes" }),
  BLOCK_AS_IMPLICIT_KEY: {
    problem: 'a second ": " or "- " stands in the line of a key',
    fix: "put the value in quotes, or begin the inner map or list on a line of its own",
  },
  BLOCK_IN_FLOW: { problem: "lines with keys or dashes stand inside brackets", fix: "write either brackets or indented lines" },
  KEY_OVER_1024_CHARS: { problem: "a key is longer than 1024 characters", fix: "shorten it, or put the value in quotes" },
  MULTILINE_IMPLICIT_KEY: ({ pos }, text) =>
    text.startsWith("- ", pos[0])
      ? { problem: "a list item stands among keys", fix: "put the list under a key of its own that has no other value" }
      : {
          problem: "this line and the next read as one text",
          fix: 'end a key with ": ", and indent deeper only under a key without a value',
        },
  MULTIPLE_DOCS: { problem: "a second document starts here", fix: "a file is one document: remove the --- or ... before it" },
  TAB_AS_INDENT: tab,
  TAG_RESOLVE_FAILED: { problem: "a tag (!) is not understood here", fix: "remove it, or put the value in quotes" },
};

const byMessage: readonly (readonly [RegExp, Finding])[] = [
  [
    /^All mapping items/,
    { problem: "this key is not in one column with its neighbours", fix: "indent the keys of one map by the same number of spaces" },
  ],
  [
    /^All sequence items/,
    { problem: "this - is not in one column with its neighbours", fix: "indent the items of one list by the same number of spaces" },
  ],
  [
    /^(Sequence item without|Implicit map keys need)/,
    {
      problem: 'this line is neither "key: value" nor "- item"',
      fix: "write a colon and a space behind a key, and indent it like its neighbours",
    },
  ],
  [/^Comments must be/, { problem: "a # follows directly on a value", fix: "put a space before a comment" }],
  [/^Missing space after :/, { problem: "a colon has no space behind it", fix: "put a space after the colon" }],
  [/^Missing ,/, { problem: "two items stand without a comma between them", fix: "put commas between the items of [ ] and { }" }],
  [/^Unexpected (,|empty item)/, { problem: "there is a comma too many", fix: "remove it" }],
  [/^Unexpected flow-(seq|map)-end/, { problem: "a bracket closes what was not opened", fix: "remove it, or open it before" }],
  [/same line with key/, { problem: "a list starts in the line of its key", fix: "begin each item on a line of its own, or write [a, b]" }],
  [/^Missing directives-end/, { problem: "a line that starts with % is a directive", fix: "remove it" }],
  [/^Block scalar header/, { problem: "text follows on the line of | or >", fix: "begin the text on the next line" }],
  [
    /^(Explicit indentation|Block scalars )/,
    { problem: "the text under | or > is not indented evenly", fix: "indent each of its lines at least as much as the first" },
  ],
  [/^Tags and anchors must be/, anchorsAndTags],
  [/at node end$|in YAML (stream|document)/, looseEnd],
];

/** An error of YAML in plain words. Nothing of the file is quoted but single signs: it may be secret. */
export const inWords = (error: YAMLError, text: string): Finding => {
  const words = byCode[error.code] ?? byMessage.find(([pattern]) => pattern.test(error.message))?.[1] ?? general;
  return typeof words === "function" ? words(error, text) : words;
};

export const nestedTooDeep: Finding = { problem: "maps and lists stand too deep inside each other", fix: "remove brackets or dashes" };
