import { Route } from "@cdktf/provider-aws/lib/route";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { explain } from "../explanation";
import { destinationOf } from "./destination";

/** A route to a connector. */
export interface SteeredRoute {
  readonly routeTableId: string;
  /** An IPv4 range, an IPv6 range or the id of a prefix list; may be a token. @default "0.0.0.0/0" */
  readonly destination?: string | undefined;
  /** The connector's service interface. */
  readonly networkInterfaceId: string;
  /** What must run before traffic may come: the connector's instance. */
  readonly after: ITerraformDependable;
}

export interface SteeringProps {
  /** Routes by a name that says whose traffic it is, such as `a_workload`: part of the route's Terraform address. */
  readonly routes: Readonly<Record<string, SteeredRoute>>;
  /** Who moves a route to another connector: Terraform when its target changes, or a function while it runs. */
  readonly movedBy: "terraform" | "function";
}

/** Every attribute by which a route can have a target: if one were not ignored, a plan would undo a function's move to a target of that kind. */
const targets = [
  "carrier_gateway_id",
  "core_network_arn",
  "egress_only_gateway_id",
  "gateway_id",
  "local_gateway_id",
  "nat_gateway_id",
  "network_interface_id",
  "transit_gateway_id",
  "vpc_endpoint_id",
  "vpc_peering_connection_id",
];

/**
 * Makes routes that lead to the service interfaces of Cloud Connectors, each once its connector is there.
 *
 * Moved by a function, a route gets its first target from Terraform, which then only cares that the route exists.
 */
export class Steering extends Construct {
  readonly routes: Readonly<Record<string, Route>>;

  constructor(scope: Construct, id: string, { routes, movedBy }: SteeringProps) {
    super(scope, id);
    this.routes = Object.fromEntries(
      Object.entries(routes).map(([name, { routeTableId, destination, networkInterfaceId, after }]) => [
        name,
        new Route(this, name, {
          routeTableId,
          ...destinationOf(destination ?? "0.0.0.0/0"),
          networkInterfaceId,
          dependsOn: [after],
          ...(movedBy === "function" ? { lifecycle: { ignoreChanges: [...targets] } } : {}),
        }),
      ]),
    );
    if (movedBy !== "function") return;
    for (const route of Object.values(this.routes)) {
      explain(route, "The failover function moves this route while it runs. Terraform only sees to it that the route exists.");
    }
  }
}
