import { z } from "zod";
import { planAddresses } from "../modules/addressing";
import { connectorZones, judgeServedBy, judgeSourceNames, placeConnectors } from "../modules/cloud-connector/schema";
import { type Nat, parseZone, zonesByKey } from "../modules/network/schema";
import { evenIfWrong, findingMessage } from "../modules/validation/schema";
import { type InterfaceSteeredShape } from "./interface-steered";
import { judgeFailover } from "./judge-failover";
import { judgeResolverZones } from "./judge-zpa";
import { interfaceSteeredLayout } from "./layout";
import { type PathFinding } from "./path-finding";

/** A template's schema that also finds what is wrong with a deployment as a whole. */
export const judged = <Shape extends InterfaceSteeredShape>(
  schema: z.ZodObject<Shape, z.core.$strict>,
): z.ZodObject<Shape, z.core.$strict> =>
  schema.superRefine((deployment, context) => {
    for (const { path, ...finding } of judgeDeployment(schema.shape, deployment)) {
      context.addIssue({ code: "custom", path: [...path], message: findingMessage(finding) });
    }
  }, evenIfWrong);

/** A part of a deployment if it is right by itself, with its defaults. */
function right<Schema extends z.ZodType>(schema: Schema, part: unknown): z.output<Schema> | undefined {
  return schema.safeParse(part).data;
}

/** What is wrong with a deployment as a whole. Each rule looks only at parts that are right by themselves. */
function judgeDeployment(shape: InterfaceSteeredShape, deployment: Readonly<Record<string, unknown>>): readonly PathFinding[] {
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

  const withConnectors = connectorZones(keys, connectors.servedBy);
  const create = right(shape.network, deployment.network)?.create;
  const ranges = create === undefined ? {} : { vpc: create.cidr, ...create.secondaryCidrs };
  const nat = right(shape.nat, deployment.nat);
  const subnets = right(shape.subnets, deployment.subnets);
  const privateEndpoints = right(shape.privateEndpoints, deployment.privateEndpoints);
  const names = judgeSourceNames(Object.keys(connectors.sourceRanges), ["vpc", ...Object.keys(create?.secondaryCidrs ?? {})]);
  const findings: readonly PathFinding[] = [
    ...names.map(({ name, ...finding }) => ({ path: ["connectors", "sourceRanges", name], ...finding })),
    ...(nat === undefined ? [] : judgeNat(nat, withConnectors)),
    ...(shape.zpa === undefined ? [] : judgeResolverZones(keys)),
    ...(shape.failover === undefined
      ? []
      : judgeFailover({
          zones: keys,
          withConnectors,
          connectors: placeConnectors(keys, connectors.servedBy, connectors.perZone).map(({ key }) => key),
          vpcRanges: Object.values(ranges),
          failover: right(shape.failover, deployment.failover),
          nat,
          subnets,
          privateEndpoints,
        })),
  ];
  // Subnets follow from where the NAT gateways are.
  if (nat === undefined || findings.some(({ path }) => path[0] === "nat")) return findings;

  const testHosts = right(shape.testHosts, deployment.testHosts);
  if (create === undefined || subnets === undefined || privateEndpoints === undefined) return findings;
  const layout = interfaceSteeredLayout({
    region,
    zones,
    nat,
    connectors,
    privateEndpoints,
    testHosts,
    zpa: shape.zpa,
    failover: shape.failover,
  });
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

const connectorParts = ({ connectors }: InterfaceSteeredShape) => ({
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

function judgeNat(nat: Nat, withConnectors: readonly string[]): readonly PathFinding[] {
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
