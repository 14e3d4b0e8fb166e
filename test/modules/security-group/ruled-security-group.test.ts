import { TerraformVariable } from "cdktf";
import { RuledSecurityGroup, type SecurityRule } from "../../../modules/security-group";
import { synthesizePlain, type Block } from "../../stacks/synthesize";

const rule = (given: Partial<SecurityRule>): Block => {
  const stack = synthesizePlain((scope) => {
    const port = new TerraformVariable(scope, "port", { type: "number" });
    new TerraformVariable(scope, "range", { type: "string" });
    const base: SecurityRule = {
      id: "rule",
      direction: "in",
      protocol: "tcp",
      ports: [port.numberValue, 90],
      peer: { range: "10.0.0.0/8" },
      description: "Rule",
    };
    new RuledSecurityGroup(scope, "group", {
      name: ["theirs"],
      description: "Group",
      vpcId: "vpc-0",
      rules: () => [{ ...base, ...given }],
    });
  });
  const [block] = [
    ...Object.values(stack.ofType("aws_vpc_security_group_ingress_rule")),
    ...Object.values(stack.ofType("aws_vpc_security_group_egress_rule")),
  ];
  const { security_group_id, description, ...rest } = block ?? {};
  expect(security_group_id).toMatch(/^\$\{aws_security_group\.group_/);
  expect(description).toBe("Rule");
  return rest;
};

test.each([
  ["an IPv4 range", { range: "10.0.0.0/8" }, { cidr_ipv4: "10.0.0.0/8" }],
  ["an IPv6 range", { range: "2001:db8::/32" }, { cidr_ipv6: "2001:db8::/32" }],
  // EC2 answers in the canonical form: another one would differ in every plan.
  ["an IPv6 range in capitals", { range: "FD00:AB::/32" }, { cidr_ipv6: "fd00:ab::/32" }],
  ["an IPv6 range in full", { range: "2001:0db8:0:0:0:0:0:0/32" }, { cidr_ipv6: "2001:db8::/32" }],
  ["all of IPv6", { range: "::/0" }, { cidr_ipv6: "::/0" }],
  ["a range known at deployment", { range: "${var.range}" }, { cidr_ipv4: "${var.range}" }],
  ["a group", { group: "sg-0123456789abcdef0" }, { referenced_security_group_id: "sg-0123456789abcdef0" }],
] as const)("the peer is %s", (_, peer, attributes) => {
  expect(rule({ peer })).toEqual({ ip_protocol: "tcp", from_port: "${var.port}", to_port: 90, ...attributes });
});

test("all protocols have no ports", () => {
  const all: SecurityRule = { id: "rule", direction: "out", protocol: "all", peer: { range: "10.0.0.0/8" }, description: "Rule" };
  const stack = synthesizePlain((scope) => {
    new RuledSecurityGroup(scope, "group", { name: ["theirs", "own"], description: "Group", vpcId: "vpc-0", rules: () => [all] });
  });
  const [given] = Object.values(stack.ofType("aws_vpc_security_group_egress_rule"));
  expect(given).toMatchObject({ ip_protocol: "-1", cidr_ipv4: "10.0.0.0/8" });
  expect(given).not.toHaveProperty("from_port");
  const [group] = Object.values(stack.ofType("aws_security_group"));
  expect(group).toEqual({ name: "theirs-own", description: "Group", vpc_id: "vpc-0", tags: { Name: "theirs-own" } });
});
