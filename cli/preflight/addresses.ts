import { type Address } from "./aws";
import { failOnAny, type Fault, listed, type Verdict } from "./check";

/** Whether the elastic addresses that are to be used exist and are free: a NAT gateway takes none that is associated with something else. */
export function judgeAllocations(region: string, allocationIds: readonly string[], addresses: readonly Address[]): Verdict {
  const faults = allocationIds.flatMap((allocationId): readonly Fault[] => {
    const address = addresses.find((candidate) => candidate.allocationId === allocationId);
    if (address === undefined) {
      return [
        {
          detail: `the account has no elastic address ${allocationId} in ${region}`,
          fix: "name allocation ids of this account and region",
        },
      ];
    }
    return address.usedBy === undefined
      ? []
      : [
          {
            detail: `${allocationId} is in use by ${address.usedBy}`,
            fix: "free the address or name another, unless it is this deployment's own NAT gateway that uses it",
          },
        ];
  });
  return failOnAny(faults, `${listed(allocationIds)} ${allocationIds.length === 1 ? "is" : "are"} free`);
}
