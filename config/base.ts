import { z } from "zod";
import { connectorSettings, connectorZones, judgeServedBy, judgeSourceNames, sizes } from "../modules/cloud-connector/schema";
import { planAddresses, type Tier } from "../modules/addressing";
import { natSettings, parseZone, privateEndpointSettings, subnetSettings, vpcSettings, zonesByKey } from "../modules/network/schema";
import { testHostSettings } from "../modules/test-hosts/schema";
import { type Finding, evenIfWrong, findingMessage, type Immutable, type Leaf } from "../modules/validation/schema";
import { terraformSettings } from "./terraform";

const baseShape = (leaf: Leaf) => ({
  template: z.literal("base").meta({ description: "Kind of stack.", examples: ["base"] }),
  ...terraformSettings(leaf),
  zones: z
    .array(z.string())
    .min(1)
    .default(["a"])
    .meta({ description: "Zones: letters of the region, or full names. Their order fixes where subnets lie: append, do not insert." }),
  network: vpcSettings(leaf),
  nat: natSettings(leaf),
  subnets: subnetSettings(),
  privateEndpoints: privateEndpointSettings(),
  connectors: connectorSettings(leaf).meta({ description: "The Cloud Connectors." }),
  testHosts: testHostSettings(leaf).optional().meta({ description: "Hosts that try the deployment out. None by default." }),
});

/** A deployment of the base template. */
export const baseDeployment = (leaf: Leaf) => {
  const shape = baseShape(leaf);
  return z.strictObject(shape).superRefine((deployment, context) => {
    for (const { path, ...finding } of judgeBase(shape, deployment)) {
      context.addIssue({ code: "custom", path: [...path], message: findingMessage(finding) });
    }
  }, evenIfWrong);
};

/** What a person gives: all that has a default may be left out. */
export type BaseSettings = Immutable<z.input<ReturnType<typeof baseDeployment>>>;

/** With all defaults filled. */
export type BaseDeployment = Immutable<z.output<ReturnType<typeof baseDeployment>>>;

type LayoutInput = Pick<BaseDeployment, "region" | "zones" | "nat" | "testHosts" | "privateEndpoints"> & {
  readonly connectors: Pick<BaseDeployment["connectors"], "size" | "perZone" | "servedBy" | "managementTier">;
};

/** Which subnets a base deployment has, and how many addresses must fit into each. */
export interface Layout {
  /** Zone names by key. */
  readonly zones: Readonly<Record<string, string>>;
  readonly tiers: Readonly<Partial<Record<Tier, readonly string[]>>>;
  readonly addresses: Readonly<Partial<Record<Tier, number>>>;
  /** The zones that get a NAT gateway. */
  readonly natZones: readonly string[];
}

/** The subnets of a base deployment. */
export function baseLayout(deployment: LayoutInput): Layout {
  const zones = zonesByKey(deployment.region, deployment.zones);
  const { servedBy, perZone, size, managementTier } = deployment.connectors;
  const withConnectors = connectorZones(Object.keys(zones), servedBy);
  const separate = managementTier === "separate";
  const interfaces = sizes[size].interfaces.length - (separate ? 1 : 0);
  const { single, perZone: natPerZone } = deployment.nat;
  const natZones = single ? [single.zone] : natPerZone ? withConnectors : [];
  const publicZones = natZones.length === 0 && deployment.testHosts?.bastion ? withConnectors.slice(0, 1) : natZones;
  return {
    zones,
    tiers: {
      public: publicZones,
      connector: withConnectors,
      ...(separate ? { management: withConnectors } : {}),
      workload: Object.keys(zones),
    },
    addresses: {
      // An interface endpoint takes an address in each connector subnet.
      connector: perZone * interfaces + deployment.privateEndpoints.filter((service) => service !== "s3").length,
      ...(separate ? { management: perZone } : {}),
      public: 2,
    },
    natZones,
  };
}

type BaseShape = ReturnType<typeof baseShape>;

interface PathFinding extends Finding {
  readonly path: readonly (string | number)[];
}

/** A part of a deployment if it is right by itself, with its defaults. */
function right<Schema extends z.ZodType>(schema: Schema, part: unknown): z.output<Schema> | undefined {
  return schema.safeParse(part).data;
}

