import { type Vpc } from "./aws-network";
import { fail, type Fault, listed, type Verdict, weigh } from "./check";
import { type ExistingNetwork } from "./request";

export const noVpc = ({ vpc }: ExistingNetwork, region: string): Verdict =>
  fail(`the account has no VPC ${vpc} in ${region}`, "name a VPC of this account and region in network.existing.id");

/** Whether a VPC has the ranges that are stated. One that is not stated is no mistake, but security groups do not know it. */
export function judgeVpc(network: ExistingNetwork, region: string, found: Vpc | undefined): Verdict {
  if (found === undefined) return noVpc(network, region);
  const { vpc } = network;
  const [first = "", ...others] = network.ranges;
  const { ranges } = found;
  const has = `${vpc} has ${listed(ranges)}`;
  const faults: readonly Fault[] = [
    ...(ranges[0] === first
      ? []
      : [
          {
            detail: `the first range of ${vpc} is ${ranges[0] ?? ""}, not ${first}`,
            fix: `set network.existing.cidr to ${ranges[0] ?? ""}`,
          },
        ]),
    ...others
      .filter((range) => !ranges.includes(range))
      .map((range) => ({ detail: `${has}, and ${range} is not among them`, fix: "state the ranges that it has in secondaryCidrs" })),
  ];
  const unstated = ranges.slice(1).filter((range) => !network.ranges.includes(range));
  const doubts = unstated.map((range) => ({
    detail: `${vpc} also has ${range}, which is not stated: security groups that are made do not let its traffic in`,
    fix: `if it is to be steered, name ${range} in secondaryCidrs before the first deployment, or in connectors.sourceRanges`,
  }));
  return weigh(faults, doubts, has);
}
