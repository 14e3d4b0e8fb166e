import type { Finding } from "../validation/schema";

/** Addresses that share their first `prefix` bits. `first` is the lowest of them: no bit after the prefix is set. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly prefix: number;
}

/** A range, or why the text is none. */
export type ParsedRange = { readonly range: AddressRange } | { readonly finding: Finding };

/**
 * What a range is used for: its name in a finding ("a VPC range starts at ..."), and what this use refuses, told with the text as
 * written.
 */
export interface RangeKind {
  readonly name: string;
  readonly refuse: (range: AddressRange, written: string) => Finding | undefined;
}

const anyRange: RangeKind = { name: "range", refuse: () => undefined };

const width = { 4: 32, 6: 128 } as const;

/** The range of this prefix length that holds the address. */
export const networkOf = (family: 4 | 6, address: bigint, prefix: number): AddressRange => {
  const hostBits = BigInt(width[family] - prefix);
  return { family, first: (address >> hostBits) << hostBits, prefix };
};

/** How many addresses the range has. */
export const addressCount = ({ family, prefix }: AddressRange): bigint => 1n << BigInt(width[family] - prefix);

/** Whether an address is in both ranges: they agree in all bits that both fix. Ranges of different families have none in common. */
export const overlaps = (one: AddressRange, other: AddressRange): boolean =>
  one.family === other.family && (one.first ^ other.first) >> BigInt(width[one.family] - Math.min(one.prefix, other.prefix)) === 0n;

/** Whether each address of `inner` is in `outer` too. A range contains itself, and none of the other family. */
export const contains = (outer: AddressRange, inner: AddressRange): boolean => outer.prefix <= inner.prefix && overlaps(outer, inner);

/**
 * The part with this number, from 0, of the range divided into 2^newBits equal parts: Terraform's `cidrsubnet`.
 * Throws a RangeError where the part does not exist.
 */
export const subRange = (range: AddressRange, newBits: number, number: number | bigint): AddressRange => {
  const prefix = range.prefix + newBits;
  if (newBits < 0 || prefix > width[range.family]) throw new RangeError(`${formatRange(range)} cannot be divided by ${newBits} bits`);
  const part = BigInt(number);
  if (part < 0n || part >= 1n << BigInt(newBits)) throw new RangeError(`${formatRange(range)} has no part ${part} of 2^${newBits}`);
  return { ...range, first: range.first + part * (1n << BigInt(width[range.family] - prefix)), prefix };
};

/** The text of a range in the one form that AWS answers with: IPv6 as RFC 5952 has it (lower case, the longest run of zeros as ::). */
export const formatRange = ({ family, first, prefix }: AddressRange): string =>
  `${family === 4 ? formatIpv4(first) : formatIpv6(first)}/${prefix}`;

const formatIpv4 = (address: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 0xffn).join(".");

const formatIpv6 = (address: bigint): string => {
  const text = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((address >> shift) & 0xffffn).toString(16)).join(":");
  const runs = [...text.matchAll(/\b0(:0)+\b/g)].map((match) => ({ start: match.index, length: match[0].length }));
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), { start: 0, length: 0 });
  if (longest.length === 0) return text;
  return `${text.slice(0, longest.start)}::${text.slice(longest.start + longest.length)}`.replace(/:{3,}/, "::");
};

/**
 * Reads an IPv4 or IPv6 range such as 10.1.0.0/16, strictly: text that two programs could read in two ways is refused (leading zeros,
 * missing numbers, host bits, a zone, anything around it). What `kind` refuses comes before host bits, so that a fix never proposes a
 * range that is refused next. IPv6 may be written in any form of RFC 4291, also with an IPv4 address as its last 32 bits.
 */
