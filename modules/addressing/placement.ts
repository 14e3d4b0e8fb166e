import { overlaps, subRange, type AddressRange } from "./ranges";
import { shortageOf, type PlacedSubnet, type Site, type Subnet } from "./request";
import { slotOf, slotsOverlap, tiers, type Slot, type Tier } from "./slots";

/** A subnet in the plan: its slot in the space, and the range of the VPC that holds both. */
export interface PlannedSubnet extends PlacedSubnet {
  readonly slot: Slot;
  readonly within: AddressRange;
}

/** Puts each subnet on its slot. Homeless are those whose slot does not exist or is another's. */
export const place = (
  { space, zoneSlots }: Site,
  open: readonly Subnet[],
): { readonly planned: readonly PlannedSubnet[]; readonly homeless: readonly Subnet[] } => {
  const planned: PlannedSubnet[] = [];
  const homeless: Subnet[] = [];
  for (const subnet of open) {
    const slot = space && slotOf(space.range.prefix, zoneSlots, subnet.position, subnet.tier);
    if (!slot || planned.some((other) => slotsOverlap(other.slot, slot))) homeless.push(subnet);
    else planned.push({ ...subnet, slot, range: subRange(space.range, slot.newBits, slot.number), within: space.within });
  }
  return { planned, homeless };
};

/** Whether each open subnet has a slot that is large enough and that no written range touches. */
export const fits = (site: Site, written: readonly PlacedSubnet[], open: readonly Subnet[]): boolean => {
  const { planned, homeless } = place(site, open);
  return (
    homeless.length === 0 &&
    planned.every((subnet) => !shortageOf(subnet, site.addresses) && !written.some((other) => overlaps(other.range, subnet.range)))
  );
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
