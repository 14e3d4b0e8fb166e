import fc from "fast-check";
import { escapeTemplates } from "../../../config/yaml/escape";

test("templates in texts and keys, however deep", () => {
  const data = { "${a}": ["%{if x}", { b: "x ${y} %{ z", plain: "$ % {}" }], number: 1, nothing: null, flag: true };
  expect(escapeTemplates(data)).toEqual({
    "$${a}": ["%%{if x}", { b: "x $${y} %%{ z", plain: "$ % {}" }],
    number: 1,
    nothing: null,
    flag: true,
  });
});

test("a text that is escaped already gets one more sign, as HCL reads it", () => {
  expect(escapeTemplates("$${x}")).toBe("$$${x}");
});

/** How HCL reads a template that has no interpolation in it. */
const unescape = (text: string): string => text.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{");

test("HCL reads what was written, and finds no template", () => {
  const text = fc.string({ unit: fc.constantFrom("$", "%", "{", "}", "a") });
  fc.assert(
    fc.property(text, (written) => {
      const escaped = escapeTemplates(written);
      expect(unescape(escaped)).toBe(written);
      expect(escaped).not.toMatch(/(^|[^$])\$\{|(^|[^%])%\{/);
    }),
  );
});

test("a key cannot set a prototype", () => {
  const escaped = escapeTemplates(JSON.parse('{"__proto__": {"x": "${a}"}}') as Record<string, unknown>);
  expect(Object.getPrototypeOf(escaped)).toBe(Object.prototype);
  expect(({} as { x?: string }).x).toBeUndefined();
});
