import { overlaps } from "../../modules/addressing";
import { type Subnet } from "./aws-network";
import { type Fault, type Verdict, weigh } from "./check";
import { type ExistingNetwork, type PlannedSubnet } from "./request";
import { readable, takenRanges } from "./taken-ranges";

const overlap = (one: string, other: string): boolean =>
  readable([one]).some((range) => readable([other]).some((it) => overlaps(range, it)));

/**
 * Whether the subnets that are to be made lie where the VPC has none: AWS refuses one that overlaps another. Those of an earlier deployment, which
 * have its tag, are where they shall be.
 *
 * @param subnets all of the region
 * @param zones zone names by key
 */
export function judgeRanges(network: ExistingNetwork, zones: Readonly<Record<string, string>>, subnets: readonly Subnet[]): Verdict {
  const { vpc, ranges, taken, tag, plannedSubnets } = network;
  const there = subnets.filter((subnet) => subnet.vpc === vpc);
  const others = there.filter(({ tags }) => !(tag in tags));
  const isSame = (planned: PlannedSubnet, other: Subnet): boolean => other.range === planned.range && other.zone === zones[planned.zone];

  const list = takenRanges(ranges, [...taken, ...others.map(({ range }) => range)]);
  const state = `state what others use in network.existing, before the first deployment: taken: [${list.join(", ")}]`;
  const write = (planned: PlannedSubnet): string => `write another range by hand: subnets.ranges.${planned.zone}.${planned.tier}`;
  // A planned subnet that is there would be moved by another list.
  const move = (planned: PlannedSubnet): string => (planned.origin === "written" || others.length < there.length ? write(planned) : state);

  const faults = plannedSubnets.flatMap((planned): readonly Fault[] => {
    const met = others.filter((other) => overlap(planned.range, other.range));
    if (met.length === 0 || met.some((other) => isSame(planned, other))) return [];
    const names = met.map(({ id, range }) => `${range} (${id})`).join(", ");
    return [{ detail: `${named(planned)} overlaps ${names}`, fix: move(planned) }];
  });
  const doubts = plannedSubnets.flatMap((planned): readonly Fault[] => {
    const same = others.find((other) => isSame(planned, other));
    return same === undefined
      ? []
      : [
          {
            detail: `${named(planned)} is the range of ${same.id}, which lacks the tags of this deployment`,
            fix: `if an earlier deployment did not make ${same.id}, ${move(planned)}`,
          },
        ];
  });
  const free = plannedSubnets.length === 1 ? "1 range is free" : `${plannedSubnets.length} ranges are free`;
  return weigh(faults, doubts, `${free} in ${vpc}, or this deployment's already`);
}

const named = ({ range, tier, zone }: PlannedSubnet): string => `${range} (${tier} of zone ${zone})`;
