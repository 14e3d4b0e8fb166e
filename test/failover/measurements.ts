import { type Drill } from "./drills";

/** A row of the matrix after its plays. */
export interface Measurement extends Pick<Drill, "fault" | "happens" | "ofOneConnector" | "limit"> {
  readonly runs: number;
  /** Seconds from the fault to the last route moved, of each play. None where no route had to be moved. */
  readonly seconds: readonly number[];
}

/** The smallest of the values that so many of them do not exceed: 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** The times of all deaths of one connector. */
export const promisedTimes = (measurements: readonly Measurement[]): readonly number[] =>
  measurements.filter(({ ofOneConnector }) => ofOneConnector).flatMap(({ seconds }) => seconds);

/** The table's rows, with figures in seconds. */
export const measurementRows = (measurements: readonly Measurement[]) =>
  measurements.map(({ fault, happens, ofOneConnector, limit, runs, seconds }) => ({
    fault,
    happens,
    ofOneConnector,
    limit,
    runs,
    ...(seconds.length > 0 ? { median: quantile(seconds, 0.5), worst: Math.max(...seconds) } : {}),
  }));

const inSeconds = (value: number | undefined): string => (value === undefined ? "–" : `${value.toFixed(1)} s`);

/** The matrix as text: a line for each fault, and one for all deaths of one connector. */
export function measurementTable(measurements: readonly Measurement[]): string {
  const all = promisedTimes(measurements);
  const rows: readonly (readonly string[])[] = [
    ["fault", "what happens", "runs", "median", "worst"],
    ...measurementRows(measurements).map(({ fault, happens, runs, median, worst }) => [
      fault,
      happens,
      String(runs),
      inSeconds(median),
      inSeconds(worst),
    ]),
    [
      "all deaths of one connector",
      `95 % within ${inSeconds(quantile(all, 0.95))}`,
      String(all.length),
      ...[quantile(all, 0.5), Math.max(0, ...all)].map(inSeconds),
    ],
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
