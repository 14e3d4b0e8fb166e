import { judgeSecurityGroups } from "../../../cli/preflight/existing-security-groups";
import { existing } from "./answers";

test("groups of the VPC pass", () => {
  const groups = existing.securityGroups.map((id) => ({ id, vpc: "vpc-1" }));
  expect(judgeSecurityGroups(existing, "us-west-2", groups)).toEqual({ outcome: "pass", detail: "sg-1 and sg-2 are in vpc-1" });
});

test("one of another VPC and one that is not there fail together", () => {
  expect(judgeSecurityGroups(existing, "us-west-2", [{ id: "sg-1", vpc: "vpc-2" }])).toEqual({
    outcome: "fail",
    detail: "sg-1 is in vpc-2, not in vpc-1; the account has no security group sg-2 in us-west-2",
    fix: "name a security group of the VPC; name a security group of this account and region",
  });
});
