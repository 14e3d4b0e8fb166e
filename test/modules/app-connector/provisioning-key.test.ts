import fc from "fast-check";
import { judgeProvisioningKey, provisioningKeyIn } from "../../../modules/app-connector/provisioning-key";
import { storedKeys } from "./provisioning-keys";

test.each(storedKeys)("a stored key, $name", ({ text, expected }) => {
  const found = judgeProvisioningKey(text);
  if ("key" in expected) {
    expect(found).toBeUndefined();
    expect(provisioningKeyIn(text)).toBe(expected.key);
  } else {
    expect(found?.problem).toBe(`the provisioning key ${expected.problem}`);
    expect(found?.fix).toMatch(/^(copy it again from the ZPA portal|name the JSON key)/);
  }
});

const base64 = fc.uint8Array({ minLength: 1, maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString("base64"));
const keys = fc.record({ number: fc.nat(), host: fc.domain(), text: base64 }).map(({ number, host, text }) => `${number}|${host}|${text}`);

test("every key of the form is taken", () => {
  fc.assert(fc.property(keys, (key) => expect(judgeProvisioningKey(key)).toBeUndefined()));
});

test("any character that does not belong to a key is found, wherever it stands", () => {
  const foreign = fc.constantFrom(...Array.from(" \t\n\r\"'`‘’“”«–—‑−\u00a0\u200b\u2028\ufeff…{},;"));
  fc.assert(
    fc.property(keys, foreign, fc.nat(), (key, character, place) => {
      const at = 1 + (place % (key.length - 1));
      expect(judgeProvisioningKey(key.slice(0, at) + character + key.slice(at))).toBeDefined();
    }),
  );
});

test("nothing of a key is told", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4, unit: fc.constantFrom(...Array.from('XYZ019 \n"“–|')) }), (text) => {
      const { problem = "", fix = "" } = judgeProvisioningKey(text) ?? {};
      for (let start = 0; start + 4 <= text.length; start++) expect(problem + fix).not.toContain(text.slice(start, start + 4));
    }),
  );
});
