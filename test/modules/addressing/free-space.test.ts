import fc from "fast-check";
import { addressCount, contains, formatRange, type AddressRange } from "../../../modules/addressing";
import { largestFreeSpace } from "../../../modules/addressing/free-space";
import { read } from "./requests";

/** The block and its range as texts, "" where nothing is free. */
const found = (vpc: string, secondaries: readonly string[], taken: readonly string[]): string => {
  const space = largestFreeSpace(read(vpc), secondaries.map(read), taken.map(read));
  return space ? `${formatRange(space.range)} in ${formatRange(space.within)}` : "";
};

const addressesOf = (range: AddressRange): readonly number[] =>
  Array.from({ length: Number(addressCount(range)) }, (_, index) => Number(range.first) + index);

/** Tries each block of each range, the largest blocks first, address by address. */
const oracle = (vpc: string, secondaries: readonly string[], taken: readonly string[]): string => {
  const used = new Set(taken.map(read).flatMap(addressesOf));
  const ranges = [read(vpc), ...secondaries.map(read).sort((one, other) => Number(one.first - other.first))];
  for (let prefix = 16; prefix <= 32; prefix += 1)
    for (const within of ranges)
      for (const address of addressesOf(within)) {
        const block: AddressRange = { family: 4, first: BigInt(address), prefix };
        const aligned = address % 2 ** (32 - prefix) === 0;
        if (aligned && contains(within, block) && !addressesOf(block).some((one) => used.has(one)))
          return `${formatRange(block)} in ${formatRange(within)}`;
      }
  return "";
};

describe("the largest free block", () => {
  const small = (start: string) => fc.integer({ min: 24, max: 28 }).map((prefix) => `${start}/${prefix}`);
  const vpc = small("10.1.0.0");
  const secondaries = fc.tuple(small("10.2.0.0"), small("10.0.0.0")).chain((two) => fc.shuffledSubarray(two));
  const taken = fc.array(
    fc.tuple(fc.constantFrom(0, 1, 2), fc.nat(255), fc.integer({ min: 25, max: 32 })).map(([network, address, prefix]) => {
      const size = 2 ** (32 - prefix);
      return `10.${network}.0.${Math.floor(address / size) * size}/${prefix}`;
    }),
    { maxLength: 8 },
  );

  test("is what trying each block finds, in whatever order further and taken ranges are given", () => {
    fc.assert(
      fc.property(vpc, secondaries, taken, (first, further, used) => {
        expect(found(first, further, used)).toBe(oracle(first, further, used));
        expect(found(first, [...further].reverse(), [...used].reverse())).toBe(found(first, further, used));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["all of an empty VPC", "10.1.0.0/16", [], [], "10.1.0.0/16 in 10.1.0.0/16"],
    ["the half that is free", "10.1.0.0/16", [], ["10.1.3.0/24"], "10.1.128.0/17 in 10.1.0.0/16"],
    ["the lower of two", "10.1.0.0/16", [], ["10.1.3.0/24", "10.1.192.0/24"], "10.1.64.0/18 in 10.1.0.0/16"],
    ["cut by a single address", "10.1.0.0/24", [], ["10.1.0.128/32"], "10.1.0.0/25 in 10.1.0.0/24"],
    ["aligned: what lies between two blocks is none", "10.1.0.0/24", [], ["10.1.0.0/26", "10.1.0.192/26"], "10.1.0.64/26 in 10.1.0.0/24"],
    ["in a further range that is larger", "10.1.0.0/24", ["10.0.0.0/23"], [], "10.0.0.0/23 in 10.0.0.0/23"],
    ["in the first range rather than in a lower one", "10.1.0.0/24", ["10.0.0.0/24"], [], "10.1.0.0/24 in 10.1.0.0/24"],
    ["in the lowest further range", "10.1.0.0/25", ["10.3.0.0/24", "10.2.0.0/24"], [], "10.2.0.0/24 in 10.2.0.0/24"],
    ["smaller than a subnet", "10.1.0.0/28", [], ["10.1.0.0/29", "10.1.0.8/30"], "10.1.0.12/30 in 10.1.0.0/28"],
    ["none", "10.1.0.0/28", [], ["10.1.0.8/29", "10.1.0.0/29"], ""],
    ["none in any range", "10.1.0.0/28", ["10.2.0.0/28"], ["10.1.0.0/28", "10.2.0.0/28"], ""],
  ] as const)("%s", (_, first, further, used, expected) => {
    expect(found(first, further, used)).toBe(expected);
  });

  test("is found among ten thousand taken addresses", () => {
    const taken = Array.from({ length: 10_000 }, (_, index) => `10.1.${index >> 7}.${(index & 127) * 2}/32`);
    expect(found("10.1.0.0/16", [], taken)).toBe("10.1.128.0/17 in 10.1.0.0/16");
  });
});
