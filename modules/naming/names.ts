/** The most characters that AWS takes, and the characters it takes, for each kind of name made here. */
const rules = {
  // Terraform appends 26 characters to a role's or profile's prefix; IAM takes 64 in all.
  iamPrefix: { what: "an IAM name prefix", longest: 38, alphabet: /^[\w+=,.@-]+$/ },
  // IAM takes 128 characters for a policy's name, of which Terraform takes 26.
  iamPolicyPrefix: { what: "an IAM policy name prefix", longest: 102, alphabet: /^[\w+=,.@-]+$/ },
  function: { what: "a Lambda function name", longest: 64, alphabet: /^[\w-]+$/ },
  queue: { what: "an SQS queue name", longest: 80, alphabet: /^[\w-]+(\.fifo)?$/ },
  topic: { what: "an SNS topic name", longest: 256, alphabet: /^[\w-]+$/ },
  eventRule: { what: "an EventBridge rule name", longest: 64, alphabet: /^[\w.-]+$/ },
  alarm: { what: "a CloudWatch alarm name", longest: 255, alphabet: /^[ -~]+$/ },
  // Systems Manager takes 1,011 characters, its ARN included: `arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter` has 55.
  parameter: { what: "a Systems Manager parameter name", longest: 950, alphabet: /^[\w./-]+$/ },
  // Systems Manager: CreateDocument.
  document: { what: "a Systems Manager document name", longest: 128, alphabet: /^(?!aws|amazon|amzn)[\w.-]+$/i },
  securityGroup: { what: "a security group name", longest: 255, alphabet: /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]+$/ },
  logGroup: { what: "a log group name", longest: 512, alphabet: /^[\w./#-]+$/ },
  // Route 53 Resolver: CreateResolverEndpoint and CreateResolverRule.
  resolver: { what: "a Route 53 Resolver name", longest: 64, alphabet: /^(?!\d+$)[\w -]+$/ },
  // Elastic Load Balancing: CreateLoadBalancer and CreateTargetGroup.
  balancer: { what: "a load balancer name", longest: 32, alphabet: /^(?!internal-|-)[A-Za-z\d-]+(?<!-)$/ },
  targetGroup: { what: "a target group name", longest: 32, alphabet: /^(?!-)[A-Za-z\d-]+(?<!-)$/ },
  group: { what: "an Auto Scaling group name", longest: 255, alphabet: /^[\w.-]+$/ },
  // The provider takes 125 characters for a launch template's name, of which it appends 26 to a prefix.
  launchTemplatePrefix: { what: "a launch template name prefix", longest: 99, alphabet: /^[\w().-]+$/ },
  tag: { what: "a Name tag", longest: 256, alphabet: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u },
} as const;

export type NameKind = keyof typeof rules;

/**
 * The name of an AWS resource: its words joined by hyphens.
 *
 * @throws When the name is longer than AWS takes, with the length it got, or has a character that AWS refuses. The length of a name that
 * holds a token is known only at deployment and is not counted.
 */
export function awsName(kind: NameKind, ...words: readonly string[]): string {
  const { what, longest, alphabet } = rules[kind];
  const name = words.join("-");
  if (name.includes("${")) return name;
  if (name.length > longest) {
    throw new Error(`${name} has ${name.length} characters; ${what} takes ${longest}: shorten ${words[0]} by ${name.length - longest}`);
  }
  if (!alphabet.test(name))
    throw new Error(`${name} is not what ${what} may be: use letters, digits and hyphens, and do not begin with sg- or internal-`);
  return name;
}
