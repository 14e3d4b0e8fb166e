import type { Finding } from "../validation/schema";
import { largestFreeSpace, type Space } from "./free-space";
import { subnetKind, takenKind, vpcKind, widestPrefix } from "./kinds";
import { addressCount, contains, formatRange, overlaps, parseRange, shown, type AddressRange, type RangeKind } from "./ranges";
import { tiers, tiersByPrecedence, zoneSlotChoices, type Tier } from "./slots";

/** What is to be planned. */
export interface PlanRequest {
  /** The VPC's first range. In a VPC that is made, all planned subnets lie in it. */
  readonly vpc: string;
  /** Further ranges of the VPC. In a VPC that is made, only subnets written by hand lie in them. */
  readonly secondaries?: readonly string[];
  /**
   * The ranges that others use in a VPC that exists, /16 to /32. Left out for a VPC that is made. Given, also empty, all planned subnets lie
   * in the largest CIDR block of any of the VPC's ranges that none of these touches, as they would in a VPC of that range. Of equally large
   * blocks it is one in the first range, then the one with the lowest address. Another list, and another range of the VPC, can move the
   * planned subnets: these themselves, and what others take after the first deployment, do not belong here.
   */
  readonly taken?: readonly string[];
  /** The keys of all zones. A zone's place in this list fixes where its subnets lie: append zones, never insert or remove one. */
  readonly zones: readonly string[];
  /** The zones in which each tier stands. */
  readonly tiers: Readonly<Partial<Record<Tier, readonly string[]>>>;
  /** For how many zones space is reserved: 1, 2, 4 (the default), 8 or 16. Another number moves the planned subnets. */
  readonly zoneSlots?: number;
  /** Ranges written by hand, by zone and tier. They take the place of the planned ones. */
  readonly written?: Readonly<Record<string, Readonly<Partial<Record<Tier, string>>>>>;
  /** How many addresses a subnet of the tier must hold, beside the five that AWS keeps of each subnet. 0 by default. */
  readonly addresses?: Readonly<Partial<Record<Tier, number>>>;
}

/** A finding, and where in the request the value stands that it is about. */
export interface PlanFinding extends Finding {
  readonly at: readonly (string | number)[];
}

/** Where subnets are planned, and how large they must be. */
export interface Site {
  readonly vpc: AddressRange;
  readonly secondaries: readonly AddressRange[];
  /** Undefined for a VPC that is made. */
  readonly taken: readonly AddressRange[] | undefined;
  /** Undefined where no address of the VPC is free. */
  readonly space: Space | undefined;
  readonly zoneSlots: number;
  readonly addresses: Needs;
}

/** How many addresses a subnet of each tier must hold. */
export type Needs = ReadonlyMap<Tier, number>;

/** A subnet that the request asks for. `position` is its zone's. */
export interface Subnet {
  readonly zone: string;
  readonly tier: Tier;
  readonly position: number;
}

/** A subnet and the range that is written for it by hand, or that it has in the plan. */
export interface PlacedSubnet extends Subnet {
  readonly range: AddressRange;
}

/** What can be read of a request. The site is missing where one of its values is refused, a subnet where the range written for it is. */
export interface Reading {
  readonly site: Site | undefined;
  readonly zones: readonly string[];
  readonly written: readonly PlacedSubnet[];
  /** The subnets to plan: those that own their slot in every VPC come before those that borrow one in a small VPC. */
  readonly open: readonly Subnet[];
  readonly findings: readonly PlanFinding[];
}

/** How a message names a subnet. */
export const named = ({ zone, tier, range }: PlacedSubnet): string => `${formatRange(range)} (${tier} of zone ${zone})`;

/** The addresses of a subnet that are free for use: AWS keeps the first four and the last (VPC user guide, "Subnet sizing for IPv4"). */
export const usableAddresses = (range: AddressRange): number => Number(addressCount(range)) - 5;

