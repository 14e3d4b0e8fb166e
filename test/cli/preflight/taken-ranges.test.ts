import fc from "fast-check";
import { takenRanges } from "../../../cli/preflight/taken-ranges";
import { addressCount, formatRange, parseRange, subRange } from "../../../modules/addressing";

const range = (text: string) => {
  const parsed = parseRange(text);
  if (!("range" in parsed)) throw new Error(parsed.finding.problem);
  return parsed.range;
};

const vpc = ["10.20.0.0/16", "100.64.0.0/24"];

test("neighbours become one, as far as they make one range", () => {
  expect(takenRanges(vpc, ["10.20.1.0/24", "10.20.0.0/24", "10.20.2.0/24", "10.20.128.0/20"])).toEqual([
    "10.20.0.0/23",
    "10.20.2.0/24",
    "10.20.128.0/20",
  ]);
});

test("each lies within one of the VPC's ranges, and what lies in none is left out", () => {
  expect(takenRanges(["10.20.0.0/17", "10.20.128.0/17"], ["10.20.0.0/17", "10.20.128.0/17", "10.99.0.0/24", ""])).toEqual([
    "10.20.0.0/17",
    "10.20.128.0/17",
  ]);
});

test("the addresses are the same, each once, in ranges of which no two make one", () => {
  const within = range("10.20.0.0/24");
  const part = fc.integer({ min: 1, max: 8 }).chain((bits) => fc.nat(2 ** bits - 1).map((number) => subRange(within, bits, number)));
  const numbers = (texts: readonly string[]): readonly number[] =>
    texts
      .map(range)
      .flatMap((one) => Array.from({ length: Number(addressCount(one)) }, (_, index) => Number(one.first - within.first) + index));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const texts = parts.map(formatRange);
      const fewest = takenRanges(["10.20.0.0/24"], texts);
      const covered = numbers(fewest);
      expect(covered).toEqual([...new Set(numbers(texts))].sort((one, other) => one - other));
      const wholes = fewest.map(range).map(({ first, prefix }) => `${(first >> BigInt(33 - prefix)).toString()}/${prefix}`);
      expect(new Set(wholes).size).toBe(fewest.length);
    }),
  );
});
