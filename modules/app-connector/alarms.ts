import { type Alarm, functionAlarms, messagesIn } from "../alarms";
import { type UpkeepNames } from "../lambda";

/** What people are told about by the function that looks after App Connectors: its metrics are those that it writes into its log. */
export function upkeepAlarms(
  names: UpkeepNames & { readonly deployment: string },
  settings: {
    readonly enrollMinutes: number;
    readonly agentMinutes: number;
    readonly enrollment: "key" | "oauth";
    /** Whether ended App Connectors are removed from ZPA. */
    readonly removes: boolean;
  },
): readonly Alarm[] {
  const log = `See the log group ${names.logGroup}.`;
  const own = { namespace: "Zscaler/AppConnectors", dimensions: { Deployment: names.deployment }, when: "any" } as const;
  return [
    {
      ...own,
      id: "not_enrolled",
      metric: "NotEnrolled",
      statistic: "Maximum",
      description: `An instance runs for ${settings.enrollMinutes} minutes and is no App Connector of ZPA yet. Look at the journal of its unit zscaler-enroll, and at the uses that the provisioning key has left. ${log}`,
      tellsEnd: true,
    },
    {
      ...own,
      id: "no_agent",
      metric: "NoAgent",
      statistic: "Maximum",
      description: `An instance runs for ${settings.agentMinutes} minutes, and Systems Manager does not reach it: neither Session Manager nor the documents work there. ${log}`,
      tellsEnd: true,
    },
    ...(settings.removes ? removalAlarms(own, log) : []),
    ...(settings.enrollment === "oauth" ? codeAlarms(own, log) : []),
    {
      ...own,
      id: "failed_calls",
      metric: "FailedCalls",
      statistic: "Sum",
      description: `AWS refused a call of the function, or did not answer. ${log}`,
    },
    {
      ...own,
      id: "heartbeat",
      metric: "Heartbeat",
      statistic: "Sum",
      when: { minutesWithout: 3 },
      description: `For three minutes nobody has looked at the App Connectors: the function does not run. Look at its schedule and its errors. ${log}`,
      tellsEnd: true,
    },
    ...functionAlarms(names, log),
    {
      ...messagesIn(names.removalsDeadLetterQueue),
      id: "removals_dead_letters",
      description: `App Connectors whose instances ended may still be in ZPA: the queue ${names.removalsDeadLetterQueue} names them. ${log} Remove there by hand what has no id in its message; when ZPA takes removals again, redrive the others.`,
    },
  ];
}

type Own = Pick<Alarm, "namespace" | "dimensions" | "when">;

const removalAlarms = (own: Own, log: string): readonly Alarm[] => [
  {
    ...own,
    id: "unknown_app_connectors",
    metric: "UnknownAppConnectors",
    statistic: "Sum",
    description: `An instance ended that had published no App Connector's id, so its record may be left in ZPA. Remove it there. ${log}`,
  },
  {
    ...own,
    id: "removal_failures",
    metric: "RemovalFailures",
    statistic: "Sum",
    description: `An App Connector whose instance ends could not be disabled in ZPA or removed from it. It is tried again. Look at ZPA, and at the secret of the API client. ${log}`,
  },
];

const codeAlarms = (own: Own, log: string): readonly Alarm[] => [
  {
    ...own,
    id: "expired_codes",
    metric: "ExpiredCodes",
    statistic: "Sum",
    description: `A code that an instance showed was not registered in time. The instance has to show another: restart its unit zscaler-enroll, or replace it. ${log}`,
  },
  {
    ...own,
    id: "registration_failures",
    metric: "RegistrationFailures",
    statistic: "Sum",
    description: `ZPA did not take a code that an instance shows. It is tried again. Look at ZPA, at the group's id and at the secret of the API client. ${log}`,
  },
];

interface Load {
  readonly cpuPercent: number;
  readonly cpuMinutes: number;
}

/** Without detailed monitoring EC2 measures every five minutes (EC2 user guide, "Manage detailed monitoring for your EC2 instances"). */
const everyMinutes = 5;

const cpu = (id: string, dimensions: Readonly<Record<string, string>>, of: string, { cpuPercent, cpuMinutes }: Load): Alarm => ({
  id,
  namespace: "AWS/EC2",
  metric: "CPUUtilization",
  dimensions,
  statistic: "Average",
  everyMinutes,
  when: { above: cpuPercent, minutes: cpuMinutes },
  description: `For ${cpuMinutes} minutes the CPU of ${of} is high. Add App Connectors rather than larger ones.`,
  tellsEnd: true,
});

/** What people are told about the instances of a fixed number, by what AWS itself measures. */
export const instanceAlarms = (instanceIds: Readonly<Record<string, string>>, load: Load): readonly Alarm[] =>
  Object.entries(instanceIds).map(([key, id]) => cpu(`cpu_${key.replaceAll("-", "_")}`, { InstanceId: id }, `App Connector ${key}`, load));

/** What people are told about an Auto Scaling group, by what AWS itself measures. */
export const groupAlarms = (group: { readonly name: string; readonly min: number }, load: Load): readonly Alarm[] => {
  const dimensions = { AutoScalingGroupName: group.name };
  return [
    cpu("cpu", dimensions, `the group ${group.name} on average`, load),
    {
      id: "below_minimum",
      namespace: "AWS/AutoScaling",
      metric: "GroupInServiceInstances",
      dimensions,
      statistic: "Average",
      when: { below: group.min, minutes: 15 },
      description: `For 15 minutes fewer than ${group.min} App Connectors of the group ${group.name} are in service. Look at the group's activities, and at instances that do not enroll.`,
      tellsEnd: true,
    },
  ];
};
