import { CloudwatchEventRule, type CloudwatchEventRuleConfig } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { type LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { awsName } from "../naming";

export interface TriggerProps {
  /** Words of the rule's name. */
  readonly name: readonly string[];
  readonly description: string;
  readonly on: Pick<CloudwatchEventRuleConfig, "scheduleExpression"> | Pick<CloudwatchEventRuleConfig, "eventPattern">;
  readonly function: LambdaFunction;
  /** For how long, and how often, an event is tried again that could not be delivered. */
  readonly retry: { readonly maximumRetryAttempts: number; readonly maximumEventAgeInSeconds: number };
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
      retryPolicy: props.retry,
      dependsOn: [permission, ...props.after],
    });
  }
}
