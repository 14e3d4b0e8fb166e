import { schedule } from "../stage";
import { endingOf } from "../world";
import { connector, dead, drill, type Drill, oneGroup, reports, silentFor, times, well } from "./drill";

interface Shown {
  readonly MetricDataResults: readonly { readonly Label: string; readonly Timestamps: number[]; readonly Values: number[] }[];
}

/** Turns the points of each series around. */
const oldestFirst = (answer: string): string => {
  const shown = JSON.parse(answer) as Shown;
  for (const { Timestamps, Values } of shown.MetricDataResults) {
    Timestamps.reverse();
    Values.reverse();
  }
  return JSON.stringify(shown);
};

const shuffled: Drill = drill(
  "points come in out of order, and are shown the oldest first",
  "the newest count: the one that died is replaced, the one that is well again is kept",
  async ({ aws, pass, world }) => {
    const late = { died: [100, 0, 0, 0, 0, 0, 0], revived: [0, 100, 100, 100, 100, 100, 100] };
    for (const ago of [3, 1, 6, 2, 5, 4])
      await world.report({ died: [[ago, late.died[ago] ?? 0]], revived: [[ago, late.revived[ago] ?? 0]] });
    aws.rewrite({ action: "GetMetricData" }, { answer: oldestFirst });
    expect((await pass()).metric("Replaced")).toBe(1);
  },
  {
    ...oneGroup({ ...well(4), died: { reports: reports(times(9, 100), 7) }, revived: { reports: reports(times(9, 0), 7) } }),
    leaves: { replaced: ["died"] },
  },
);

