import { type Measurements } from "../../docs/measurement-table";
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

/** All figures, as the documentation keeps them. */
export const measurementReport = (measurements: readonly Measurement[]): Measurements => {
  const all = promisedTimes(measurements);
  return {
    rows: measurements.map(({ fault, happens, runs, seconds }) => ({
      fault,
      happens,
      runs,
      ...(seconds.length > 0 ? { median: quantile(seconds, 0.5), worst: Math.max(...seconds) } : {}),
    })),
    deaths: { count: all.length, median: quantile(all, 0.5), nineteenOfTwenty: quantile(all, 0.95), worst: Math.max(0, ...all) },
  };
};
