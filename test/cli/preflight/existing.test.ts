import { type Aws, type Check, preflight, type PreflightRequest } from "../../../cli/preflight";
import { answering, denying, existing, request, table } from "./answers";

const outcomes = (checks: readonly Check[]) => Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]));

/** A deployment that stands in a VPC that exists, and of which nothing else is asked. */
const standing: PreflightRequest = {
  deployment: "egress",
  region: "us-west-2",
  zones: { a: "us-west-2a" },
  vpcs: 0,
  elasticAddresses: 0,
  allocationIds: [],
  instances: [],
  existing,
};

const everyCheck = [
  "account",
  "zones",
  "VPC",
  "subnet ranges",
  "internet gateway",
  "subnets",
  "NAT gateways that exist",
  "VPC endpoints",
  "security groups",
  "route table a.app",
  "route table a.data",
  "owners of routes",
];

test("what is as it is said to be passes, beside everything else", async () => {
  const checks = await preflight({ ...request, vpcs: 0, existing }, answering());
  expect(checks.filter(({ outcome }) => outcome !== "pass")).toEqual([]);
  expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(everyCheck));
});

test("only what is named is asked", async () => {
  const bare: Aws = { ...denying, caller: answering().caller, zones: answering().zones, vpc: answering().vpc };
  const checks = await preflight(
    {
      ...standing,
      existing: {
        ...existing,
        plannedSubnets: [],
        subnets: [],
        internetGateway: undefined,
        natGateways: {},
        routeTables: [],
        securityGroups: [],
        endpoints: 0,
      },
    },
    bare,
  );
  expect(outcomes(checks)).toEqual({ account: "pass", zones: "pass", VPC: "pass" });
});

test("denied questions are unknown, each with its action", async () => {
  const checks = await preflight(standing, denying);
  expect(outcomes(checks)).toEqual(Object.fromEntries(everyCheck.map((name) => [name, "unknown"])));
  for (const check of checks)
    expect(check).toMatchObject({ fix: expect.stringMatching(/^allow service:\w+ to whoever runs this$/) as string });
});

test("without the VPC nothing is said to be free in it", async () => {
  const checks = await preflight(standing, answering({ vpc: () => Promise.resolve(undefined), subnets: () => Promise.resolve([]) }));
  expect(outcomes(checks)).toMatchObject({ VPC: "fail", "subnet ranges": "fail", "internet gateway": "fail" });
});

test("answers that checks share are asked for once, and a gateway that serves two zones too", async () => {
  const asked: string[] = [];
  const aws = answering();
  await preflight(
    { ...standing, zones: { a: "us-west-2a", b: "us-west-2b" }, existing: { ...existing, natGateways: { a: "nat-1", b: "nat-1" } } },
    answering({
      vpc: (id) => (asked.push(id), aws.vpc(id)),
      subnets: () => (asked.push("subnets"), aws.subnets()),
      natGateways: (ids) => (asked.push(...ids), aws.natGateways(ids)),
      routeTables: (vpc, ids) => (asked.push(`tables of ${vpc}`, ...ids), aws.routeTables(vpc, ids)),
      interfacesTagged: (key) => (asked.push(key), aws.interfacesTagged(key)),
      vpcEndpoints: (vpc) => (asked.push(`endpoints of ${vpc}`), aws.vpcEndpoints(vpc)),
    }),
  );
  expect(asked.sort()).toEqual(
    ["nat-1", "rtb-app", "rtb-data", "subnets", "tables of vpc-1", "endpoints of vpc-1", "vpc-1", existing.tag].sort(),
  );
});

test("a table that leads to an endpoint of this deployment is its own, and that endpoint is not counted again", async () => {
  const tables = [
    table("rtb-public", "igw-1", { subnets: ["subnet-public"] }),
    table("rtb-app", "vpce-own"),
    table("rtb-data", "vpce-own"),
  ];
  const aws = answering({ routeTables: () => Promise.resolve(tables), quota: () => Promise.resolve(2) });
  expect(outcomes(await preflight(standing, aws))).toMatchObject({ "route table a.data": "pass", "VPC endpoints": "pass" });
  const others = answering({ ...aws, vpcEndpoints: () => Promise.resolve([{ id: "vpce-own", type: "GatewayLoadBalancer", tags: {} }]) });
  expect(outcomes(await preflight(standing, others))).toMatchObject({ "route table a.data": "fail", "VPC endpoints": "fail" });
});

test("each table has its own answer", async () => {
  const tables = [table("rtb-public", "igw-1", { subnets: ["subnet-public"] }), table("rtb-app", "nat-1"), table("rtb-data", "nat-1")];
  const checks = await preflight(standing, answering({ routeTables: () => Promise.resolve(tables) }));
  expect(outcomes(checks)).toMatchObject({ "route table a.app": "pass", "route table a.data": "fail", "owners of routes": "unknown" });
});
