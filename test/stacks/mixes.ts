import { join } from "node:path";
import { App } from "cdktf";
import { type Deployment, templates } from "../../config/deployment";
import { synthesize } from "../../stacks";

/**
 * What a deployment in two zones can be mixed of: the variants of each axis, first the one for which nothing needs to be said. A tier that is
 * `existing` is so in both zones; one that is `existingInA` only in zone a, and its subnet in zone b is made if it has one there.
 */
export const axes = {
  vpc: ["made", "existing"],
  internetGateway: ["absent", "create", "existing"],
  nat: ["perZone", "single", "existing", "none"],
  public: ["made", "existing", "existingInA"],
  connector: ["made", "existing", "existingInA"],
  management: ["shared", "made", "existing", "existingInA"],
  workload: ["made", "madeInA", "none", "existing", "existingInA", "existingInANoneInB"],
  connectorZones: ["both", "a"],
  securityGroups: ["made", "existing"],
  instanceProfile: ["made", "existing"],
  leftRouteTables: ["none", "connector", "workload"],
  workloadTables: ["none", "create", "takeOver", "restore", "forget"],
  template: ["base", "zpa", "ha", "zpa-ha", "network"],
  resolverEndpoint: ["made", "existing"],
  resolverRules: ["made", "existing"],
  resolver: ["made", "existing", "existingInA"],
  resolverSecurityGroup: ["tracked", "existing"],
  resolverTables: ["none", "create", "takeOver", "restore", "forget"],
} as const;

export type Axis = keyof typeof axes;
export type Mix = { readonly [Name in Axis]: (typeof axes)[Name][number] };

export const axisNames = Object.keys(axes) as readonly Axis[];

const plainMix = Object.fromEntries(axisNames.map((axis) => [axis, axes[axis][0]])) as Mix;

/** A mix in words: its template, and what is not the first variant. */
export const describeMix = (mix: Mix): string => {
  const told = axisNames.filter((axis) => axis !== "template" && mix[axis] !== plainMix[axis]);
  return [mix.template, ...told.map((axis) => `${axis} ${mix[axis]}`)].join(", ");
};

export const zones = ["a", "b"] as const;
export type Zone = (typeof zones)[number];

const tierDigits = { public: 1, connector: 2, management: 3, workload: 4, resolver: 5 } as const;
export type MixedTier = keyof typeof tierDigits;
export const mixedTiers = Object.keys(tierDigits) as readonly MixedTier[];

/** What exists. The id of what stands in a zone ends with the zone's key. */
export const existing = {
  vpc: "vpc-00000001",
  internetGateway: "igw-00000001",
  natGateways: { a: "nat-0000000a", b: "nat-0000000b" },
  subnet: (tier: MixedTier, zone: Zone): string => `subnet-000000${tierDigits[tier]}${zone}`,
  routeTables: {
    workload: { a: "rtb-0000004a", b: "rtb-0000004b" },
    resolver: { a: "rtb-0000005a", b: "rtb-0000005b" },
  },
  securityGroups: { service: "sg-00000001", management: "sg-00000002" },
  instanceProfile: "cloud-connectors",
  resolverEndpoint: "rslvr-out-00000001",
  resolverRule: "rslvr-rr-00000001",
  resolverSecurityGroup: "sg-00000003",
} as const;

export const vpcRange = "10.20.0.0/16";
/** What others use of the VPC that exists. */
export const taken = ["10.20.0.0/18", "10.20.64.0/20"] as const;
const writtenRange = "10.20.192.0/20";

const given = (isGiven: boolean, part: object): object => (isGiven ? part : {});
const partGiven = (key: string, part: object): object => given(Object.keys(part).length > 0, { [key]: part });

const existsIn = (variant: string, zone: Zone): boolean => variant === "existing" || (zone === "a" && variant.startsWith("existingInA"));

const networkOf = ({ vpc, internetGateway }: Mix): object => {
  const ranges = {
    cidr: vpcRange,
    ...given(internetGateway === "create", { internetGateway: { create: {} } }),
    ...given(internetGateway === "existing", { internetGateway: { existing: { id: existing.internetGateway } } }),
  };
  return vpc === "made" ? { create: ranges } : { existing: { id: existing.vpc, taken, ...ranges } };
};

