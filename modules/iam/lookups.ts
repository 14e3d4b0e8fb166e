import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { type TerraformDataSource, TerraformStack } from "cdktf";
import { type Construct } from "constructs";

/** One data source a stack, shared. */
function shared<Lookup extends TerraformDataSource>(
  scope: Construct,
  id: string,
  Kind: new (scope: Construct, id: string) => Lookup,
): Lookup {
  const stack = TerraformStack.of(scope);
  const made = stack.node.tryFindChild(id);
  return made instanceof Kind ? made : new Kind(stack, id);
}

/** The AWS partition (`aws`, `aws-cn`, `aws-us-gov`) that a stack deploys to. */
export const partitionOf = (scope: Construct): DataAwsPartition => shared(scope, "partition", DataAwsPartition);

/** Who deploys a stack, and to which account. */
export const callerIdentityOf = (scope: Construct): DataAwsCallerIdentity => shared(scope, "caller_identity", DataAwsCallerIdentity);

/** The region that a stack deploys to: its name is the `id`, the one attribute for it that every version of the provider has. */
const regionOf = (scope: Construct): DataAwsRegion => shared(scope, "region", DataAwsRegion);

/**
 * The ARN of something regional in the account that a stack deploys to, for what is spoken of before it is made or has no attribute for it.
 *
 * @param resource What follows the account's id, such as `function:egress`.
 */
export const composedArn = (scope: Construct, service: string, resource: string): string =>
  `arn:${partitionOf(scope).partition}:${service}:${regionOf(scope).id}:${callerIdentityOf(scope).accountId}:${resource}`;
