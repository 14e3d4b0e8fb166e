import { setTimeout as wait } from "node:timers/promises";
import { ended, endingOf, type Stage, terminated } from "../stage";
import { drill, type Drill, expectSuccess, instanceAt } from "./drill";

/** What is left of an instance and its App Connector, of which nothing should be. */
async function leftovers({ waiting, parameters, zpa, queues }: Stage) {
  return { waiting: await waiting(), parameters: await parameters(), inZpa: [...zpa.appConnectors.keys()], queued: await queues.length() };
}
const nothing = { waiting: [], parameters: [], inZpa: [], queued: 0 };

const callsOf = ({ aws }: Stage, action: string): number => aws.calls.filter((call) => call.action === action).length;

/** What happens when instances end. */
export const endings: readonly Drill[] = [
  drill(
    "none",
    "disabled, drained for eight seconds, deleted, and the instance may end",
    { scaled: 1, document: { drainSeconds: 8 } },
    async (stage) => {
      const one = instanceAt(stage, 0);
      await stage.enroll(one, "11");
      expectSuccess(await stage.run(await stage.end(one)));
      expect(stage.zpa.appConnectors.get("11")).toMatchObject({ enabled: false });
      expect(await stage.deliver()).toMatchObject({ handed: 0 });
      expect(await leftovers(stage)).toEqual({ waiting: [one], parameters: [`ids/${one}`], inZpa: ["11"], queued: 1 });
      await wait(8_500);
      expect(await stage.deliver()).toMatchObject({ handed: 1, again: 0 });
      expect(await leftovers(stage)).toEqual(nothing);
      // The events that follow find nothing to do.
      expectSuccess(await stage.run(ended(endingOf(stage.document.groups[0] ?? "", one))), await stage.run(terminated(one)));
      expect([await stage.queues.length(), await stage.queues.dead()]).toEqual([0, []]);
    },
  ),
  drill("a drain longer than SQS waits", "the hook gets a heartbeat at each look", { scaled: 1 }, async (stage) => {
    const one = instanceAt(stage, 0);
    await stage.enroll(one, "11");
    const { detail } = await stage.end(one);
    const action = { group: stage.document.groups[0], hook: "terminate", instance: one, token: detail["LifecycleActionToken"] };
    const drainUntil = Date.now() + 10_000;
    await stage.queues.send(JSON.stringify({ instance: one, id: "11", drainUntil, action }));
    expect(await stage.deliver()).toMatchObject({ handed: 1, again: 0 });
    expect(await leftovers(stage)).toEqual({ waiting: [one], parameters: [`ids/${one}`], inZpa: ["11"], queued: 1 });
    await wait(drainUntil + 1_100 - Date.now());
    expect(await stage.deliver()).toMatchObject({ handed: 1, again: 0 });
    expect(await leftovers(stage)).toEqual(nothing);
    expect(callsOf(stage, "RecordLifecycleActionHeartbeat")).toBe(1);
    const [again, ...more] = stage.aws.calls.filter(({ action: name }) => name === "SendMessage");
    expect(more).toEqual([]);
    expect(Number(again?.parameters["DelaySeconds"])).toBeGreaterThan(0);
    expect(Number(again?.parameters["DelaySeconds"])).toBeLessThanOrEqual(10);
  }),
  drill("its instance ends amid the drain", "deleted at once", { scaled: 1 }, async (stage) => {
    const one = instanceAt(stage, 0);
    await stage.enroll(one, "11");
    const action = { group: stage.document.groups[0], hook: "terminate", instance: one };
    await stage.queues.send(JSON.stringify({ instance: one, id: "11", drainUntil: Date.now() + 600_000, action }));
    expect(await stage.deliver()).toMatchObject({ handed: 1, again: 0 });
    expect(await leftovers(stage)).toEqual(nothing);
  }),
  drill("no drain is wanted", "deleted at once, and the instance may end", { scaled: 1, document: { drainSeconds: 0 } }, async (stage) => {
    await stage.enroll(instanceAt(stage, 0), "11");
    expectSuccess(await stage.run(await stage.end(instanceAt(stage, 0))));
    expect(await stage.deliver()).toMatchObject({ handed: 1, again: 0 });
    expect(await leftovers(stage)).toEqual(nothing);
  }),
  drill(
    "the event comes twice at once, and again after all is done",
    "as if it had come once",
    { scaled: 1, document: { drainSeconds: 0 } },
    async (stage) => {
      await stage.enroll(instanceAt(stage, 0), "11");
      const event = await stage.end(instanceAt(stage, 0));
      expectSuccess(...(await Promise.all([stage.run(event), stage.runApart(event)])));
      expect(await stage.deliver()).toMatchObject({ handed: 2, again: 0 });
      expect(await leftovers(stage)).toEqual(nothing);
      const late = await stage.run(event);
      expectSuccess(late);
      expect([late.metric("UnknownAppConnectors"), await stage.queues.dead()]).toEqual([undefined, []]);
    },
  ),
  drill("two runs have the same removal", "both are done with it", { scaled: 1 }, async (stage) => {
    await stage.enroll(instanceAt(stage, 0), "11");
    const body = JSON.stringify({ instance: instanceAt(stage, 0), id: "11" });
    const event = { Records: [{ messageId: "1", body, attributes: { ApproximateReceiveCount: "1" } }] };
    const runs = await Promise.all([stage.run(event), stage.runApart(event)]);
    expect(runs.map(({ result }) => result)).toEqual(runs.map(() => ({ batchItemFailures: [] })));
    expect((await leftovers(stage)).inZpa).toEqual([]);
  }),
  drill("an instance was never enrolled", "a dead letter, counted, and it may end at once", { scaled: 1 }, async (stage) => {
    const one = instanceAt(stage, 0);
    const ran = await stage.run(await stage.end(one));
    expectSuccess(ran);
    expect([ran.metric("UnknownAppConnectors"), await leftovers(stage), stage.zpa.calls]).toEqual([1, nothing, []]);
    const [letter = ""] = await stage.queues.dead();
    const why = "it ended without an App Connector's id in Parameter Store";
    expect(JSON.parse(letter)).toEqual({ instance: one, group: stage.document.groups[0], why });
  }),
  drill("an instance goes back into the warm pool", "at once, with its App Connector", { scaled: 1 }, async (stage) => {
    const one = instanceAt(stage, 0);
    await stage.enroll(one, "11");
    await stage.end(one);
    const event = endingOf(stage.document.groups[0] ?? "", one, "WarmPool");
    expectSuccess(await stage.run(event), await stage.run(ended(event)));
    expect(stage.aws.calls.map(({ action }) => action)).toEqual(["CompleteLifecycleAction"]);
    expect(await leftovers(stage)).toEqual({ ...nothing, parameters: [`ids/${one}`], inZpa: ["11"] });
  }),
  drill("an instance ends without waiting", "its App Connector is deleted all the same", { scaled: 1 }, async (stage) => {
    await stage.enroll(instanceAt(stage, 0), "11");
    expectSuccess(await stage.run(ended(endingOf(stage.document.groups[0] ?? "", instanceAt(stage, 0)))));
    expect(await stage.deliver()).toMatchObject({ handed: 1, again: 0 });
    expect([await stage.parameters(), stage.zpa.appConnectors.size]).toEqual([[], 0]);
  }),
  drill(
    "a fixed instance is terminated, and one of others",
    "its App Connector is deleted, the other is no matter",
    { fixed: 1 },
    async (stage) => {
      const one = instanceAt(stage, 0);
      await stage.enroll(one, "11");
      const other = await stage.run(terminated("i-0123456789abcdef0"));
      expectSuccess(other, await stage.run(terminated(one)));
      expect(other.told("the App Connector is to be removed")).toBe(false);
      expect(await stage.deliver()).toMatchObject({ handed: 1, again: 0 });
      expect([await stage.parameters(), stage.zpa.appConnectors.size, await stage.queues.length()]).toEqual([[], 0, 0]);
    },
  ),
  drill("ZPA is to be left alone", "the instance may end at once", { scaled: 1, withoutPortal: true }, async (stage) => {
    const one = instanceAt(stage, 0);
    await stage.enroll(one, "11");
    expectSuccess(await stage.run(await stage.end(one)));
    expect(await leftovers(stage)).toEqual({ ...nothing, inZpa: ["11"] });
    expect(stage.zpa.calls).toEqual([]);
  }),
  drill(
    "a batch with a message that is none",
    "the others are done, it comes again, and ends among the dead letters",
    { scaled: 2 },
    async (stage) => {
      for (const [index, id] of stage.ids.entries()) {
        await stage.enroll(id, String(index + 1));
        await stage.queues.send(JSON.stringify({ instance: id, id: String(index + 1) }));
        if (index === 0) await stage.queues.send("{");
      }
      expect(await stage.deliver()).toMatchObject({ handed: 3, again: 1 });
      expect([stage.zpa.appConnectors.size, await stage.parameters()]).toEqual([0, []]);
      for (let more = 0; more < 4; more++) expect(await stage.deliver()).toMatchObject({ handed: 1, again: 1 });
      expect(await stage.deliver()).toMatchObject({ handed: 0 });
      expect(await stage.queues.dead()).toEqual(["{"]);
    },
  ),
  drill("events of other kinds, and of other groups", "ignored and told", { scaled: 1 }, async (stage) => {
    const launch = { "detail-type": "EC2 Instance-launch Lifecycle Action", detail: {} };
    for (const event of [launch, {}, endingOf("theirs", instanceAt(stage, 0)), ended(endingOf("", ""))]) {
      const { error, told } = await stage.run(event);
      expect([error, told("an event was ignored")]).toEqual([undefined, true]);
    }
    expect(stage.aws.calls).toEqual([]);
  }),
];
