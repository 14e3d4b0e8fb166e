import { type Route, type RouteTable } from "./aws-network";
import { type Fault } from "./check";

export const defaultRouteOf = ({ routes }: RouteTable): Route | undefined => routes.find(({ destination }) => destination === "0.0.0.0/0");

/**
 * What keeps a subnet from being public. Without a route table of its own it uses the VPC's main one.
 *
 * @param what what needs the way out
 * @param tables those of the VPC
 */
export function judgeWayOut(what: string, subnet: string, tables: readonly RouteTable[]): readonly Fault[] {
  const table = tables.find(({ subnets }) => subnets.includes(subnet)) ?? tables.find(({ isMain }) => isMain);
  const route = table && defaultRouteOf(table);
  return route?.target.startsWith("igw-")
    ? []
    : [
        {
          detail: `${what} is in ${subnet}, whose route table ${table === undefined ? "" : `${table.id} `}has no default route to an internet gateway`,
          fix: "add that route, or choose a subnet that has it",
        },
      ];
}
