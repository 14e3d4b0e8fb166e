import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { awsName } from "../naming";
import { AlarmTopic } from "./alarm-topic";
import { type AlarmSettings } from "./schema";

/** A CloudWatch alarm on one metric, in periods of a minute. */
export interface Alarm {
  /** Also the last part of its Terraform address. */
  readonly id: string;
  /** What happened, and where to look. */
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "Maximum";
  /** When it is raised: at the first such minute, or when there was nothing for so many minutes. */
  readonly when: "any" | { readonly minutesWithout: number };
  /** Whether people are told of its end too. */
  readonly tellsEnd?: true;
}

export interface AlarmsProps {
  /** Words of the alarms' and the topic's names. */
  readonly name: readonly string[];
  readonly alarms: readonly Alarm[];
  readonly topic: AlarmSettings;
}

/** CloudWatch alarms, and where they go. */
export interface RaisedAlarms {
  readonly topicArn: string;
  /** The topic, where it is made here. */
  readonly topic: AlarmTopic | undefined;
  /** The alarms by id. */
  readonly alarms: Readonly<Record<string, CloudwatchMetricAlarm>>;
}

/** Makes alarms in the scope's `alarms` and, where none is named, an encrypted SNS topic for them in its `topic`. */
export function raiseAlarms(scope: Construct, { name, alarms, topic }: AlarmsProps): RaisedAlarms {
  const made = topic.topic ? undefined : new AlarmTopic(scope, "topic", { name, email: topic.create?.email });
  const topicArn = topic.topic?.arn ?? made?.topic.arn ?? "";
  const within = new Construct(scope, "alarms");
  const alarm = ({ id, when, tellsEnd, description, ...metric }: Alarm): CloudwatchMetricAlarm =>
    new CloudwatchMetricAlarm(within, id, {
      alarmName: awsName("alarm", ...name, id.replaceAll("_", "-")),
      alarmDescription: description,
      namespace: metric.namespace,
      metricName: metric.metric,
      dimensions: metric.dimensions,
      statistic: metric.statistic,
      period: 60,
      threshold: 1,
      ...(when === "any"
        ? { evaluationPeriods: 1, comparisonOperator: "GreaterThanOrEqualToThreshold", treatMissingData: "notBreaching" }
        : { evaluationPeriods: when.minutesWithout, comparisonOperator: "LessThanThreshold", treatMissingData: "breaching" }),
      alarmActions: [topicArn],
      ...(tellsEnd ? { okActions: [topicArn] } : {}),
      dependsOn: made ? [made.policy] : [],
    });
  return { topicArn, topic: made, alarms: Object.fromEntries(alarms.map((each) => [each.id, alarm(each)])) };
}
