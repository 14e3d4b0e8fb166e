import { CloudwatchEventRule, type CloudwatchEventRuleConfig } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { type LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { jsonDocument } from "../iam";
import { awsName } from "../naming";

/** An event that starts the function a minute late would only say what the next run sees by itself. */
export const eventAge = { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 } as const;

export interface TriggerProps {
  /** Words of the rule's name. */
  readonly name: readonly string[];
  readonly description: string;
  readonly on: Pick<CloudwatchEventRuleConfig, "scheduleExpression"> | Pick<CloudwatchEventRuleConfig, "eventPattern">;
  readonly function: LambdaFunction;
  /** What must stand before the first event. */
  readonly after: readonly ITerraformDependable[];
}

/** An EventBridge rule that starts a function, and its permission to. */
export class Trigger extends Construct {
  readonly rule: CloudwatchEventRule;
  readonly target: CloudwatchEventTarget;

  constructor(scope: Construct, id: string, props: TriggerProps) {
    super(scope, id);
    this.rule = new CloudwatchEventRule(this, "cloudwatch_event_rule", {
      name: awsName("eventRule", ...props.name),
      description: props.description,
      ...props.on,
    });
    const permission = new LambdaPermission(this, "lambda_permission", {
      statementId: id,
      action: "lambda:InvokeFunction",
      functionName: props.function.functionName,
      principal: "events.amazonaws.com",
      sourceArn: this.rule.arn,
    });
    this.target = new CloudwatchEventTarget(this, "cloudwatch_event_target", {
      rule: this.rule.name,
      targetId: "function",
      arn: props.function.arn,
      retryPolicy: eventAge,
      dependsOn: [permission, ...props.after],
    });
  }
}

/** An event pattern takes 2,048 characters (EventBridge quotas), an instance's id 22 with what stands around it. */
const instancesInPattern = 80;

/** The patterns of EC2's events of these instances' ends: as few as take them all. */
export const instancePatterns = (instanceIds: readonly string[]): readonly string[] =>
  Array.from({ length: Math.ceil(instanceIds.length / instancesInPattern) }, (_, index) =>
    jsonDocument({
      source: ["aws.ec2"],
      "detail-type": ["EC2 Instance State-change Notification"],
      detail: {
        "instance-id": instanceIds.slice(index * instancesInPattern, (index + 1) * instancesInPattern),
        state: ["shutting-down", "terminated", "stopping", "stopped"],
      },
    }),
  );
