import { type Vpc } from "../../../cli/preflight/aws-network";
import { judgeVpc } from "../../../cli/preflight/existing-vpc";
import { existing } from "./answers";

const judge = (ranges: readonly string[] | undefined) => judgeVpc(existing, "us-west-2", ranges && ({ id: "vpc-1", ranges } satisfies Vpc));

test("a VPC with the stated ranges passes, in any order of the further ones", () => {
  expect(judge(["10.20.0.0/16", "100.64.0.0/16"])).toEqual({ outcome: "pass", detail: "vpc-1 has 10.20.0.0/16 and 100.64.0.0/16" });
  const more = { ...existing, ranges: [...existing.ranges, "10.21.0.0/24"] };
  expect(judgeVpc(more, "us-west-2", { id: "vpc-1", ranges: ["10.20.0.0/16", "10.21.0.0/24", "100.64.0.0/16"] }).outcome).toBe("pass");
});

test("one that is not there fails", () => {
  expect(judge(undefined)).toEqual({
    outcome: "fail",
    detail: "the account has no VPC vpc-1 in us-west-2",
    fix: "name a VPC of this account and region in network.existing.id",
  });
});

test("a first range that is another, and a further one that it lacks, fail together", () => {
  expect(judge(["10.30.0.0/16", "10.20.0.0/16"])).toEqual({
    outcome: "fail",
    detail:
      "the first range of vpc-1 is 10.30.0.0/16, not 10.20.0.0/16; vpc-1 has 10.30.0.0/16 and 10.20.0.0/16, and 100.64.0.0/16 is not among them",
    fix: "set network.existing.cidr to 10.30.0.0/16; state the ranges that it has in secondaryCidrs",
  });
});

test("a range that is not stated is in doubt", () => {
  expect(judge(["10.20.0.0/16", "100.64.0.0/16", "10.21.0.0/24"])).toEqual({
    outcome: "unknown",
    detail: "vpc-1 also has 10.21.0.0/24, which is not stated: security groups that are made do not let its traffic in",
    fix: "if it is to be steered, name 10.21.0.0/24 in secondaryCidrs before the first deployment, or in connectors.sourceRanges",
  });
});
