import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { type CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Fn, type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { type z } from "zod";
import { type AlarmTopic, raiseAlarms } from "../alarms";
import { fleetConnectorSettings } from "../cloud-connector/schema";
import { explain } from "../explanation";
import { composedArn, jsonDocument, type RoleSettings, ServiceRole } from "../iam";
import { functionCode, Trigger, type TriggerProps } from "../lambda";
import { awsName } from "../naming";
import { checkSettings, isToken, orToken, present, refusal } from "../validation";
import { fleetAlarms } from "./alarms";
import { environmentNames, type FleetDocument } from "./function/document";
import { rolePolicies } from "./role-policies";
import { autoScalingSettings, type AutoScalingSettings } from "./schema";

const { provisioningUrl } = fleetConnectorSettings(orToken).shape;
const schema = autoScalingSettings(orToken).safeExtend({ provisioningUrl });
type Settings = z.output<typeof schema>;

const timeoutSeconds = 180;

/** A pass that starts late would only see what the next one sees. */
const passRetry: TriggerProps["retry"] = { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 };

/** An end is noted late rather than never: the connector is to be removed from the portal even when its instance waits no more. */
const shortestEndAgeSeconds = 900;

/** The longest that SQS keeps a message: 14 days. */
const retentionSeconds = 14 * 24 * 3600;

/** AWS advises at least 5, and a visibility timeout of 6 times the function's (Lambda developer guide, "Configuring a queue to use with Lambda"). */
const mostReceives = 5;
const visibilityTimeoutSeconds = 6 * timeoutSeconds;

export interface FleetFunctionProps extends Pick<
  AutoScalingSettings,
  "health" | "terminateHookSeconds" | "alarms" | "runtime" | "architecture" | "memory" | "logRetentionDays" | "reservedConcurrency"
> {
  /** First words of every AWS name. */
  readonly name: string;
  /** Names of the Auto Scaling groups. They are made after the function, so none of their attributes will do. */
  readonly groupNames: readonly string[];
  /** With which connectors enroll: its host is that of the Zscaler portal. */
  readonly provisioningUrl: string;
  /** ARN of the secret with `api_key`, `username` and `password` of the portal. */
  readonly secretArn: string;
  /** ARN of the key that encrypts the secret. @default the account's default key */
  readonly secretKmsKeyArn?: string | undefined;
  /** @default path "/", no boundary */
  readonly iam?: RoleSettings | undefined;
}

/**
 * Looks after the connectors of Auto Scaling groups: has unhealthy ones replaced, lets instances end, and removes their connectors from the
 * Zscaler portal.
 *
 * Makes a Lambda function with its role and log group, the EventBridge rules that start it each minute and when an instance of a group ends, a
 * FIFO queue of removals that it works off, dead-letter queues, CloudWatch alarms and, where none is named, an encrypted SNS topic for them. The
 * function is in no VPC: it reaches AWS and the portal over the internet.
 *
 * @throws When a setting is wrong: all mistakes at once. When the function's code is not built.
 */
export class FleetFunction extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: CloudwatchLogGroup;
  readonly role: ServiceRole;
  /** Connectors that are to be removed from the portal. */
  readonly queue: SqsQueue;
  /** Takes the removals from the queue to the function. */
  readonly eventSourceMapping: LambdaEventSourceMapping;
  readonly deadLetterQueues: {
    /** Events of runs that failed. */
    readonly events: SqsQueue;
    /** Removals that failed each time. */
    readonly removals: SqsQueue;
  };
  readonly alarmTopicArn: string;
  /** The topic, where it is made here. */
  readonly alarmTopic: AlarmTopic | undefined;
  readonly alarms: Readonly<Record<string, CloudwatchMetricAlarm>>;
  /** What starts the function. */
  readonly triggers: readonly Trigger[];
  /** What the groups must come after and go before. All that is made here stands before it. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: FleetFunctionProps) {
    super(scope, id);
    const settings = checkSettings(this, schema, props);
    if (props.groupNames.length === 0)
      throw refusal(this, [{ at: ["groupNames"], problem: "groupNames is empty", fix: "give the name of an Auto Scaling group" }]);

    const words = [props.name, "fleet"] as const;
    const functionName = awsName("function", ...words);

    this.logGroup = new CloudwatchLogGroup(this, "cloudwatch_log_group", {
      name: awsName("logGroup", `/aws/lambda/${functionName}`),
      retentionInDays: settings.logRetentionDays,
    });
    const kept = { sqsManagedSseEnabled: true, messageRetentionSeconds: retentionSeconds };
    this.deadLetterQueues = {
      events: new SqsQueue(this, "dead_letters", { name: awsName("queue", ...words, "dead-letters"), ...kept }),
      removals: new SqsQueue(this, "removals_dead_letters", {
        name: awsName("queue", ...words, "removals-dead-letters.fifo"),
        fifoQueue: true,
        ...kept,
      }),
    };
    this.queue = new SqsQueue(this, "removals", {
      name: awsName("queue", ...words, "removals.fifo"),
      fifoQueue: true,
      contentBasedDeduplication: false,
      visibilityTimeoutSeconds,
      redrivePolicy: jsonDocument({ deadLetterTargetArn: this.deadLetterQueues.removals.arn, maxReceiveCount: mostReceives }),
      ...kept,
    });
    explain(
      this.queue,
      "Connectors whose instances ended, to be removed from the Zscaler portal: one run at a time works on a message group.",
    );

    this.role = new ServiceRole(this, "role", {
      name: words.join("-"),
      description: `Fleet function of ${props.name}`,
      service: "lambda",
      policies: rolePolicies({
        groups: props.groupNames.map((group) => composedArn(this, "autoscaling", `autoScalingGroup:*:autoScalingGroupName/${group}`)),
        secret: props.secretArn,
        secretKey: props.secretKmsKeyArn,
        removals: this.queue.arn,
        logGroup: this.logGroup.arn,
        deadLetterQueue: this.deadLetterQueues.events.arn,
      }),
      iam: props.iam,
    });

    this.function = new LambdaFunction(this, "lambda_function", {
      functionName,
      description: `Looks after the connectors of ${props.name}`,
      role: this.role.role.arn,
      ...functionCode(this, "fleet-lifecycle"),
      handler: "index.handler",
      runtime: settings.runtime,
      architectures: [settings.architecture],
      memorySize: settings.memory,
      timeout: timeoutSeconds,
      ...present({ reservedConcurrentExecutions: settings.reservedConcurrency }),
      environment: { variables: { [environmentNames.document]: jsonDocument(fleetDocument(props, settings, this.queue.url)) } },
      deadLetterConfig: { targetArn: this.deadLetterQueues.events.arn },
      // The log group and the queues are before the policies that name them.
      dependsOn: [...this.role.policies],
    });
    explain(this.function, "Its source is modules/fleet-lifecycle/function of the package cdktf-zscaler-aws, from which the zip is built.");
    const endAge = longest(shortestEndAgeSeconds, settings.terminateHookSeconds);
    const invocation = new LambdaFunctionEventInvokeConfig(this, "lambda_function_event_invoke_config", {
      functionName: this.function.functionName,
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: endAge,
    });
    explain(invocation, "An instance that ends waits for its event: a run that fails is tried again as long as it waits.");

    const raised = raiseAlarms(this, {
      name: words,
      topic: settings.alarms,
      alarms: fleetAlarms({
        deployment: props.name,
        function: functionName,
        deadLetterQueue: this.deadLetterQueues.events.name,
        removalsDeadLetterQueue: this.deadLetterQueues.removals.name,
        logGroup: this.logGroup.name,
      }),
    });
    this.alarmTopicArn = raised.topicArn;
    this.alarmTopic = raised.topic;
    this.alarms = raised.alarms;

    const after = [invocation, ...Object.values(this.alarms)];
    this.eventSourceMapping = new LambdaEventSourceMapping(this, "lambda_event_source_mapping", {
      eventSourceArn: this.queue.arn,
      functionName: this.function.arn,
      batchSize: 10,
      functionResponseTypes: ["ReportBatchItemFailures"],
      // The fewest that Lambda takes: removals leave the account's concurrent runs to the passes.
      scalingConfig: { maximumConcurrency: 2 },
      dependsOn: after,
    });

    const trigger = (which: string, description: string, on: TriggerProps["on"], retry: TriggerProps["retry"]): Trigger =>
      new Trigger(this, which, { name: [...words, which], description, on, function: this.function, retry, after });
    const ending = (which: string, description: string, detailType: string): Trigger =>
      trigger(
        which,
        description,
        {
          eventPattern: jsonDocument({
            source: ["aws.autoscaling"],
            "detail-type": [detailType],
            detail: { AutoScalingGroupName: props.groupNames },
          }),
        },
        // EventBridge's most.
        { maximumRetryAttempts: 185, maximumEventAgeInSeconds: endAge },
      );
    this.triggers = [
      trigger("schedule", `Judges the connectors of ${props.name}`, { scheduleExpression: "rate(1 minute)" }, passRetry),
      ending("terminating", `A connector of ${props.name} is about to end`, "EC2 Instance-terminate Lifecycle Action"),
      ending("terminated", `A connector of ${props.name} has ended`, "EC2 Instance Terminate Successful"),
    ];
    this.ready = [this.eventSourceMapping, ...this.triggers.map(({ target }) => target)];
  }
}

/** The larger of two numbers, of which one may be known only at deployment. */
const longest = (one: number, other: number): number => (isToken(other) ? Fn.max([one, other]) : Math.max(one, other));

/** What the function is told. */
function fleetDocument(props: FleetFunctionProps, { health, provisioningUrl }: Settings, queue: string): FleetDocument {
  return {
    name: props.name,
    groups: [...props.groupNames],
    // In a text, of all tokens only those of numbers stand without quotation marks.
    health: { ...health, paused: isToken(health.paused) ? (Token.asNumber(health.paused) as unknown as boolean) : health.paused },
    portal: { host: hostOf(provisioningUrl), secret: props.secretArn },
    queue,
  };
}

/** What stands before the first slash: the portal gives its URLs without a scheme. */
const hostOf = (url: string): string => (isToken(url) ? Token.asString(Fn.element(Fn.split("/", url), 0)) : url.replace(/\/.*$/, ""));
