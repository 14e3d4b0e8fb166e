import { type Report } from "./ports";

const namespace = "Zscaler/FleetLifecycle";

/**
 * Lines of JSON on the standard output, from where Lambda brings them to CloudWatch Logs. Lines with metrics have CloudWatch's embedded
 * metric format (Amazon CloudWatch user guide, "Specification: Embedded metric format").
 *
 * @param write gets each line; Lambda's own console would put other words before it, and CloudWatch would not see the metrics
 */
export const reportTo = (deployment: string, write: (line: string) => void): Report => ({
  log: (level, message, details = {}) => write(JSON.stringify({ level, message, deployment, ...details })),
  metrics: (values, group) => {
    const dimensions = { Deployment: deployment, ...(group === undefined ? {} : { Group: group }) };
    const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: "Count" }));
    const CloudWatchMetrics = [{ Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics }];
    write(JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics }, ...dimensions, ...values }));
  },
});
