import { parse } from "@cdktf/hcl2json";
import { type Json, type JsonObject, isList, isObject } from "../../hcl/syntax/json";
import { jsonDocument } from "../../modules/iam";

type Change = (value: Json, path: readonly string[]) => Json;

const map = (value: Json, change: Change, path: readonly string[] = []): Json => {
  const inner = isList(value)
    ? value.map((item, index) => map(item, change, [...path, String(index)]))
    : isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item, change, [...path, key])]))
      : value;
  return change(inner, path);
};

const references = new Set(["depends_on", "ignore_changes", "replace_triggered_by", "configuration_aliases", "provider", "to", "from"]);

const isReference = (path: readonly string[]): boolean => {
  const [kind = "", , , part] = path;
  if (kind === "variable") return path.length === 3 && path[2] === "type";
  if (!references.has(path.at(-1) ?? "")) return false;
  if (kind === "resource" || kind === "data") return path.length === 4 || part === "lifecycle";
  return kind === "terraform" || (["output", "import", "moved", "removed"].includes(kind) && path.length === 3);
};

/** Where HCL has a reference, JSON has a string with its text. */
const unwrapReferences: Change = (value, path) => {
  const strip = (item: Json): Json => (typeof item === "string" ? (/^\$\{(.*)\}$/s.exec(item)?.[1] ?? item) : item);
  if (!isReference(path)) return value;
  return isList(value) ? value.map(strip) : strip(value);
};

/** A key in parentheses is an expression, which JSON has as an interpolation. */
const unwrapKeys: Change = (value) =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key.replace(/^\$\{\((.*)\)\}$/s, "${$1}"), item]))
    : value;

const onlyOne = (value: Json | undefined): Json => {
  if (value === undefined || !isList(value) || value.length !== 1) throw new Error(`not one block: ${JSON.stringify(value)}`);
  return value[0] ?? null;
};

const entries = (value: Json | undefined): [string, Json][] => (value !== undefined && isObject(value) ? Object.entries(value) : []);

const mapValues = (value: Json | undefined, change: (value: Json) => Json): JsonObject =>
  Object.fromEntries(entries(value).map(([key, item]) => [key, change(item)]));

/** JSON has the block of a name as an object, hcl2json as a list of blocks. */
const unwrapBlocks = (file: JsonObject): JsonObject => {
  const { terraform, ...rest } = file;
  const settings: JsonObject[] = (terraform !== undefined && isList(terraform) ? terraform : []).filter(isObject);
  const merged = Object.fromEntries(settings.flatMap((block) => Object.entries(block)));
  const changed: Record<string, (value: Json) => Json> = {
    resource: (value) => mapValues(value, (byName) => mapValues(byName, onlyOne)),
    data: (value) => mapValues(value, (byName) => mapValues(byName, onlyOne)),
    variable: (value) => mapValues(value, onlyOne),
    output: (value) => mapValues(value, onlyOne),
    locals: onlyOne,
  };
  const backend = merged["backend"];
  return {
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, changed[key]?.(value) ?? value])),
    terraform: {
      ...merged,
      ...("required_providers" in merged ? { required_providers: onlyOne(merged["required_providers"]) } : {}),
      ...(backend === undefined ? {} : { backend: mapValues(backend, onlyOne) }),
    },
  };
};

/** Where the interpolation that begins at an index ends: at the brace that closes it. */
function endOfInterpolation(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    if (text[index] === "{") depth++;
    else if (text[index] === "}" && --depth === 0) return index + 1;
  }
  return text.length;
}

