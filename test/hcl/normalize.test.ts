import { isDeepStrictEqual } from "node:util";
import { writeStack } from "../../hcl";
import { isList, isObject, type Json, type JsonObject } from "../../hcl/syntax/json";
import { normalize, parseHcl } from "./normalize";
import { jsonOf, sampleStack } from "./samples";

/** Every JSON that differs from this one in one place, with the place. */
function* mutants(value: Json, place = ""): Generator<readonly [string, Json]> {
  if (typeof value === "string") {
    yield [`${place}: another string`, `${value}.`];
    yield [`${place}: without white space`, value.trim() === value ? `${value} ` : value.trim()];
  }
  if (typeof value === "number" || typeof value === "boolean" || value === null) yield [`${place}: a string`, String(value)];
  if (typeof value === "number") yield [`${place}: another number`, value + 1];
  if (typeof value === "boolean") yield [`${place}: the other`, !value];
  if (value !== null) yield [`${place}: null`, null];
  if (isList(value)) {
    const reversed = [...value].reverse();
    if (!isDeepStrictEqual(reversed, value)) yield [`${place}: another order`, reversed];
    yield [`${place}: one more`, [...value, value[0] ?? "x"]];
    for (const [index, item] of value.entries()) {
      yield [`${place}[${index}]: one less`, value.filter((_, other) => other !== index)];
      for (const [what, mutant] of mutants(item, `${place}[${index}]`)) yield [what, value.map((old, at) => (at === index ? mutant : old))];
    }
  }
  if (isObject(value)) {
    yield [`${place}: one more`, { ...value, more: "x" }];
    for (const [key, item] of Object.entries(value)) {
      const rest = Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
      yield [`${place}.${key}: missing`, rest];
      yield [`${place}.${key}: another key`, { ...rest, [`${key}x`]: item }];
      for (const [what, mutant] of mutants(item, `${place}.${key}`)) yield [what, { ...value, [key]: mutant }];
    }
  }
}

test("the comparison sees whatever differs in one place", async () => {
  const stack = sampleStack("ha");
  const json = Object.fromEntries(Object.entries(jsonOf(stack)).filter(([key]) => key !== "//"));
  const parsed = await parseHcl(Object.values(writeStack(stack, { providers: "included", backend: "included" })).join("\n"));
  // Small enough to try all: of each type one resource.
  const few = (byType: Json | undefined): JsonObject =>
    Object.fromEntries(
      Object.entries(byType !== undefined && isObject(byType) ? byType : {}).map(([type, byName]) => [
        type,
        Object.fromEntries(
          Object.entries(isObject(byName) ? byName : {})
            .sort(([one], [other]) => (one < other ? -1 : 1))
            .slice(0, 1),
        ),
      ]),
    );
  const withoutComments = (value: Json): Json =>
    isList(value)
      ? value.map(withoutComments)
      : isObject(value)
        ? Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (key === "//" ? [] : [[key, withoutComments(item)]])))
        : value;
  const original = withoutComments({ ...json, resource: few(json["resource"]), data: few(json["data"]) }) as JsonObject;
  const read = { ...parsed, resource: few(parsed["resource"]), data: few(parsed["data"]) };
  expect(normalize(original, read)).toEqual(read);

  const unseen: string[] = [];
  let count = 0;
  for (const [what, mutant] of mutants(original)) {
    count++;
    if (isDeepStrictEqual(normalize(mutant as JsonObject, read), read)) unseen.push(what);
  }
  expect(count).toBeGreaterThan(1000);
  expect(unseen).toEqual([]);
});
