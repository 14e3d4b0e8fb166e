/** Plain data with each of its texts changed, keys of maps included. */
const withTexts = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => withTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), withTexts(item, change)]));
};

/**
 * Plain data whose texts, keys of maps included, mean to Terraform what they meant in the file: `${` is written `$${` and `%{` is written
 * `%%{`, so that nothing in a file is a template. Not for the default of a Terraform variable, which is a literal anyway.
 */
export const escapeTemplates = <Data>(data: Data): Data =>
  withTexts(data, (text) => text.replace(/[$%]\{/g, (opening) => `${opening[0]}${opening}`)) as Data;

/** What `escapeTemplates` was given, for where Terraform takes texts as they are. */
export const unescapeTemplates = (data: unknown): unknown => withTexts(data, (text) => text.replace(/([$%])\1\{/g, "$1{"));
