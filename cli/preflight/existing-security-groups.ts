import { type SecurityGroup } from "./aws-network";
import { failOnAny, type Fault, listed, type Verdict } from "./check";
import { type ExistingNetwork } from "./request";

/** Whether the security groups that are named are the VPC's: an interface takes no others. */
export function judgeSecurityGroups({ vpc, securityGroups }: ExistingNetwork, region: string, groups: readonly SecurityGroup[]): Verdict {
  const faults = securityGroups.flatMap((id): readonly Fault[] => {
    const group = groups.find((candidate) => candidate.id === id);
    if (group === undefined) {
      return [{ detail: `the account has no security group ${id} in ${region}`, fix: "name a security group of this account and region" }];
    }
    return group.vpc === vpc ? [] : [{ detail: `${id} is in ${group.vpc}, not in ${vpc}`, fix: "name a security group of the VPC" }];
  });
  return failOnAny(faults, `${listed(securityGroups)} ${securityGroups.length === 1 ? "is" : "are"} in ${vpc}`);
}
