import { type CloudConnectors, type Connector } from "../modules/cloud-connector";
import { type Network } from "../modules/network";
import { type FailoverSettings } from "../modules/route-failover";
import { type DefaultRoute, steeredTables, type SteeringSettings } from "../modules/steering/schema";
import { type ZoneRoute } from "./deployment-stack";

/** A route of a zone's subnets that leads to a connector. */
export interface ConnectorRoute extends ZoneRoute {
  readonly connector: Connector;
  /** What becomes of the default route of a table that exists. */
  readonly defaultRoute?: DefaultRoute | undefined;
}

/**
 * The routes by which a network's traffic reaches its connectors, by name.
 *
 * The default route of each zone's workload and resolver subnets, and of the route tables that exist, leads to the connector that serves the zone.
 * Each workload table also has a route for each pinned destination.
 */
export function connectorRoutes(
  network: Network,
  connectors: CloudConnectors,
  existing: SteeringSettings,
  pinned: NonNullable<FailoverSettings["pinned"]>,
): Readonly<Record<string, ConnectorRoute>> {
  const made = (["workload", "resolver"] as const).flatMap((tier) =>
    Object.entries(network.tier(tier)).map(([zone, { routeTableId }]) => ({
      route: `${zone}_${tier}`,
      zone,
      tier,
      routeTableId,
      defaultRoute: undefined,
    })),
  );
  const named = steeredTables(existing).map(({ id, ...table }) => ({ ...table, routeTableId: id }));
  const routes = [...made, ...named].flatMap(({ route, zone, tier, routeTableId, defaultRoute }) => {
    if (routeTableId === undefined) return [];
    const common = { routeTableId, tier, zone };
    // A table that is given back has nothing of ours left.
    const pins = tier === "workload" && !isReleased(defaultRoute) ? Object.entries(pinned) : [];
    return [
      [route, { ...common, destination: "0.0.0.0/0", connector: connectors.serving(zone), defaultRoute }] as const,
      ...pins.map(
        ([pin, { destination, connector }]) =>
          [`${route}_${pin}`, { ...common, destination, connector: connectorOf(connectors, connector) }] as const,
      ),
    ];
  });
  return Object.fromEntries(routes);
}

/** Whether a route that was taken over is given back. */
export const isReleased = (defaultRoute: DefaultRoute | undefined): boolean => defaultRoute === "restore" || defaultRoute === "forget";

function connectorOf({ connectors }: CloudConnectors, key: string): Connector {
  const connector = connectors[key];
  if (!connector) throw new Error(`there is no connector ${key} to pin a destination to: use one of ${Object.keys(connectors).join(", ")}`);
  return connector;
}
