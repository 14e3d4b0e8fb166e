import { Construct } from "constructs";
import { explain, explanationOf } from "../../../modules/explanation";
import { moduleFiles } from "../../../hcl";
import { templates } from "../../../config/deployment";
import { zpaHa } from "../../stacks/samples";

test("a resource has what was said of it, in the order in which it was said", () => {
  const root = new Construct(undefined as never, "");
  const resource = new Construct(root, "resource");
  expect(explanationOf(resource)).toBeUndefined();
  explain(resource, "first");
  explain(resource, "second");
  expect(explanationOf(resource)).toBe("first\nsecond");
  expect(explanationOf(root)).toBeUndefined();
});

test("what a reader of the generated configuration must know stands above its resource", () => {
  const deployment = templates["zpa-ha"].parse(zpaHa());
  const files = moduleFiles({ name: "egress", deployment, kind: "module", folder: "/module", command: "" });
  /** The comment above a block, on one line. */
  const above = (file: string, block: string): string => {
    const lines = String(files[file]).split("\n");
    const before = ["", ...lines.slice(0, lines.indexOf(block))].reverse();
    const end = before.findIndex((line) => !line.startsWith("#"));
    return before
      .slice(0, end)
      .reverse()
      .map((line) => line.slice(2))
      .join(" ");
  };
  expect(above("steering.tf", 'resource "aws_route" "steering_a_workload" {')).toContain(
    "Terraform only sees to it that the route exists.",
  );
  expect(above("connectors.tf", 'resource "aws_instance" "connectors_a_1" {')).toContain("terraform apply -replace=<address>");
  expect(above("failover.tf", 'resource "aws_ssm_parameter" "failover_history" {')).toContain("leaves its value to the function");
  expect(above("zpa_dns.tf", 'resource "aws_route53_resolver_endpoint" "zpa_dns" {')).toContain("Its queries meet a connector");
  expect(above("failover.tf", 'resource "aws_iam_role_policy" "failover_role_interfaces" {')).toContain("own code is denied them");
  expect(above("network.tf", 'resource "aws_default_security_group" "network" {')).toContain("Takes every rule out");
});
