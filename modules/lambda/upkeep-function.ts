import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { type CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type Alarm, type AlarmTopic, raiseAlarms } from "../alarms";
import { type AlarmSettings } from "../alarms/schema";
import { explain } from "../explanation";
import { jsonDocument, type RoleSettings, ServiceRole, type Statement } from "../iam";
import { awsName } from "../naming";
import { present } from "../validation";
import { functionCode } from "./code";
import { type LambdaSettings } from "./schema";
import { Trigger, type TriggerProps } from "./trigger";

const timeoutSeconds = 180;

/** A pass that starts late would only see what the next one sees. */
const passRetry: TriggerProps["retry"] = { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 };

/** EventBridge's most. */
const mostAttempts = 185;

/** The longest that SQS keeps a message: 14 days. */
const retentionSeconds = 14 * 24 * 3600;

/** AWS advises at least 5, and a visibility timeout of 6 times the function's (Lambda developer guide, "Configuring a queue to use with Lambda"). */
const mostReceives = 5;
const visibilityTimeoutSeconds = 6 * timeoutSeconds;

/** AWS names of what the alarms are about. */
export interface UpkeepNames {
  readonly function: string;
  readonly deadLetterQueue: string;
  readonly removalsDeadLetterQueue: string;
  readonly logGroup: string;
}

export interface UpkeepFunctionProps {
  /** Words of the AWS names: the deployment's, and what the function is. */
  readonly name: readonly [string, string];
  /** Folder of the module with its source, among the modules. */
  readonly module: string;
  readonly description: string;
  /** What the schedule does. */
  readonly pass: string;
  readonly role: { readonly name: string; readonly description: string };
  /** What the function may do besides its queue and its log, by inline policy. Dead letters are removals that failed. */
  readonly policies: (arns: { readonly deadLetters: string }) => Readonly<Record<string, readonly Statement[]>>;
  /** Environment variables of the function. */
  readonly environment: (urls: { readonly removals: string; readonly deadLetters: string }) => Readonly<Record<string, string>>;
  /** Whether removals of a message group are worked off in order and one at a time. */
  readonly removals: { readonly fifo: boolean; readonly explanation: string };
  readonly settings: LambdaSettings & { readonly alarms: AlarmSettings };
  readonly alarms: (names: UpkeepNames) => readonly Alarm[];
  /** What starts the function besides its schedule: an EventBridge pattern, by the last word of the rule's name. */
  readonly events: Readonly<Record<string, { readonly description: string; readonly pattern: object }>>;
  /** For how many seconds an event is tried again, and why. */
  readonly eventAge: { readonly seconds: number; readonly explanation: string };
  readonly iam: RoleSettings | undefined;
}

/**
 * A function that looks after instances: it runs each minute and when one of them ends, and works off a queue of what is then to be removed.
 *
 * Makes a Lambda function with its role and log group, the EventBridge rules that start it, its queue, dead-letter queues, CloudWatch alarms and, where
 * none is named, an encrypted SNS topic for them. The function is in no VPC.
 */
export class UpkeepFunction extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: CloudwatchLogGroup;
  readonly role: ServiceRole;
  /** What is to be removed from the portal. */
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
  /** What the instances must come after and go before. All that is made here stands before it. */
  readonly ready: readonly ITerraformDependable[];

  /** @param upkeep Gets the construct, which its mistakes are told of. */
  constructor(scope: Construct, id: string, upkeep: (construct: Construct) => UpkeepFunctionProps) {
    super(scope, id);
    const props = upkeep(this);
    const { name: words, settings } = props;
    const functionName = awsName("function", ...words);

    this.logGroup = new CloudwatchLogGroup(this, "cloudwatch_log_group", {
      name: awsName("logGroup", `/aws/lambda/${functionName}`),
      retentionInDays: settings.logRetentionDays,
    });
    const queue = (which: string, { fifo, ...more }: { readonly fifo: boolean } & Partial<QueueSettings>): SqsQueue =>
      new SqsQueue(this, which, {
        name: awsName("queue", ...words, `${which.replaceAll("_", "-")}${fifo ? ".fifo" : ""}`),
        ...(fifo ? { fifoQueue: true } : {}),
        ...more,
        sqsManagedSseEnabled: true,
        messageRetentionSeconds: retentionSeconds,
      });
    const { fifo } = props.removals;
    this.deadLetterQueues = { events: queue("dead_letters", { fifo: false }), removals: queue("removals_dead_letters", { fifo }) };
    this.queue = queue("removals", {
      fifo,
      ...(fifo ? { contentBasedDeduplication: false } : {}),
      visibilityTimeoutSeconds,
      redrivePolicy: jsonDocument({ deadLetterTargetArn: this.deadLetterQueues.removals.arn, maxReceiveCount: mostReceives }),
    });
    explain(this.queue, props.removals.explanation);

    this.role = new ServiceRole(this, "role", {
      ...props.role,
      service: "lambda",
      policies: {
        ...props.policies({ deadLetters: this.deadLetterQueues.removals.arn }),
        ...runPolicies({ removals: this.queue.arn, logGroup: this.logGroup.arn, deadLetterQueue: this.deadLetterQueues.events.arn }),
      },
      iam: props.iam,
    });
    this.function = new LambdaFunction(this, "lambda_function", {
      functionName,
      description: props.description,
      role: this.role.role.arn,
      ...functionCode(this, props.module),
      handler: "index.handler",
      runtime: settings.runtime,
      architectures: [settings.architecture],
      memorySize: settings.memory,
      timeout: timeoutSeconds,
      ...present({ reservedConcurrentExecutions: settings.reservedConcurrency }),
      environment: { variables: { ...props.environment({ removals: this.queue.url, deadLetters: this.deadLetterQueues.removals.url }) } },
      deadLetterConfig: { targetArn: this.deadLetterQueues.events.arn },
      // The log group and the queues are before the policies that name them.
      dependsOn: [...this.role.policies],
    });
    explain(this.function, `Its source is modules/${props.module}/function of the package cdktf-zscaler-aws, from which the zip is built.`);
    const { seconds: maximumEventAgeInSeconds } = props.eventAge;
    const invocation = new LambdaFunctionEventInvokeConfig(this, "lambda_function_event_invoke_config", {
      functionName: this.function.functionName,
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds,
    });
    explain(invocation, props.eventAge.explanation);

    const raised = raiseAlarms(this, {
      name: words,
      topic: settings.alarms,
      alarms: props.alarms({
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
    this.triggers = [
      trigger("schedule", props.pass, { scheduleExpression: "rate(1 minute)" }, passRetry),
      ...Object.entries(props.events).map(([which, { description, pattern }]) =>
        trigger(
          which,
          description,
          { eventPattern: jsonDocument(pattern) },
          { maximumRetryAttempts: mostAttempts, maximumEventAgeInSeconds },
        ),
      ),
    ];
    this.ready = [this.eventSourceMapping, ...this.triggers.map(({ target }) => target)];
  }
}

interface QueueSettings {
  readonly contentBasedDeduplication: boolean;
  readonly visibilityTimeoutSeconds: number;
  readonly redrivePolicy: string;
}

/** What such a function needs to run at all. */
const runPolicies = (arns: {
  readonly removals: string;
  readonly logGroup: string;
  readonly deadLetterQueue: string;
}): Readonly<Record<string, readonly Statement[]>> => ({
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
