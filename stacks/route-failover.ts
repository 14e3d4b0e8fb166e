import { type InterfaceSteeredDeployment } from "../config/interface-steered";
import { regionZones } from "../config/layout";
import { RouteFailover } from "../modules/route-failover";
import { isReleased } from "./connector-routes";
import { type InterfaceSteeredStack } from "./interface-steered-stack";
import { failoverOutputs } from "./outputs";
import { subnetIds } from "./subnet-ids";

type FailoverDeployment = InterfaceSteeredDeployment & Required<Pick<InterfaceSteeredDeployment, "failover">>;

/**
 * Adds the function that moves a stack's routes, with its outputs. It stands in the connector subnets, since they have a way to AWS. Where all routes
 * are given back there is none.
 */
export function addRouteFailover(
  stack: InterfaceSteeredStack<FailoverDeployment>,
  { failover, connectors: { healthProbePort }, iam }: FailoverDeployment,
): RouteFailover | undefined {
  const { network, connectors, routes, steering } = stack;
  // The function would take a route that is given back to a connector again.
  const moved = Object.entries(routes).filter(([, { defaultRoute }]) => !isReleased(defaultRoute));
  if (moved.length === 0) return undefined;
  const connectorSubnets = network.tier("connector");
  const standing = regionZones(Object.keys(connectorSubnets));
  const routeFailover = new RouteFailover(stack, "failover", {
    ...failover,
    name: stack.resourceName,
    vpcId: network.vpcId,
    subnetIds: Object.fromEntries(Object.entries(subnetIds(connectorSubnets)).filter(([zone]) => standing.includes(zone))),
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
