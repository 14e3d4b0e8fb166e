import { type Construct } from "constructs";
import { composedArn } from "../iam";

/** The ARN of a group that may not be made yet, for policies: AWS puts an id of its own before its name. */
export const groupArn = (scope: Construct, groupName: string): string =>
  composedArn(scope, "autoscaling", `autoScalingGroup:*:autoScalingGroupName/${groupName}`);
