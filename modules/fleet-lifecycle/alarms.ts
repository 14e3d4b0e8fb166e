import { type Alarm, functionAlarms, messagesIn } from "../alarms";
import { type UpkeepNames } from "../lambda";

/** What people are told about. The metrics of the deployment are those that the function writes into its log. */
export function fleetAlarms(names: UpkeepNames & { readonly deployment: string }): readonly Alarm[] {
  const log = `See the log group ${names.logGroup}.`;
  const own = { namespace: "Zscaler/FleetLifecycle", dimensions: { Deployment: names.deployment }, when: "any" } as const;
  return [
    {
      ...own,
      id: "unhealthy",
      metric: "Unhealthy",
      statistic: "Maximum",
      description: `A connector is unhealthy. Its group replaces it, unless that is paused or held back. ${log}`,
      tellsEnd: true,
    },
    {
      ...own,
      id: "degraded",
      metric: "Degraded",
      statistic: "Maximum",
      description: `Some of a connector's services are unhealthy. ${log}`,
      tellsEnd: true,
    },
    {
      ...own,
      id: "held_back",
      metric: "HeldBack",
      statistic: "Maximum",
      description: `An unhealthy connector is not replaced: too much of its group is unhealthy, launching or ending. Look at what the connectors have in common, and at their metrics. ${log}`,
      tellsEnd: true,
    },
    {
      ...own,
      id: "removal_failures",
      metric: "RemovalFailures",
      statistic: "Sum",
      description: `A connector that ended could not be removed from the Zscaler portal. It is tried again. Look at the portal, and at the secret. ${log}`,
    },
    {
      ...own,
      id: "unidentified_connectors",
      metric: "UnidentifiedConnectors",
      statistic: "Sum",
      description: `An instance ended whose connector reported no metrics, so its record may be left in the Zscaler portal. Remove it there. ${log}`,
    },
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
      description: `For three minutes nobody has judged the fleet: the function does not run, or cannot see a group. Look at its schedule and its errors. ${log}`,
      tellsEnd: true,
    },
    ...functionAlarms(names, log),
    {
      ...messagesIn(names.removalsDeadLetterQueue),
      id: "removals_dead_letters",
      description: `Connectors that ended are still in the Zscaler portal: the queue ${names.removalsDeadLetterQueue} names them. ${log} When the portal takes removals again, redrive the queue.`,
    },
  ];
}
