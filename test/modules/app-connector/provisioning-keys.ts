/** A text that is stored as a provisioning key. */
export interface StoredKey {
  readonly name: string;
  readonly text: string;
  /** What is wrong with it, or the key that is taken from it. */
  readonly expected: { readonly key: string } | { readonly problem: string };
}

const host = "api.private.zscaler.com";
const secret = "Vm9jYXRpdmUrUmVtYWluZGVyL3Rlc3QtKEtleSk5OQ==";
const key = `3|${host}|${secret}`;

const taken = (name: string, text: string, expected = key): StoredKey => ({ name, text, expected: { key: expected } });
const refused = (name: string, text: string, problem: string): StoredKey => ({ name, text, expected: { problem } });

/** Keys as people store them, and what becomes of each. */
export const storedKeys: readonly StoredKey[] = [
  taken("the key alone", key),
  taken("without padding", `3|${host}|abcDEF09`, `3|${host}|abcDEF09`),
  taken("with the letters of base64 for URLs", `12|${host}|ab-c_D==`, `12|${host}|ab-c_D==`),
  taken("of another cloud", `1|co2br.zpatwo.net|${secret}`, `1|co2br.zpatwo.net|${secret}`),
  taken("a line break after it", `${key}\n`),
  taken("a line break of Windows' after it", `${key}\r\n`),
  taken("straight quotation marks around it", `"${key}"`),
  taken("straight quotation marks around it, and a line break", `"${key}"\n`),
  taken("single quotation marks around it", `'${key}'`),

  refused("empty", "", "is empty"),
  refused("a line break alone", "\n", "is empty"),
  refused("quotation marks alone", '""', "is empty"),
  refused("JSON", `{"provisioning_key":"${key}"}`, "is JSON"),
  refused("typographic quotation marks around it", `“${key}”`, "has typographic quotation marks"),
  refused("a typographic apostrophe after it", `${key}’`, "has typographic quotation marks"),
  refused("an en dash in its host", `3|api–private.zscaler.com|${secret}`, "has typographic dashes"),
  refused("a minus sign in its text", `3|${host}|ab−c==`, "has typographic dashes"),
  refused("wrapped by a terminal", `3|${host}|${secret.slice(0, 20)}\n${secret.slice(20)}`, "is broken into lines"),
  refused("two line breaks after it", `${key}\n\n`, "is broken into lines"),
  refused("a carriage return in it", `3|${host}|\r${secret}`, "is broken into lines"),
  refused("a blank before it", ` ${key}`, "has white space"),
  refused("a blank after it", `${key} `, "has white space"),
  refused("a blank within quotation marks", `"${key} "`, "has white space"),
  refused("a tab in it", `3|${host}|\t${secret}`, "has white space"),
  refused("a no-break space", `3|${host}|\u00a0${secret}`, "has white space"),
  refused("a zero-width space", `\u200b${key}`, "has white space"),
  refused("a byte order mark", `\ufeff${key}`, "has white space"),
  refused("a quotation mark at one end", `"${key}`, "has quotation marks"),
  refused("quotation marks that differ", `"${key}'`, "has quotation marks"),
  refused("quotation marks twice", `""${key}""`, "has quotation marks"),
  refused("no key at all", "correct-horse-battery-staple", "has not the form number|host|text"),
  refused("no number", `|${host}|${secret}`, "has not the form number|host|text"),
  refused("no host", `3||${secret}`, "has not the form number|host|text"),
  refused("no text", `3|${host}|`, "has not the form number|host|text"),
  refused("cut off before its text", `3|${host}`, "has not the form number|host|text"),
  refused("more parts", `${key}|more`, "has not the form number|host|text"),
  refused("too much padding", `3|${host}|abc===`, "has not the form number|host|text"),
  refused("padding within it", `3|${host}|ab=c`, "has not the form number|host|text"),
  refused("an ellipsis in place of its middle", `3|${host}|ab…cd`, "has not the form number|host|text"),
];
