import { type RouteTable } from "./aws-network";
import { type Fault, listed, type Verdict, weigh } from "./check";
import { defaultRouteOf } from "./existing-way-out";
import { type NamedRouteTable } from "./request";

const stackTag = "aws:cloudformation:stack-name";

/** A tag that says by what a route table is managed. */
const managed = /terraform|terragrunt|tofu|pulumi|crossplane|managed.?by/i;

/**
 * Who else may have the routes of tables that are yet to be steered. A Terraform configuration that has a table with inline routes takes every route
 * out of it that it does not know (provider documentation, "aws_route_table"), and AWS does not tell.
 *
 * @param own ids of the deployment's interfaces
 */
export function judgeRouteOwners(named: readonly NamedRouteTable[], tables: readonly RouteTable[], own: readonly string[]): Verdict {
  const yetToSteer = named
    .filter(({ defaultRoute }) => defaultRoute !== "restore")
    .flatMap(({ id }) => tables.find((table) => table.id === id) ?? [])
    .filter((table) => !own.includes(defaultRouteOf(table)?.target ?? ""));
  const inStacks = yetToSteer.filter(({ tags }) => stackTag in tags);
  const others = yetToSteer.filter(({ tags }) => !(stackTag in tags));
  const doubts: readonly Fault[] = [
    ...inStacks.map(({ id, tags }) => ({
      detail: `the CloudFormation stack ${tags[stackTag] ?? ""} has ${id}`,
      fix: "give a default route in the stack's template DeletionPolicy: Retain, then take it out of the template: later updates would lead it elsewhere",
    })),
    ...(others.length === 0
      ? []
      : [
          {
            detail: `AWS does not tell whether Terraform configurations have the routes of ${listed(others.map(markedId))}`,
            fix: "where one does, move inline `route` blocks to aws_route resources and take the default route out of it (terraform state rm): its next apply would undo the steering",
          },
        ]),
  ];
  return weigh([], doubts, "no table is yet to be steered");
}

function markedId({ id, tags }: RouteTable): string {
  const marks = Object.entries(tags).filter(([key, value]) => managed.test(key) || managed.test(value));
  return marks.length === 0 ? id : `${id} (tagged ${marks.map(([key, value]) => `${key}: ${value}`).join(", ")})`;
}
