import { widestPrefix } from "./kinds";
import { formatRange, networkOf, overlaps, subRange } from "./ranges";
import { shortageOf, type PlacedSubnet, type Site, type Subnet } from "./request";
import { slotOf, slotsOverlap, tiers, zoneSlotChoices, type Slot, type Tier } from "./slots";

export interface PlannedSubnet extends PlacedSubnet {
  readonly slot: Slot;
}

/** Puts each subnet on its slot. Homeless are those whose slot does not exist or is another's. */
export const place = (
  site: Site,
  open: readonly Subnet[],
): { readonly planned: readonly PlannedSubnet[]; readonly homeless: readonly Subnet[] } => {
  const planned: PlannedSubnet[] = [];
  const homeless: Subnet[] = [];
  for (const subnet of open) {
    const slot = slotOf(site.vpc.prefix, site.zoneSlots, subnet.position, subnet.tier);
    if (!slot || planned.some((other) => slotsOverlap(other.slot, slot))) homeless.push(subnet);
    else planned.push({ ...subnet, slot, range: subRange(site.vpc, slot.newBits, slot.number) });
  }
  return { planned, homeless };
};

const fits = (site: Site, written: readonly PlacedSubnet[], open: readonly Subnet[]): boolean => {
  const { planned, homeless } = place(site, open);
  return (
    homeless.length === 0 &&
    planned.every((subnet) => !shortageOf(subnet, site.addresses) && !written.some((other) => overlaps(other.range, subnet.range))) &&
    !site.secondaries.some((range) => overlaps(range, site.vpc))
  );
};

/**
 * How to make a request fit that does not: slots for all its zones in the smallest VPC that does, fewer slots in this VPC, or ranges
 * by hand.
 */
export const remedy = (site: Site, written: readonly PlacedSubnet[], open: readonly Subnet[]): string => {
  const zoneCount = 1 + Math.max(...open.map(({ position }) => position));
  const enough = zoneSlotChoices.filter((slots) => slots >= site.zoneSlots && slots >= zoneCount).slice(0, 1);
  const vpcs = Array.from({ length: site.vpc.prefix - widestPrefix + 1 }, (_, bits) =>
    networkOf(4, site.vpc.first, site.vpc.prefix - bits),
  );
  const larger = enough.flatMap((zoneSlots) => vpcs.map((vpc) => ({ ...site, vpc, zoneSlots })));
  const finer = zoneSlotChoices.filter((slots) => slots < site.zoneSlots).map((zoneSlots) => ({ ...site, zoneSlots }));

  const changes = [larger, finer.reverse()]
    .map((sites) => sites.find((other) => fits(other, written, open)))
    .filter((other) => other !== undefined)
    .map((other) =>
      [
        ...(other.zoneSlots === site.zoneSlots ? [] : [`zoneSlots to ${other.zoneSlots}`]),
        ...(other.vpc.prefix === site.vpc.prefix ? [] : [`the VPC range to ${formatRange(other.vpc)}`]),
      ].join(" and "),
    );
  return changes.length === 0
    ? "write ranges by hand"
    : `set ${changes.join(", or ")}, before the first deployment; or write ranges by hand`;
};

/** What can be added without moving a subnet: either so many zones with all tiers in use, or these tiers, together, in all zones in use. */
export interface Room {
  readonly zones: number;
  readonly tiers: readonly Tier[];
}

export const roomOf = (site: Site, zones: readonly string[], written: readonly PlacedSubnet[], open: readonly Subnet[]): Room => {
  const fitsWith = (more: readonly Subnet[]): boolean => fits(site, written, [...open, ...more]);
  const used = tiers.filter((tier) => [...written, ...open].some((subnet) => subnet.tier === tier));
  const later = Array.from({ length: Math.max(0, site.zoneSlots - zones.length) }, (_, index) => zones.length + index);
  const inZone = (position: number) => used.map((tier) => ({ zone: "later", tier, position }));
  const inAllZones = (tier: Tier) => zones.map((zone, position) => ({ zone, tier, position }));
  return {
    zones: later.filter((_, index) => fitsWith(later.slice(0, index + 1).flatMap(inZone))).length,
    tiers: tiers
      .filter((tier) => !used.includes(tier))
      .reduce<readonly Tier[]>((added, tier) => (fitsWith([...added, tier].flatMap(inAllZones)) ? [...added, tier] : added), []),
  };
};
