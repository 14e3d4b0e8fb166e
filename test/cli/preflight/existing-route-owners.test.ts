import { judgeRouteOwners } from "../../../cli/preflight/existing-route-owners";
import { type NamedRouteTable } from "../../../cli/preflight/request";
import { table } from "./answers";

const named = (id: string, defaultRoute: NamedRouteTable["defaultRoute"] = "takeOver"): NamedRouteTable => ({
  id,
  zone: "a",
  name: id,
  defaultRoute,
});

const terraform =
  "where one does, move inline `route` blocks to aws_route resources and take the default route out of it (terraform state rm): " +
  "its next apply would undo the steering";

test("tables that are yet to be steered may be in a Terraform configuration", () => {
  const tables = [table("rtb-1", "nat-1"), table("rtb-2", undefined, { tags: { ManagedBy: "terraform", Name: "app" } }), table("rtb-3")];
  expect(judgeRouteOwners([named("rtb-1"), named("rtb-2", "create")], tables, [])).toEqual({
    outcome: "unknown",
    detail: "AWS does not tell whether Terraform configurations have the routes of rtb-1 and rtb-2 (tagged ManagedBy: terraform)",
    fix: terraform,
  });
});

test("tables of a CloudFormation stack are named with it", () => {
  const inStack = table("rtb-1", "nat-1", { tags: { "aws:cloudformation:stack-name": "network" } });
  expect(judgeRouteOwners([named("rtb-1")], [inStack], [])).toEqual({
    outcome: "unknown",
    detail: "the CloudFormation stack network has rtb-1",
    fix:
      "give a default route in the stack's template DeletionPolicy: Retain, then take it out of the template: " +
      "later updates would lead it elsewhere",
  });
});

test("tables that are steered already, or are given back, pass", () => {
  const tables = [table("rtb-1", "eni-own"), table("rtb-2", "nat-1")];
  expect(judgeRouteOwners([named("rtb-1"), named("rtb-2", "restore")], tables, ["eni-own"])).toEqual({
    outcome: "pass",
    detail: "no table is yet to be steered",
  });
});
