/** What a function tells people, each once where it happens. */
export interface Report {
  /** One line of the log. */
  log(level: "info" | "warning" | "error", message: string, details?: Readonly<Record<string, unknown>>): void;
  /** Metrics of the deployment, or of one of its parts. */
  metrics(values: Readonly<Record<string, number>>, part?: string): void;
}

interface ReportProps {
  /** Of the metrics. */
  readonly namespace: string;
  /** Name of the deployment: the dimension of every metric. */
  readonly deployment: string;
  /** The dimension of metrics of a part. @default no metrics are of a part */
  readonly part?: string;
  /** Metrics that count nothing. @default all are counts */
  readonly uncounted?: readonly string[];
}

/**
 * Lines of JSON on the standard output, from where Lambda brings them to CloudWatch Logs. Lines with metrics have CloudWatch's embedded
 * metric format (Amazon CloudWatch user guide, "Specification: Embedded metric format").
 *
 * @param write gets each line; Lambda's own console would put other words before it, and CloudWatch would not see the metrics
 */
export const reportTo = (
  { namespace, deployment, part: partName, uncounted = [] }: ReportProps,
  write: (line: string) => void,
): Report => ({
  log: (level, message, details = {}) => write(JSON.stringify({ level, message, deployment, ...details })),
  metrics: (values, part) => {
    const dimensions = { Deployment: deployment, ...(part === undefined || partName === undefined ? {} : { [partName]: part }) };
    const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: uncounted.includes(Name) ? "None" : "Count" }));
    const CloudWatchMetrics = [{ Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics }];
    write(JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics }, ...dimensions, ...values }));
  },
});
