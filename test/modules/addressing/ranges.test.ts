import fc from "fast-check";
import { Address4, Address6 } from "ip-address";
import { addressCount, contains, formatRange, overlaps, parseRange, subRange, type AddressRange } from "../../../modules/addressing";

const read = (text: string): AddressRange => {
  const parsed = parseRange(text);
  if ("finding" in parsed) throw new Error(parsed.finding.problem);
  return parsed.range;
};

const refusal = (text: string): readonly [string, string] | "accepted" => {
  const parsed = parseRange(text);
  return "finding" in parsed ? [parsed.finding.problem, parsed.finding.fix] : "accepted";
};

/** The range as another implementation reads it, if the text is one in strict form. */
const oracle = (text: string): AddressRange | undefined => {
  const prefix = /\/(0|[1-9][0-9]*)$/.exec(text)?.[1];
  if (prefix === undefined || text.includes("%")) return undefined;
  const family = text.includes(":") ? 6 : 4;
  const kind = family === 4 ? Address4 : Address6;
  if (!kind.isValid(text)) return undefined;
  const address = new kind(text);
  return address.bigInt() === address.startAddress().bigInt() ? { family, first: address.bigInt(), prefix: Number(prefix) } : undefined;
};

const rangeOf = (family: 4 | 6): fc.Arbitrary<AddressRange> => {
  const bits = family === 4 ? 32 : 128;
  return fc
    .record({ address: fc.bigInt(0n, (1n << BigInt(bits)) - 1n), prefix: fc.integer({ min: 0, max: bits }) })
    .map(({ address, prefix }) => {
      const host = BigInt(bits - prefix);
      return { family, first: (address >> host) << host, prefix };
    });
};

const range = fc.oneof(rangeOf(4), rangeOf(6));

// Zeros in runs, as real IPv6 addresses have them.
const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 });
const ipv6Text = fc.tuple(groups, fc.boolean(), fc.boolean(), fc.nat(4)).map(([parts, upper, embedded, pad]) => {
  const tail = embedded ? [[parts[6] ?? 0, parts[7] ?? 0].flatMap((part) => [part >> 8, part & 0xff]).join(".")] : [];
  const texts = [...parts.slice(0, embedded ? 6 : 8).map((part) => part.toString(16).padStart(pad, "0")), ...tail];
  return upper ? texts.join(":").toUpperCase() : texts.join(":");
});
const elided = fc.tuple(ipv6Text, fc.nat(7), fc.integer({ min: 1, max: 8 })).map(([text, start, count]) => {
  const parts = text.split(":");
  return `${parts.slice(0, start).join(":")}::${parts.slice(start + count).join(":")}`;
});
const ipv6RangeText = fc.tuple(fc.oneof(ipv6Text, elided), fc.constantFrom(128, 128, 64, 0)).map(([text, prefix]) => `${text}/${prefix}`);

const character = fc.constantFrom(...Array.from("0123456789abcfFxg:./%+- \n\t"), "\u00a0", "\u200b", "\u0661", "::", "0", "/");
const mutated = fc
  .tuple(
    fc.oneof(range.map(formatRange), ipv6RangeText),
    fc.array(fc.tuple(fc.nat(50), fc.nat(2), character), { minLength: 1, maxLength: 3 }),
  )
  .map(([text, edits]) => edits.reduce((edited, [at, cut, put]) => `${edited.slice(0, at)}${put}${edited.slice(at + cut)}`, text));

