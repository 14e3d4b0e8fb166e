import { type Tier } from "../modules/addressing";
import { type AppConnectorFleet, mostAppConnectors } from "../modules/app-connector/schema";
import { connectorZones, sizes } from "../modules/cloud-connector/schema";
import { type FleetSettings, groupsOf, mostInstances } from "../modules/fleet-lifecycle/schema";
import { isLocal, type Nat, type SubnetChoices } from "../modules/network/schema";
import { type InterfaceSteeredDeployment } from "./interface-steered";
import { zonesOf } from "./zones";

/** What decides which subnets a deployment has. */
export interface LayoutInput {
  readonly region: string;
  readonly zones: readonly string[];
  readonly network: { readonly create?: unknown };
  /** None in a spoke. */
  readonly nat?: Nat | undefined;
  readonly subnets: SubnetChoices;
  readonly privateEndpoints?: readonly string[] | undefined;
  /** None where workloads leave by NAT gateways, or by endpoints that lead elsewhere. */
  readonly connectors?: ConnectorLayout | undefined;
  /** How many connectors there are, where they stand behind a balancer. */
  readonly fleet?: FleetSettings | AppConnectorFleet | undefined;
  /** Only whether they are there decides: the fleet then is theirs. */
  readonly appConnectors?: unknown;
  /** Only whether it is there decides: without connectors its endpoints stand in every zone. */
  readonly endpointService?: unknown;
  readonly endpointTier?: "shared" | "separate" | undefined;
  readonly ingress?: { readonly publicSubnets: "perZone" | "none" } | undefined;
  readonly testHosts?: { readonly bastion?: unknown } | undefined;
  /** Only whether an endpoint is made decides. */
  readonly zpa?: { readonly endpoint: { readonly create?: unknown } } | boolean | undefined;
  /** Only whether it is there decides. */
  readonly failover?: unknown;
}

/** How many connectors stand in a zone is said here, or by the deployment's fleet. */
type ConnectorLayout = Pick<InterfaceSteeredDeployment["connectors"], "size" | "servedBy" | "managementTier"> & {
  readonly perZone?: number | undefined;
};

/** Which subnets a deployment has, and how many addresses must fit into each. */
export interface Layout {
  /** Zone names by key. */
  readonly zones: Readonly<Record<string, string>>;
  /** The zones in which each tier has a subnet, made or existing. */
  readonly tiers: Readonly<Partial<Record<Tier, readonly string[]>>>;
  readonly addresses: Readonly<Partial<Record<Tier, number>>>;
  /** The zones that get a NAT gateway. */
  readonly natZones: readonly string[];
}

/** AWS makes one network interface a subnet for a function, and while it replaces a function's VPC settings there is another. */
const functionInterfaces = 2;

