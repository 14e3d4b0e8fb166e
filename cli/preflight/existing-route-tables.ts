import { parseRange } from "../../modules/addressing";
import { type Route, type RouteTable } from "./aws-network";
import { fail, type Fault, type Verdict, weigh } from "./check";
import { defaultRouteOf } from "./existing-way-out";
import { type NamedRouteTable } from "./request";

/**
 * Whether the default route of a route table fits what is to become of it, and where the table's traffic leaves without inspection.
 *
 * @param vpc the VPC in which it must be
 * @param own ids of the deployment's interfaces
 */
export function judgeRouteTable(
  { id, defaultRoute }: NamedRouteTable,
  vpc: string,
  tables: readonly RouteTable[],
  own: readonly string[],
): Verdict {
  const table = tables.find((candidate) => candidate.id === id);
  if (table === undefined) return fail(`there is no route table ${id}`, `name a route table of ${vpc}`);
  if (table.vpc !== vpc) return fail(`${id} is in ${table.vpc}, not in ${vpc}`, `name a route table of ${vpc}`);
  const route = defaultRouteOf(table);
  const { faults = [], doubts = [], detail } = judgeDefaultRoute(id, defaultRoute, route, own);
  return weigh(faults, defaultRoute === "restore" ? doubts : [...doubts, ...judgeBypasses(table)], detail);
}

interface Judgement {
  readonly faults?: readonly Fault[];
  readonly doubts?: readonly Fault[];
  readonly detail: string;
}

function judgeDefaultRoute(
  id: string,
  wanted: NamedRouteTable["defaultRoute"],
  route: Route | undefined,
  own: readonly string[],
): Judgement {
  if (route === undefined) {
    return { detail: `${id} has no default route, and gets ${wanted === "restore" ? "the one that is remembered" : "one"}` };
  }
  const { target, isBlackhole } = route;
  if (own.includes(target)) {
    return { detail: `${id} leads to ${target}, this deployment's own${wanted === "restore" ? ", and is given back" : ""}` };
  }
  const leads = `${id} leads to ${target}${isBlackhole ? ", which is gone" : ""}`;
  switch (wanted) {
    case "create":
      return {
        faults: [
          {
            detail: `${leads} already`,
            fix: `set defaultRoute: takeOver, so that ${target} is remembered, or leave the table out; leave it as it is only if this deployment's failover led it there`,
          },
        ],
        detail: leads,
      };
    case "takeOver":
      return {
        doubts: isBlackhole ? [{ detail: leads, fix: "delete the route, or lead it to what it shall lead to when it is restored" }] : [],
        detail: `${leads}, which is remembered when the route is taken over`,
      };
    case "restore":
      return { detail: `${leads}, and is given back` };
  }
}

const toInternet = /^(igw|eigw|nat|cagw)-/;

/** Routes to the internet beside the default route, if they have much of it for their destination: a prefix list, or a range wider than /8. */
function judgeBypasses({ id, routes }: RouteTable): readonly Fault[] {
  return routes
    .filter(({ destination, target }) => destination !== "0.0.0.0/0" && toInternet.test(target) && isWide(destination))
    .map(({ destination, target }) => ({
      detail: `${id} leads ${destination === "::/0" ? "all IPv6 traffic (::/0)" : destination} to ${target}, past inspection`,
      fix: `delete the route of ${id} to ${destination}, unless its traffic shall not be inspected`,
    }));
}

function isWide(destination: string): boolean {
  if (destination.startsWith("pl-")) return true;
  const parsed = parseRange(destination);
  return "range" in parsed && parsed.range.prefix < 8;
}
