import { DataAwsLb } from "@cdktf/provider-aws/lib/data-aws-lb";
import { DataAwsLbs } from "@cdktf/provider-aws/lib/data-aws-lbs";
import { type Construct } from "constructs";
import { explain } from "../explanation";
import { expressionOf } from "../validation";

/**
 * The precondition of a Gateway Load Balancer, that it keeps every subnet in which it stands. Looks up the balancer of that name, if there is one.
 *
 * Nothing here refers to the balancer itself: Terraform would put the lookup off until that is changed.
 */
export function noSubnetRemoved(scope: Construct, name: string, subnets: readonly string[]) {
  const all = new DataAwsLbs(scope, "lbs");
  const standing = new DataAwsLb(scope, "standing", { arn: "${each.value}" });
  const itself = `strcontains(arn, ${expressionOf(scope, `:loadbalancer/gwy/${name}/`)})`;
  standing.addOverride("for_each", `\${toset([for arn in data.aws_lbs.${all.friendlyUniqueId}.arns : arn if ${itself}])}`);
  explain(standing, "The balancer before a change, once there is one: AWS adds subnets to it and removes none.");

  const given = subnets.map((subnet) => expressionOf(scope, subnet)).join(", ");
  const removed = `setsubtract(flatten([for balancer in data.aws_lb.${standing.friendlyUniqueId} : tolist(balancer.subnets)]), [${given}])`;
  return {
    condition: `\${length(${removed}) == 0}`,
    errorMessage: `Gateway Load Balancer ${name} stands in \${join(", ", ${removed})} too, and AWS takes no subnet from it. Give the subnets that it has, and further zones only. To be rid of a zone, make a second deployment without it and lead the routes there.`,
  };
}
