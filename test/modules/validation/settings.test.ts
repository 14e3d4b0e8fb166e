import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Fn, TerraformStack, TerraformVariable } from "cdktf";
import { z } from "zod";
import { checkSettings, isToken, orToken, present } from "../../../modules/validation";
import { findingMessage, known, type Leaf, oneOf, text } from "../../../modules/validation/schema";

const stack = new TerraformStack(new App({ outdir: join(tmpdir(), "never-written") }), "theirs");
const variable = (name: string, type: string) => new TerraformVariable(stack, name, { type });
const [name, port, ids, tags] = [
  variable("name", "string"),
  variable("port", "number"),
  variable("ids", "list(string)"),
  variable("tags", "map(string)"),
];

const short = () => text((value) => (value.length > 5 ? { problem: `${value} is long`, fix: "use five letters" } : undefined));

const schema = (leaf: Leaf) =>
  z.strictObject({
    name: leaf(short()),
    port: leaf(z.int().max(65535)).default(443),
    ids: leaf(z.array(z.string().regex(/^id-/))).optional(),
    tags: leaf(z.record(z.string(), z.string())).optional(),
    ranges: z.record(short(), z.string()).optional(),
    nested: z.strictObject({ name: leaf(short()).optional() }).optional(),
  });

const check = (props: object) => checkSettings(stack, schema(orToken), props);

describe("a value that Terraform knows only at deployment", () => {
  test.each([
    ["a string", { name: name.stringValue }],
    ["a text that holds one", { name: `prefix-${name.stringValue}` }],
    ["an expression", { name: "${var.name}-with-suffix" }],
    ["a function's result", { name: Fn.join("-", [name.stringValue, "b"]) }],
    ["a number", { name: "a", port: port.numberValue }],
    ["a list", { name: "a", ids: ids.listValue }],
    ["a map", { name: "a", tags: tags.value as unknown }],
    ["one further in", { name: "a", nested: { name: name.stringValue } }],
  ])("passes unchanged: %s", (_, props) => {
    expect(isToken(name.stringValue)).toBe(true);
    expect(check(props)).toMatchObject(props);
  });

  test("is no token in a file", () => {
    expect(schema(known).safeParse({ name: "${var.name}-suffix" }).success).toBe(false);
  });
});

describe("settings of a construct", () => {
  test("get their defaults; props that are no settings are not looked at", () => {
    expect(check({ name: "a", vpcId: 5 })).toEqual({ name: "a", port: 443 });
  });

  test("tell all mistakes at once, each with the construct's path and the prop", () => {
    expect(() => check({ name: "too long", port: 70000, ids: ["id-1", "2"], nested: { name: "too long too", more: 1 } })).toThrow(
      /^theirs\.name: too long is long; use five letters\ntheirs\.port: .*65535.*\ntheirs\.ids\.1: .*\ntheirs\.nested\.name: too long too is long; use five letters\ntheirs\.nested: .*"more".*$/s,
    );
  });

  test("tell what is wrong with a key", () => {
    expect(() => check({ name: "a", ranges: { "too long": "a" } })).toThrow("theirs.ranges.too long: too long is long; use five letters");
  });

  test("tell what is missing", () => {
    expect(() => check({})).toThrow("theirs.name: ");
  });
});

describe("a choice", () => {
  const choice = oneOf({ create: z.strictObject({ size: z.int() }), existing: z.strictObject({ id: z.string() }) });
  const messages = (value: unknown) => choice.safeParse(value).error?.issues.map(({ message }) => message);

  test("is one of its variants", () => {
    expect(choice.parse({ create: { size: 1 } })).toEqual({ create: { size: 1 } });
    expect(choice.parse({ existing: { id: "a" }, create: undefined })).toMatchObject({ existing: { id: "a" } });
  });

  test("says so when none or several are given", () => {
    expect(messages({})).toEqual([findingMessage({ problem: "no choice is made", fix: "give exactly one of create, existing" })]);
    expect(messages({ create: { size: 1 }, existing: { id: "a" } })).toEqual([
      findingMessage({ problem: "create and existing exclude each other", fix: "give exactly one of create, existing" }),
    ]);
  });

  test("takes no other", () => {
    expect(messages({ make: {} })?.join()).toContain("make");
  });
});

test("present leaves out what is undefined and keeps what is falsy", () => {
  expect(present({ a: undefined, b: 0, c: "", d: false, e: null })).toEqual({ b: 0, c: "", d: false, e: null });
});
