import { planAddresses, type PlanResult, type Tier } from "../addressing";
import { type SubnetSettings, type Vpc } from "./schema";

/** Which subnets a network has, and what they must hold. */
export interface WantedSubnets {
  readonly vpc: Vpc;
  readonly subnets: Pick<SubnetSettings, "existing" | "ranges" | "zoneSlots">;
  /** Keys of the zones, in order. */
  readonly zones: readonly string[];
  /** The zones in which each tier has a subnet, made or existing. */
  readonly tiers: Readonly<Partial<Record<Tier, readonly string[]>>>;
  readonly addresses?: Readonly<Partial<Record<Tier, number>>> | undefined;
}

/** The zones in which the subnets of each tier are made: those that do not exist. */
export const tiersToMake = (
  wanted: WantedSubnets["tiers"],
  existing: WantedSubnets["subnets"]["existing"],
): Readonly<Partial<Record<Tier, readonly string[]>>> =>
  Object.fromEntries(
    Object.entries(wanted).map(([tier, zones]) => [tier, zones.filter((zone) => existing[zone]?.[tier as Tier] === undefined)]),
  );

/** Plans the subnets that are made: in a VPC that exists, in its free space. */
export function planSubnets({ vpc: { create, existing }, subnets, zones, tiers, addresses = {} }: WantedSubnets): PlanResult {
  const stated = create ?? existing;
  if (stated === undefined) throw new Error("a VPC is neither made nor existing");
  return planAddresses({
    vpc: stated.cidr,
    secondaries: Object.values(stated.secondaryCidrs),
    zones,
    tiers: tiersToMake(tiers, subnets.existing),
    zoneSlots: subnets.zoneSlots,
    written: subnets.ranges,
    addresses,
    ...(existing ? { taken: existing.taken } : {}),
  });
}
