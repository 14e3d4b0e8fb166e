/** What the tests of the failover function measured. Times are seconds. */
export interface Measurements {
  readonly rows: readonly {
    readonly fault: string;
    readonly happens: string;
    readonly runs: number;
    /** None where no route had to be moved. */
    readonly median?: number;
    readonly worst?: number;
  }[];
  /** All deaths of one connector together. */
  readonly deaths: { readonly count: number; readonly median: number; readonly nineteenOfTwenty: number; readonly worst: number };
}

const seconds = (value: number | undefined): string => (value === undefined ? "" : `${value.toFixed(1)} s`);

/** The measurements as a Markdown table. */
export const measurementTable = ({ rows, deaths }: Measurements): string =>
  [
    "| Fault | What happens | Runs | Median | Worst |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row.fault} | ${row.happens} | ${row.runs} | ${seconds(row.median)} | ${seconds(row.worst)} |`),
    `| **all deaths of one connector** | **95 % within ${seconds(deaths.nineteenOfTwenty)}** | ${deaths.count} | ${seconds(deaths.median)} | ${seconds(deaths.worst)} |`,
  ].join("\n");
