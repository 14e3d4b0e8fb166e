import { tiersToMake } from "../modules/network/schema";
import { type JudgeTemplate, type Parts } from "./judge-deployment";
import { type PathFinding } from "./path-finding";

interface Given {
  readonly endpointService: { readonly name?: unknown; readonly deployment?: unknown };
  readonly zpa: boolean;
  /** Names of the hub's rules that are given. */
  readonly rules: readonly string[];
  readonly edgeRoutes: boolean;
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

/** The parts that are right by themselves, as far as they are needed here. */
const read = ({ endpointService, zpa, resolverRules, ingress }: Readonly<Record<string, unknown>>): Given => ({
  endpointService: isMap(endpointService) ? endpointService : {},
  zpa: zpa === true,
  rules: isMap(resolverRules) ? Object.keys(resolverRules) : [],
  edgeRoutes: isMap(ingress) && ingress["edgeRoutes"] === true,
});

/** What is wrong with a deployment whose traffic goes to a hub. */
export const judgeSpoke: JudgeTemplate = (parts, deployment) => {
  const given = read(deployment);
  return [...judgeService(parts, given), ...judgeRules(given), ...judgeZpa(parts, given), ...judgeIngress(parts, given)];
};

function judgeService({ region }: Parts, { endpointService: { name } }: Given): readonly PathFinding[] {
  const home = typeof name === "string" ? /\.vpce\.([a-z0-9-]+)\.vpce-svc-/.exec(name)?.[1] : undefined;
  if (home === undefined || home === region) return [];
  return [
    {
      path: ["endpointService", "name"],
      problem: `the service is one of ${home}, and the deployment one of ${region}`,
      fix: "name a service of the deployment's region: Gateway Load Balancer endpoints reach no other",
    },
  ];
}

/** The rules of a hub in the file are known by themselves, those of one elsewhere only if they are given. */
function judgeRules({ endpointService: { name, deployment }, zpa, rules }: Given): readonly PathFinding[] {
  const path = ["resolverRules"];
  if (rules.length > 0 && typeof deployment === "string") {
    return [{ path, problem: `the rules are those of ${deployment}`, fix: "leave resolverRules out: they are for a hub elsewhere" }];
  }
  if (rules.length > 0 && !zpa) {
    return [{ path, problem: "rules are given, and nothing is done with them", fix: "set zpa to true, or leave resolverRules out" }];
  }
  if (rules.length > 0 || !zpa || typeof name !== "string") return [];
  return [
    {
      path: ["zpa"],
      problem: "the Resolver rules of the hub are not known",
      fix: "name those that its account shares in resolverRules, or leave zpa out",
    },
  ];
}

/** Clients whose queries are answered by ZPA get synthetic addresses, which only a connector knows. */
function judgeZpa({ layout, steering, subnets }: Parts, { zpa }: Given): readonly PathFinding[] {
  if (!zpa || !layout || !steering || !subnets) return [];
  const made = subnets.leaveRouteTables.includes("workload") ? [] : (tiersToMake(layout.tiers, subnets.existing).workload ?? []);
  if (made.length > 0 || Object.values(steering.routeTables).some((tables) => Object.keys(tables).length > 0)) return [];
  return [
    {
      path: ["zpa"],
      problem: "no route table leads to an endpoint: clients would get synthetic addresses that they cannot reach",
      fix: "name the route tables to steer in steering.routeTables, or leave zpa out",
    },
  ];
}

function judgeIngress({ network, layout }: Parts, { edgeRoutes }: Given): readonly PathFinding[] {
  const path = ["ingress", "edgeRoutes"];
  if (!edgeRoutes) return [];
  if (network?.existing) {
    const problem = "the route table of a VPC's internet gateway is one only, and in a VPC that exists it is yours";
    return [{ path, problem, fix: "write the routes there, and leave edgeRoutes out" }];
  }
  if (layout?.tiers.workload?.length !== 0) return [];
  return [{ path, problem: "there is no workload subnet to lead to", fix: "set subnets.workloads to perZone, or leave edgeRoutes out" }];
}
