const escapeText = (text: string): string => text.replace(/[$%]\{/g, (opening) => `${opening[0]}${opening}`);

const escapeAny = (value: unknown): unknown => {
  if (typeof value === "string") return escapeText(value);
  if (Array.isArray(value)) return value.map(escapeAny);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [escapeText(key), escapeAny(item)]));
};

/**
 * Plain data whose texts, keys of maps included, mean to Terraform what they meant in the file: `${` is written `$${` and `%{` is written
 * `%%{`, so that nothing in a file is a template. Not for the default of a Terraform variable, which is a literal anyway.
 */
export const escapeTemplates = <Data>(data: Data): Data => escapeAny(data) as Data;
