import { measurementTable } from "../../docs/measurement-table";
import { type Measurement, measurementReport, promisedTimes, quantile } from "./measurements";

const measurement = (fault: string, seconds: readonly number[], ofOneConnector: boolean): Measurement => ({
  fault,
  happens: "it ends",
  ofOneConnector,
  limit: 6,
  runs: 4,
  seconds,
});
const made = [measurement("refused", [3, 1, 2, 4], true), measurement("paused", [], false), measurement("throttled", [9], false)];

test("of values in any order, a quantile is the smallest that so many do not exceed", () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([0.01, 0.5, 0.95, 1].map((share) => quantile(values, share))).toEqual([1, 50, 95, 100]);
  expect(quantile([7], 0.95)).toBe(7);
});

test("only deaths of one connector are promised a time", () => {
  expect(promisedTimes(made)).toEqual([3, 1, 2, 4]);
});

test("a row has its median and worst, and neither where nothing had to be moved", () => {
  const { rows } = measurementReport(made);
  expect(rows).toMatchObject([{ median: 2, worst: 4 }, { fault: "paused" }, { median: 9, worst: 9 }]);
  expect(rows[1]).not.toHaveProperty("median");
});

test("the table", () => {
  expect(measurementTable(measurementReport(made)).split("\n")).toEqual([
    "| Fault | What happens | Runs | Median | Worst |",
    "| --- | --- | --- | --- | --- |",
    "| refused | it ends | 4 | 2.0 s | 4.0 s |",
    "| paused | it ends | 4 |  |  |",
    "| throttled | it ends | 4 | 9.0 s | 9.0 s |",
    "| **all deaths of one connector** | **95 % within 4.0 s** | 4 | 2.0 s | 4.0 s |",
  ]);
});
