import { type Statement } from "../iam";

/** What the function may do besides moving routes, by inline policy. */
export const rolePolicies = (arns: {
  readonly function: string;
  readonly history: string;
  /** Path of the document's parameters, if there are any. */
  readonly documentPath: string | undefined;
  readonly logGroup: string;
  readonly deadLetterQueue: string;
}): Readonly<Record<string, readonly Statement[]>> => ({
  // Where routes lead, and whether connectors run. EC2's Describe actions cannot be narrowed to a resource.
  describe: [
    { Effect: "Allow", Action: ["ec2:DescribeInstanceStatus", "ec2:DescribeInstances", "ec2:DescribeRouteTables"], Resource: "*" },
  ],
  // When connectors failed, for the next run.
  history: [{ Effect: "Allow", Action: ["ssm:GetParameter", "ssm:PutParameter"], Resource: arns.history }],
  ...(arns.documentPath === undefined
    ? {}
    : {
        // Systems Manager asks for the path as the caller writes it, with or without a slash at its end.
        document: [
          { Effect: "Allow", Action: "ssm:GetParametersByPath", Resource: [arns.documentPath, `${arns.documentPath}/*`] } as const,
        ],
      }),
  interfaces: interfacePolicy(arns.function),
  // The log group is there before the function, so it needs not make one.
  log: [{ Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${arns.logGroup}:*` }],
  // Lambda puts events of failed runs there, with the function's role.
  dead_letters: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: arns.deadLetterQueue }],
});

/** How Lambda gives a function interfaces in a VPC: it acts with the function's role, so the function's own code is denied the same. */
function interfacePolicy(functionArn: string): readonly Statement[] {
  const interfaces = {
    Action: [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:UnassignPrivateIpAddresses",
    ],
    Resource: "*",
  };
  return [
    { Effect: "Allow", ...interfaces },
    // Lambda's own calls do not carry the key (Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC").
    { Effect: "Deny", ...interfaces, Condition: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } } },
  ];
}

/** A managed policy takes 6,144 characters (IAM quotas), an ARN of a route table in the longest-named regions 86 with what stands around it. */
const tablesInPolicy = 70;

/** The permission to move routes, of exactly these tables, by managed policy. A role takes 10 of them unless its account has a higher quota. */
export const routePolicies = (tableArns: readonly string[]): Readonly<Record<string, readonly Statement[]>> =>
  Object.fromEntries(
    Array.from({ length: Math.ceil(tableArns.length / tablesInPolicy) }, (_, index) => [
      `routes_${index + 1}`,
      [
        {
          Effect: "Allow",
          Action: "ec2:ReplaceRoute",
          Resource: tableArns.slice(index * tablesInPolicy, (index + 1) * tablesInPolicy),
        },
      ],
    ]),
  );