const inPages: Drill = drill(
  "metrics come in pages of 20 points",
  "all are read: replaced",
  async ({ aws, pass }) => {
    aws.rewrite({ action: "GetMetricData" }, { question: (text) => text.replace(/^\{/, '{"MaxDatapoints":20,') });
    expect((await pass()).metric("Healthy")).toBe(5);
    expect(aws.calls.filter(({ action }) => action === "GetMetricData").length).toBeGreaterThan(4);
  },
  { ...oneGroup({ ...well(5), one: dead }), leaves: { replaced: ["one"] } },
);

const incomplete: Drill = drill(
  "CloudWatch answers, but not completely",
  "nobody is judged by half of it, and the run fails",
  async ({ aws, pass }) => {
    aws.rewrite({ action: "GetMetricData" }, { answer: (text) => text.replaceAll('"Complete"', '"InternalError"') });
    const { error, metric, told } = await pass();
    expect(error?.message).toMatch(/could not judge/);
    expect([metric("Heartbeat"), metric("Unknown"), told("a group could not be judged")]).toEqual([undefined, 6, true]);
  },
  oneGroup({ ...well(5), one: dead }),
);

const group = (count: number, name: string, of: ReturnType<typeof connector>) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}-${index + 1}`, of]));

const allSilent: Drill = drill(
  "all are silent for 30 minutes",
  "unknown: nobody is replaced",
  async ({ pass }) => {
    const { error, metric } = await pass();
    expect([error, metric("Unknown"), metric("HeldBack"), metric("Heartbeat")]).toEqual([undefined, 6, 0, 1]);
  },
  oneGroup(group(6, "silent", silentFor(30))),
);

const heldBack: Drill = drill(
  "four of six are dead",
  "more than half: nobody is replaced, and it is told",
  async ({ pass }) => {
    const { error, metric, told } = await pass();
    expect([error, metric("Unhealthy"), metric("HeldBack"), metric("Replaced")]).toEqual([undefined, 4, 4, 0]);
    expect(told("unhealthy connectors are not replaced")).toBe(true);
  },
  oneGroup({ ...well(2), ...group(4, "dead", dead) }),
);

/** What CloudWatch would show if an instance had been silent for so many minutes. */
const asSilent =
  (instance: string, minutes: number) =>
  (answer: string): string => {
    const shown = JSON.parse(answer) as Shown;
    const end = Date.now() / 1000 - 60 * minutes;
    for (const { Label, Timestamps, Values } of shown.MetricDataResults) {
      const newer = Label.includes(instance) ? Timestamps.filter((at) => at > end).length : 0;
      // The newest come first.
      Timestamps.splice(0, newer);
      Values.splice(0, newer);
    }
    return JSON.stringify(shown);
  };

// What is launched by then cannot report either.
const halfSilent: Drill = drill(
  "the metrics of half the group break, then those of a fourth one, over five passes",
  "half are replaced once; while those in their place are not seen to be well, nobody else is",
  async ({ aws, pass, run, world }) => {
    expect((await pass()).metric("Replaced")).toBe(3);
    for (const number of [1, 2, 3]) {
      const { error } = await run(await world.end(`silent-${number}`, `new-${number}`));
      expect(error).toBeUndefined();
    }
    aws.rewrite({ action: "GetMetricData" }, { answer: asSilent(world.idOf("well-1"), 12) });
    for (let more = 0; more < 4; more++) {
      const { metric } = await pass();
      expect([metric("Replaced"), metric("HeldBack"), metric("Unknown"), metric("Healthy")]).toEqual([0, 1, 3, 2]);
    }
  },
  {
    ...oneGroup({ ...well(3), ...group(3, "silent", silentFor(30)) }),
    leaves: { ended: ["silent-1", "silent-2", "silent-3"], queued: 3 },
  },
);

const two = { ...well(3), one: dead };
const otherGroup = { "other-1": connector(times(9, 100)), "other-2": connector(times(9, 100)), "other-3": dead };

const oneBroken: Drill = drill(
  "the metrics of one group are throttled, another one's are not",
  "the other one's dead connector is replaced, and the run fails",
  async ({ aws, pass, world }) => {
    // The query names its group.
    aws.throttle({ action: "GetMetricData", where: { MetricDataQueries: new RegExp(world.groupName("broken")) } });
    const { error, metric } = await pass();
    expect(error?.message).toBe(`could not judge ${world.groupName("broken")}`);
    expect([metric("Replaced"), metric("Heartbeat")]).toEqual([1, undefined]);
    expect([metric("Unknown", world.groupName("broken")), metric("Replaced", world.groupName("sound"))]).toEqual([3, 1]);
  },
  {
    plan: { groups: { broken: otherGroup, sound: two } },
    leaves: { replaced: ["one"] },
    published: "judges none of them, and succeeds",
  },
);

interface Asked {
  readonly MetricDataQueries: readonly { readonly Id: string; readonly Expression: string }[];
}

/** Asks for the metrics of another group as well, as a search for words does. */
const alsoOf =
  (group: string, other: string) =>
  (question: string): string => {
    const asked = JSON.parse(question) as Asked;
    const more = asked.MetricDataQueries.map((query) => ({ ...query, Id: "more", Expression: query.Expression.replace(group, other) }));
    return JSON.stringify({ ...asked, MetricDataQueries: [...asked.MetricDataQueries, ...more] });
  };

const namesThatHoldOurs: Drill = drill(
  "another's group has a name that holds ours, and CloudWatch shows its metrics too",
  "its connectors are let alone, and what an instance reported there does not count here",
  async ({ aws, pass, run, world }) => {
    const [ours, theirs] = [world.groupName("connectors"), world.groupName("connectors-1")];
    await world.report({ moved: reports(times(15, 100)) }, { group: theirs });
    aws.rewrite({ action: "GetMetricData" }, { question: alsoOf(ours, theirs) });
    expect((await pass()).metric("Replaced")).toBe(1);
    const before = aws.calls.length;
    for (const name of [theirs, ours.slice(0, -1), ours.toUpperCase()]) {
      const { error, told } = await run(endingOf(name, world.idOf("other-3")));
      expect([error, told("an event was ignored")]).toEqual([undefined, true]);
    }
    expect(aws.calls).toHaveLength(before);
  },
  {
    plan: { groups: { connectors: { ...well(5), moved: silentFor(15) }, "connectors-1": otherGroup }, foreign: ["connectors-1"] },
    leaves: { replaced: ["moved"] },
    published: "looks after both groups",
  },
);

const notThere: Drill = drill(
  "one of the groups is not there yet",
  "the other one is judged, and the run succeeds",
  async ({ pass }) => {
    const { error, metric, told } = await pass();
    expect([error, metric("Replaced"), metric("Heartbeat"), told("a group is not there")]).toEqual([undefined, 1, 1, true]);
  },
  { plan: { groups: { connectors: two }, missing: ["later"] }, leaves: { replaced: ["one"] } },
);

const goneMeanwhile: Drill = drill(
  "a dead one is gone before it is marked",
  "the next one is replaced, and that is no failure",
  async ({ aws, pass, world }) => {
    const gone = world.idOf("dead-1");
    aws.rewrite({ action: "SetInstanceHealth", where: { InstanceId: gone } }, { question: (text) => text.replace(gone, "i-0abc") });
    const { error, metric } = await pass();
    expect([error, metric("Replaced"), metric("FailedCalls"), metric("Heartbeat")]).toEqual([undefined, 1, 0, 1]);
  },
  { ...oneGroup({ ...well(4), ...group(2, "dead", dead) }), leaves: { replaced: ["dead-2"] } },
);

const twoPasses: Drill = drill(
  "two passes at once",
  "both succeed",
  async ({ pass, start }) => {
    const both = await Promise.all([pass(), start().run({ event: schedule })]);
    expect(both.map(({ error }) => error)).toEqual([undefined, undefined]);
  },
  { ...oneGroup(two), leaves: { replaced: ["one"] } },
);

/** What a pass makes of whole groups. */
export const passes: readonly Drill[] = [
  shuffled,
  inPages,
  incomplete,
  allSilent,
  heldBack,
  halfSilent,
  oneBroken,
  namesThatHoldOurs,
  notThere,
  goneMeanwhile,
  twoPasses,
];
