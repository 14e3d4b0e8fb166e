import { RamPrincipalAssociation } from "@cdktf/provider-aws/lib/ram-principal-association";
import { RamResourceAssociation } from "@cdktf/provider-aws/lib/ram-resource-association";
import { RamResourceShare } from "@cdktf/provider-aws/lib/ram-resource-share";
import { type Route53ResolverRule } from "@cdktf/provider-aws/lib/route53-resolver-rule";
import { type Construct } from "constructs";
import { awsName } from "../naming";

/** Shares rules with other accounts, which may then see them and associate them with VPCs of their own. */
export function shareRules(
  scope: Construct,
  props: {
    readonly name: string;
    readonly rules: Readonly<Record<string, Route53ResolverRule>>;
    readonly accounts: readonly string[];
    readonly across: "anyAccount" | "organization";
  },
): RamResourceShare {
  const name = awsName("tag", props.name, "zpa");
  // With false, RAM refuses accounts outside the organization, and all accounts until it shares within the organization (RAM user guide, "Errors when
  // trying to share with accounts outside of my organization").
  const share = new RamResourceShare(scope, "share", {
    name,
    allowExternalPrincipals: props.across === "anyAccount",
    tags: { Name: name },
  });
  for (const [rule, { arn }] of Object.entries(props.rules)) {
    new RamResourceAssociation(share, rule, { resourceShareArn: share.arn, resourceArn: arn });
  }
  for (const principal of props.accounts) new RamPrincipalAssociation(share, principal, { resourceShareArn: share.arn, principal });
  return share;
}
