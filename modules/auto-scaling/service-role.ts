import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import { type Construct } from "constructs";
import { explain } from "../explanation";
import { callerIdentityOf, partitionOf } from "../iam";

/** ARN of the role by which Auto Scaling itself acts in the account. AWS makes it with the account's first group. */
export const autoScalingRole = (scope: Construct): string =>
  `arn:${partitionOf(scope).partition}:iam::${callerIdentityOf(scope).accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;

/** What Auto Scaling needs of a customer's key (Auto Scaling user guide, "Required AWS KMS key policy for use with encrypted volumes"). */
export function autoScalingDiskGrant(scope: Construct, keyId: string): KmsGrant {
  const grant = new KmsGrant(scope, "auto_scaling", {
    keyId,
    granteePrincipal: autoScalingRole(scope),
    operations: [
      "CreateGrant",
      "Decrypt",
      "DescribeKey",
      "Encrypt",
      "GenerateDataKey",
      "GenerateDataKeyWithoutPlaintext",
      "ReEncryptFrom",
      "ReEncryptTo",
    ],
  });
  explain(
    grant,
    "The role is there once the account had an Auto Scaling group. In a new account: aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com",
  );
  return grant;
}