export const parseRange = (text: string, kind: RangeKind = anyRange): ParsedRange => {
  const refuse = (problem: string, fix: string): ParsedRange => ({ finding: { problem: `${shown(text)} ${problem}`, fix } });

  const zone = text.indexOf("%");
  if (zone >= 0) return refuse("has a zone", `a ${kind.name} has no zone, the part that begins with %`);
  const strange = /[^0-9a-f:./]/iu.exec(text)?.[0];
  if (strange !== undefined)
    return refuse(`has ${shownCharacter(strange)} in it`, `a ${kind.name} is written like 10.1.0.0/16, with nothing around it`);

  const [addressText = "", prefixText, ...more] = text.split("/");
  const family = addressText.includes(":") ? 6 : 4;
  const address = family === 4 ? parseIpv4(addressText) : parseIpv6(addressText);
  if (typeof address !== "bigint") return refuse(address.problem, address.fix);

  const whole = width[family];
  if (prefixText === undefined)
    return refuse(
      "has no prefix length",
      `a ${kind.name} ends with its prefix length, as in 10.1.0.0/16; a single address is ${text}/${whole}`,
    );
  if (more.length > 0) return refuse("has more than one slash", `a ${kind.name} is one address, a slash and the prefix length`);
  if (!/^(0|[1-9]\d{0,2})$/.test(prefixText) || Number(prefixText) > whole)
    return refuse(
      prefixText === "" ? "has no prefix length" : `has the prefix length ${shown(prefixText)}`,
      `an IPv${family} prefix length is a number from 0 to ${whole} without leading zeros`,
    );

  const range = networkOf(family, address, Number(prefixText));
  const finding = kind.refuse(range, text);
  if (finding) return { finding };
  if (range.first !== address) return refuse("has host bits set", `a ${kind.name} starts at its network address: ${formatRange(range)}`);
  return { range };
};

const parseIpv4 = (text: string): bigint | Finding => {
  const numbers = text.split(".");
  if (numbers.length !== 4 || numbers.includes(""))
    return { problem: "is not a whole IPv4 address", fix: "write all four numbers, as in 10.1.0.0/16" };
  const octal = numbers.find((number) => /^0[0-9]/.test(number));
  if (octal !== undefined)
    return { problem: `has ${shown(octal)} with a leading zero`, fix: "write it without the zero: some programs read it as octal" };
  const wrong = numbers.find((number) => !/^\d{1,3}$/.test(number) || Number(number) > 255);
  if (wrong !== undefined) return { problem: `has ${shown(wrong)} in its address`, fix: "each of the four numbers is 0 to 255" };
  return joined(numbers.map(BigInt), 8n);
};

const parseIpv6 = (text: string): bigint | Finding => {
  const halves = text.split("::").map((half) => (half === "" ? [] : half.split(":")));
  if (halves.length > 2) return { problem: "has :: more than once", fix: "only one run of zeros may be written as ::" };

  const last = halves.at(-1)?.at(-1);
  const embedded = last?.includes(".") ? parseIpv4(last) : undefined;
  if (typeof embedded === "object") return embedded;
  if (embedded !== undefined) halves.at(-1)?.splice(-1, 1, (embedded >> 16n).toString(16), (embedded & 0xffffn).toString(16));

  const [head = [], tail] = halves;
  const groups = [...head, ...(tail ?? [])];
  const wrong = groups.find((group) => !/^[0-9a-f]{1,4}$/i.test(group));
  if (wrong !== undefined)
    return {
      problem: wrong === "" ? "has an empty group" : `has ${shown(wrong)} as a group`,
      fix: "each group is one to four hexadecimal digits",
    };
  const zeros = 8 - groups.length;
  if (tail === undefined ? zeros !== 0 : zeros < 1)
    return {
      problem: `has ${groups.length} groups`,
      fix: "an IPv6 address has eight groups, or fewer with one :: for the zeros, as in 2001:db8::/32",
    };
  return joined(
    [...head, ...Array<string>(zeros).fill("0"), ...(tail ?? [])].map((group) => BigInt(`0x${group}`)),
    16n,
  );
};

const joined = (parts: readonly bigint[], bits: bigint): bigint => parts.reduce((address, part) => (address << bits) | part, 0n);

const longestShown = 60;

/** The text as a message can carry it: quoted where it would not be seen as it is, and cut where it is long. */
export const shown = (text: string): string => {
  const short = text.length > longestShown ? `${text.slice(0, longestShown)}...` : text;
  return /^[!-~]+$/.test(short) ? short : JSON.stringify(short).replace(/[^ -~]/gu, codePoint);
};

const shownCharacter = (character: string): string =>
  /^[!-~]$/.test(character) ? character : character === " " ? "a space" : codePoint(character);

const codePoint = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
