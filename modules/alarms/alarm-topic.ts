import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { callerIdentityOf, partitionOf, policyDocument, type Statement } from "../iam";
import { awsName } from "../naming";

export interface AlarmTopicProps {
  /** Words of the topic's name. */
  readonly name: readonly string[];
  /** Who gets the alarms. @default nobody */
  readonly email?: string | undefined;
  /** ARN of a role of this account that publishes too, such as a service's own. It need not exist yet. @default CloudWatch alone publishes */
  readonly publisher?: string | undefined;
}

/** An SNS topic for CloudWatch alarms. It is encrypted by a key of its own, since AWS's key for SNS does not admit CloudWatch. */
export class AlarmTopic extends Construct {
  readonly topic: SnsTopic;
  readonly key: KmsKey;
  readonly policy: SnsTopicPolicy;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const name = awsName("topic", ...props.name);
    const account = callerIdentityOf(this).accountId;
    // Alarms of other accounts stay out.
    const fromAlarms = {
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    } as const satisfies Partial<Statement>;
    const root = `arn:${partitionOf(this).partition}:iam::${account}:root`;
    // As a principal, a role that does not exist yet would be refused.
    const fromRole = (statement: Pick<Statement, "Action" | "Resource">): readonly Statement[] =>
      props.publisher === undefined
        ? []
        : [
            {
              Effect: "Allow",
              Principal: { AWS: root },
              Condition: { ArnEquals: { "aws:PrincipalArn": props.publisher } },
              ...statement,
            },
          ];
    const decrypt = { Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" } as const;

    this.key = new KmsKey(this, "kms_key", {
      description: `Encrypts the SNS topic ${name}`,
      enableKeyRotation: true,
      policy: policyDocument([
        {
          Effect: "Allow",
          Principal: { AWS: root },
          Action: "kms:*",
          Resource: "*",
        },
        { ...fromAlarms, ...decrypt },
        ...fromRole(decrypt),
      ]),
      tags: { Name: awsName("tag", ...props.name) },
    });
    this.topic = new SnsTopic(this, "sns_topic", { name, kmsMasterKeyId: this.key.arn });
    const publish = { Action: "sns:Publish", Resource: this.topic.arn } as const;
    this.policy = new SnsTopicPolicy(this, "sns_topic_policy", {
      arn: this.topic.arn,
      policy: policyDocument([{ ...fromAlarms, ...publish }, ...fromRole(publish)]),
    });
    if (props.email !== undefined) {
      new SnsTopicSubscription(this, "email", { topicArn: this.topic.arn, protocol: "email", endpoint: props.email });
    }
  }
}
