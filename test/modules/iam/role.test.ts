import { ServiceRole, partitionOf } from "../../../modules/iam";
import { roleSettings } from "../../../modules/iam/schema";
import { known } from "../../../modules/validation/schema";
import { synthesizePlain } from "../../stacks/synthesize";

test("all roles of a stack share one lookup of the partition", () => {
  const stack = synthesizePlain((scope) => {
    for (const id of ["one", "two"]) {
      new ServiceRole(scope, id, { name: id, description: id, service: "ec2", managedPolicies: ["AmazonSSMManagedInstanceCore"] });
    }
    partitionOf(scope);
  });
  expect(Object.keys(stack.ofType("data.aws_partition"))).toEqual(["data.aws_partition.partition"]);
  expect(Object.keys(stack.ofType("aws_iam_role_policy_attachment"))).toHaveLength(2);
});

test("a name that leaves Terraform no room for its 26 characters is refused", () => {
  const role = (name: string) =>
    synthesizePlain((scope) => new ServiceRole(scope, "role", { name, description: "Role", service: "ec2" })).ofType("aws_iam_role");
  expect(Object.values(role("r".repeat(37)))[0]?.["name_prefix"]).toBe(`${"r".repeat(37)}-`);
  expect(() => role("r".repeat(38))).toThrow("has 39 characters; an IAM name prefix takes 38");
});

describe("settings", () => {
  const findings = (value: unknown) =>
    roleSettings(known)
      .safeParse(value)
      .error?.issues.map(({ message }) => message.split("\n")[0]) ?? [];

  test.each([
    { path: "/" },
    { path: "/network/" },
    { path: "/a/b/" },
    { permissionsBoundary: "arn:aws-us-gov:iam::123456789012:policy/b" },
  ])("%p is taken", (value) => {
    expect(findings(value)).toEqual([]);
  });

  test.each([
    [{ path: "network" }, "network is no IAM path"],
    [{ path: "/network" }, "/network is no IAM path"],
    [{ path: "/net work/" }, "/net work/ is no IAM path"],
    [{ permissionsBoundary: "boundary" }, "boundary is no ARN"],
    [{ permissionsBoundary: "arn:aws:s3:::bucket" }, "arn:aws:s3:::bucket is no ARN"],
  ])("%p is refused", (value, problem) => {
    expect(findings(value)).toEqual([problem]);
  });
});
