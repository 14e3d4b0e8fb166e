import { once } from "./asking";
import { type Aws } from "./aws";
import { type Verdict } from "./check";
import { judgeEndpointQuota, ownEndpoints } from "./endpoints";
import { judgeInternetGateway } from "./existing-internet-gateway";
import { judgeExistingNatGateways } from "./existing-nat-gateways";
import { judgeRanges } from "./existing-ranges";
import { judgeResolverRules } from "./existing-resolver-rules";
import { judgeRouteOwners } from "./existing-route-owners";
import { judgeRouteTable } from "./existing-route-tables";
import { judgeSecurityGroups } from "./existing-security-groups";
import { judgeSubnets } from "./existing-subnets";
import { judgeVpc, noVpc } from "./existing-vpc";
import { type Question, when } from "./question";
import { quotas } from "./quotas";
import { type PreflightRequest } from "./request";

/** Whether what a deployment names of a VPC is there and as it is said to be, and whether there is space for what it makes. */
export function existingQuestions({ region, zones, existing }: PreflightRequest, aws: Aws): readonly Question[] {
  if (existing === undefined) return [];
  const {
    plannedSubnets,
    subnets,
    internetGateway,
    natGateways,
    routeTables,
    securityGroups,
    endpoints,
    looksUpApplications = false,
  } = existing;
  const natIds = [...new Set(Object.values(natGateways))];
  const tableIds = routeTables.map(({ id }) => id);
  const vpc = once(() => aws.vpc(existing.vpc));
  const tables = once(() => aws.routeTables(existing.vpc, tableIds));
  const interfaces = once(() => aws.interfacesTagged(existing.tag));
  const vpcEndpoints = once(() => (endpoints === 0 ? Promise.resolve([]) : aws.vpcEndpoints(existing.vpc)));
  const tablesAndOwn = async () => {
    const [found, own, there] = await Promise.all([tables(), interfaces(), vpcEndpoints()]);
    return [found, [...own.map(({ id }) => id), ...ownEndpoints(existing, there)]] as const;
  };

  /** Where there is no VPC, nothing in it is in the way. */
  const inVpc = async (answer: () => Promise<Verdict>): Promise<Verdict> =>
    (await vpc()) === undefined ? noVpc(existing, region) : answer();

  const judgedSubnets = async (): Promise<Verdict> => {
    const [all, ofVpc, ours] = await Promise.all([aws.subnets(), tables(), interfaces()]);
    return judgeSubnets(existing, region, zones, { subnets: all, tables: ofVpc, interfaces: ours });
  };
  const judgedNatGateways = async (): Promise<Verdict> => {
    const [gateways, all, ofVpc] = await Promise.all([aws.natGateways(natIds), aws.subnets(), tables()]);
    return judgeExistingNatGateways(existing, region, zones, { gateways, subnets: all, tables: ofVpc });
  };
  const judgedEndpoints = async (): Promise<Verdict> => {
    const { service, code } = quotas.endpoints;
    const [there, limit] = await Promise.all([vpcEndpoints(), aws.quota(service, code)]);
    return judgeEndpointQuota(existing, region, there, limit);
  };
  return [
    ["VPC", async () => judgeVpc(existing, region, await vpc())],
    ...when(plannedSubnets.length > 0, "subnet ranges", () => inVpc(async () => judgeRanges(existing, zones, await aws.subnets()))),
    ...when(internetGateway !== undefined, "internet gateway", () =>
      inVpc(async () => judgeInternetGateway(existing, await aws.internetGateways())),
    ),
    ...when(subnets.length > 0, "subnets", judgedSubnets),
    ...when(natIds.length > 0, "NAT gateways that exist", judgedNatGateways),
    ...when(endpoints > 0, "VPC endpoints", () => inVpc(judgedEndpoints)),
    ...when(securityGroups.length > 0, "security groups", async () =>
      judgeSecurityGroups(existing, region, await aws.securityGroups(securityGroups)),
    ),
    ...when(looksUpApplications, "Resolver rules", () =>
      inVpc(async () => judgeResolverRules(existing, await aws.forwardingRules(existing.vpc))),
    ),
    ...routeTables.map((table): Question => [
      `route table ${table.zone}.${table.name}`,
      async () => judgeRouteTable(table, existing.vpc, ...(await tablesAndOwn())),
    ]),
    ...when(
      routeTables.some(({ defaultRoute }) => defaultRoute !== "restore"),
      "owners of routes",
      async () => judgeRouteOwners(routeTables, ...(await tablesAndOwn())),
    ),
  ];
}
