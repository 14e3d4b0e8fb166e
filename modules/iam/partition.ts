import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { TerraformStack } from "cdktf";
import { type Construct } from "constructs";

/** The AWS partition (`aws`, `aws-cn`, `aws-us-gov`) that a stack deploys to: one data source a stack, shared. */
export function partitionOf(scope: Construct): DataAwsPartition {
  const stack = TerraformStack.of(scope);
  const shared = stack.node.tryFindChild("partition");
  return shared instanceof DataAwsPartition ? shared : new DataAwsPartition(stack, "partition");
}
