import { DataAwsSecurityGroup } from "@cdktf/provider-aws/lib/data-aws-security-group";
import { Op, TerraformSelf } from "cdktf";
import { type Construct } from "constructs";

/** Looks up a security group that exists, and fails the plan where it is not of the VPC: an interface takes no others. */
export function existingSecurityGroup(
  scope: Construct,
  { id, vpcId, of }: { readonly id: string; readonly vpcId: string; readonly of: string },
): DataAwsSecurityGroup {
  const found = TerraformSelf.getString("vpc_id");
  return new DataAwsSecurityGroup(scope, "security_group", {
    id,
    lifecycle: {
      postcondition: [
        {
          condition: Op.eq(found, vpcId),
          errorMessage: `Security group ${id} of the ${of} is of VPC ${found}, not of ${vpcId}. Give one of ${vpcId}.`,
        },
      ],
    },
  });
}
