import { type CloudConnectors, type Connector } from "../modules/cloud-connector";
import { type Network } from "../modules/network";
import { type FailoverSettings } from "../modules/route-failover";

/** A route of a zone's subnets that leads to a connector. */
export interface ConnectorRoute {
  readonly routeTableId: string;
  readonly destination: string;
  readonly connector: Connector;
  readonly tier: "workload" | "resolver";
  /** Key of the zone whose traffic it is. */
  readonly zone: string;
}

/**
 * The routes by which a network's traffic reaches its connectors, by name.
 *
 * The default route of each zone's workload and resolver subnets leads to the connector that serves the zone. Each workload table also has a
 * route for each pinned destination.
 */
export function connectorRoutes(
  network: Network,
  connectors: CloudConnectors,
  pinned: NonNullable<FailoverSettings["pinned"]>,
): Readonly<Record<string, ConnectorRoute>> {
  const routes = (["workload", "resolver"] as const).flatMap((tier) =>
    Object.entries(network.tier(tier)).flatMap(([zone, { routeTable }]) => {
      if (!routeTable) return [];
      const common = { routeTableId: routeTable.id, tier, zone };
      const pins = tier === "workload" ? Object.entries(pinned) : [];
      return [
        [`${zone}_${tier}`, { ...common, destination: "0.0.0.0/0", connector: connectors.serving(zone) }] as const,
        ...pins.map(
          ([name, { destination, connector }]) =>
            [`${zone}_${tier}_${name}`, { ...common, destination, connector: connectorOf(connectors, connector) }] as const,
        ),
      ];
    }),
  );
  return Object.fromEntries(routes);
}

function connectorOf({ connectors }: CloudConnectors, key: string): Connector {
  const connector = connectors[key];
  if (!connector) throw new Error(`there is no connector ${key} to pin a destination to: use one of ${Object.keys(connectors).join(", ")}`);
  return connector;
}