/** The subnets of a deployment. */
export function layoutOf(deployment: LayoutInput): Layout {
  const { connectors, appConnectors, nat, subnets, testHosts, zpa } = deployment;
  const zones = zonesOf(deployment.region, deployment.zones);
  const keys = Object.keys(zones);
  const exists = (zone: string, tier: Tier): boolean => subnets.existing[zone]?.[tier] !== undefined;
  const isWritten = (zone: string, tier: Tier): boolean => subnets.ranges[zone]?.[tier] !== undefined;

  const withConnectors = connectors ? connectorZones(keys, connectors.servedBy) : appConnectors ? keys : [];
  const standing = connectors !== undefined || appConnectors !== undefined;
  const separate = connectors?.managementTier === "separate";
  const workloads = subnets.workloads ?? (deployment.network.create === undefined ? "none" : "perZone");
  const workload = (appConnectors ? [] : keys).filter(
    (zone) => workloads === "perZone" || exists(zone, "workload") || isWritten(zone, "workload"),
  );
  const leavers: readonly (readonly [Tier, readonly string[]])[] = standing
    ? [["connector", withConnectors], ...(separate ? [["management", withConnectors] as const] : [])]
    : nat
      ? [["workload", workload]]
      : [];

  // A subnet that exists has a way out, or none, of its own.
  const inNeed = keys.filter((zone) => leavers.some(([tier, there]) => there.includes(zone) && !exists(zone, tier)));
  const natZones = nat?.single ? [nat.single.zone] : nat?.perZone ? inNeed : [];
  const bastionZone = keys.find((zone) => exists(zone, "public")) ?? (standing ? withConnectors : keys)[0];
  const forBastion = natZones.length === 0 && testHosts?.bastion !== undefined && bastionZone !== undefined ? [bastionZone] : [];
  const forIngress = deployment.ingress?.publicSubnets === "perZone" ? keys : undefined;
  const hasResolver = typeof zpa === "object" && zpa.endpoint.create !== undefined;
  const endpoint = endpointZones(deployment, withConnectors, keys);
  const perZone = standing ? mostPerZone(deployment, withConnectors) : 0;
  return {
    zones,
    tiers: {
      public: forIngress ?? [...natZones, ...forBastion],
      ...(standing ? { connector: withConnectors } : {}),
      ...(separate ? { management: withConnectors } : {}),
      workload,
      ...(hasResolver ? { resolver: regionZones(keys) } : {}),
      ...(endpoint.length > 0 ? { endpoint } : {}),
    },
    addresses: {
      ...(connectors ? { connector: perZone * connectorInterfaces(connectors) + otherAddresses(deployment) } : {}),
      ...(appConnectors ? { connector: perZone + endpointAddresses(deployment) } : {}),
      ...(separate ? { management: perZone } : {}),
      public: 2,
      ...(hasResolver ? { resolver: 1 } : {}),
      // Two while an endpoint is replaced.
      ...(endpoint.length > 0 ? { endpoint: 2 } : {}),
    },
    natZones,
  };
}

/** The zones with an endpoint in a subnet of its own. */
function endpointZones(
  { connectors, endpointService, endpointTier }: LayoutInput,
  withConnectors: readonly string[],
  zones: readonly string[],
): readonly string[] {
  if (connectors) return endpointTier === "separate" ? withConnectors : [];
  return endpointService === undefined ? [] : zones;
}

/** The most connectors, or App Connectors, that stand in a zone at once. */
function mostPerZone({ connectors, fleet }: LayoutInput, withConnectors: readonly string[]): number {
  if (fleet === undefined) return connectors?.perZone ?? 0;
  if (!isConnectorFleet(fleet)) return mostAppConnectors(fleet, withConnectors);
  const { fixed, autoScaling } = fleet;
  if (autoScaling) return Math.max(0, ...groupsOf(autoScaling, withConnectors).map((group) => mostInstances(group, autoScaling)));
  return fixed?.perZone ?? 0;
}

/** Whether a fleet is of connectors, which can be grouped by zone. A fixed number of App Connectors is given in the same words. */
export const isConnectorFleet = (fleet: FleetSettings | AppConnectorFleet): fleet is FleetSettings =>
  fleet.autoScaling === undefined || "groups" in fleet.autoScaling;

/** The interfaces of a connector in its connector subnet. */
const connectorInterfaces = ({ size, managementTier }: ConnectorLayout): number =>
  sizes[size].interfaces.length - (managementTier === "separate" ? 1 : 0);

/** An interface endpoint takes an address in each connector subnet. */
const endpointAddresses = ({ privateEndpoints = [] }: LayoutInput): number => privateEndpoints.filter((service) => service !== "s3").length;

/** What connector subnets give away besides: to endpoints, a balancer and functions. */
const otherAddresses = ({ failover, fleet, endpointTier, ...given }: LayoutInput): number =>
  endpointAddresses(given) +
  (fleet === undefined ? 0 : 1) +
  (endpointTier === "shared" ? 1 : 0) +
  (failover === undefined ? 0 : functionInterfaces);

/** The zones of the region itself: Local Zones have neither resolver endpoints nor functions. */
export const regionZones = (zones: readonly string[]): readonly string[] => zones.filter((zone) => !isLocal(zone));