const natSettings = {
  perZone: { perZone: {} },
  single: { single: { zone: "a" } },
  existing: { existing: { gateways: existing.natGateways } },
  none: { none: {} },
} as const;

const subnetsOf = (mix: Mix): object => {
  const inZone = (zone: Zone) =>
    Object.fromEntries(mixedTiers.filter((tier) => existsIn(mix[tier], zone)).map((tier) => [tier, existing.subnet(tier, zone)]));
  return {
    workloads: mix.workload === "made" || mix.workload === "existingInA" ? "perZone" : "none",
    existing: Object.assign({}, ...zones.map((zone) => partGiven(zone, inZone(zone)))) as object,
    ...given(mix.workload === "madeInA", { ranges: { a: { workload: writtenRange } } }),
    ...given(mix.leftRouteTables !== "none", { leaveRouteTables: [mix.leftRouteTables] }),
  };
};

const steeringOf = ({ workloadTables, resolverTables }: Mix): object => {
  const inZone = (zone: Zone) => ({
    ...given(workloadTables !== "none", { app: { id: existing.routeTables.workload[zone], defaultRoute: workloadTables } }),
    ...given(resolverTables !== "none", {
      dns: { id: existing.routeTables.resolver[zone], tier: "resolver", defaultRoute: resolverTables },
    }),
  });
  return Object.assign({}, ...zones.map((zone) => partGiven(zone, inZone(zone)))) as object;
};

const connectorsOf = (mix: Mix): object => ({
  // Two connectors in the one zone, so that there is one to fail over to.
  ...given(mix.connectorZones === "a", { servedBy: { b: "a" }, perZone: 2 }),
  ...given(mix.management !== "shared", { managementTier: "separate" }),
  ...given(mix.securityGroups === "existing", { securityGroups: { existing: existing.securityGroups } }),
  ...given(mix.instanceProfile === "existing", { instanceProfile: { existing: { name: existing.instanceProfile } } }),
});

const zpaOf = ({ resolverEndpoint, resolverRules, resolverSecurityGroup }: Mix): object => ({
  ...given(resolverRules === "existing", { existingRules: { partner: existing.resolverRule } }),
  ...partGiven("endpoint", {
    ...given(resolverEndpoint === "existing", { existing: { id: existing.resolverEndpoint } }),
    ...given(resolverSecurityGroup === "existing", {
      create: { securityGroup: { existing: { id: existing.resolverSecurityGroup } } },
    }),
  }),
});

export const hasConnectors = ({ template }: Mix): boolean => template !== "network";
export const hasZpa = ({ template }: Mix): boolean => template === "zpa" || template === "zpa-ha";
export const hasFailover = ({ template }: Mix): boolean => template === "ha" || template === "zpa-ha";

/** The settings that say a mix, whether or not its template has them. */
const settingsOf = (mix: Mix): object => {
  const provisioning = { provisioningUrl: "connector.zscaler.net/api/v1/provUrl?name=aws-prod", secret: "ZS/CC/credentials" };
  const domains = given(mix.resolverRules === "made", { domains: { crm: "crm.example.com" } });
  return {
    template: mix.template,
    region: "us-west-2",
    zones,
    network: networkOf(mix),
    nat: natSettings[mix.nat],
    subnets: subnetsOf(mix),
    ...partGiven("steering", partGiven("routeTables", steeringOf(mix))),
    ...partGiven("connectors", { ...given(hasConnectors(mix), provisioning), ...connectorsOf(mix) }),
    ...partGiven("zpa", { ...given(hasZpa(mix), domains), ...zpaOf(mix) }),
  };
};

/** A mix that the schema takes, as it takes it. */
export interface AcceptedMix {
  readonly mix: Mix;
  readonly deployment: Deployment;
}

/** A mix that the schema refuses, and the places of all that it says. */
interface RefusedMix {
  readonly mix: Mix;
  readonly places: readonly string[];
}

