import { z } from "zod";
import { connectorZones, judgeServedBy, judgeSourceNames, placeConnectors } from "../modules/cloud-connector/schema";
import { type Nat, parseZone, planSubnets, type SubnetChoices, zonesByKey } from "../modules/network/schema";
import { evenIfWrong, findingMessage } from "../modules/validation/schema";
import { type TemplateShape } from "./interface-steered";
import { judgeExisting } from "./judge-existing";
import { judgeFailover } from "./judge-failover";
import { judgeSteering } from "./judge-steering";
import { judgeResolverZones } from "./judge-zpa";
import { layoutOf } from "./layout";
import { type PathFinding, unknownZone } from "./path-finding";

/** A template's schema that also finds what is wrong with a deployment as a whole. */
export const judged = <Shape extends TemplateShape>(schema: z.ZodObject<Shape, z.core.$strict>): z.ZodObject<Shape, z.core.$strict> =>
  schema.superRefine((deployment, context) => {
    for (const { path, ...finding } of judgeDeployment(schema.shape, deployment)) {
      context.addIssue({ code: "custom", path: [...path], message: findingMessage(finding) });
    }
  }, evenIfWrong);

/** A part of a deployment if it is right by itself, with its defaults; undefined too where the template has no such part. */
function right<Schema extends z.ZodType>(schema: Schema | undefined, part: unknown): z.output<Schema> | undefined {
  return schema?.safeParse(part).data;
}

/** What is wrong with a deployment as a whole. Each rule looks only at parts that are right by themselves. */
function judgeDeployment(shape: TemplateShape, deployment: Readonly<Record<string, unknown>>): readonly PathFinding[] {
  const region = right(shape.region, deployment.region);
  const zones = right(shape.zones, deployment.zones);
  if (region === undefined || zones === undefined) return [];
  const zoneFindings = judgeZones(region, zones);
  if (zoneFindings.length > 0) return zoneFindings;

  const connectors = shape.connectors && right(z.object(connectorParts(shape.connectors)), deployment.connectors ?? {});
  if (shape.connectors && connectors === undefined) return [];
  const keys = Object.keys(zonesByKey(region, zones));
  const serving = connectors ? judgeServedBy(keys, connectors.servedBy) : [];
  if (serving.length > 0) {
    return serving.map(({ zone, ...finding }) => ({ path: ["connectors", "servedBy", zone], ...finding }));
  }

  const inUse = connectors ? connectorZones(keys, connectors.servedBy) : keys;
  const network = right(shape.network, deployment.network);
  const stated = network?.create ?? network?.existing;
  const ranges = stated === undefined ? {} : { vpc: stated.cidr, ...stated.secondaryCidrs };
  const nat = right(shape.nat, deployment.nat);
  const subnets = right(shape.subnets, deployment.subnets);
  const steering = right(shape.steering, deployment.steering);
  const failover = right(shape.failover, deployment.failover);
  const privateEndpoints = right(shape.privateEndpoints, deployment.privateEndpoints);
  const testHosts = right(shape.testHosts, deployment.testHosts);
  const endpoint = right(shape.zpa?.shape.endpoint, zpaEndpoint(deployment.zpa));
  const names = judgeSourceNames(Object.keys(connectors?.sourceRanges ?? {}), ["vpc", ...Object.keys(stated?.secondaryCidrs ?? {})]);
  const natFindings = nat === undefined ? [] : judgeNat(nat, inUse, connectors !== undefined);
  const layout =
    network && nat && subnets && natFindings.length === 0
      ? layoutOf({ region, zones, network, nat, subnets, privateEndpoints, connectors, testHosts, failover, zpa: endpoint && { endpoint } })
      : undefined;
  const findings: readonly PathFinding[] = [
    ...names.map(({ name, ...finding }) => ({ path: ["connectors", "sourceRanges", name], ...finding })),
    ...natFindings,
    ...(endpoint?.create === undefined ? [] : judgeResolverZones(keys)),
    ...(shape.failover === undefined || connectors === undefined
      ? []
      : judgeFailover({
          zones: keys,
          withConnectors: inUse,
          connectors: placeConnectors(keys, connectors.servedBy, connectors.perZone).map(({ key }) => key),
          vpcRanges: Object.values(ranges),
          failover,
          nat,
          natZones: layout?.natZones,
          subnets,
          privateEndpoints,
        })),
    ...judgeExisting({
      zones: keys,
      network,
      nat,
      subnets,
      steering,
      privateEndpoints,
      layout,
      testHosts: testHosts !== undefined,
      failover: shape.failover !== undefined,
      securityGroups: {
        connectors: connectors?.securityGroups.existing !== undefined,
        resolver: endpoint?.create?.securityGroup.existing !== undefined,
      },
    }),
    // In a VPC that is made there are none.
    ...(steering === undefined || network?.create
      ? []
      : judgeSteering({ zones: keys, steering, pinned: Object.keys(failover?.pinned ?? {}), resolver: shape.zpa !== undefined })),
  ];
  if (layout === undefined || network === undefined || stated === undefined || subnets === undefined) return findings;
  // The endpoints' addresses are among those that subnets must hold.
  if (shape.privateEndpoints && privateEndpoints === undefined) return findings;
  const result = planSubnets({ vpc: network, subnets, zones: keys, tiers: layout.tiers, addresses: layout.addresses });
  if ("plan" in result) return findings;
  const secondaries = Object.keys(stated.secondaryCidrs);
  const choice = network.existing ? "existing" : "create";
  // A range that is written for a subnet that exists is told above.
  const planned = result.findings.filter(({ at: [input, zone = "", tier] }) => input !== "written" || !isExisting(subnets, zone, tier));
  return [...findings, ...planned.map(({ at, ...finding }) => ({ path: planPath(at, choice, keys, secondaries), ...finding }))];
}

