import { type NatGateway, type RouteTable, type Subnet } from "./aws-network";
import { failOnAny, type Fault, listed, type Verdict } from "./check";
import { judgeWayOut } from "./existing-way-out";
import { type ExistingNetwork } from "./request";

/** What AWS says that decides on NAT gateways. */
export interface NatGatewayAnswers {
  readonly gateways: readonly NatGateway[];
  /** All of the region. */
  readonly subnets: readonly Subnet[];
  /** Those of the VPC. */
  readonly tables: readonly RouteTable[];
}

/** Whether the NAT gateways that are named work, and stand where they may serve their zones: each in one of those that it serves. */
export function judgeExistingNatGateways(
  { vpc, natGateways }: ExistingNetwork,
  region: string,
  zones: Readonly<Record<string, string>>,
  { gateways, subnets, tables }: NatGatewayAnswers,
): Verdict {
  const faults = Object.entries(natGateways).flatMap(([zone, id]): readonly Fault[] => {
    const what = `${id} (zone ${zone})`;
    const gateway = gateways.find((candidate) => candidate.id === id);
    if (gateway === undefined) {
      return [{ detail: `the account has no NAT gateway ${what} in ${region}`, fix: "name a NAT gateway of this account and region" }];
    }
    const { state, connectivity, subnet } = gateway;
    if (gateway.vpc !== vpc) return [{ detail: `${what} is in ${gateway.vpc}, not in ${vpc}`, fix: "name a NAT gateway of the VPC" }];
    if (state !== "available" || connectivity !== "public") {
      return [{ detail: `${what} is ${connectivity} and ${state}`, fix: "name a public NAT gateway that is available" }];
    }
    if (subnet === undefined) return [{ detail: `${what} is a regional one, in no subnet`, fix: "name a zonal NAT gateway" }];
    const home = subnets.find((candidate) => candidate.id === subnet)?.zone ?? "another zone";
    const served = Object.entries(natGateways).flatMap(([other, its]) => (its === id ? [zones[other]] : []));
    return [
      ...(served.includes(home)
        ? []
        : [
            {
              detail: `${what} is in ${home}, and traffic would cross zones`,
              fix: `name a NAT gateway of ${zones[zone] ?? zone}, or let ${id} serve its own zone too`,
            },
          ]),
      ...judgeWayOut(what, subnet, tables),
    ];
  });
  const ids = [...new Set(Object.values(natGateways))];
  return failOnAny(faults, `${listed(ids)} ${ids.length === 1 ? "serves" : "serve"} zone ${listed(Object.keys(natGateways))}`);
}
