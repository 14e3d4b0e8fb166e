import { type Tier } from "../modules/addressing";
import { type CloudConnectors, type Connector } from "../modules/cloud-connector";
import { type Network } from "../modules/network";
import { type FailoverSettings } from "../modules/route-failover";
import { Steering } from "../modules/steering";
import { type DefaultRoute, steeredTables, type SteeringSettings } from "../modules/steering/schema";
import { type DeploymentStack, type VpcDeployment, type ZoneRoute } from "./deployment-stack";
import { existingSubnetIds } from "./network-parts";

/** The default route of a route table, made or existing, by which a zone's traffic leaves. */
export interface DefaultZoneRoute extends ZoneRoute {
  /** Name of the route among all that are steered. */
  readonly route: string;
  /** What becomes of the default route of a table that exists. */
  readonly defaultRoute: DefaultRoute | undefined;
}

/** A route that leads to a connector. */
export interface ConnectorRoute extends ZoneRoute {
  readonly connector: Connector;
  /** What becomes of the default route of a table that exists. */
  readonly defaultRoute?: DefaultRoute | undefined;
}

type Pinned = NonNullable<FailoverSettings["pinned"]>;

const defaultDestination = "0.0.0.0/0";

/** The default routes of a network's workload and resolver subnets that are made, and of the route tables that exist. */
export function defaultRoutes(network: Network, existing: SteeringSettings): readonly DefaultZoneRoute[] {
  const made = (["workload", "resolver"] as const).flatMap((tier) =>
    Object.entries(network.tier(tier)).flatMap(([zone, { routeTableId }]) =>
      routeTableId === undefined ? [] : [{ route: `${zone}_${tier}`, zone, tier, routeTableId, defaultRoute: undefined }],
    ),
  );
  const named = steeredTables(existing).map(({ route, zone, tier, id, defaultRoute }) => ({
    route,
    zone,
    tier,
    routeTableId: id,
    defaultRoute,
  }));
  return [...made, ...named].map((route) => ({ ...route, destination: defaultDestination }));
}

/** The routes of a workload table to pinned destinations, each with its name. */
const pins = (
  { route, zone, tier, routeTableId, defaultRoute }: DefaultZoneRoute,
  connectors: CloudConnectors,
  pinned: Pinned,
): readonly (readonly [string, ConnectorRoute])[] =>
  // A table that is given back has nothing of ours left.
  tier !== "workload" || isReleased(defaultRoute)
    ? []
    : Object.entries(pinned).map(([pin, { destination, connector }]) => [
        `${route}_${pin}`,
        { routeTableId, tier, zone, destination, connector: connectorOf(connectors, connector) },
      ]);

/** The routes that lead to connectors beside default routes that lead elsewhere, by name. */
export const pinnedRoutes = (
  routes: readonly DefaultZoneRoute[],
  connectors: CloudConnectors,
  pinned: Pinned,
): Readonly<Record<string, ConnectorRoute>> => Object.fromEntries(routes.flatMap((route) => pins(route, connectors, pinned)));

/**
 * The routes by which a network's traffic reaches its connectors, by name: the default routes, each to the connector that serves its zone, and those
 * to pinned destinations.
 */
export const connectorRoutes = (
  routes: readonly DefaultZoneRoute[],
  connectors: CloudConnectors,
  pinned: Pinned,
): Readonly<Record<string, ConnectorRoute>> =>
  Object.fromEntries(
    routes.flatMap((route) => [
      [route.route, { ...route, connector: connectors.serving(route.zone) }] as const,
      ...pins(route, connectors, pinned),
    ]),
  );

/** Leads default routes to Gateway Load Balancer endpoints, as a stack's `steering`. */
export function steerToEndpoints(
  stack: DeploymentStack<VpcDeployment>,
  routes: readonly DefaultZoneRoute[],
  {
    endpointOf,
    targetTiers,
    imports,
  }: {
    readonly endpointOf: (zone: string) => { readonly id: string };
    /** Tiers in which connectors, or endpoints that lead to them, stand. */
    readonly targetTiers: readonly Tier[];
    readonly imports: boolean;
  },
): Steering {
  const { vpcId } = stack.network;
  const targetSubnetIds = existingSubnetIds(stack.network, targetTiers);
  return new Steering(stack, "steering", {
    movedBy: "terraform",
    imports,
    routes: Object.fromEntries(
      routes.map(({ route, zone, routeTableId, defaultRoute }) => [
        route,
        {
          routeTableId,
          target: { vpcEndpointId: endpointOf(zone).id },
          existing: defaultRoute && { defaultRoute, vpcId, targetSubnetIds },
        },
      ]),
    ),
  });
}

/** Whether a route that was taken over is given back. */
export const isReleased = (defaultRoute: DefaultRoute | undefined): boolean => defaultRoute === "restore" || defaultRoute === "forget";

function connectorOf({ connectors }: CloudConnectors, key: string): Connector {
  const connector = connectors[key];
  if (!connector) throw new Error(`there is no connector ${key} to pin a destination to: use one of ${Object.keys(connectors).join(", ")}`);
  return connector;
}
