import { type AddressRange, contains, formatRange, overlaps, parseRange, subRange } from "../../modules/addressing";

/** What can be read of some ranges. */
export const readable = (texts: readonly string[]): readonly AddressRange[] =>
  texts.map((text) => parseRange(text)).flatMap((parsed) => ("range" in parsed ? [parsed.range] : []));

/** The fewest ranges that have exactly those addresses of `whole` that the others have. Only parts that these fill in part are divided. */
function cover(whole: AddressRange, others: readonly AddressRange[]): readonly AddressRange[] {
  const inside = others.filter((other) => overlaps(other, whole));
  if (inside.length === 0) return [];
  if (inside.some((other) => contains(other, whole))) return [whole];
  const halves = [subRange(whole, 1, 0), subRange(whole, 1, 1)];
  const parts = halves.flatMap((half) => cover(half, inside));
  return halves.every((half) => parts.some(({ first, prefix }) => first === half.first && prefix === half.prefix)) ? [whole] : parts;
}

/** What others use of a VPC in the fewest ranges, each within one of the VPC's own. */
export const takenRanges = (ofVpc: readonly string[], used: readonly string[]): readonly string[] =>
  readable(ofVpc).flatMap((whole) => cover(whole, readable(used)).map(formatRange));
