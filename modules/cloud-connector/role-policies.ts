import { type Statement } from "../iam";

/** What a connector may do in AWS, by policy: read its one secret, be reached by Session Manager, and report its metrics. */
export const rolePolicies = (settings: {
  readonly secretArn: string;
  /** ARN of the key that encrypts the secret, if it is not the account's default. */
  readonly secretKeyArn: string | undefined;
  readonly cloudTags: boolean;
  /** ARNs of the Auto Scaling groups whose lifecycle actions the connector completes. */
  readonly groupArns?: readonly string[] | undefined;
}): Readonly<Record<string, readonly Statement[]>> => ({
  secret: [
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: settings.secretArn },
    ...(settings.secretKeyArn === undefined ? [] : [{ Effect: "Allow", Action: "kms:Decrypt", Resource: settings.secretKeyArn } as const]),
  ],
  // None of these actions can be narrowed to a resource.
  session_manager: [
    {
      Effect: "Allow",
      Action: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: "*",
    },
  ],
  metrics: [
    {
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": "Zscaler/CloudConnectors" } },
    },
    { Effect: "Allow", Action: ["cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics", "ec2:DescribeTags"], Resource: "*" },
  ],
  ...(settings.groupArns === undefined
    ? {}
    : {
        // A connector tells its group itself that it is enrolled. The Describe actions cannot be narrowed to a resource.
        lifecycle: [
          {
            Effect: "Allow",
            Action: ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
            Resource: settings.groupArns,
          },
          {
            Effect: "Allow",
            Action: [
              "autoscaling:DescribeAutoScalingInstances",
              "autoscaling:DescribeLifecycleHookTypes",
              "autoscaling:DescribeLifecycleHooks",
              "ec2:DescribeInstanceStatus",
            ],
            Resource: "*",
          },
        ] satisfies readonly Statement[],
      }),
  ...(settings.cloudTags
    ? {
        cloud_tags: [
          {
            Effect: "Allow",
            Action: ["sns:ListSubscriptions", "sns:ListTopics", "sns:Subscribe", "sns:Unsubscribe", "sqs:CreateQueue", "sqs:DeleteQueue"],
            Resource: "*",
          },
        ],
      }
    : {}),
});
