import { type Tier } from "../modules/addressing";
import { connectorZones, sizes } from "../modules/cloud-connector/schema";
import { isLocal, type Nat, type SubnetChoices, zonesByKey } from "../modules/network/schema";
import { type InterfaceSteeredDeployment } from "./interface-steered";

/** What decides which subnets a deployment has. */
export interface LayoutInput {
  readonly region: string;
  readonly zones: readonly string[];
  readonly network: { readonly create?: unknown; readonly existing?: unknown };
  readonly nat: Nat;
  readonly subnets: SubnetChoices;
  readonly privateEndpoints?: readonly string[] | undefined;
  /** None where workloads leave by NAT gateways. */
  readonly connectors?: Pick<InterfaceSteeredDeployment["connectors"], "size" | "perZone" | "servedBy" | "managementTier"> | undefined;
  readonly testHosts?: { readonly bastion?: unknown } | undefined;
  /** Only whether an endpoint is made decides. */
  readonly zpa?: { readonly endpoint: { readonly create?: unknown } } | undefined;
  /** Only whether it is there decides. */
  readonly failover?: unknown;
}

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

/** The subnets of a deployment that is steered by `interface`, or whose workloads leave by NAT gateways. */
export function layoutOf(deployment: LayoutInput): Layout {
  const { connectors, nat, subnets, testHosts } = deployment;
  const zones = zonesByKey(deployment.region, deployment.zones);
  const keys = Object.keys(zones);
  const exists = (zone: string, tier: Tier): boolean => subnets.existing[zone]?.[tier] !== undefined;
  const isWritten = (zone: string, tier: Tier): boolean => subnets.ranges[zone]?.[tier] !== undefined;

  const withConnectors = connectors ? connectorZones(keys, connectors.servedBy) : [];
  const separate = connectors?.managementTier === "separate";
  const workloads = subnets.workloads ?? (deployment.network.create === undefined ? "none" : "perZone");
  const workload = keys.filter((zone) => workloads === "perZone" || exists(zone, "workload") || isWritten(zone, "workload"));
  const leavers: readonly (readonly [Tier, readonly string[]])[] = connectors
    ? [["connector", withConnectors], ...(separate ? [["management", withConnectors] as const] : [])]
    : [["workload", workload]];

  // A subnet that exists has a way out, or none, of its own.
  const inNeed = keys.filter((zone) => leavers.some(([tier, there]) => there.includes(zone) && !exists(zone, tier)));
  const natZones = nat.single ? [nat.single.zone] : nat.perZone ? inNeed : [];
  const bastionZone = keys.find((zone) => exists(zone, "public")) ?? (connectors ? withConnectors : keys)[0];
  const forBastion = natZones.length === 0 && testHosts?.bastion !== undefined && bastionZone !== undefined ? [bastionZone] : [];
  const hasResolver = deployment.zpa?.endpoint.create !== undefined;
  return {
    zones,
    tiers: {
      public: [...natZones, ...forBastion],
      ...(connectors ? { connector: withConnectors } : {}),
      ...(separate ? { management: withConnectors } : {}),
      workload,
      ...(hasResolver ? { resolver: regionZones(keys) } : {}),
    },
    addresses: {
      ...(connectors ? { connector: connectorAddresses(connectors, deployment) } : {}),
      ...(separate ? { management: connectors.perZone } : {}),
      public: 2,
      ...(hasResolver ? { resolver: 1 } : {}),
    },
    natZones,
  };
}

/** The most addresses that a connector subnet gives away. */
const connectorAddresses = (
  { perZone, size, managementTier }: NonNullable<LayoutInput["connectors"]>,
  { privateEndpoints = [], failover }: LayoutInput,
): number =>
  perZone * (sizes[size].interfaces.length - (managementTier === "separate" ? 1 : 0)) +
  // An interface endpoint takes an address in each connector subnet.
  privateEndpoints.filter((service) => service !== "s3").length +
  (failover === undefined ? 0 : functionInterfaces);

/** The zones of the region itself: Local Zones have neither resolver endpoints nor functions. */
export const regionZones = (zones: readonly string[]): readonly string[] => zones.filter((zone) => !isLocal(zone));
