import { type Alarm, functionAlarms } from "../alarms";

/** What people are told about. The metrics of the deployment are those that the function writes into its log. */
export function failoverAlarms(names: {
  readonly deployment: string;
  readonly function: string;
  readonly deadLetterQueue: string;
  readonly logGroup: string;
}): readonly Alarm[] {
  const log = `See the log group ${names.logGroup}.`;
  const own = { namespace: "Zscaler/RouteFailover", dimensions: { Deployment: names.deployment }, when: "any" } as const;
  return [
    {
      ...own,
      id: "failovers",
      metric: "Failovers",
      statistic: "Sum",
      description: `A connector died, and a route of its was moved to another. ${log}`,
    },
    {
      ...own,
      id: "failed_replacements",
      metric: "FailedReplacements",
      statistic: "Sum",
      description: `A route could not be moved: EC2 refused or did not answer. Its traffic may be lost. ${log}`,
    },
    {
      ...own,
      id: "foreign_routes",
      metric: "ForeignRoutes",
      statistic: "Maximum",
      description: `A route leads to something that is no connector of the deployment. It is left as it is and does not fail over. ${log}`,
    },
    {
      ...own,
      id: "missing_routes",
      metric: "MissingRoutes",
      statistic: "Maximum",
      description: `A route is gone from its table. Terraform makes it again. ${log}`,
    },
    {
      ...own,
      id: "all_dead",
      metric: "AllDead",
      statistic: "Maximum",
      description: `No connector answers health probes. Look at the connectors, and at what lies between them and the function. ${log}`,
      tellsEnd: true,
    },
    {
      ...own,
      id: "heartbeat",
      metric: "Heartbeat",
      statistic: "Sum",
      when: { minutesWithout: 3 },
      description: `For three minutes nobody has watched the connectors: the function does not run, or cannot see the routes. Look at its schedule and its errors. ${log}`,
      tellsEnd: true,
    },
    ...functionAlarms(names, log),
  ];
}
