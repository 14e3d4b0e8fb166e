import { type PlannedRoute } from "../world";
import { drill, type Drill, homesOf } from "./drill";

const tableCount = 100;
const workloadTables = 60;
const limit = 20;
/** The most seconds to the last default route of the workloads. */
const workloadLimit = 12;

const routes = Array.from({ length: tableCount }, (_, index): PlannedRoute => {
  // By a name's order the workloads' would come last.
  const tier = index < tableCount - workloadTables ? "resolver" : "workload";
  return { table: `${tier}-${index}`, destination: "0.0.0.0/0", home: "a-1", tier };
});

/** Many tables, at the rate that EC2 documents: 50 calls that change something, then 5 a second. */
export const manyTables: Drill = drill(
  "refused, 100 route tables, two runs, EC2's documented rate",
  "all move, the workloads' default routes first",
  async (stage) => {
    const { aws, world } = stage;
    await stage.watch(2, await world.documentInParts());
    aws.documentedRate();
    let struck = 0;
    const strike = (): void => {
      struck = Date.now();
      stage.connector("a-1").refuse();
    };
    const seconds = await stage.measure(strike, homesOf(stage, "a-1", "b-1"), { within: limit });
    const moves = aws.calls.flatMap(({ action, parameters, answer }) =>
      action === "ReplaceRoute" && answer?.status === 200
        ? [{ ofWorkload: world.routeName(parameters["RouteTableId"] ?? "", "").startsWith("workload-"), time: answer.time }]
        : [],
    );
    // The burst is theirs. Those of them that EC2 then refuses come a moment later, amid the rest.
    expect(moves.slice(0, 45).every(({ ofWorkload }) => ofWorkload)).toBe(true);
    const last = Math.max(...moves.map(({ ofWorkload, time }) => (ofWorkload ? time : 0)));
    expect((last - struck) / 1000).toBeLessThanOrEqual(workloadLimit);
    return seconds;
  },
  { limit, plan: { routes } },
);
