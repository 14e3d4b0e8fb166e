import { type Statement } from "../iam";

const allow = (action: string | readonly string[], resource: string | readonly string[]): Statement => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
});

type Policies = Readonly<Record<string, readonly Statement[]>>;

const unlessEmpty = (id: string, statements: readonly Statement[]): Policies => (statements.length === 0 ? {} : { [id]: statements });

/** What an App Connector's instance may do in AWS, by inline policy. */
export const instancePolicies = (settings: {
  /** What enrollment reads. */
  readonly enrollment: readonly Statement[];
  /** ARN of the parameters of the deployment. */
  readonly parameters: string;
  /** ARNs of the parameters and of the objects in S3 with certificates. */
  readonly certificates: { readonly parameters: readonly string[]; readonly objects: readonly string[] };
  /** ARN of the secret with which packages are fetched through a proxy. */
  readonly proxySecret: string | undefined;
  /** ARN of the group whose launch hook the instance completes. */
  readonly group: string | undefined;
  /** ARN of what collected logs become in S3. */
  readonly logs: string | undefined;
}): Policies => ({
  ...unlessEmpty("enrollment", settings.enrollment),
  // It tells what it is by parameters, and reads none of them: nobody's code is shown to another instance.
  parameters: [
    allow(
      "ssm:PutParameter",
      ["codes", "ids", "retired"].map((kind) => `${settings.parameters}/${kind}/*`),
    ),
  ],
  ...unlessEmpty("certificates", [
    ...(settings.certificates.parameters.length === 0 ? [] : [allow("ssm:GetParameter", settings.certificates.parameters)]),
    ...(settings.certificates.objects.length === 0 ? [] : [allow("s3:GetObject", settings.certificates.objects)]),
  ]),
  ...(settings.proxySecret === undefined ? {} : { proxy: [allow("secretsmanager:GetSecretValue", settings.proxySecret)] }),
  ...(settings.group === undefined ? {} : { lifecycle: [allow("autoscaling:CompleteLifecycleAction", settings.group)] }),
  // Session Manager and Run Command. None of these actions can be narrowed to a resource. AWS's own policy for it would read every parameter of the account.
  systems_manager: [
    allow(
      [
        ...["AcknowledgeMessage", "DeleteMessage", "FailMessage", "GetEndpoint", "GetMessages", "SendReply"].map(
          (action) => `ec2messages:${action}`,
        ),
        ...["ListAssociations", "ListInstanceAssociations", "UpdateInstanceInformation"].map((action) => `ssm:${action}`),
        ...["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map((action) => `ssmmessages:${action}`),
      ],
      "*",
    ),
  ],
  ...(settings.logs === undefined ? {} : { logs: [allow("s3:PutObject", settings.logs)] }),
});

/** What the App Connector function may do besides its queues and its log, by inline policy. */
export const functionPolicies = (settings: {
  readonly parameters: string;
  /** ARN of the group whose ends it lets go on. */
  readonly group: string | undefined;
  /** ARNs of the secret with which the function logs in to ZPA, and of the key that encrypts it. */
  readonly portal: { readonly secret: string; readonly secretKey: string | undefined } | undefined;
  /** ARN of the queue in which ended instances without a known App Connector are put down. */
  readonly deadLetters: string;
}): Policies => ({
  // Which instances there are, and which Systems Manager reaches. Neither action can be narrowed to a resource.
  observe: [allow(["ec2:DescribeInstances", "ssm:DescribeInstanceInformation"], "*")],
  parameters: [allow(["ssm:DeleteParameter", "ssm:GetParameter", "ssm:GetParametersByPath"], `${settings.parameters}/*`)],
  ...(settings.group === undefined
    ? {}
    : { group: [allow(["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"], settings.group)] }),
  ...(settings.portal === undefined
    ? {}
    : {
        secret: [
          allow("secretsmanager:GetSecretValue", settings.portal.secret),
          ...(settings.portal.secretKey === undefined ? [] : [allow("kms:Decrypt", settings.portal.secretKey)]),
        ],
      }),
  unknown_app_connectors: [allow("sqs:SendMessage", settings.deadLetters)],
});
