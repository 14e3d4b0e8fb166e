import { callerIdentityOf, composedArn, partitionOf, ServiceRole } from "../../../modules/iam";
import { roleSettings } from "../../../modules/iam/schema";
import { known } from "../../../modules/validation/schema";
import { TerraformOutput } from "cdktf";
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

test("an ARN is composed of what the stack deploys to, looked up once", () => {
  const stack = synthesizePlain((scope) => {
    callerIdentityOf(scope);
    for (const id of ["one", "two"]) new TerraformOutput(scope, id, { value: composedArn(scope, "ec2", `route-table/rtb-${id}`) });
  });
  expect(stack.outputs["two"]).toBe(
    "arn:${data.aws_partition.partition.partition}:ec2:${data.aws_region.region.id}:${data.aws_caller_identity.caller_identity.account_id}:route-table/rtb-two",
  );
  expect(Object.keys(stack.elements)).toEqual([
    "data.aws_caller_identity.caller_identity",
    "data.aws_partition.partition",
    "data.aws_region.region",
  ]);
});

test("policies of its own are made in the path of the role, and attached", () => {
  const statement = (Action: string) => ({ Effect: "Allow", Action, Resource: "*" }) as const;
  let policies = 0;
  const stack = synthesizePlain((scope) => {
    policies = new ServiceRole(scope, "role", {
      name: "egress-move",
      description: "Moves",
      service: "lambda",
      policies: { read: [statement("ec2:DescribeRouteTables")] },
      attachedPolicies: { routes_1: [statement("ec2:ReplaceRoute")], routes_2: [statement("ec2:CreateRoute")] },
      iam: { path: "/network/" },
    }).policies.length;
  });
  // What runs with the role waits for all three.
  expect(policies).toBe(3);
  const made = Object.entries(stack.ofType("aws_iam_policy"));
  expect(made.map(([, policy]) => policy)).toEqual(
    ["routes_1", "routes_2"].map((id, index) => ({
      name_prefix: `egress-move-${id}-`,
      description: "Moves",
      path: "/network/",
      policy: `{"Statement":[{"Action":"ec2:${["ReplaceRoute", "CreateRoute"][index] ?? ""}","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}`,
    })),
  );
  const attached = Object.values(stack.ofType("aws_iam_role_policy_attachment"));
  expect(attached.map(({ policy_arn }) => policy_arn)).toEqual(made.map(([address]) => `\${${address}.arn}`));
  for (const { role } of attached) expect(role).toMatch(/^\$\{aws_iam_role\.role_.*\.name\}$/);
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
