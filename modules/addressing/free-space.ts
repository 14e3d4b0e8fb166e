import { contains, overlaps, subRange, type AddressRange } from "./ranges";

/** Where subnets are planned, and the range of the VPC that this is a part of, or all of. */
export interface Space {
  readonly range: AddressRange;
  readonly within: AddressRange;
}

/**
 * The largest CIDR block of the VPC in which no address is taken: of equally large ones one in the first range, then the one with the
 * lowest address. Undefined where every address is taken.
 *
 * @param vpc the VPC's first range
 */
export const largestFreeSpace = (
  vpc: AddressRange,
  secondaries: readonly AddressRange[],
  taken: readonly AddressRange[],
): Space | undefined => {
  const ranges = [vpc, ...[...secondaries].sort((one, other) => (one.first < other.first ? -1 : 1))];
  const block = ranges.map((range) => largestFreeBlock(range, taken)).reduce(larger);
  const within = ranges.find((range) => block && contains(range, block));
  return block && within && { range: block, within };
};

/** Only halves that are taken in part are divided further: the work grows with the number of taken ranges, not of addresses. */
const largestFreeBlock = (range: AddressRange, taken: readonly AddressRange[]): AddressRange | undefined => {
  const inside = taken.filter((one) => overlaps(one, range));
  if (inside.length === 0) return range;
  if (inside.some((one) => contains(one, range))) return undefined;
  return larger(largestFreeBlock(subRange(range, 1, 0), inside), largestFreeBlock(subRange(range, 1, 1), inside));
};

/** The larger of two blocks, the first of two that are equally large. */
const larger = (one: AddressRange | undefined, other: AddressRange | undefined): AddressRange | undefined =>
  !one || (other && other.prefix < one.prefix) ? other : one;
