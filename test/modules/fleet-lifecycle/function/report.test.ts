import { reportTo } from "../../../../modules/fleet-lifecycle/function/report";

const linesOf = (tell: (report: ReturnType<typeof reportTo>) => void): readonly string[] => {
  const lines: string[] = [];
  tell(reportTo("egress", (line) => lines.push(line)));
  return lines;
};

test("a log line is one line of JSON with its level, message, deployment and details", () => {
  const lines = linesOf((report) => {
    report.log("warning", "replaced", { instance: "i-1", why: "two\nlines" });
    report.log("info", "judged");
  });
  expect(lines.join("")).not.toContain("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: "warning", message: "replaced", deployment: "egress", instance: "i-1", why: "two\nlines" },
    { level: "info", message: "judged", deployment: "egress" },
  ]);
});

test.each([
  ["of the deployment", undefined, ["Deployment"]],
  ["of a group", "egress-connectors", ["Deployment", "Group"]],
])("metrics %s are one line in CloudWatch's embedded metric format", (_, group, dimensions) => {
  const values = { Healthy: 3, Unhealthy: 0 };
  const before = Date.now();
  const [text = "", ...more] = linesOf((report) => report.metrics(values, group));
  expect(more).toEqual([]);
  expect(text).not.toContain("\n");
  const line = JSON.parse(text) as { readonly _aws: { readonly Timestamp: number } };
  expect(line._aws.Timestamp).toBeGreaterThanOrEqual(before);
  expect(line._aws.Timestamp).toBeLessThanOrEqual(Date.now());
  const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: "Count" }));
  expect(line).toEqual({
    _aws: {
      Timestamp: line._aws.Timestamp,
      CloudWatchMetrics: [{ Namespace: "Zscaler/FleetLifecycle", Dimensions: [dimensions], Metrics }],
    },
    Deployment: "egress",
    ...(group === undefined ? {} : { Group: group }),
    ...values,
  });
});
