import { type Tier } from "../addressing";
import { type PropFinding } from "../validation";
import { type Nat, type SubnetChoices, type Vpc } from "./schema";

/** The parts of a network that are said to exist, and where it has something for them. */
export interface ExistingParts {
  readonly vpc: Vpc;
  readonly nat: Nat;
  readonly subnets: Pick<SubnetChoices, "existing">;
  readonly zones: readonly string[];
  readonly tiers: Readonly<Partial<Record<Tier, readonly string[]>>>;
}

/** What is wrong with the parts that exist: nobody would use them, or the VPC is yet to be made. */
export function judgeExisting({ vpc, nat, subnets, zones, tiers }: ExistingParts): readonly PropFinding[] {
  const named = Object.entries(subnets.existing).flatMap(([zone, byTier]) =>
    Object.keys(byTier).map((tier) => ({ zone, tier: tier as Tier, at: ["subnets", "existing", zone, tier] })),
  );
  const gateways = Object.keys(nat.existing?.gateways ?? {});
  if (vpc.create) {
    return [
      ...named.map(({ at }) => ({ at, what: "subnets" })),
      ...(nat.existing ? [{ at: ["nat", "existing"], what: "NAT gateways" }] : []),
    ].map(({ at, what }) => ({
      at,
      problem: `a VPC that is made has no ${what} that exist`,
      fix: "name the VPC that has them in vpc.existing, or leave them out",
    }));
  }
  return [
    ...named
      .filter(({ zone, tier }) => !tiers[tier]?.includes(zone))
      .map(({ zone, tier, at }) => ({
        at,
        problem: `there is no ${tier} tier in zone ${zone}`,
        fix: `name the zone in tiers.${tier}, or leave the subnet out`,
      })),
    ...gateways
      .filter((zone) => !zones.includes(zone))
      .map((zone) => ({
        at: ["nat", "existing", "gateways", zone],
        problem: `zone ${zone} is not among the zones`,
        fix: `use one of ${zones.join(", ")}`,
      })),
  ];
}
