import { type ConnectorSubnets } from "../modules/cloud-connector";
import { type Network } from "../modules/network";
import { type Tier } from "../modules/addressing";

/** Where the connectors of each zone stand. */
export const connectorSubnets = (network: Network, zones: readonly string[]): Readonly<Record<string, ConnectorSubnets | "served">> =>
  Object.fromEntries(
    zones.map((zone): [string, ConnectorSubnets | "served"] => {
      const connector = network.tier("connector")[zone];
      if (!connector) return [zone, "served"];
      const management = network.tier("management")[zone];
      return [
        zone,
        {
          connectorSubnetId: connector.subnetId,
          managementSubnetId: management?.subnetId,
          egress: [...connector.egress, ...(management?.egress ?? []), ...(network.privateEndpoints?.ready ?? [])],
        },
      ];
    }),
  );

/** The ids of the subnets of some tiers that exist. What made subnets have of tables is theirs alone. */
export const existingSubnetIds = (network: Network, tiers: readonly Tier[]): readonly string[] =>
  tiers.flatMap((tier) => Object.values(network.tier(tier)).flatMap(({ subnet, subnetId }) => (subnet ? [] : [subnetId])));
