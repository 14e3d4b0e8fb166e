import { type Ran } from "../stage";
import { endingOf } from "../world";
import { connector, drill, type Drill, oneGroup, reports, times, well } from "./drill";

const group = oneGroup({ ...well(4), ending: connector(times(9, 100)), "ending-2": connector(times(9, 100)) });
const successful = "EC2 Instance Terminate Successful";

const expectSuccess = (...runs: readonly Ran[]): void => {
  expect(runs.map(({ error }) => error)).toEqual(runs.map(() => undefined));
};

/** What happens when instances end, up to the queue of removals. */
export const endings: readonly Drill[] = [
  drill(
    "none",
    "an instance ends at once, and its connector is removed and activated by one login",
    async ({ aws, deliver, portal, run, world }) => {
      const ran = await run(await world.end("ending"));
      expectSuccess(ran, await deliver());
      const message = aws.calls.find(({ action }) => action === "SendMessage")?.parameters;
      expect(message?.["MessageGroupId"]).toBe(portal.host);
      expect(portal.calls.map(({ operation }) => operation)).toEqual(["login", "remove", "activate", "logout"]);
    },
    { ...group, leaves: { ended: ["ending"], removed: ["ending"] } },
  ),
  drill(
    "an instance goes back into the warm pool",
    "completed at once, and its connector stays in the portal",
    async ({ aws, run, world }) => {
      const { detail } = await world.end("ending");
      const event = endingOf(detail["AutoScalingGroupName"] ?? "", world.idOf("ending"), "WarmPool");
      expectSuccess(await run(event), await run({ ...event, "detail-type": successful }));
      expect(aws.calls.map(({ action }) => action)).toEqual(["CompleteLifecycleAction"]);
    },
    { ...group, leaves: { ended: ["ending"] } },
  ),
  drill(
    "two instances end at once, each event twice",
    "all four runs succeed, and each removal is queued once",
    async ({ start, world }) => {
      const [one, two] = [await world.end("ending"), await world.end("ending-2")];
      expectSuccess(...(await Promise.all([one, two, one, two].map((event) => start().run({ event })))));
    },
    { ...group, leaves: { ended: ["ending", "ending-2"], queued: 2 } },
  ),
  drill(
    "the event comes when the hook's time is over, and again after the end",
    "no failure, and the removal is queued once",
    async ({ run, world }) => {
      const event = await world.end("ending");
      expectSuccess(await run(event), await run(event), await run({ ...event, "detail-type": successful }));
    },
    { ...group, leaves: { ended: ["ending"], queued: 1 } },
  ),
  drill(
    "the event of the wait is lost",
    "the next pass lets the instance end, and the event of its end queues the removal",
    async ({ pass, run, world }) => {
      const event = await world.end("ending");
      const ran = await pass();
      expectSuccess(ran, await run({ ...event, "detail-type": successful }));
      expect(ran.told("a termination that waited is completed")).toBe(true);
    },
    { ...group, leaves: { ended: ["ending"], queued: 1 } },
  ),
  drill(
    "late metrics: none of it when its instance ends, some later",
    "it may end at once; the connector is identified later, and removed",
    async ({ deliver, run, world }) => {
      expectSuccess(await run(await world.end("young")));
      expect(await deliver()).toMatchObject({ handed: 1, again: 1 });
      await world.report({ young: reports([100, 100], 4) });
      expect(await deliver()).toMatchObject({ handed: 1, again: 0 });
      expect(await deliver()).toMatchObject({ handed: 1, again: 0 });
    },
    { ...oneGroup({ ...well(4), young: connector([]) }), leaves: { ended: ["young"], removed: ["young"] } },
  ),
  drill(
    "no metrics of it, whenever it is looked for",
    "after three times it is told and let go: it stays in the portal",
    async ({ deliver, run, world }) => {
      await run(await world.end("young"));
      const all = [await deliver(), await deliver(), await deliver()];
      expect(all.map(({ again }) => again)).toEqual([1, 1, 0]);
      expect(all.map(({ metric }) => metric("UnidentifiedConnectors"))).toEqual([undefined, undefined, 1]);
    },
    { ...oneGroup({ ...well(4), young: connector([]) }), leaves: { ended: ["young"] } },
  ),
  drill(
    "a connector enrolled twice",
    "both of its records are removed",
    async ({ deliver, portal, run, world }) => {
      portal.records.add("7/99");
      await world.report({ ending: reports([100, 100], 40) }, { record: { group: "7", vm: "99" } });
      await run(await world.end("ending"));
      expect(await deliver()).toMatchObject({ handed: 2, again: 0 });
      expect(portal.records.has("7/99")).toBe(false);
    },
    { ...group, leaves: { ended: ["ending"], removed: ["ending"] } },
  ),
  drill(
    "its reports are ten days old: it was in the warm pool",
    "found and queued",
    async ({ aws, run, world }) => {
      expectSuccess(await run(await world.end("old")));
      expect(aws.calls.find(({ action }) => action === "SendMessage")?.parameters["MessageBody"]).toContain('"kind":"remove"');
    },
    { ...oneGroup({ ...well(4), old: { reports: reports([100], 10 * 24 * 60) } }), leaves: { ended: ["old"], queued: 1 } },
  ),
  drill("events of other kinds, and events that name nothing", "ignored and told", async ({ aws, run }) => {
    const launch = { "detail-type": "EC2 Instance-launch Lifecycle Action", detail: {} };
    for (const event of [launch, {}, { "detail-type": successful }, endingOf("", "")]) {
      const { error, told } = await run(event);
      expect([error, told("an event was ignored")]).toEqual([undefined, true]);
    }
    expect(aws.calls).toEqual([]);
  }),
  drill("a configuration that is wrong", "the run fails at once, without a call", async ({ aws, start, world }) => {
    const wrong = [
      { ...world.document, groups: [] },
      { ...world.document, portal: { ...world.document.portal, host: "portal.example/other" } },
    ];
    for (const document of wrong) {
      const { error, told } = await start(document).run({ event: {} });
      expect(error?.message).toMatch(/groups|host/);
      expect(told("the run failed")).toBe(true);
    }
    expect(aws.calls).toEqual([]);
  }),
];
