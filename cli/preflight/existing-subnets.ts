import { type NetworkInterface, type RouteTable, type Subnet } from "./aws-network";
import { type Fault, listed, type Verdict, weigh } from "./check";
import { judgeWayOut } from "./existing-way-out";
import { type ExistingNetwork, type NamedSubnet } from "./request";

/** What AWS says that decides on subnets. */
export interface SubnetAnswers {
  /** All of the region. */
  readonly subnets: readonly Subnet[];
  /** Those of the VPC. */
  readonly tables: readonly RouteTable[];
  /** The deployment's own. */
  readonly interfaces: readonly NetworkInterface[];
}

/** Whether the subnets that are named are in the VPC and in their zones, have addresses enough, and are public where they shall be. */
export function judgeSubnets(
  { vpc, subnets }: ExistingNetwork,
  region: string,
  zones: Readonly<Record<string, string>>,
  answers: SubnetAnswers,
): Verdict {
  const found = subnets.map((named) => ({ named, subnet: answers.subnets.find(({ id }) => id === named.id) }));
  const faults = found.flatMap(({ named, subnet }): readonly Fault[] => {
    const what = `${named.id} (${named.tier} of zone ${named.zone})`;
    if (subnet === undefined) {
      return [{ detail: `the account has no subnet ${what} in ${region}`, fix: "name a subnet of this account and region" }];
    }
    if (subnet.vpc !== vpc) return [{ detail: `${what} is in ${subnet.vpc}, not in ${vpc}`, fix: "name a subnet of the VPC" }];
    const zone = zones[named.zone] ?? "";
    if (subnet.zone !== zone) {
      return [{ detail: `${what} is in ${subnet.zone}, not in ${zone}`, fix: `name a subnet of ${zone}, or this one under its own zone` }];
    }
    return named.tier === "public" ? judgeWayOut(`the public tier of zone ${named.zone}`, named.id, answers.tables) : [];
  });
  const short = found.flatMap(({ named, subnet }) => {
    const shortage = subnet && judgeRoom(named, subnet.freeAddresses, answers.interfaces.filter((one) => one.subnet === named.id).length);
    return shortage === undefined ? [] : [shortage];
  });
  return weigh(
    [...faults, ...short.filter(({ isSure }) => isSure)],
    short.filter(({ isSure }) => !isSure),
    `${listed(subnets.map(({ id }) => id))} ${subnets.length === 1 ? "is" : "are"} in ${vpc}, each in its zone, with addresses enough`,
  );
}

/** Tiers in which all that stands is network interfaces with the deployment's tags. What AWS makes for a NAT gateway or a resolver has none. */
const countable: readonly string[] = ["connector", "management"];

/**
 * Whether a subnet has too few addresses left.
 *
 * @param own interfaces of the deployment that are there already
 */
function judgeRoom(
  { id, tier, zone, addresses }: NamedSubnet,
  free: number,
  own: number,
): (Fault & { readonly isSure: boolean }) | undefined {
  if (free + own >= addresses) return undefined;
  const isSure = countable.includes(tier) && own === 0;
  const unless = isSure ? "" : ", unless they are this deployment's already";
  return {
    isSure,
    detail: `${id} (${tier} of zone ${zone}) has ${free} free ${free === 1 ? "address" : "addresses"}, and ${addresses} are needed${unless}`,
    fix: "free addresses, or name a larger subnet",
  };
}
