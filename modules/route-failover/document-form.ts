import { jsonDocument } from "../iam";
import { isToken } from "../validation";
import { environmentNames, type FailoverDocument } from "./function/document";

/** A document as the function gets it: whole in its environment, or as the texts of SSM parameters by their last names. */
export type DocumentForm = { readonly whole: string } | { readonly parts: Readonly<Record<string, string>> };

/** What a function's environment holds (Lambda quotas: 4 KB in all), and a standard parameter (Systems Manager quotas). */
const longestText = 4096;

const token = /\$\{[^}]*\}/g;
const longestId = "rtb-0123456789abcdef0".length;
const longestPort = 65535;
/** The most characters of what may be known only at deployment and is no id. */
const longest: Readonly<Record<string, number>> = {
  destination: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128".length,
  // A function's name has 64 characters.
  name: 64,
  history: 64,
  // Of all that a route can lead to, a core network has the longest name.
  former: "arn:aws-us-gov:networkmanager::123456789012:core-network/core-network-0123456789abcdef0".length,
};

const filled = (value: unknown, field = ""): unknown => {
  if (typeof value === "number") return isToken(value) ? longestPort : value;
  if (typeof value === "string") return value.replace(token, "x".repeat(longest[field] ?? longestId));
  if (Array.isArray(value)) return value.map((item) => filled(item, field));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, key)]));
};

/** The document's text with values of the most characters in place of tokens, so that its length is the same in every run. */
const longestForm = (value: unknown): string => jsonDocument(filled(value));

type Items = Partial<Pick<FailoverDocument, "connectors" | "routes">>;

const together = (one: Items, other: Items): Items => ({
  ...one,
  ...(other.connectors ? { connectors: { ...one.connectors, ...other.connectors } } : {}),
  ...(other.routes ? { routes: [...(one.routes ?? []), ...other.routes] } : {}),
});

/** Puts items together while the sum of their lengths fits: together they are shorter than that. */
function pack(items: readonly Items[]): readonly Items[] {
  const parts: { items: Items; length: number }[] = [];
  for (const item of items) {
    const { length } = longestForm(item);
    const last = parts.at(-1);
    if (last === undefined || last.length + length > longestText) {
      parts.push({ items: item, length });
    } else {
      last.items = together(last.items, item);
      last.length += length;
    }
  }
  return parts.map((part) => part.items);
}

/**
 * Whether a document fits into the function's environment, and its parts if it does not. The answer depends on what is known at synthesis,
 * not on how cdktf numbers its tokens.
 *
 * @throws When the settings alone are longer than a parameter.
 */
export function documentForm(document: FailoverDocument): DocumentForm {
  // Lambda measures the environment as JSON: every quotation mark in a value counts twice.
  if (JSON.stringify({ [environmentNames.document]: longestForm(document) }).length <= longestText)
    return { whole: jsonDocument(document) };

  const { connectors, routes, ...settings } = document;
  const items = pack([
    ...Object.entries(connectors).map(([key, connector]) => ({ connectors: { [key]: connector } })),
    ...routes.map((route) => ({ routes: [route] })),
  ]);
  const first = { ...settings, parts: items.length + 1 };
  const length = longestForm(first).length;
  if (length > longestText)
    throw new Error(`the settings of the failover have ${length} characters; SSM takes ${longestText}: drain fewer connectors`);
  return {
    parts: Object.fromEntries([
      ["settings", jsonDocument(first)],
      ...items.map((part, index) => [`items-${String(index + 1).padStart(2, "0")}`, jsonDocument(part)] as const),
    ]),
  };
}
