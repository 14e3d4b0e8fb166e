import fc from "fast-check";
import {
  formatRange,
  parseRange,
  planAddresses,
  subRange,
  tiers,
  zoneSlotChoices,
  type AddressPlan,
  type AddressRange,
  type PlanFinding,
  type PlanRequest,
  type Tier,
} from "../../../modules/addressing";

export const read = (text: string): AddressRange => {
  const parsed = parseRange(text);
  if ("finding" in parsed) throw new Error(parsed.finding.problem);
  return parsed.range;
};

export const planOf = (request: PlanRequest): AddressPlan => {
  const result = planAddresses(request);
  if ("findings" in result) throw new Error(JSON.stringify(result.findings));
  return result.plan;
};

export const findingsOf = (request: PlanRequest): readonly PlanFinding[] => {
  const result = planAddresses(request);
  return "findings" in result ? result.findings : [];
};

export const zoneNames = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => String.fromCharCode(97 + index));

/** The same zones in each tier. */
export const everywhere = (zones: readonly string[], used: readonly Tier[]): PlanRequest["tiers"] =>
  Object.fromEntries(used.map((tier) => [tier, zones]));

export const base: readonly Tier[] = ["public", "connector", "workload"];

/** Each subnet as "zone tier" and its range. */
export const listed = (plan: AddressPlan): readonly (readonly [string, string])[] =>
  Object.entries(plan.subnets).flatMap(([zone, byTier]) =>
    Object.entries(byTier).map(([tier, { range }]) => [`${zone} ${tier}`, range] as const),
  );

export const rangesOf = (plan: AddressPlan): readonly AddressRange[] => listed(plan).map(([, range]) => read(range));

export const vpcRange = (widest: number, narrowest: number): fc.Arbitrary<string> =>
  fc.tuple(fc.nat(2 ** 24 - 1), fc.integer({ min: widest, max: narrowest })).map(([address, prefix]) => {
    const host = BigInt(32 - prefix);
    return formatRange({ family: 4, first: (BigInt(0x0a000000 + address) >> host) << host, prefix });
  });

const zoneSlots = fc.constantFrom(...zoneSlotChoices);

/** Requests of all sizes. Some do not fit. */
const request: fc.Arbitrary<PlanRequest> = fc.integer({ min: 1, max: 6 }).chain((count) =>
  fc.record({
    vpc: vpcRange(16, 28),
    zones: fc.constant(zoneNames(count)),
    tiers: fc.dictionary(fc.constantFrom(...tiers), fc.subarray([...zoneNames(count)], { minLength: 1 })),
    zoneSlots,
  }),
);

/** Requests that often have a range written by hand: in the VPC, on a multiple of its size. */
export const partlyWritten: fc.Arbitrary<PlanRequest> = fc
  .tuple(request, fc.array(fc.tuple(fc.nat(), fc.constantFrom(...tiers), fc.integer({ min: 16, max: 28 }), fc.nat()), { maxLength: 3 }))
  .map(([given, entries]) => {
    const vpc = read(given.vpc);
    const written: Record<string, Partial<Record<Tier, string>>> = {};
    for (const [zoneIndex, tier, wish, part] of entries) {
      const zone = given.zones[zoneIndex % given.zones.length] ?? "";
      if (!given.tiers[tier]?.includes(zone)) continue;
      const newBits = Math.max(wish, vpc.prefix) - vpc.prefix;
      written[zone] = { ...written[zone], [tier]: formatRange(subRange(vpc, newBits, part % 2 ** newBits)) };
    }
    return { ...given, written };
  });
