import { reportTo } from "../../../../modules/app-connector/function/report";

test("metrics are of the deployment", () => {
  const lines: string[] = [];
  reportTo("edge", (line) => lines.push(line)).metrics({ NotEnrolled: 2, Heartbeat: 1 });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      _aws: {
        Timestamp: expect.any(Number) as unknown,
        CloudWatchMetrics: [
          {
            Namespace: "Zscaler/AppConnectors",
            Dimensions: [["Deployment"]],
            Metrics: [
              { Name: "NotEnrolled", Unit: "Count" },
              { Name: "Heartbeat", Unit: "Count" },
            ],
          },
        ],
      },
      Deployment: "edge",
      NotEnrolled: 2,
      Heartbeat: 1,
    },
  ]);
});
