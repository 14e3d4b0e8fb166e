import { Route } from "@cdktf/provider-aws/lib/route";
import { type ITerraformDependable, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { explain } from "../explanation";
import { destinationOf } from "./destination";
import { defaultDestination, FormerTarget, type FormerTargetProps, unknownTarget } from "./former-target";
import { type DefaultRoute } from "./schema";
import { addBlock } from "./stack-blocks";

/** Where a route leads: to a connector's service interface, to a Gateway Load Balancer endpoint, or past the connectors to a NAT gateway. */
export type SteeredTarget =
  { readonly networkInterfaceId: string } | { readonly vpcEndpointId: string } | { readonly natGatewayId: string };

/** A route to a connector, by its service interface or by an endpoint. */
export interface SteeredRoute {
  readonly routeTableId: string;
  /** An IPv4 range, an IPv6 range or the id of a prefix list; may be a token. @default "0.0.0.0/0" */
  readonly destination?: string | undefined;
  readonly target: SteeredTarget;
  /** What must stand before traffic may come: the connector's instance, or what the endpoint leads to. @default nothing */
  readonly after?: ITerraformDependable | undefined;
  /**
   * What becomes of the default route of a table that exists. The table is looked up, and the plan fails where it is not in `vpcId`, or is that of
   * one of `targetSubnetIds`.
   *
   * @default the table is made here and has no other route to the destination
   */
  readonly existing?: ({ readonly defaultRoute: DefaultRoute } & Omit<FormerTargetProps, "routeTableId">) | undefined;
}

export interface SteeringProps {
  /** Routes by a name that says whose traffic it is, such as `a_workload`: part of the route's Terraform address. */
  readonly routes: Readonly<Record<string, SteeredRoute>>;
  /** Who moves a route to another target: Terraform when the target given changes, or a function while it runs. */
  readonly movedBy: "terraform" | "function";
  /**
   * Whether Terraform takes over the routes that are to be taken over. It does so in a root configuration only: a module's caller writes the
   * import blocks.
   *
   * @default true
   */
  readonly imports?: boolean | undefined;
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
 * Makes routes that lead to Cloud Connectors, each once its target takes traffic: to a connector's service interface, a Gateway Load Balancer
 * endpoint, or a NAT gateway.
 *
 * Moved by a function, a route gets its first target from Terraform, which then only cares that the route exists. The default route of a table
 * that exists is made, or taken over with its target remembered, and given back when it is to be restored.
 */
export class Steering extends Construct {
  /** The routes by name, without those that are forgotten. */
  readonly routes: Readonly<Record<string, Route>>;
  /** What the default routes that were taken over led to before, by name: an id, empty where there was no route. */
  readonly formerTargets: Readonly<Record<string, string>>;
  /** The addresses of the routes that are taken over, by name. */
  readonly takenOver: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { routes, movedBy, imports = true }: SteeringProps) {
    super(scope, id);
    const former = new Construct(this, "former");
    const made = Object.entries(routes).flatMap(([name, steered]) => {
      const { routeTableId, destination = defaultDestination, existing } = steered;
      if (existing && destination !== defaultDestination) {
        throw new Error(`${this.node.path}.routes.${name}: existing is about the default route, and this one leads to ${destination}`);
      }
      if (existing?.defaultRoute === "forget") {
        this.forget(name, steered);
        return [];
      }
      const was = existing && new FormerTarget(former, name, { ...existing, routeTableId });
      const isTaken = was !== undefined && existing?.defaultRoute !== "create";
      const route = existing?.defaultRoute === "restore" && was ? this.restored(name, steered, was) : this.steered(name, steered, movedBy);
      if (was) safeguard(route, existing.defaultRoute, was, routeTableId);
      const address = `aws_route.${route.friendlyUniqueId}`;
      if (isTaken && imports) was.importAs(address);
      return [{ name, route, taken: isTaken ? { address, target: was.id } : undefined }];
    });
    this.routes = Object.fromEntries(made.map(({ name, route }) => [name, route]));
    const taken = made.flatMap(({ name, taken }) => (taken ? [{ name, ...taken }] : []));
    this.formerTargets = Object.fromEntries(taken.map(({ name, target }) => [name, target]));
    this.takenOver = Object.fromEntries(taken.map(({ name, address }) => [name, address]));
  }

  private steered(name: string, { routeTableId, destination, target, after }: SteeredRoute, movedBy: SteeringProps["movedBy"]): Route {
    const route = new Route(this, name, {
      routeTableId,
      ...destinationOf(destination ?? defaultDestination),
      ...target,
      ...(after ? { dependsOn: [after] } : {}),
      ...(movedBy === "function" ? { lifecycle: { ignoreChanges: [...targets] } } : {}),
    });
    if (movedBy === "function") {
      explain(route, "The failover function moves this route while it runs. Terraform only sees to it that the route exists.");
    }
    return route;
  }

  /** The route as it was before. */
  private restored(name: string, { routeTableId }: SteeredRoute, was: FormerTarget): Route {
    return new Route(this, name, { routeTableId, ...destinationOf(defaultDestination), ...was.route });
  }

  /** Has Terraform leave the route, of which only the address is needed. */
  private forget(name: string, { routeTableId, target }: SteeredRoute): void {
    const { friendlyUniqueId } = new Route(this, name, { routeTableId, ...target });
    this.node.tryRemoveChild(name);
    addBlock(TerraformStack.of(this), "removed", { from: `aws_route.${friendlyUniqueId}`, lifecycle: [{ destroy: false }] });
  }
}

/** Keeps a default route that was there before from being lost. */
function safeguard(route: Route, defaultRoute: DefaultRoute, was: FormerTarget, table: string): void {
  const target = was.expression;
  if (defaultRoute === "create") {
    const errorMessage = `Route table ${table} has a default route already, to \${${target}}. Say defaultRoute: takeOver to have it steered and its target remembered, or leave the table out.`;
    route.lifecycle = { ...route.lifecycle, precondition: [{ condition: `\${${target} == ""}`, errorMessage }] };
    return;
  }
  explain(route, "The route may have been there before. It must be given back before it, or anything that it leads to, is destroyed.");
  route.lifecycle = { ...route.lifecycle, preventDestroy: true };
  if (defaultRoute !== "restore") return;
  const strange = `What the default route of route table ${table} led to before is of a kind that cannot be restored here. Lead it there by hand, and say defaultRoute: forget.`;
  const errorMessage = `Route table ${table} had no default route before it was steered, so that there is nothing to restore. Say defaultRoute: create, and then leave the table out to remove the route.`;
  route.lifecycle = {
    ...route.lifecycle,
    precondition: [
      { condition: `\${${target} != ""}`, errorMessage },
      { condition: `\${${target} != "${unknownTarget}"}`, errorMessage: strange },
    ],
  };
}