const isExisting = ({ existing }: SubnetChoices, zone: string | number, tier: string | number | undefined): boolean =>
  Object.keys(existing[zone] ?? {}).some((name) => name === tier);

const zpaEndpoint = (zpa: unknown): unknown => (typeof zpa === "object" && zpa !== null && "endpoint" in zpa ? zpa.endpoint : undefined);

const connectorParts = (connectors: NonNullable<TemplateShape["connectors"]>) => ({
  size: connectors.shape.size,
  perZone: connectors.shape.perZone,
  servedBy: connectors.shape.servedBy,
  managementTier: connectors.shape.managementTier,
  sourceRanges: connectors.shape.sourceRanges,
  securityGroups: connectors.shape.securityGroups,
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

function judgeNat(nat: Nat, inUse: readonly string[], withConnectors: boolean): readonly PathFinding[] {
  const given = nat.single
    ? [{ path: ["nat", "single", "zone"], zone: nat.single.zone }]
    : Object.keys(nat.perZone?.allocations ?? {}).map((zone) => ({ path: ["nat", "perZone", "allocations", zone], zone }));
  return given
    .filter(({ zone }) => !inUse.includes(zone))
    .map(({ path, zone }) =>
      withConnectors
        ? { path, problem: `zone ${zone} has no connectors`, fix: `use one of ${inUse.join(", ")}` }
        : unknownZone(path, zone, inUse),
    );
}

/** Where in the file the input of the address plan stands. */
function planPath(
  at: readonly (string | number)[],
  choice: "create" | "existing",
  zones: readonly string[],
  secondaries: readonly string[],
): PathFinding["path"] {
  const [input, ...rest] = at;
  switch (input) {
    case "secondaries":
      return ["network", choice, "secondaryCidrs", secondaries[Number(rest[0])] ?? ""];
    case "taken":
      return ["network", "existing", "taken", ...rest];
    case "zones":
      return ["zones", zones.indexOf(String(rest[0]))];
    case "written":
      return ["subnets", "ranges", ...rest];
    case "zoneSlots":
      return ["subnets", "zoneSlots"];
    default:
      return ["network", choice, "cidr"];
  }
}
