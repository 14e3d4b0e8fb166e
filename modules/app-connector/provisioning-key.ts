import { type Finding } from "../validation/schema";

const copyAgain = "copy it again from the ZPA portal, and store it as plain text in one line";

/** Its number, its host and its own text, as the ZPA portal gives it. */
const shape = /^\d+\|[A-Za-z0-9.-]+\|[A-Za-z0-9+/_-]+={0,2}$/;

/** What people's tools make of a key on its way from the portal, the most telling first. */
const mistakes: readonly { readonly found: RegExp; readonly what: string; readonly fix: string }[] = [
  { found: /^$/, what: "is empty", fix: copyAgain },
  { found: /^\s*\{/, what: "is JSON", fix: "name the JSON key that holds it in field, or store the key alone" },
  { found: /[‘’‚‛“”„‟‹›«»]/u, what: "has typographic quotation marks", fix: copyAgain },
  { found: /[‐-―−]/u, what: "has typographic dashes", fix: copyAgain },
  { found: /[\r\n]/, what: "is broken into lines", fix: copyAgain },
  { found: /[\s\u200b-\u200d\u2060\ufeff]/u, what: "has white space", fix: copyAgain },
  { found: /["'`]/, what: "has quotation marks", fix: copyAgain },
];

/** The key of a stored text: without the line break after it, and the straight quotation marks around it, that shells and editors add. */
export function provisioningKeyIn(text: string): string {
  const line = text.replace(/\r?\n$/, "");
  return /^(["'])(.*)\1$/s.exec(line)?.[2] ?? line;
}

/** What is wrong with a stored provisioning key, if anything. Nothing of the key is told: it is a secret. */
export function judgeProvisioningKey(text: string): Finding | undefined {
  const key = provisioningKeyIn(text);
  if (shape.test(key)) return undefined;
  const mistake = mistakes.find(({ found }) => found.test(key));
  return mistake === undefined
    ? { problem: "the provisioning key has not the form number|host|text", fix: copyAgain }
    : { problem: `the provisioning key ${mistake.what}`, fix: mistake.fix };
}