/** What is wrong with a base deployment as a whole. Each rule looks only at parts that are right by themselves. */
function judgeBase(shape: BaseShape, deployment: Readonly<Record<string, unknown>>): readonly PathFinding[] {
  const region = right(shape.region, deployment.region);
  const zones = right(shape.zones, deployment.zones);
  if (region === undefined || zones === undefined) return [];
  const zoneFindings = judgeZones(region, zones);
  if (zoneFindings.length > 0) return zoneFindings;

  const connectors = right(z.object(connectorParts(shape)), deployment.connectors ?? {});
  if (connectors === undefined) return [];
  const keys = Object.keys(zonesByKey(region, zones));
  const serving = judgeServedBy(keys, connectors.servedBy);
  if (serving.length > 0) {
    return serving.map(({ zone, ...finding }) => ({ path: ["connectors", "servedBy", zone], ...finding }));
  }

  const create = right(shape.network, deployment.network)?.create;
  const names = judgeSourceNames(Object.keys(connectors.sourceRanges), ["vpc", ...Object.keys(create?.secondaryCidrs ?? {})]);
  const nat = right(shape.nat, deployment.nat);
  const findings: readonly PathFinding[] = [
    ...names.map(({ name, ...finding }) => ({ path: ["connectors", "sourceRanges", name], ...finding })),
    ...(nat === undefined ? [] : judgeNat(nat, connectorZones(keys, connectors.servedBy))),
  ];
  // Subnets follow from where the NAT gateways are.
  if (nat === undefined || findings.some(({ path }) => path[0] === "nat")) return findings;

  const subnets = right(shape.subnets, deployment.subnets);
  const privateEndpoints = right(shape.privateEndpoints, deployment.privateEndpoints);
  const testHosts = right(shape.testHosts, deployment.testHosts);
  if (create === undefined || subnets === undefined || privateEndpoints === undefined) return findings;
  const layout = baseLayout({ region, zones, nat, connectors, privateEndpoints, testHosts });
  const result = planAddresses({
    vpc: create.cidr,
    secondaries: Object.values(create.secondaryCidrs),
    zones: keys,
    tiers: layout.tiers,
    zoneSlots: subnets.zoneSlots,
    written: subnets.ranges,
    addresses: layout.addresses,
  });
  if ("plan" in result) return findings;
  const secondaries = Object.keys(create.secondaryCidrs);
  return [...findings, ...result.findings.map(({ at, ...finding }) => ({ path: planPath(at, keys, secondaries), ...finding }))];
}

const connectorParts = ({ connectors }: BaseShape) => ({
  size: connectors.shape.size,
  perZone: connectors.shape.perZone,
  servedBy: connectors.shape.servedBy,
  managementTier: connectors.shape.managementTier,
  sourceRanges: connectors.shape.sourceRanges,
});

function judgeZones(region: string, zones: readonly string[]): readonly PathFinding[] {
  const seen = new Set<string>();
  return zones.flatMap((zone, index): readonly PathFinding[] => {
    const parsed = parseZone(region, zone);
    if (!("key" in parsed)) return [{ path: ["zones", index], ...parsed }];
    const repeated = seen.has(parsed.key);
    seen.add(parsed.key);
    return repeated ? [{ path: ["zones", index], problem: `zone ${zone} is given twice`, fix: "name each zone once" }] : [];
  });
}

function judgeNat(nat: BaseDeployment["nat"], withConnectors: readonly string[]): readonly PathFinding[] {
  const given = nat.single
    ? [{ path: ["nat", "single", "zone"], zone: nat.single.zone }]
    : Object.keys(nat.perZone?.allocations ?? {}).map((zone) => ({ path: ["nat", "perZone", "allocations", zone], zone }));
  return given
    .filter(({ zone }) => !withConnectors.includes(zone))
    .map(({ path, zone }) => ({ path, problem: `zone ${zone} has no connectors`, fix: `use one of ${withConnectors.join(", ")}` }));
}

/** Where in the file the input of the address plan stands. */
function planPath(at: readonly (string | number)[], zones: readonly string[], secondaries: readonly string[]): PathFinding["path"] {
  const [input, ...rest] = at;
  switch (input) {
    case "secondaries":
      return ["network", "create", "secondaryCidrs", secondaries[Number(rest[0])] ?? ""];
    case "zones":
      return ["zones", zones.indexOf(String(rest[0]))];
    case "written":
      return ["subnets", "ranges", ...rest];
    case "zoneSlots":
      return ["subnets", "zoneSlots"];
    default:
      return ["network", "create", "cidr"];
  }
}
