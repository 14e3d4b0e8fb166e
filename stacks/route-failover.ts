import { type InterfaceSteeredDeployment } from "../config/interface-steered";
import { type CloudConnectors } from "../modules/cloud-connector";
import { RouteFailover } from "../modules/route-failover";
import { type Steering } from "../modules/steering";
import { type SteeredStack } from "./deployment-stack";
import { failoverOutputs } from "./outputs";
import { type ConnectorRoute, isReleased } from "./steered-routes";
import { regionSubnetIds } from "./subnet-ids";

type FailoverDeployment = Pick<InterfaceSteeredDeployment, "iam"> &
  Required<Pick<InterfaceSteeredDeployment, "failover">> & { readonly connectors: { readonly healthProbePort: number } };

/** The routes that a function moves, and to what. */
interface MovedRoutes {
  readonly connectors: CloudConnectors;
  readonly routes: Readonly<Record<string, ConnectorRoute>>;
  /** What makes them. */
  readonly steering: Steering;
}

/**
 * Adds the function that moves a stack's routes, with its outputs. It stands in the connector subnets, since they have a way to AWS. Where all routes
 * are given back there is none.
 */
export function addRouteFailover(
  stack: SteeredStack,
  { failover, connectors: { healthProbePort }, iam }: FailoverDeployment,
  { connectors, routes, steering }: MovedRoutes,
): RouteFailover | undefined {
  const { network } = stack;
  // The function would take a route that is given back to a connector again.
  const moved = Object.entries(routes).filter(([, { defaultRoute }]) => !isReleased(defaultRoute));
  if (moved.length === 0) return undefined;
  const connectorSubnets = network.tier("connector");
  const routeFailover = new RouteFailover(stack, "failover", {
    ...failover,
    name: stack.resourceName,
    vpcId: network.vpcId,
    subnetIds: regionSubnetIds(connectorSubnets),
    connectors: connectors.connectors,
    connectorSecurityGroupId: connectors.serviceSecurityGroupId,
    healthProbePort,
    routes: Object.fromEntries(
      moved.map(([name, { routeTableId, destination, connector, tier, zone }]) => [
        name,
        {
          routeTableId,
          destination,
          home: connector.key,
          tier,
          formerTarget: steering.formerTargets[name],
          // A name that leads to ZPA means nothing to the internet: resolver routes are never bypassed.
          natGatewayId: tier === "workload" ? network.natGateways.find(connectors.serving(zone).zone) : undefined,
        },
      ]),
    ),
    // A route that is not there yet would be reported as missing.
    after: [
      ...Object.values(steering.routes),
      ...Object.values(connectorSubnets).flatMap(({ egress }) => egress),
      ...(network.privateEndpoints?.ready ?? []),
    ],
    iam,
  });
  stack.addOutputs(failoverOutputs(routeFailover));
  return routeFailover;
}
