import { place, roomOf, type PlannedSubnet, type Room } from "./placement";
import { addressCount, formatRange, overlaps, type AddressRange } from "./ranges";
import { remedy } from "./remedy";
import {
  named,
  readRequest,
  shortageOf,
  usableAddresses,
  type PlacedSubnet,
  type PlanFinding,
  type PlanRequest,
  type Site,
  type Subnet,
} from "./request";
import { tiers, type Slot, type Tier } from "./slots";

/**
 * A subnet of the plan: its range, and how many of its addresses AWS leaves for use. A planned one is `cidrsubnet(within, newBits,
 * number)`, where `within` is a range of the VPC: the first, unless a VPC that exists has more free space in a further one.
 */
export type AddressedSubnet = { readonly range: string; readonly usable: number } & (
  { readonly origin: "written" } | ({ readonly origin: "planned"; readonly within: string } & Slot)
);

export interface AddressPlan {
  /** By zone, then by tier. */
  readonly subnets: Readonly<Record<string, Readonly<Partial<Record<Tier, AddressedSubnet>>>>>;
  readonly room: Room;
}

export type PlanResult = { readonly plan: AddressPlan } | { readonly findings: readonly PlanFinding[] };

/**
 * Gives each subnet that is asked for its range, or says all that stands in the way. The same request has the same answer. No two ranges
 * overlap, each lies in the VPC and in nothing that is taken, and none is smaller than /28. A zone appended or a tier added moves no
 * subnet.
 */
export const planAddresses = (request: PlanRequest): PlanResult => {
  const { site, zones, written, open, findings } = readRequest(request);
  if (!site) return { findings };
  const { planned, homeless } = place(site, open);
  const lacks = [...zonesWithoutSlots(site, homeless), ...tiersWithoutRoom(site, homeless), ...tiersTooSmall(site, planned)];
  const fix = lacks.length > 0 ? remedy(site, written, open) : "";
  const all = [...findings, ...writtenOnPlanned(written, planned), ...lacks.map((lack) => ({ ...lack, fix }))];
  if (all.length > 0) return { findings: all };
  return { plan: { subnets: byZoneAndTier(zones, [...written, ...planned]), room: roomOf(site, zones, written, open) } };
};

/** A finding of a subnet that cannot be planned. The remedy looks at all of them at once, so it is the fix of each. */
type Lack = Omit<PlanFinding, "fix">;

const zonesWithoutSlots = (site: Site, homeless: readonly Subnet[]): Lack[] => {
  const positions = new Map(homeless.map(({ zone, position }) => [zone, position]));
  return [...positions]
    .filter(([, position]) => position >= site.zoneSlots)
    .map(([zone, position]) => ({
      at: ["zones", zone],
      problem: `zone ${zone} is number ${position + 1}, and space is reserved for ${site.zoneSlots} (zoneSlots)`,
    }));
};

const tiersWithoutRoom = (site: Site, homeless: readonly Subnet[]): Lack[] => {
  const without = homeless.filter(({ position }) => position < site.zoneSlots);
  if (without.length === 0) return [];
  const zonesOf = (tier: Tier) => without.filter((subnet) => subnet.tier === tier).map(({ zone }) => zone);
  const list = tiers.filter((tier) => zonesOf(tier).length > 0).map((tier) => `${tier} in ${zonesOf(tier).join(", ")}`);
  const reserved = `with space reserved for ${site.zoneSlots} zones`;
  const lacking = `${reserved} it has no room for ${list.join(" and ")}`;
  return [site.taken ? ofFreeBlock(site, lacking) : { at: ["vpc"], problem: `${formatRange(site.vpc)} does not fit: ${lacking}` }];
};

const tiersTooSmall = (site: Site, planned: readonly PlannedSubnet[]): Lack[] =>
  tiers.flatMap((tier) => {
    const shortages = planned.filter((subnet) => subnet.tier === tier).map((subnet) => shortageOf(subnet, site.addresses));
    const [problem] = shortages.filter((shortage) => shortage !== undefined);
    if (problem === undefined) return [];
    return [site.taken ? ofFreeBlock(site, problem) : { at: ["tiers", tier], problem }];
  });

const ofFreeBlock = ({ space }: Site, problem: string): Lack => ({
  at: ["taken"],
  problem: `${space ? `the largest free block of the VPC is ${formatRange(space.range)}` : "no address of the VPC is free"}: ${problem}`,
});

const writtenOnPlanned = (written: readonly PlacedSubnet[], planned: readonly PlannedSubnet[]): PlanFinding[] =>
  written.flatMap((subnet) => {
    const others = planned.filter((other) => overlaps(other.range, subnet.range));
    if (others.length === 0) return [];
    return {
      at: ["written", subnet.zone, subnet.tier],
      problem: `${formatRange(subnet.range)} overlaps ${others.map(named).join(" and ")}`,
      fix: "write a range that no planned subnet has, or write the ranges of those by hand too",
    };
  });

const byZoneAndTier = (zones: readonly string[], subnets: readonly (PlacedSubnet | PlannedSubnet)[]): AddressPlan["subnets"] =>
  Object.fromEntries(
    zones.map((zone) => [
      zone,
      Object.fromEntries(
        tiers.flatMap((tier) =>
          subnets.filter((subnet) => subnet.zone === zone && subnet.tier === tier).map((subnet) => [tier, addressed(subnet)]),
        ),
      ),
    ]),
  );

const addressed = (subnet: PlacedSubnet | PlannedSubnet): AddressedSubnet => {
  const common = { range: formatRange(subnet.range), usable: usableAddresses(subnet.range) };
  if (!("within" in subnet)) return { origin: "written", ...common };
  return { origin: "planned", ...common, within: formatRange(subnet.within), ...slotIn(subnet.within, subnet.range) };
};

/** The slot of which `subRange` makes this part. */
const slotIn = (whole: AddressRange, part: AddressRange): Slot => ({
  newBits: part.prefix - whole.prefix,
  number: Number((part.first - whole.first) / addressCount(part)),
});
