import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { awsName } from "../naming";
import { AlarmTopic } from "./alarm-topic";
import { type AlarmSettings } from "./schema";

/** When an alarm is raised: at the first such minute, when there was nothing for so many minutes, or when a value was too high or low for so long. */
type When =
  | "any"
  | { readonly minutesWithout: number }
  | { readonly above: number; readonly minutes: number }
  | { readonly below: number; readonly minutes: number };

/** A CloudWatch alarm on one metric. */
export interface Alarm {
  /** Also the last part of its Terraform address. */
  readonly id: string;
  /** What happened, and where to look. */
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "Maximum" | "Average";
  /** How often the metric comes, in minutes. @default 1 */
  readonly everyMinutes?: number;
  readonly when: When;
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

/** What CloudWatch compares, and for how many periods. Only where silence is the alarm does a missing value mean something. */
function comparison(when: When, everyMinutes: number) {
  const periods = (minutes: number): number => Math.ceil(minutes / everyMinutes);
  const seen = { treatMissingData: "notBreaching" };
  if (when === "any") return { threshold: 1, evaluationPeriods: 1, comparisonOperator: "GreaterThanOrEqualToThreshold", ...seen };
  if ("minutesWithout" in when) {
    return {
      threshold: 1,
      evaluationPeriods: periods(when.minutesWithout),
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
    };
  }
  const evaluationPeriods = periods(when.minutes);
  return "above" in when
    ? { threshold: when.above, evaluationPeriods, comparisonOperator: "GreaterThanThreshold", ...seen }
    : { threshold: when.below, evaluationPeriods, comparisonOperator: "LessThanThreshold", ...seen };
}

/** Makes alarms in the scope's `alarms` and, where none is named, an encrypted SNS topic for them in its `topic`. */
export function raiseAlarms(scope: Construct, { name, alarms, topic }: AlarmsProps): RaisedAlarms {
  const made = topic.topic ? undefined : new AlarmTopic(scope, "topic", { name, email: topic.create?.email });
  const topicArn = topic.topic?.arn ?? made?.topic.arn ?? "";
  const within = new Construct(scope, "alarms");
  const alarm = ({ id, when, tellsEnd, description, everyMinutes = 1, ...metric }: Alarm): CloudwatchMetricAlarm =>
    new CloudwatchMetricAlarm(within, id, {
      alarmName: awsName("alarm", ...name, id.replaceAll("_", "-")),
      alarmDescription: description,
      namespace: metric.namespace,
      metricName: metric.metric,
      dimensions: metric.dimensions,
      statistic: metric.statistic,
      period: 60 * everyMinutes,
      ...comparison(when, everyMinutes),
      alarmActions: [topicArn],
      ...(tellsEnd ? { okActions: [topicArn] } : {}),
      dependsOn: made ? [made.policy] : [],
    });
  return { topicArn, topic: made, alarms: Object.fromEntries(alarms.map((each) => [each.id, alarm(each)])) };
}