/** Says that the subnet has fewer addresses than its tier needs, if that is so. */
export const shortageOf = (subnet: PlacedSubnet, needs: Needs): string | undefined => {
  const usable = usableAddresses(subnet.range);
  const needed = needs.get(subnet.tier) ?? 0;
  return usable < needed ? `${named(subnet)} has ${usable} usable addresses, and ${needed} are needed` : undefined;
};

const mostAddresses = usableAddresses({ family: 4, first: 0n, prefix: widestPrefix });

/** Reads the request and finds all that is wrong with it before a subnet is planned. */
export const readRequest = (request: PlanRequest): Reading => {
  const findings: PlanFinding[] = [];
  const report: Report = (at, problem, fix) => {
    findings.push({ at, problem, fix });
  };
  const zones = [...new Set(request.zones)];
  checkNames(request, zones, report);
  const addresses = readAddresses(request, report);
  const site = readSite(request, addresses, report);
  const { written, open } = readSubnets(request, zones, report);
  checkWritten(written, site, addresses, report);
  return { site, zones, written, open, findings };
};

type Report = (at: PlanFinding["at"], problem: string, fix: string) => void;

const readRange = (at: PlanFinding["at"], text: string, kind: RangeKind, report: Report): AddressRange | undefined => {
  const parsed = parseRange(text, kind);
  if ("range" in parsed) return parsed.range;
  report(at, parsed.finding.problem, parsed.finding.fix);
  return undefined;
};

const repeated = (names: readonly string[]): readonly string[] => [...new Set(names.filter((name, index) => names.indexOf(name) < index))];

const checkNames = (request: PlanRequest, zones: readonly string[], report: Report): void => {
  for (const zone of repeated(request.zones)) report(["zones", zone], `zone ${zone} is named more than once`, "name each zone once");
  for (const part of ["tiers", "addresses"] as const)
    for (const name of Object.keys(request[part] ?? {}))
      if (!tiers.some((tier) => tier === name)) report([part, name], `${name} is no tier`, `the tiers are ${tiers.join(", ")}`);
  for (const tier of tiers) {
    const inZones = request.tiers[tier] ?? [];
    for (const zone of repeated(inZones)) report(["tiers", tier], `zone ${zone} is named more than once`, "name each zone once");
    for (const zone of new Set(inZones))
      if (!zones.includes(zone)) report(["tiers", tier], `zone ${zone} is not in use`, `the zones in use are ${zones.join(", ")}`);
  }
};

const readAddresses = (request: PlanRequest, report: Report): Needs => {
  const entries = tiers.map((tier) => [tier, request.addresses?.[tier] ?? 0] as const);
  const possible = ([, needed]: (typeof entries)[number]): boolean => Number.isInteger(needed) && needed >= 0 && needed <= mostAddresses;
  for (const [tier, needed] of entries.filter((entry) => !possible(entry)))
    report(
      ["addresses", tier],
      `no subnet holds ${needed} addresses`,
      `give a whole number from 0 to ${mostAddresses}, what a /${widestPrefix} holds`,
    );
  return new Map(entries.filter(possible));
};

const readSite = (request: PlanRequest, addresses: Needs, report: Report): Site | undefined => {
  const vpc = readRange(["vpc"], request.vpc, vpcKind, report);
  const secondaries = readSecondaries(request.secondaries ?? [], vpc, report);
  const taken = request.taken && readTaken(request.taken, vpc && secondaries && [vpc, ...secondaries], report);

  const zoneSlots = request.zoneSlots ?? 4;
  const choice = zoneSlotChoices.some((slots) => slots === zoneSlots);
  if (!choice) report(["zoneSlots"], `${zoneSlots} is no number of zone slots`, `give one of ${zoneSlotChoices.join(", ")}`);

  if (!vpc || !secondaries || !choice || (request.taken && !taken)) return undefined;
  const space = taken ? largestFreeSpace(vpc, secondaries, taken) : { range: vpc, within: vpc };
  return { vpc, secondaries, taken, space, zoneSlots, addresses };
};

