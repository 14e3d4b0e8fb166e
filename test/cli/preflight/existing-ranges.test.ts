import { type Subnet } from "../../../cli/preflight/aws-network";
import { judgeRanges } from "../../../cli/preflight/existing-ranges";
import { type PlannedSubnet } from "../../../cli/preflight/request";
import { existing, subnet, tag } from "./answers";

const zones = { a: "us-west-2a", b: "us-west-2b" };
const connector = { tier: "connector", zone: "a", range: "10.20.16.0/22", origin: "planned" } as const;
const workload = { tier: "workload", zone: "b", range: "10.20.32.0/19", origin: "planned" } as const;
const judge = (plannedSubnets: readonly PlannedSubnet[], subnets: readonly Subnet[], taken: readonly string[] = []) =>
  judgeRanges({ ...existing, plannedSubnets, taken }, zones, subnets);

const app = subnet({ id: "subnet-app", range: "10.20.16.0/24" });
const data = subnet({ id: "subnet-data", range: "10.20.17.0/24", zone: "us-west-2b" });

test("ranges that no subnet of the VPC touches pass", () => {
  const elsewhere = [subnet({ range: "10.20.20.0/24" }), { ...app, vpc: "vpc-2" }, subnet({ range: "" })];
  expect(judge([connector, workload], elsewhere)).toEqual({
    outcome: "pass",
    detail: "2 ranges are free in vpc-1, or this deployment's already",
  });
});

test("an overlap names both, and the fix is the list to paste", () => {
  expect(judge([connector, workload], [app, data, subnet({ id: "subnet-wide", range: "10.20.0.0/20" })], ["100.64.0.0/17"])).toEqual({
    outcome: "fail",
    detail: "10.20.16.0/22 (connector of zone a) overlaps 10.20.16.0/24 (subnet-app), 10.20.17.0/24 (subnet-data)",
    fix: "state what others use in network.existing, before the first deployment: taken: [10.20.0.0/20, 10.20.16.0/23, 100.64.0.0/17]",
  });
});

test("a range that is written by hand is to be written anew", () => {
  expect(judge([{ ...connector, origin: "written" }], [app])).toMatchObject({
    outcome: "fail",
    fix: "write another range by hand: subnets.ranges.a.connector",
  });
});

test("subnets of an earlier deployment are no fault, and keep their places", () => {
  const own = subnet({ id: "subnet-own", range: connector.range, tags: { [tag]: "shared" } });
  expect(judge([connector], [own]).outcome).toBe("pass");
  expect(judge([connector], [{ ...own, range: "10.20.17.0/24" }]).outcome).toBe("pass");
  expect(judge([connector, workload], [own, subnet({ id: "subnet-late", range: "10.20.40.0/24" })])).toMatchObject({
    outcome: "fail",
    detail: "10.20.32.0/19 (workload of zone b) overlaps 10.20.40.0/24 (subnet-late)",
    fix: "write another range by hand: subnets.ranges.b.workload",
  });
});

test("whose subnet has just the range, AWS does not tell", () => {
  const same = subnet({ id: "subnet-same", range: connector.range });
  expect(judge([connector], [same])).toEqual({
    outcome: "unknown",
    detail: "10.20.16.0/22 (connector of zone a) is the range of subnet-same, which lacks the tags of this deployment",
    fix: "if an earlier deployment did not make subnet-same, state what others use in network.existing, before the first deployment: taken: [10.20.16.0/22]",
  });
  expect(judge([connector], [{ ...same, zone: "us-west-2b" }]).outcome).toBe("fail");
});