describe("reading a range", () => {
  test("agrees with the oracle on every range in canonical form, and writes it back", () => {
    fc.assert(
      fc.property(range, (given) => {
        const text = formatRange(given);
        expect(read(text)).toEqual(given);
        expect(oracle(text)).toEqual(given);
        const canonical = given.family === 4 ? new Address4(text) : new Address6(text);
        expect(text).toBe(`${canonical.correctForm()}/${given.prefix}`);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["any form of IPv6", ipv6RangeText],
    ["mutated text", mutated],
    ["any text", fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.stringMatching(/^[0-9a-f:.]{0,20}\/[0-9]{0,3}$/))],
  ])("accepts %s exactly where the oracle does, and never throws", (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseRange(text);
        expect("range" in parsed ? parsed.range : undefined).toEqual(oracle(text));
      }),
      { numRuns: 3000 },
    );
  });

  test("names the value and a fix on one line each, without characters that cannot be seen", () => {
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string({ unit: "binary", maxLength: 200 })), (text) => {
        const parsed = parseRange(text);
        if ("range" in parsed) return;
        expect(parsed.finding.problem).toMatch(/^[ -~]{5,200}$/);
        expect(parsed.finding.fix).toMatch(/^[ -~]{5,200}$/);
      }),
    );
  });

  test("proposes as the fix for host bits a range that it accepts", () => {
    fc.assert(
      fc.property(range, fc.bigInt(1n, (1n << 128n) - 1n), (given, noise) => {
        const host = noise % addressCount(given);
        fc.pre(host > 0n);
        const text = formatRange({ ...given, first: given.first + host });
        expect(refusal(text)).toEqual([`${text} has host bits set`, `a range starts at its network address: ${formatRange(given)}`]);
      }),
    );
  });

  test.each([
    ["10.1.0.7/16", "10.1.0.7/16 has host bits set", "a range starts at its network address: 10.1.0.0/16"],
    ["2001:db8::1/32", "2001:db8::1/32 has host bits set", "a range starts at its network address: 2001:db8::/32"],
    ["010.0.0.0/8", "010.0.0.0/8 has 010 with a leading zero", "write it without the zero: some programs read it as octal"],
    ["10.0.00.0/8", "10.0.00.0/8 has 00 with a leading zero", "write it without the zero: some programs read it as octal"],
    ["0x0a.0.0.0/8", "0x0a.0.0.0/8 has x in it", "a range is written like 10.1.0.0/16, with nothing around it"],
    ["a.0.0.0/8", "a.0.0.0/8 has a in its address", "each of the four numbers is 0 to 255"],
    ["10/8", "10/8 is not a whole IPv4 address", "write all four numbers, as in 10.1.0.0/16"],
    ["10.1/16", "10.1/16 is not a whole IPv4 address", "write all four numbers, as in 10.1.0.0/16"],
    ["10.1.0./16", "10.1.0./16 is not a whole IPv4 address", "write all four numbers, as in 10.1.0.0/16"],
    ["10.1.0.0.0/16", "10.1.0.0.0/16 is not a whole IPv4 address", "write all four numbers, as in 10.1.0.0/16"],
    ["10.256.0.0/16", "10.256.0.0/16 has 256 in its address", "each of the four numbers is 0 to 255"],
    [
      "10.1.0.0",
      "10.1.0.0 has no prefix length",
      "a range ends with its prefix length, as in 10.1.0.0/16; a single address is 10.1.0.0/32",
    ],
    ["::1", "::1 has no prefix length", "a range ends with its prefix length, as in 10.1.0.0/16; a single address is ::1/128"],
    ["10.1.0.0/", "10.1.0.0/ has no prefix length", "an IPv4 prefix length is a number from 0 to 32 without leading zeros"],
    ["10.1.0.0/33", "10.1.0.0/33 has the prefix length 33", "an IPv4 prefix length is a number from 0 to 32 without leading zeros"],
    ["10.1.0.0/016", "10.1.0.0/016 has the prefix length 016", "an IPv4 prefix length is a number from 0 to 32 without leading zeros"],
    [
      "10.1.0.0/16abc",
      "10.1.0.0/16abc has the prefix length 16abc",
      "an IPv4 prefix length is a number from 0 to 32 without leading zeros",
    ],
    [
      "10.0.0.0/255.0.0.0",
      "10.0.0.0/255.0.0.0 has the prefix length 255.0.0.0",
      "an IPv4 prefix length is a number from 0 to 32 without leading zeros",
    ],
    ["10.1.0.0/+16", "10.1.0.0/+16 has + in it", "a range is written like 10.1.0.0/16, with nothing around it"],
    ["10.1.0.0/-16", "10.1.0.0/-16 has - in it", "a range is written like 10.1.0.0/16, with nothing around it"],
    ["10.1.0.0/16/16", "10.1.0.0/16/16 has more than one slash", "a range is one address, a slash and the prefix length"],
    [" 10.1.0.0/16", '" 10.1.0.0/16" has a space in it', "a range is written like 10.1.0.0/16, with nothing around it"],
    ["10.1.0.0/16\n", '"10.1.0.0/16\\n" has U+000A in it', "a range is written like 10.1.0.0/16, with nothing around it"],
    ["10.1.0.0\u200b/16", '"10.1.0.0U+200B/16" has U+200B in it', "a range is written like 10.1.0.0/16, with nothing around it"],
    ["\u0661.1.0.0/16", '"U+0661.1.0.0/16" has U+0661 in it', "a range is written like 10.1.0.0/16, with nothing around it"],
    ["", '"" is not a whole IPv4 address', "write all four numbers, as in 10.1.0.0/16"],
    ["fe80::%eth0/64", "fe80::%eth0/64 has a zone", "a range has no zone, the part that begins with %"],
    ["2001::db8::/32", "2001::db8::/32 has :: more than once", "only one run of zeros may be written as ::"],
    [
      "2001:db8/32",
      "2001:db8/32 has 2 groups",
      "an IPv6 address has eight groups, or fewer with one :: for the zeros, as in 2001:db8::/32",
    ],
    [
      "1:2:3:4::5:6:7:8/128",
      "1:2:3:4::5:6:7:8/128 has 8 groups",
      "an IPv6 address has eight groups, or fewer with one :: for the zeros, as in 2001:db8::/32",
    ],
    ["2001:0db80::/32", "2001:0db80::/32 has 0db80 as a group", "each group is one to four hexadecimal digits"],
    [":::/0", ":::/0 has an empty group", "each group is one to four hexadecimal digits"],
    [
      "::ffff:010.0.0.0/128",
      "::ffff:010.0.0.0/128 has 010 with a leading zero",
      "write it without the zero: some programs read it as octal",
    ],
    ["1.2.3.4::/128", "1.2.3.4::/128 has 1.2.3.4 as a group", "each group is one to four hexadecimal digits"],
    ["2001:db8::/129", "2001:db8::/129 has the prefix length 129", "an IPv6 prefix length is a number from 0 to 128 without leading zeros"],
  ])("refuses %j", (text, problem, fix) => {
    expect(refusal(text)).toEqual([problem, fix]);
    expect(oracle(text)).toBeUndefined();
  });

  test.each([
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["255.255.255.255/32", "255.255.255.255/32"],
    ["::/0", "::/0"],
    ["2001:0DB8:0:0:1:0:0:0/80", "2001:db8:0:0:1::/80"],
    ["2001:0:0:1:0:0:1:1/128", "2001::1:0:0:1:1/128"],
    ["2001:db8:0:1:1:1:1:1/128", "2001:db8:0:1:1:1:1:1/128"],
    ["1:0:0:0:0:0:0:0/16", "1::/16"],
    ["::ffff:10.1.0.0/112", "::ffff:a01:0/112"],
  ])("writes %s as %s", (text, canonical) => {
    expect(formatRange(read(text))).toBe(canonical);
  });
});

