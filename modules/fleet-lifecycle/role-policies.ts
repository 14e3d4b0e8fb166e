import { type Statement } from "../iam";

/** What the fleet function may do, by inline policy. */
export const rolePolicies = (arns: {
  /** Of the Auto Scaling groups, with `*` in place of the ids that AWS gives them. */
  readonly groups: readonly string[];
  readonly secret: string;
  /** Of the key that encrypts the secret, if it is not the account's default. */
  readonly secretKey: string | undefined;
  readonly removals: string;
  readonly logGroup: string;
  readonly deadLetterQueue: string;
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
  // The function queues removals. Lambda takes them from the queue with its role, by what AWSLambdaSQSQueueExecutionRole allows.
  removals: [
    {
      Effect: "Allow",
      Action: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage"],
      Resource: arns.removals,
    },
  ],
  // The log group is there before the function, so it needs not make one.
  log: [{ Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${arns.logGroup}:*` }],
  // Lambda puts events of failed runs there, with the function's role.
  dead_letters: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: arns.deadLetterQueue }],
});
