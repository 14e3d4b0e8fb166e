import { type InterfaceSteeredDeployment } from "../config/interface-steered";
import { regionZones } from "../config/layout";
import { RouteFailover } from "../modules/route-failover";
import { type InterfaceSteeredStack } from "./interface-steered-stack";
import { failoverOutputs } from "./outputs";
import { subnetIds } from "./subnet-ids";

type FailoverDeployment = InterfaceSteeredDeployment & Required<Pick<InterfaceSteeredDeployment, "failover">>;

/** Adds the function that moves a stack's routes, with its outputs. It stands in the connector subnets, since they have a way to AWS. */
export function addRouteFailover(
  stack: InterfaceSteeredStack<FailoverDeployment>,
  { failover, connectors: { healthProbePort }, iam }: FailoverDeployment,
): RouteFailover {
  const { network, connectors, routes, steering } = stack;
  const connectorSubnets = network.tier("connector");
  const standing = regionZones(Object.keys(connectorSubnets));
  const routeFailover = new RouteFailover(stack, "failover", {
    ...failover,
    name: stack.resourceName,
    vpcId: network.vpc.id,
    subnetIds: Object.fromEntries(Object.entries(subnetIds(connectorSubnets)).filter(([zone]) => standing.includes(zone))),
    connectors: connectors.connectors,
    connectorSecurityGroupId: connectors.serviceSecurityGroup.group.id,
    healthProbePort,
    routes: Object.fromEntries(
      Object.entries(routes).map(([name, { routeTableId, destination, connector, tier, zone }]) => [
        name,
        {
          routeTableId,
          destination,
          home: connector.key,
          tier,
          // A name that leads to ZPA means nothing to the internet: resolver routes are never bypassed.
          natGatewayId: tier === "workload" ? network.natGateways.idFor(connectors.serving(zone).zone) : undefined,
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
