import { z } from "zod";
import { connectorZones, judgeServedBy, judgeSourceNames, placeConnectors } from "../modules/cloud-connector/schema";
import { type AppConnectorFleet, type appConnectorSettings } from "../modules/app-connector/schema";
import { type FleetSettings } from "../modules/fleet-lifecycle/schema";
import { type Nat, planSubnets, type SubnetChoices, type Vpc } from "../modules/network/schema";
import { type SteeringSettings } from "../modules/steering/schema";
import { evenIfWrong, findingMessage, type Immutable } from "../modules/validation/schema";
import { type InterfaceSteeredDeployment } from "./interface-steered";
import { judgeExisting } from "./judge-existing";
import { judgeFailover } from "./judge-failover";
import { judgeSteering } from "./judge-steering";
import { judgeResolverZones } from "./judge-zpa";
import { judgeZones } from "./judge-zones";
import { isConnectorFleet, type Layout, layoutOf } from "./layout";
import { type PathFinding, unknownZone } from "./path-finding";
import { type TemplateShape } from "./template-shape";
import { zonesOf } from "./zones";

/** The parts of a deployment that are right by themselves, with their defaults. One that is wrong, or that the template does not have, is undefined. */
export interface Parts {
  readonly region: string;
  /** Keys of the zones. */
  readonly zones: readonly string[];
  /** Keys of the zones with connectors. */
  readonly withConnectors: readonly string[];
  readonly network: Vpc | undefined;
  readonly connectors: Pick<InterfaceSteeredDeployment["connectors"], "size" | "managementTier"> | undefined;
  readonly fleet: FleetSettings | undefined;
  readonly appConnectors: RightAppConnectors | undefined;
  readonly appConnectorFleet: AppConnectorFleet | undefined;
  readonly subnets: InterfaceSteeredDeployment["subnets"] | undefined;
  readonly steering: SteeringSettings | undefined;
  readonly failover: InterfaceSteeredDeployment["failover"];
  readonly layout: Layout | undefined;
}

type RightAppConnectors = Immutable<z.output<ReturnType<typeof appConnectorSettings>>>;

type Given = Readonly<Record<string, unknown>>;

/** What is wrong with a template's deployments besides what is wrong with those of several: it gets the parts, and all as it was given. */
export type JudgeTemplate = (parts: Parts, given: Given) => readonly PathFinding[];

/** A template's schema that also finds what is wrong with a deployment as a whole. */
export const judged = <Shape extends TemplateShape>(
  schema: z.ZodObject<Shape, z.core.$strict>,
  judgeTemplate: JudgeTemplate = () => [],
): z.ZodObject<Shape, z.core.$strict> =>
  schema.superRefine((deployment, context) => {
    for (const { path, ...finding } of judgeDeployment(schema.shape, deployment, judgeTemplate)) {
      context.addIssue({ code: "custom", path: [...path], message: findingMessage(finding) });
    }
  }, evenIfWrong);

/** A part of a deployment if it is right by itself, with its defaults; undefined too where the template has no such part. */
function right<Schema extends z.ZodType>(schema: Schema | undefined, part: unknown): z.output<Schema> | undefined {
  return schema?.safeParse(part).data;
}

