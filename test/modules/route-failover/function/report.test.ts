import { reportTo } from "../../../../modules/route-failover/function/report";

interface EmbeddedMetrics {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

const linesOf = (tell: (report: ReturnType<typeof reportTo>) => void): readonly string[] => {
  const lines: string[] = [];
  tell(reportTo("egress", (line) => lines.push(line)));
  return lines;
};

test("a log line is one line of JSON with its level, message, deployment and details", () => {
  const lines = linesOf((report) => {
    report.log("warning", "route moved", { table: "rtb-1", why: "two\nlines" });
    report.log("info", "watching");
  });
  expect(lines.join("")).not.toContain("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: "warning", message: "route moved", deployment: "egress", table: "rtb-1", why: "two\nlines" },
    { level: "info", message: "watching", deployment: "egress" },
  ]);
});

test.each([
  ["of the deployment", undefined, { ForeignRoutes: 0, MissingRoutes: 2 }, ["Deployment"], "Count"],
  ["of a connector", "a-1", { ConnectorHealth: 1 }, ["Deployment", "Connector"], "None"],
])("metrics %s are one line in CloudWatch's embedded metric format", (_, connector, values, dimensions, unit) => {
  const before = Date.now();
  const lines = linesOf((report) => report.metrics(values, connector));
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain("\n");
  const line = JSON.parse(lines[0] ?? "") as EmbeddedMetrics & Readonly<Record<string, unknown>>;
  expect(Number.isSafeInteger(line._aws.Timestamp)).toBe(true);
  expect(line._aws.Timestamp).toBeGreaterThanOrEqual(before);
  expect(line._aws.Timestamp).toBeLessThanOrEqual(Date.now());
  const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: unit }));
  expect(line._aws.CloudWatchMetrics).toEqual([{ Namespace: "Zscaler/RouteFailover", Dimensions: [dimensions], Metrics }]);
  // Each dimension is a text and each metric a number at the root, by the specification.
  expect(line).toMatchObject({ Deployment: "egress", ...(connector === undefined ? {} : { Connector: connector }), ...values });
  expect(Object.keys(line).sort()).toEqual(["_aws", ...dimensions, ...Object.keys(values)].sort());
});