/** The ranges if all of them could be read. */
const complete = (ranges: readonly (AddressRange | undefined)[]): readonly AddressRange[] | undefined => {
  const read = ranges.filter((range) => range !== undefined);
  return read.length === ranges.length ? read : undefined;
};

const readSecondaries = (texts: readonly string[], vpc: AddressRange | undefined, report: Report): readonly AddressRange[] | undefined => {
  const secondaries = texts.map((text, index) => readRange(["secondaries", index], text, vpcKind, report));
  secondaries.forEach((range, index) => {
    const other = range && [vpc, ...secondaries.slice(0, index)].find((earlier) => earlier && overlaps(earlier, range));
    if (other)
      report(
        ["secondaries", index],
        `${formatRange(range)} overlaps ${formatRange(other)}`,
        "the ranges of a VPC have no address in common",
      );
  });
  return complete(secondaries);
};

const readTaken = (
  texts: readonly string[],
  ofVpc: readonly AddressRange[] | undefined,
  report: Report,
): readonly AddressRange[] | undefined => {
  const taken = texts.map((text, index) => readRange(["taken", index], text, takenKind, report));
  taken.forEach((range, index) => {
    if (!range) return;
    const at = ["taken", index];
    const text = formatRange(range);
    if (texts.indexOf(text) < index) report(at, `${text} is given more than once`, "give each taken range once");
    else if (ofVpc && !ofVpc.some((whole) => contains(whole, range)))
      report(
        at,
        `${text} does not lie in the VPC, which has ${ofVpc.map(formatRange).join(", ")}`,
        "leave it out, or give the range of the VPC in which it lies",
      );
  });
  return complete(taken);
};

const readSubnets = (request: PlanRequest, zones: readonly string[], report: Report): Pick<Reading, "written" | "open"> => {
  const texts = new Map(
    Object.entries(request.written ?? {}).map(([zone, byTier]) => [zone, new Map<string, string>(Object.entries(byTier))]),
  );
  const written: PlacedSubnet[] = [];
  const open: Subnet[] = [];
  for (const tier of tiersByPrecedence)
    for (const [position, zone] of zones.entries()) {
      if (!request.tiers[tier]?.includes(zone)) continue;
      const text = texts.get(zone)?.get(tier);
      const range = text === undefined ? undefined : readRange(["written", zone, tier], text, subnetKind, report);
      if (range) written.push({ zone, tier, position, range });
      if (text === undefined) open.push({ zone, tier, position });
      texts.get(zone)?.delete(tier);
    }
  for (const [zone, left] of texts)
    for (const [tier, text] of left)
      report(
        ["written", zone, tier],
        `${shown(text)} is written for ${tier} of zone ${zone}, which is not in use`,
        "take the range out, or use that tier in that zone",
      );
  return { written, open };
};

const checkWritten = (written: readonly PlacedSubnet[], site: Site | undefined, addresses: Needs, report: Report): void => {
  const ranges = site && [site.vpc, ...site.secondaries];
  for (const [index, subnet] of written.entries()) {
    const { zone, tier, range } = subnet;
    const at = ["written", zone, tier];
    if (ranges && !ranges.some((whole) => contains(whole, range)))
      report(
        at,
        `${formatRange(range)} lies outside the VPC`,
        `a subnet lies in one of the VPC's ranges: ${ranges.map(formatRange).join(", ")}`,
      );
    const inUse = site?.taken?.filter((other) => overlaps(other, range)) ?? [];
    if (inUse.length > 0)
      report(
        at,
        `${formatRange(range)} overlaps ${inUse.map(formatRange).join(" and ")}, which others use`,
        "write a range that is free; the range of a subnet that is made here is not taken",
      );
    const others = written.slice(0, index).filter((other) => overlaps(other.range, range));
    if (others.length > 0)
      report(at, `${formatRange(range)} overlaps ${others.map(named).join(" and ")}`, "the subnets of a VPC have no address in common");
    const shortage = shortageOf(subnet, addresses);
    if (shortage !== undefined) report(at, shortage, "write a larger range");
  }
};
