import fc from "fast-check";
import { judgeDomain } from "../../../modules/zpa-dns/domain";

const label = fc.stringMatching(/^[a-z0-9_]([a-z0-9_-]{0,20}[a-z0-9_])?$/);
/** Domains that Resolver takes. A last part of digits alone would be an address to most programs. */
const domain = fc
  .tuple(fc.array(label, { maxLength: 5 }), fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/))
  .map(([labels, last]) => [...labels, last].join("."));

test("a domain of right parts is taken", () => {
  fc.assert(fc.property(domain, (right) => expect(judgeDomain(right)).toBeUndefined()));
});

test.each(["com", "a", "_dmarc.example.com", "xn--bcher-kva.example", "2.0.192.in-addr.arpa", `${"a".repeat(63)}.com`])(
  "%s is taken",
  (right) => {
    expect(judgeDomain(right)).toBeUndefined();
  },
);

test("253 characters are taken, and no more", () => {
  const parts = (last: number) => [63, 63, 63, last].map((length) => "a".repeat(length)).join(".");
  expect(judgeDomain(parts(61))).toBeUndefined();
  expect(judgeDomain(parts(62))).toEqual({ problem: `${parts(62)} has 254 characters`, fix: "a domain has 253 at the most" });
});

/** What people write in place of a domain: how the problem is told, and how it comes about. */
const variants: readonly (readonly [problem: string, written: (domain: string) => string])[] = [
  ["has a space in it", (right) => ` ${right}`],
  ["is a URL", (right) => `https://${right}`],
  ["is a URL", (right) => `https://${right.toUpperCase()}:8443/login?next=/`],
  ["has a path", (right) => `${right}/login`],
  ["has a path", (right) => `${right}?next=1`],
  ["has an @ in it", (right) => `someone@${right}`],
  ["has a port", (right) => `${right}:443`],
  ["ends with a dot", (right) => `${right}.`],
  ["is a wildcard", (right) => `*.${right}`],
  ["has capital letters", (right) => `A${right}`],
  ["has characters that DNS does not know", (right) => `bücher.${right}`],
];

test("what is refused comes with a fix that is taken", () => {
  fc.assert(
    fc.property(domain, fc.constantFrom(...variants), (right, [problem, written]) => {
      const finding = judgeDomain(written(right));
      expect(finding?.problem).toBe(`${written(right)} ${problem}`);
      const proposed = finding?.fix.split(": ").at(-1) ?? "";
      expect(proposed.endsWith(right)).toBe(true);
      expect(judgeDomain(proposed)).toBeUndefined();
    }),
  );
});

test.each([
  ["*.example.com", "a rule for a domain covers every name below it, so write the domain alone: example.com"],
  ["*.Example.com", "a rule for a domain covers every name below it, so write the domain alone: example.com"],
  ["*.*.com", "a rule for a domain covers every name below it, so write the domain alone"],
  ["CRM.example.com", "DNS does not tell them apart, so write small ones: crm.example.com"],
  ["crm.example.com.", "write it without: crm.example.com"],
  ["https://crm.example.com/", "give the domain alone: crm.example.com"],
  ["crm.example.com:443", "give the domain alone: a rule is about names, whatever the port: crm.example.com"],
  ["someone@example.com", "give the domain alone, which stands behind the @: example.com"],
  ["bücher.example", "write its punycode form: xn--bcher-kva.example"],
  // Which of the two was meant is not guessed.
  ["crm example.com", "a domain has none"],
  ["https://10.0.0.1/", "queries are for names: give the domain of the application"],
])("the fix of %s", (written, fix) => {
  expect(judgeDomain(written)?.fix).toBe(fix);
});

test.each([
  ["", "the domain is empty"],
  [".", ". is every domain"],
  ["*", "* is every domain"],
  ["*.", "*. is every domain"],
  ["10.0.0.1", "10.0.0.1 is an address"],
  ["10.0.0.0/8", "10.0.0.0/8 is an address"],
  ["10.0.0.1:53", "10.0.0.1:53 is an address"],
  ["2001:db8::1", "2001:db8::1 is an address"],
  ["2001:db8::/32", "2001:db8::/32 is an address"],
  ["[2001:db8::1]:53", "[2001:db8::1]:53 is an address"],
  ["10.1", "10.1 ends with a number"],
  ["a..b", "a..b has an empty part"],
  [".example.com", ".example.com has an empty part"],
  ["-a.com", "-a in -a.com is no part of a domain"],
  ["a-.com", "a- in a-.com is no part of a domain"],
  ["a.*.com", "* in a.*.com is no part of a domain"],
  ["a!.com", "a! in a!.com is no part of a domain"],
  [`${"a".repeat(64)}.com`, `${"a".repeat(64)} in ${"a".repeat(64)}.com has 64 characters`],
])("%s is refused", (written, problem) => {
  expect(judgeDomain(written)?.problem).toBe(problem);
});

test("nothing that is no domain is taken", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from("aZ09-_.*:/@ ü$\n\\?#[]")) }), (written) => {
      if (judgeDomain(written) !== undefined) return;
      expect(written).toMatch(/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/);
      expect(written).not.toMatch(/(^|\.)\d+$/);
    }),
  );
});