/** What the schema says of a mix. */
export function judgeMix(mix: Mix): AcceptedMix | RefusedMix {
  const { data, error } = templates[mix.template].safeParse(settingsOf(mix));
  if (error === undefined) return { mix, deployment: data };
  const places = error.issues.flatMap((issue) =>
    (issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]).map((path) => path.join(".")),
  );
  return { mix, places };
}

const madeOf = (variant: string, standing: readonly Zone[]): readonly Zone[] =>
  variant === "existing" ? [] : standing.filter((zone) => !existsIn(variant, zone));

/** Where connectors stand. */
export const connectorZones = (mix: Mix): readonly Zone[] => (!hasConnectors(mix) ? [] : mix.connectorZones === "a" ? ["a"] : zones);

const workloadZones = { made: zones, madeInA: ["a"], none: [], existing: [], existingInA: ["b"], existingInANoneInB: [] } as const;

/** The zones in which the subnets of each tier are made. */
export function madeSubnets(mix: Mix): Readonly<Record<MixedTier, readonly Zone[]>> {
  const connector = madeOf(mix.connector, connectorZones(mix));
  const management = mix.management === "shared" ? [] : madeOf(mix.management, connectorZones(mix));
  const workload = workloadZones[mix.workload];
  return {
    connector,
    management,
    workload,
    public: madeOf(mix.public, madeGateways(mix)),
    resolver: hasZpa(mix) && mix.resolverEndpoint === "made" ? madeOf(mix.resolver, zones) : [],
  };
}

/** The zones in which NAT gateways are made: where a subnet is made that needs one, or the zone that is named. */
export function madeGateways(mix: Mix): readonly Zone[] {
  if (mix.nat !== "perZone") return mix.nat === "single" ? ["a"] : [];
  const standing = connectorZones(mix);
  const inNeed: readonly Zone[] = hasConnectors(mix)
    ? [...madeOf(mix.connector, standing), ...(mix.management === "shared" ? [] : madeOf(mix.management, standing))]
    : workloadZones[mix.workload];
  return zones.filter((zone) => inNeed.includes(zone));
}

/** Whether an axis means something in a mix: the public tier where it has subnets, the resolver's where the template has one. */
function appliesTo(axis: Axis, mix: Mix): boolean {
  switch (axis) {
    case "internetGateway":
      return mix.vpc === "existing";
    case "public":
      return madeGateways(mix).length > 0;
    case "connectorZones":
    case "connector":
    case "management":
    case "securityGroups":
    case "instanceProfile":
    case "workloadTables":
      return hasConnectors(mix);
    case "resolverEndpoint":
    case "resolverRules":
    case "resolverTables":
      return hasZpa(mix);
    case "resolver":
    case "resolverSecurityGroup":
      return hasZpa(mix) && mix.resolverEndpoint === "made";
    default:
      return true;
  }
}

/** A pair of variants of different axes, as a text. The same whichever comes first. */
export const pairOf = (one: Axis, oneVariant: string, other: Axis, otherVariant: string): string =>
  axisNames.indexOf(one) < axisNames.indexOf(other)
    ? `${one} ${oneVariant} × ${other} ${otherVariant}`
    : `${other} ${otherVariant} × ${one} ${oneVariant}`;

/** The pairs of variants of a mix that mean something in it, of all axes or of one with the others. */
export function pairsOf(mix: Mix, only?: Axis, others = axisNames): readonly string[] {
  const there = others.filter((axis) => appliesTo(axis, mix));
  const pairs = (one: Axis, from: readonly Axis[]) => from.map((other) => pairOf(one, mix[one], other, mix[other]));
  if (only === undefined) return there.flatMap((one, index) => pairs(one, there.slice(index + 1)));
  return appliesTo(only, mix) ? pairs(only, there) : [];
}

const product = (start: Mix, over: readonly Axis[]): readonly Mix[] =>
  over.reduce<readonly Mix[]>(
    (mixes, axis) => mixes.flatMap((mix) => axes[axis].map((variant): Mix => ({ ...mix, [axis]: variant }))),
    [start],
  );

