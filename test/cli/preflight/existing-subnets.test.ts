import { judgeSubnets, type SubnetAnswers } from "../../../cli/preflight/existing-subnets";
import { existing, subnet, table } from "./answers";

const zones = { a: "us-west-2a", b: "us-west-2b" };
const tables = [table("rtb-main", undefined, { isMain: true }), table("rtb-public", "igw-1", { subnets: ["subnet-public"] })];
const there = [subnet(), subnet({ id: "subnet-public" })];
const judge = (answers: Partial<SubnetAnswers>, subnets = existing.subnets) =>
  judgeSubnets({ ...existing, subnets }, "us-west-2", zones, { subnets: there, tables, interfaces: [], ...answers });

test("subnets of the VPC in their zones with addresses enough pass", () => {
  expect(judge({})).toEqual({
    outcome: "pass",
    detail: "subnet-1 and subnet-public are in vpc-1, each in its zone, with addresses enough",
  });
});

test("all that is wrong is told at once", () => {
  const subnets = [...existing.subnets, { id: "subnet-3", tier: "workload", zone: "b", addresses: 0 }];
  expect(judge({ subnets: [subnet({ vpc: "vpc-2" }), subnet({ id: "subnet-3" })] }, subnets)).toEqual({
    outcome: "fail",
    detail:
      "subnet-1 (connector of zone a) is in vpc-2, not in vpc-1; the account has no subnet subnet-public (public of zone a) in us-west-2; " +
      "subnet-3 (workload of zone b) is in us-west-2a, not in us-west-2b",
    fix: "name a subnet of the VPC; name a subnet of this account and region; name a subnet of us-west-2b, or this one under its own zone",
  });
});

test("a public one must lead to the internet, by its own table or the main one", () => {
  const noRoute = table("rtb-public", "nat-1", { subnets: ["subnet-public"] });
  const main = table("rtb-main", "igw-1", { isMain: true });
  expect(judge({ tables: [main, noRoute] })).toEqual({
    outcome: "fail",
    detail: "the public tier of zone a is in subnet-public, whose route table rtb-public has no default route to an internet gateway",
    fix: "add that route, or choose a subnet that has it",
  });
  expect(judge({ tables: [main] }).outcome).toBe("pass");
  expect(judge({ tables: [tables[0] ?? main] }).outcome).toBe("fail");
});

describe("addresses", () => {
  const withFree = (freeAddresses: number, own: number) =>
    judge({
      subnets: [subnet({ freeAddresses }), subnet({ id: "subnet-public" })],
      interfaces: Array.from({ length: own }, (_, index) => ({ id: `eni-${index}`, subnet: "subnet-1" })),
    });

  test("that are just enough pass, counting what is there already", () => {
    expect(withFree(4, 0).outcome).toBe("pass");
    expect(withFree(2, 2).outcome).toBe("pass");
    expect(withFree(0, 4).outcome).toBe("pass");
  });

  test("that are too few fail, if nothing of the deployment is there", () => {
    expect(withFree(1, 0)).toEqual({
      outcome: "fail",
      detail: "subnet-1 (connector of zone a) has 1 free address, and 4 are needed",
      fix: "free addresses, or name a larger subnet",
    });
    const elsewhere = [{ id: "eni-1", subnet: "subnet-public" }];
    expect(judge({ subnets: [subnet({ freeAddresses: 3 }), subnet({ id: "subnet-public" })], interfaces: elsewhere }).outcome).toBe("fail");
  });

  test("that are too few are in doubt where something of the deployment may be there", () => {
    expect(withFree(0, 2)).toMatchObject({
      outcome: "unknown",
      detail: "subnet-1 (connector of zone a) has 0 free addresses, and 4 are needed, unless they are this deployment's already",
    });
    const full = [subnet(), subnet({ id: "subnet-public", freeAddresses: 1 })];
    expect(judge({ subnets: full }).outcome).toBe("unknown");
  });
});
