import { type Tier } from "../modules/addressing";
import { connectorZones, sizes } from "../modules/cloud-connector/schema";
import { isLocal, zonesByKey } from "../modules/network/schema";
import { type InterfaceSteeredDeployment } from "./interface-steered";

type LayoutInput = Pick<InterfaceSteeredDeployment, "region" | "zones" | "nat" | "testHosts" | "privateEndpoints"> & {
  readonly connectors: Pick<InterfaceSteeredDeployment["connectors"], "size" | "perZone" | "servedBy" | "managementTier">;
  /** Only whether it is there decides. */
  readonly zpa?: unknown;
  /** Only whether it is there decides. */
  readonly failover?: unknown;
};

/** Which subnets a deployment has, and how many addresses must fit into each. */
export interface Layout {
  /** Zone names by key. */
  readonly zones: Readonly<Record<string, string>>;
  readonly tiers: Readonly<Partial<Record<Tier, readonly string[]>>>;
  readonly addresses: Readonly<Partial<Record<Tier, number>>>;
  /** The zones that get a NAT gateway. */
  readonly natZones: readonly string[];
}

/** AWS makes one network interface a subnet for a function, and while it replaces a function's VPC settings there is another. */
const functionInterfaces = 2;

/** The subnets of a deployment that is steered by `interface`. */
export function interfaceSteeredLayout(deployment: LayoutInput): Layout {
  const zones = zonesByKey(deployment.region, deployment.zones);
  const { servedBy, perZone, size, managementTier } = deployment.connectors;
  const withConnectors = connectorZones(Object.keys(zones), servedBy);
  const separate = managementTier === "separate";
  const interfaces = sizes[size].interfaces.length - (separate ? 1 : 0);
  const { single, perZone: natPerZone } = deployment.nat;
  const natZones = single ? [single.zone] : natPerZone ? withConnectors : [];
  const publicZones = natZones.length === 0 && deployment.testHosts?.bastion ? withConnectors.slice(0, 1) : natZones;
  const hasResolver = deployment.zpa !== undefined;
  return {
    zones,
    tiers: {
      public: publicZones,
      connector: withConnectors,
      ...(separate ? { management: withConnectors } : {}),
      workload: Object.keys(zones),
      ...(hasResolver ? { resolver: regionZones(Object.keys(zones)) } : {}),
    },
    addresses: {
      connector:
        perZone * interfaces +
        // An interface endpoint takes an address in each connector subnet.
        deployment.privateEndpoints.filter((service) => service !== "s3").length +
        (deployment.failover === undefined ? 0 : functionInterfaces),
      ...(separate ? { management: perZone } : {}),
      public: 2,
      ...(hasResolver ? { resolver: 1 } : {}),
    },
    natZones,
  };
}

/** The zones of the region itself: Local Zones have neither resolver endpoints nor functions. */
export const regionZones = (zones: readonly string[]): readonly string[] => zones.filter((zone) => !isLocal(zone));