/** A JSON document of texts with interpolations: what stands in these is an expression, in which nothing is escaped. */
function templateDocument(document: Json): string {
  const expressions: string[] = [];
  const marked = map(document, (item) => {
    if (typeof item !== "string") return item;
    let result = "";
    let done = 0;
    // What a second dollar sign escapes is none.
    for (const { index: start } of item.matchAll(/(?<!\$)\$\{/g)) {
      if (start < done) continue;
      const end = endOfInterpolation(item, start + 1);
      result += `${item.slice(done, start)}@expression-${expressions.push(item.slice(start, end)) - 1}@`;
      done = end;
    }
    return result + item.slice(done);
  });
  return jsonDocument(marked).replace(/@expression-(\d+)@/g, (_, index: string) => expressions[Number(index)] ?? "");
}

/** What a call of jsonencode gives; `tostring` makes there what a string makes of an interpolation. */
async function encoded(call: string): Promise<string> {
  const { value } = (await parse("document.tf", `value = ${call.slice("${jsonencode(".length, -")}".length)}`)) as JsonObject;
  const document = map(map(value ?? null, unwrapKeys), (item) =>
    typeof item === "string" ? item.replace(/^\$\{tostring\((.*)\)\}$/s, "${$1}") : item,
  );
  return templateDocument(document);
}

async function encodeAll(value: Json): Promise<Json> {
  if (typeof value === "string") return /^\$\{jsonencode\(.*\)\}$/s.test(value) ? encoded(value) : value;
  if (isList(value)) return Promise.all(value.map(encodeAll));
  if (!isObject(value)) return value;
  return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, item]) => [key, await encodeAll(item)] as const)));
}

/** HCL as hcl2json reads it, in the form of Terraform's JSON. */
export async function parseHcl(text: string): Promise<JsonObject> {
  const file = await encodeAll((await parse("file.tf", text)) as JsonObject);
  return map(unwrapBlocks(map(file, unwrapKeys) as JsonObject), unwrapReferences) as JsonObject;
}

/** Changes the texts of a value, keys included. */
const mapTexts = (value: Json, change: (text: string) => string): Json =>
  map(value, (item) => {
    if (typeof item === "string") return change(item);
    return isObject(item) ? Object.fromEntries(Object.entries(item).map(([key, inner]) => [change(key), inner])) : item;
  });

const escapeTemplates = (value: Json): Json => mapTexts(value, (text) => text.replace(/([$%])(?=\{)/g, "$1$1"));

/** What Terraform does not read as templates. */
const literals: Change = (value, path) => {
  const [kind, , part] = path;
  const isLiteral =
    (kind === "variable" && path.length === 3 && ["default", "description"].includes(part ?? "")) ||
    (kind === "output" && path.length === 3 && part === "description") ||
    (kind === "terraform" && path.length === 2);
  return isLiteral ? escapeTemplates(value) : value;
};

const bodyDepth: Readonly<Record<string, number>> = { resource: 3, data: 3, output: 2, variable: 2 };

/** The comments of bodies, and empty lists of dependencies, which nobody writes. */
const withoutEmpty: Change = (value, path) => {
  const isBody = path.length === 0 || path.length === bodyDepth[path[0] ?? ""];
  if (!isBody || !isObject(value)) return value;
  const isEmpty = ([key, item]: readonly [string, Json]) => key === "//" || (key === "depends_on" && isList(item) && item.length === 0);
  return Object.fromEntries(Object.entries(value).filter((entry) => !isEmpty(entry)));
};

/** A block that stands alone is an object in JSON, and a list of one in what is parsed. */
const wrapBlocks = (value: Json, parsed: Json | undefined): Json => {
  if (isObject(value) && parsed !== undefined && isList(parsed)) return [wrapBlocks(value, parsed[0])];
  if (isList(value))
    return value.map((item, index) => wrapBlocks(item, parsed !== undefined && isList(parsed) ? parsed[index] : undefined));
  if (!isObject(value)) return value;
  const like = parsed !== undefined && isObject(parsed) ? parsed : {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wrapBlocks(item, like[key])]));
};

/** Terraform's JSON in the form of what is parsed from HCL, so that the two are equal if they mean the same. */
export const normalize = (json: JsonObject, parsed: JsonObject): Json => {
  // Terraform composes the characters of every text, and takes a byte order mark off its start.
  const read = mapTexts(map(map(json, withoutEmpty), literals), (text) => text.normalize("NFC").replace(/^\ufeff/, ""));
  return wrapBlocks(read, parsed);
};
