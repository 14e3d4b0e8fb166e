/** More of a value than this is never printed. */
const longest = 60;

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const encoded = /(?<![A-Za-z0-9+/_=])[A-Za-z0-9+/_=]{20,}/g;
/** `mrk-` and 32 digits is the id of a multi-region KMS key. */
const hexadecimal = /(?<!mrk-|[0-9A-Fa-f])[0-9A-Fa-f]{32,}/g;

const kindOf = (character: string): string => (/[a-z]/.test(character) ? "a" : /[A-Z]/.test(character) ? "A" : "0");

/** In words the kind of character seldom changes; in base64 or base62 at every second place. */
const looksRandom = (text: string): boolean => {
  const kinds = Array.from(text.replace(/[^A-Za-z0-9]/g, ""), kindOf);
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  return changes >= 0.35 * kinds.length;
};

/** The text without private keys and without what looks like a key, token or password of 20 characters or more. */
export const withoutSecrets = (text: string): string =>
  text
    .replace(privateKey, "(private key, not shown)")
    .replace(encoded, (run) => (looksRandom(run) ? "(not shown)" : run))
    .replace(hexadecimal, "(not shown)");

/** The beginning of a text, without secrets. */
export const excerpt = (text: string): string => {
  const clean = withoutSecrets(text.slice(0, 5000));
  return clean.length > longest ? `${clean.slice(0, longest - 3)}...` : clean;
};

/** The text with control and invisible characters, which could rewrite a terminal, as escapes. */
export const printable = (text: string): string =>
  text.replace(/[\p{C}\p{DI}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** A value of the file in a message: short, on one line, in quotes where it would not stand out. */
export const shown = (value: unknown): string => {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "this list" : "this map";
  const text = excerpt(String(value));
  return printable(/^[^\s"']+$/.test(text) ? text : JSON.stringify(text));
};