/** What is wrong with a deployment as a whole. Each rule looks only at parts that are right by themselves. */
function judgeDeployment(shape: TemplateShape, deployment: Given, judgeTemplate: JudgeTemplate): readonly PathFinding[] {
  const region = right(shape.region, deployment["region"]);
  const zones = right(shape.zones, deployment["zones"]);
  if (region === undefined || zones === undefined) return [];
  const isSpoke = shape.ingress !== undefined;
  const zoneFindings = judgeZones(region, zones, isSpoke ? "endpoints" : "connectors");
  if (zoneFindings.length > 0) return zoneFindings;

  const connectors = shape.connectors && right(connectorParts(shape.connectors), deployment["connectors"] ?? {});
  if (shape.connectors && connectors === undefined) return [];
  const keys = Object.keys(zonesOf(region, zones));
  const serving = connectors ? judgeServedBy(keys, connectors.servedBy) : [];
  if (serving.length > 0) {
    return serving.map(({ zone, ...finding }) => ({ path: ["connectors", "servedBy", zone], ...finding }));
  }

  const inUse = connectors ? connectorZones(keys, connectors.servedBy) : keys;
  const network = right(shape.network, deployment["network"]);
  const stated = network?.create ?? network?.existing;
  const ranges = stated === undefined ? {} : { vpc: stated.cidr, ...stated.secondaryCidrs };
  const nat = right(shape.nat, deployment["nat"]);
  const subnets = right(shape.subnets, deployment["subnets"]);
  const steering = right(shape.steering, deployment["steering"]);
  const failover = right(shape.failover, deployment["failover"]);
  const privateEndpoints = right(shape.privateEndpoints, deployment["privateEndpoints"]);
  const testHosts = right(shape.testHosts, deployment["testHosts"]);
  const fleet = right<z.ZodType<FleetSettings | AppConnectorFleet>>(shape.fleet, deployment["fleet"]);
  const appConnectors = right(shape.appConnectors, deployment["appConnectors"]);
  const endpointTier = right(shape.endpointTier, deployment["endpointTier"]);
  const ingress = right(shape.ingress, deployment["ingress"]);
  const zpa = zpaSchema(shape.zpa);
  const endpoint = right(zpa?.shape.endpoint, zpaEndpoint(deployment["zpa"]));
  const hasFailover = isThere(shape.failover, deployment["failover"]);
  const hasResolver = zpa !== undefined && isThere(shape.zpa, deployment["zpa"]);
  const hasConnectors = connectors !== undefined || shape.appConnectors !== undefined;
  const perZone = connectors?.perZone ?? fleet?.fixed?.perZone;
  const names = judgeSourceNames(Object.keys(connectors?.sourceRanges ?? {}), ["vpc", ...Object.keys(stated?.secondaryCidrs ?? {})]);
  const natFindings = nat === undefined ? [] : judgeNat(nat, inUse, hasConnectors);
  const isLaidOut =
    (shape.nat === undefined || (nat !== undefined && natFindings.length === 0)) &&
    (shape.fleet === undefined || fleet !== undefined) &&
    (shape.endpointTier === undefined || endpointTier !== undefined) &&
    (shape.ingress === undefined || ingress !== undefined);
  const layout =
    network && subnets && isLaidOut
      ? layoutOf({
          region,
          zones,
          network,
          nat,
          subnets,
          privateEndpoints,
          connectors,
          fleet,
          appConnectors: shape.appConnectors,
          endpointService: shape.endpointService,
          endpointTier,
          ingress,
          testHosts,
          failover,
          zpa: hasResolver && endpoint ? { endpoint } : undefined,
        })
      : undefined;
  const findings: readonly PathFinding[] = [
    ...names.map(({ name, ...finding }) => ({ path: ["connectors", "sourceRanges", name], ...finding })),
    ...natFindings,
    ...(hasResolver && endpoint?.create ? judgeResolverZones(keys) : []),
    ...(!hasFailover || connectors === undefined || perZone === undefined
      ? []
      : judgeFailover({
          moved: shape.fleet === undefined ? "all" : "pinned",
          zones: keys,
          withConnectors: inUse,
          connectors: placeConnectors(keys, connectors.servedBy, perZone).map(({ key }) => key),
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
      leaving: shape.appConnectors ? "App Connectors" : connectors ? "connectors" : "workloads",
      testHosts: testHosts !== undefined,
      failover: hasFailover,
      securityGroups: {
        connectors: connectors?.securityGroups.existing !== undefined,
        resolver: hasResolver && endpoint?.create?.securityGroup.existing !== undefined,
      },
    }),
    // In a VPC that is made there are none.
    ...(steering === undefined || network?.create
      ? []
      : judgeSteering({
          zones: keys,
          steering,
          pinned: Object.keys(failover?.pinned ?? {}),
          resolver: hasResolver ? "there" : isSpoke ? "of the hub" : zpa ? "optional" : "of other templates",
        })),
    ...judgeTemplate(
      {
        region,
        zones: keys,
        withConnectors: inUse,
        network,
        connectors,
        ...(appConnectors === undefined
          ? { fleet: fleet && isConnectorFleet(fleet) ? fleet : undefined, appConnectors, appConnectorFleet: undefined }
          : { fleet: undefined, appConnectors, appConnectorFleet: fleet as AppConnectorFleet | undefined }),
        subnets,
        steering,
        failover,
        layout,
      },
      deployment,
    ),
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

/** Whether a deployment has a part: one that is optional is there if it is given, even if it is wrong. */
const isThere = (schema: z.ZodType | undefined, part: unknown): boolean =>
  schema !== undefined && (!(schema instanceof z.ZodOptional) || part !== undefined);

/** The schema of the settings of ZPA, where the template has them. */
const zpaSchema = (schema: TemplateShape["zpa"]) => {
  const settings = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return settings instanceof z.ZodDefault ? undefined : settings;
};

const isExisting = ({ existing }: SubnetChoices, zone: string | number, tier: string | number | undefined): boolean =>
  Object.keys(existing[zone] ?? {}).some((name) => name === tier);

const zpaEndpoint = (zpa: unknown): unknown => (typeof zpa === "object" && zpa !== null && "endpoint" in zpa ? zpa.endpoint : undefined);

const connectorParts = ({ shape }: NonNullable<TemplateShape["connectors"]>) =>
  z.object({
    size: shape.size,
    perZone: "perZone" in shape ? shape.perZone : z.never().optional(),
    servedBy: shape.servedBy,
    managementTier: shape.managementTier,
    sourceRanges: shape.sourceRanges,
    securityGroups: shape.securityGroups,
  });

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
