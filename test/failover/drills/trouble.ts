import { type Stage } from "../stage";
import { drill, type Drill, homesOf, nextLook, promised, refusing } from "./drill";

/** The connector a-1 refuses, and something is wrong with AWS as well. */
const deathInTrouble = (fault: string, happens: string, limit: number, begin: (stage: Stage) => unknown): Drill =>
  drill(
    fault,
    happens,
    async (stage) => {
      await stage.watch();
      const strike = (): void => {
        begin(stage);
        stage.connector("a-1").refuse();
      };
      return stage.measure(strike, homesOf(stage, "a-1", "b-1"), { within: limit });
    },
    { limit, repetitions: 3 },
  );

const troubledSeconds = 3;

/** Ends a rule some seconds after the first call that it meets. */
const forAWhile = (stage: Stage, action: string, begin: () => () => void): void => {
  const { calls } = stage.aws;
  const before = calls.length;
  const end = begin();
  const isMet = (): boolean => calls.slice(before).some((call) => call.action === action);
  void stage.until(`a call of ${action}`, isMet, promised).then(() => setTimeout(end, 1000 * troubledSeconds), end);
};

const deniedTable = "workload-a";

const denied = drill(
  "refused, ReplaceRoute denied for one table",
  "the other tables' routes move; it is told and tried again",
  async (stage) => {
    const { aws, world } = stage;
    await stage.watch();
    const all = Object.entries(homesOf(stage, "a-1", "b-1"));
    const isDenied = ([route]: [string, string]): boolean => route.startsWith(`${deniedTable} `);
    const allow = aws.deny({ action: "ReplaceRoute", where: { RouteTableId: world.tables[deniedTable] ?? "" } });
    const seconds = await stage.measure(refusing(stage, "a-1"), Object.fromEntries(all.filter((each) => !isDenied(each))));
    expect(stage.hasTold("a route could not be replaced")).toBe(true);
    expect(stage.hasTold("FailedReplacements")).toBe(true);
    await stage.measure(allow, Object.fromEntries(all.filter(isDenied)), { within: nextLook });
    return seconds;
  },
  { repetitions: 2 },
);

/** One of two connectors dies while AWS does not answer as it should. */
export const trouble: readonly Drill[] = [
  deathInTrouble("refused, DescribeRouteTables throttled", "routes move by what was seen before", promised, ({ aws }) =>
    aws.throttle({ action: "DescribeRouteTables" }),
  ),
  deathInTrouble("refused, DescribeRouteTables hanging", "routes move by what was seen before, 2 s later", promised + 2, ({ aws }) =>
    aws.hang({ action: "DescribeRouteTables" }),
  ),
  deathInTrouble("refused, ReplaceRoute throttled for 3 s", "routes move when AWS takes the calls", promised + 5, (stage) =>
    forAWhile(stage, "ReplaceRoute", () => stage.aws.throttle({ action: "ReplaceRoute" })),
  ),
  deathInTrouble("refused, ReplaceRoute hanging for 3 s", "routes move when AWS takes the calls", promised + 6, (stage) =>
    forAWhile(stage, "ReplaceRoute", () => stage.aws.hang({ action: "ReplaceRoute" })),
  ),
  denied,
];
