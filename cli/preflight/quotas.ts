import { type Address, type QuotaService, type RunningInstance } from "./aws";
import { type Subnet } from "./aws-network";
import { failOnAny, type Fault, listed, unknown, type Verdict } from "./check";
import { type InstanceNeed } from "./request";

export interface Quota {
  readonly service: QuotaService;
  readonly code: string;
}

/**
 * Quotas that a deployment uses up, by their code in Service Quotas. `vcpus` is that of standard on-demand instances; `endpoints` is that of interface
 * and Gateway Load Balancer endpoints together, in each VPC.
 */
export const quotas = {
  elasticAddresses: { service: "ec2", code: "L-0263D0A3" },
  vcpus: { service: "ec2", code: "L-1216C47A" },
  vpcs: { service: "vpc", code: "L-F678F1CE" },
  natGateways: { service: "vpc", code: "L-FE5A380F" },
  endpoints: { service: "vpc", code: "L-29B6F2EB" },
} as const satisfies Readonly<Record<string, Quota>>;

interface Demand {
  readonly need: number;
  readonly used: number;
  readonly limit: number;
}

const excess = (quota: Quota, region: string, where: string, { need, used, limit }: Demand): readonly Fault[] =>
  used + need <= limit
    ? []
    : [
        {
          detail: `${need} needed${where}, and ${used} of ${limit} are in use`,
          fix:
            `give back ${used + need - limit}, or ask for more: aws service-quotas request-service-quota-increase --region ${region} ` +
            `--service-code ${quota.service} --quota-code ${quota.code} --desired-value ${used + need}`,
        },
      ];

/** Whether what is to be made fits into a quota of the region, with what is there. */
export const judgeQuota = (quota: Quota, region: string, demand: Demand): Verdict =>
  failOnAny(excess(quota, region, "", demand), `${demand.need} needed, ${demand.used} of ${demand.limit} in use`);

/** Addresses that count: those of a range that the account has brought to AWS are limited by the range. */
export const countedAddresses = (addresses: readonly Address[]): number => addresses.filter(({ ownRange }) => !ownRange).length;

/**
 * Whether an instance type counts as standard: families A, C, D, H, I, M, R, T and Z. Names of other families begin with the same letters (`dl1`,
 * `hpc7a`, `inf2`, `mac2`, `trn1`) and have quotas of their own; `im4gn` and `is4gen` are of family I.
 */
export const isStandard = (type: string): boolean => /^([acdhimrtz]|im|is)\d/.test(type);

/**
 * Whether the vCPU of the instances to make fit into the quota of standard on-demand instances. Spot instances and those on a Dedicated Host have
 * quotas of their own.
 */
export function judgeVcpus(
  region: string,
  instances: readonly InstanceNeed[],
  running: readonly RunningInstance[],
  vcpus: ReadonlyMap<string, number>,
  limit: number,
): Verdict {
  const otherFamilies = [...new Set(instances.map(({ type }) => type).filter((type) => !isStandard(type)))];
  if (otherFamilies.length > 0) {
    return unknown(
      `${listed(otherFamilies)} does not count as standard and has a quota of its own`,
      `see the on-demand quotas of EC2 in ${region}`,
    );
  }
  const unsized = instances.map(({ type }) => type).filter((type) => !vcpus.has(type));
  if (unsized.length > 0) {
    return unknown(`AWS does not know how many vCPU ${listed(unsized)} has`, "use an instance type that the region offers");
  }
  const vcpusOf = (type: string): number => vcpus.get(type) ?? 0;
  return judgeQuota(quotas.vcpus, region, {
    need: instances.reduce((sum, { type, count }) => sum + count * vcpusOf(type), 0),
    used: running.filter(({ type, onDemand }) => onDemand && isStandard(type)).reduce((sum, { type }) => sum + vcpusOf(type), 0),
    limit,
  });
}

/** Whether the NAT gateways to make fit into the quota of each zone. */
export function judgeNatGateways(
  region: string,
  wantedZones: readonly string[],
  gatewaySubnets: readonly string[],
  subnets: readonly Pick<Subnet, "id" | "zone">[],
  limit: number,
): Verdict {
  const zoneOf = new Map(subnets.map(({ id, zone }) => [id, zone]));
  const zones = [...new Set(wantedZones)];
  const faults = zones.flatMap((zone) =>
    excess(quotas.natGateways, region, ` in ${zone}`, {
      need: wantedZones.filter((wanted) => wanted === zone).length,
      used: gatewaySubnets.filter((subnet) => zoneOf.get(subnet) === zone).length,
      limit,
    }),
  );
  return failOnAny(faults, `${wantedZones.length} needed, of up to ${limit} in each of ${listed(zones)}`);
}