/**
 * The axes that decide together which gateways and subnets for a way out are made, of connectors, and of workloads where there are none. Their
 * product is taken in full. That of all axes has 370 million mixes, so that the others are spread over it: each mix gets the variants that
 * were seen least beside those that it has already.
 */
const networkAxes = ["vpc", "internetGateway", "nat", "public"] as const;
const fullProducts: readonly { readonly start: Mix; readonly over: readonly Axis[]; readonly spread: readonly Axis[] }[] = [
  {
    start: plainMix,
    over: [...networkAxes, "connector", "management"],
    // Each after those on which depends what it may be.
    spread: [
      "workload",
      "connectorZones",
      "securityGroups",
      "instanceProfile",
      "workloadTables",
      "template",
      "leftRouteTables",
      "resolverEndpoint",
      "resolverRules",
      "resolver",
      "resolverSecurityGroup",
      "resolverTables",
    ],
  },
  { start: { ...plainMix, template: "network" }, over: [...networkAxes, "workload"], spread: ["leftRouteTables"] },
];

const isAccepted = (judged: AcceptedMix | RefusedMix): judged is AcceptedMix => "deployment" in judged;

/** All mixes to look at, always the same, and those that were refused on the way. */
export function generateMixes(): { readonly accepted: readonly AcceptedMix[]; readonly refused: readonly RefusedMix[] } {
  const seen = new Map<string, number>();
  const refused: RefusedMix[] = [];
  const judged = (mix: Mix): AcceptedMix | undefined => {
    const result = judgeMix(mix);
    if (isAccepted(result)) return result;
    refused.push(result);
    return undefined;
  };
  const novelty = (pairs: readonly string[]): number => pairs.reduce((sum, pair) => sum + 1 / (1 + (seen.get(pair) ?? 0)), 0);
  const accepted = fullProducts.flatMap(({ start, over, spread }) =>
    product(start, over).flatMap((row) => {
      const first = judged(row);
      if (!first) return [];
      const chosen: Axis[] = [...over];
      const last = spread.reduce((so, axis): AcceptedMix => {
        const others = [...chosen];
        chosen.push(axis);
        return (
          product(so.mix, [axis])
            .map((mix) => ({ mix, score: novelty(pairsOf(mix, axis, others)) }))
            .sort((one, other) => other.score - one.score)
            .map(({ mix }) => (mix[axis] === so.mix[axis] ? so : judged(mix)))
            .find((result) => result !== undefined) ?? so
        );
      }, first);
      for (const pair of pairsOf(last.mix)) seen.set(pair, (seen.get(pair) ?? 0) + 1);
      return [last];
    }),
  );
  // Without connectors, two rows of the products can be one deployment.
  const distinct = new Map(accepted.map((each) => [JSON.stringify(each.deployment), each]));
  return { accepted: [...distinct.values()], refused };
}

/** As few of the mixes as have every pair of variants that all of them have: each time the one with the most pairs that were not there yet. */
export function coverPairs(mixes: readonly AcceptedMix[]): readonly AcceptedMix[] {
  const missing = new Set(mixes.flatMap(({ mix }) => pairsOf(mix)));
  const chosen: AcceptedMix[] = [];
  while (missing.size > 0) {
    const gains = mixes.map((one) => ({ one, gain: pairsOf(one.mix).filter((pair) => missing.has(pair)).length }));
    const { one } = gains.reduce((best, other) => (other.gain > best.gain ? other : best));
    chosen.push(one);
    for (const pair of pairsOf(one.mix)) missing.delete(pair);
  }
  return chosen;
}

/**
 * Synthesizes a mix, in an app of its own, and gives the folder of its stack.
 *
 * @throws When a construct refuses what the schema takes: names the mix.
 */
export function synthesizeMix({ mix, deployment }: AcceptedMix, name: string, outdir: string): string {
  try {
    synthesize(new App({ outdir }), [{ name, deployment }]);
  } catch (error) {
    throw new Error(`${describeMix(mix)}: ${(error as Error).message}`, { cause: error });
  }
  return join(outdir, "stacks", name);
}
