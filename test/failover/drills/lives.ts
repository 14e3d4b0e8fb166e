import { environmentNames } from "../../../modules/route-failover/function/document";
import { type Answer, answers, late } from "../connector";
import { drill, type Drill, entryOf, refusing, timeToErr } from "./drill";

const life = (fault: string, happens: string, answer: Answer): Drill =>
  drill(fault, happens, async (stage) => {
    await stage.watch();
    await stage.expectNoMove(() => stage.connector("a-1").become(answer), timeToErr);
    return undefined;
  });

// Lambda can deliver an event late. What counts is how the connector is by then.
const oldEvent = drill("event of an hour ago that a-1 stopped", "nothing moves, and the run ends after 20 s", async (stage) => {
  const event = {
    "detail-type": "EC2 Instance State-change Notification",
    time: new Date(Date.now() - 3_600_000).toISOString(),
    detail: { "instance-id": entryOf(stage.world, "a-1").instance, state: "stopped" },
  };
  const started = Date.now();
  await stage.expectNoMove(async () => {
    expect(await stage.start({ event }).finished).toEqual({});
  }, 0);
  const seconds = (Date.now() - started) / 1000;
  expect(seconds).toBeGreaterThan(19);
  expect(seconds).toBeLessThan(23);
  return undefined;
});

const wrongConfiguration = drill("wrong configuration", "the run fails at once, without a call", async (stage) => {
  const { document } = stage.world;
  const wrong: readonly NodeJS.ProcessEnv[] = [
    {},
    { [environmentNames.document]: "{" },
    { [environmentNames.document]: JSON.stringify({ ...document, zeal: 1 }) },
    { [environmentNames.document]: JSON.stringify({ ...document, drained: ["c-9"] }) },
  ];
  for (const environment of wrong) {
    const started = Date.now();
    const { error } = await stage.start({ environment }).finished;
    expect(error?.message).toMatch(/FAILOVER_DOCUMENT|zeal|c-9/);
    expect(Date.now() - started).toBeLessThan(3_000);
  }
  expect(stage.hasTold("the run failed")).toBe(true);
  expect(stage.aws.calls).toEqual([]);
  return undefined;
});

/** Nothing is to be moved. */
export const lives: readonly Drill[] = [
  life("another body with 200", "alive: Zscaler does not document what it says", answers.otherBody),
  life("answers after 1 s", "alive: that is within the time-out", late(1)),
  drill(
    "refused while paused",
    "nothing moves",
    async (stage) => {
      await stage.watch();
      await stage.expectNoMove(refusing(stage, "a-1"), timeToErr);
      expect(stage.hasTold("connector a-1 is dead")).toBe(true);
      return undefined;
    },
    { plan: { settings: { paused: true } } },
  ),
  oldEvent,
  wrongConfiguration,
];
