import { Route53ResolverRuleAssociation } from "@cdktf/provider-aws/lib/route53-resolver-rule-association";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { present } from "../validation";

export interface RuleAssociationsProps {
  readonly vpcId: string;
  /** Ids of Resolver rules by name: of the account, or shared with it. A name is part of a Terraform address. */
  readonly ruleIds: Readonly<Record<string, string>>;
  /** What must stand before queries follow the rules: the routes of the workloads' subnets. @default nothing */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * Makes the associations of Resolver rules with a VPC: its queries then go where the rules say, to a connector for the domains of ZPA applications.
 *
 * The workloads of the VPC must be steered to a connector, since they get synthetic addresses. Route 53 Resolver takes 2,000 associations in an account
 * and region by default (Service Quotas route53resolver L-94E19253).
 */
export class RuleAssociations extends Construct {
  /** The associations, by the name of the rule. */
  readonly associations: Readonly<Record<string, Route53ResolverRuleAssociation>>;

  constructor(scope: Construct, id: string, { vpcId, ruleIds, after }: RuleAssociationsProps) {
    super(scope, id);
    this.associations = Object.fromEntries(
      Object.entries(ruleIds).map(([rule, resolverRuleId]) => [
        rule,
        new Route53ResolverRuleAssociation(this, rule, { vpcId, resolverRuleId, ...present({ dependsOn: after && [...after] }) }),
      ]),
    );
  }
}