describe("comparing ranges", () => {
  const last = (one: AddressRange) => one.first + addressCount(one) - 1n;
  // Near each other, so that they often overlap.
  const close = fc.tuple(fc.nat(255), fc.integer({ min: 22, max: 32 })).map(([address, prefix]): AddressRange => {
    const host = BigInt(32 - prefix);
    return { family: 4, first: (BigInt(0x0a000000 + address) >> host) << host, prefix };
  });

  test("overlaps where an address is in both, and contains where all are", () => {
    fc.assert(
      fc.property(close, close, (one, other) => {
        expect(overlaps(one, other)).toBe(one.first <= last(other) && other.first <= last(one));
        expect(contains(one, other)).toBe(one.first <= other.first && last(other) <= last(one));
        expect(contains(one, other)).toBe(new Address4(formatRange(other)).isInSubnet(new Address4(formatRange(one))));
      }),
      { numRuns: 1000 },
    );
  });

  test("keeps the families apart", () => {
    expect(overlaps(read("0.0.0.0/0"), read("::/0"))).toBe(false);
    expect(contains(read("::/0"), read("10.0.0.0/8"))).toBe(false);
    expect(overlaps(read("0.0.0.0/1"), read("::/1"))).toBe(false);
  });

  test.each([
    ["10.0.0.0/16", 65536n],
    ["10.0.0.0/28", 16n],
    ["0.0.0.0/0", 1n << 32n],
    ["::/0", 1n << 128n],
    ["::1/128", 1n],
  ])("counts the addresses of %s", (text, count) => {
    expect(addressCount(read(text))).toBe(count);
  });
});

describe("dividing a range", () => {
  // What terraform console answers for cidrsubnet(range, newBits, number).
  test.each([
    ["172.16.0.0/12", 4, 2, "172.18.0.0/16"],
    ["10.1.2.0/24", 4, 15, "10.1.2.240/28"],
    ["10.1.0.0/16", 12, 64, "10.1.4.0/28"],
    ["10.1.0.0/16", 0, 0, "10.1.0.0/16"],
    ["fd00:fd12:3456:7800::/56", 16, 162, "fd00:fd12:3456:7800:a200::/72"],
  ])("%s by %i bits, part %i, is %s", (text, newBits, number, part) => {
    expect(formatRange(subRange(read(text), newBits, number))).toBe(part);
  });

  test("gives parts that lie one after the other and fill the range", () => {
    fc.assert(
      fc.property(range, fc.nat(6), (whole, newBits) => {
        fc.pre(whole.prefix + newBits <= (whole.family === 4 ? 32 : 128));
        const parts = Array.from({ length: 2 ** newBits }, (_, number) => subRange(whole, newBits, number));
        let next = whole.first;
        for (const part of parts) {
          expect(part).toEqual(read(formatRange(part)));
          expect(part.first).toBe(next);
          next += addressCount(part);
        }
        expect(next).toBe(whole.first + addressCount(whole));
      }),
    );
  });

  test.each([
    [4, 16],
    [4, -1],
    [17, 0],
    [-1, 0],
    [4, 0.5],
  ])("throws for %i bits, part %i of a /16", (newBits, number) => {
    expect(() => subRange(read("10.1.0.0/16"), newBits, number)).toThrow(RangeError);
  });
});
