import { type Space } from "./free-space";
import { narrowestPrefix, widestPrefix } from "./kinds";
import { fits } from "./placement";
import { formatRange, networkOf, overlaps, type AddressRange } from "./ranges";
import { type PlacedSubnet, type Site, type Subnet } from "./request";
import { zoneSlotChoices } from "./slots";

/**
 * How to make a request fit that does not: slots for all its zones in the smallest space that holds them, fewer slots in this space, or
 * ranges by hand. A VPC that is made can have a larger range; one that exists keeps its ranges and can only be given further ones.
 */
export const remedy = (site: Site, written: readonly PlacedSubnet[], open: readonly Subnet[]): string => {
  const zoneCount = 1 + Math.max(...open.map(({ position }) => position));
  const enough = zoneSlotChoices.filter((slots) => slots >= site.zoneSlots && slots >= zoneCount).slice(0, 1);
  const spaces = site.taken ? [site.space, ...furtherSpaces(site)] : largerSpaces(site);
  const larger = enough.flatMap((zoneSlots) => spaces.map((space) => ({ ...site, space, zoneSlots })));
  const finer = zoneSlotChoices
    .filter((slots) => slots < site.zoneSlots)
    .reverse()
    .map((zoneSlots) => ({ ...site, zoneSlots }));

  const changes = (site.taken ? [finer, larger] : [larger, finer])
    .map((sites) => sites.find((other) => fits(other, written, open)))
    .filter((other) => other !== undefined)
    .map((other) => (site.taken ? stepsTo : settingsOf)(other, site));
  if (changes.length === 0) return "write ranges by hand";
  // Where nothing is free there is no range to write.
  const byHand = site.space ? "; or write ranges by hand" : "";
  return `${site.taken ? "" : "set "}${changes.join(", or ")}, before the first deployment${byHand}`;
};

const spaceOf = (range: AddressRange): Space => ({ range, within: range });

/** The VPC's first range and the wider ones that hold it, as far as the further ranges leave them free. */
const largerSpaces = ({ vpc, secondaries }: Site): readonly Space[] =>
  Array.from({ length: vpc.prefix - widestPrefix + 1 }, (_, bits) => networkOf(4, vpc.first, vpc.prefix - bits))
    .filter((range) => !secondaries.some((other) => overlaps(other, range)))
    .map(spaceOf);

/** Further ranges that are larger than what is free, smallest first. Their addresses are the VPC owner's to choose: here they have any. */
const furtherSpaces = ({ space }: Site): readonly Space[] => {
  const free = space?.range.prefix ?? narrowestPrefix;
  return Array.from({ length: free - widestPrefix }, (_, bits) => spaceOf(networkOf(4, 0n, free - 1 - bits)));
};

const newSlots = (other: Site, site: Site): readonly string[] =>
  other.zoneSlots === site.zoneSlots ? [] : [`zoneSlots to ${other.zoneSlots}`];

const newRange = (other: Site, site: Site): AddressRange | undefined =>
  other.space?.range.prefix === site.space?.range.prefix ? undefined : other.space?.range;

/** What to set for another VPC that is made. */
const settingsOf = (other: Site, site: Site): string => {
  const range = newRange(other, site);
  return [...newSlots(other, site), ...(range ? [`the VPC range to ${formatRange(range)}`] : [])].join(" and ");
};

/** What to do for another site in a VPC that exists. */
const stepsTo = (other: Site, site: Site): string => {
  const range = newRange(other, site);
  const slots = newSlots(other, site).map((slots) => `set ${slots}`);
  return [...slots, ...(range ? [`give the VPC a further range of /${range.prefix}`] : [])].join(" and ");
};
