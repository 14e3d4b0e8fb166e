import { type Statement } from "../iam";

/** What the fleet function may do besides its queues and its log, by inline policy. */
export const rolePolicies = (arns: {
  /** Of the Auto Scaling groups, with `*` in place of the ids that AWS gives them. */
  readonly groups: readonly string[];
  readonly secret: string;
  /** Of the key that encrypts the secret, if it is not the account's default. */
  readonly secretKey: string | undefined;
}): Readonly<Record<string, readonly Statement[]>> => ({
  groups: [
    {
      Effect: "Allow",
      Action: ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat", "autoscaling:SetInstanceHealth"],
      Resource: arns.groups,
    },
  ],
  // How the groups stand, and what connectors report. None of these actions can be narrowed to a resource.
  observe: [
    {
      Effect: "Allow",
      Action: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeLifecycleHooks",
        "autoscaling:DescribeScalingActivities",
        "cloudwatch:GetMetricData",
      ],
      Resource: "*",
    },
  ],
  // With it the function logs in to the portal.
  secret: [
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: arns.secret },
    ...(arns.secretKey === undefined ? [] : [{ Effect: "Allow", Action: "kms:Decrypt", Resource: arns.secretKey } as const]),
  ],
});
