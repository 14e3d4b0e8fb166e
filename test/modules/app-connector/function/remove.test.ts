import fc from "fast-check";
import { type Removal } from "../../../../modules/app-connector/function/ports";
import { handleRemovals } from "../../../../modules/app-connector/function/remove";
import { bad, busy, denied, document, gone, now, portsTo, throttled, type TestedPorts, type World } from "./recorded-ports";

const instanceOf = (id: string): string => `i-${id}`;
const ended = (id: string): Removal => ({ instance: instanceOf(id), id });
const draining = (id: string, seconds: number): Removal => ({
  ...ended(id),
  drainUntil: now + 1000 * seconds,
  action: { group: "edge-app-connectors", hook: "terminate", instance: instanceOf(id), token: "a-token" },
});
const messageOf = (body: string, messageId = body) => ({ messageId, body, attributes: { ApproximateReceiveCount: "1" } });

interface Handled extends TestedPorts {
  /** The ids of those that come again. */
  readonly again: readonly string[];
}

async function handle(removals: readonly Removal[], world: World): Promise<Handled> {
  const ports = portsTo(world);
  const messages = removals.map((removal) => messageOf(JSON.stringify(removal), removal.id));
  const { batchItemFailures } = await handleRemovals(messages, document, ports);
  return { ...ports, again: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

const worldOf = (...ids: readonly string[]): World => ({
  parameters: Object.fromEntries(ids.map((id) => [`ids/${instanceOf(id)}`, id])),
  appConnectors: ids,
});

describe("an App Connector that is drained", () => {
  test("is deleted, forgotten, and its instance may end", async () => {
    const { calls, inZpa, parametersLeft, again, counted } = await handle([draining("11", 0)], worldOf("11"));
    expect(calls).toEqual(["open", "delete 11", "read ids/i-11", "forget ids/i-11", "complete i-11"]);
    expect([inZpa.size, parametersLeft(), again, counted]).toEqual([0, [], [], {}]);
  });

  test.each([
    ["the login fails", "open", ["open", "complete i-11"], { RemovalFailures: 1 }],
    ["ZPA is busy", "delete 11", ["open", "delete 11", "complete i-11"], { RemovalFailures: 1 }],
    ["its parameter cannot be read", "read *", ["open", "delete 11", "read ids/i-11", "complete i-11"], { FailedCalls: 1 }],
    ["it cannot be forgotten", "forget *", ["open", "delete 11", "read ids/i-11", "forget ids/i-11", "complete i-11"], { FailedCalls: 1 }],
    [
      "the wait cannot be ended",
      "complete *",
      ["open", "delete 11", "read ids/i-11", "forget ids/i-11", "complete i-11"],
      { FailedCalls: 1 },
    ],
  ])("where %s, its instance may end and the message comes again", async (_, call, calls, counted) => {
    const seen = await handle([draining("11", 0)], { ...worldOf("11"), failures: { [call]: busy } });
    expect([seen.calls, seen.counted, seen.again]).toEqual([calls, counted, ["11"]]);
  });

  test("that is deleted already is done with", async () => {
    const { calls, again, counted } = await handle([draining("11", -600)], {});
    expect(calls).toEqual(["open", "delete 11", "read ids/i-11", "complete i-11"]);
    expect([again, counted]).toEqual([[], {}]);
  });
});

describe("an App Connector that drains", () => {
  test.each([
    [1_000, 300],
    [300, 300],
    [12, 12],
  ])("for %i seconds keeps its instance, and is looked at again after %i", async (seconds, delay) => {
    const { calls, queued, again, inZpa } = await handle([draining("11", seconds)], worldOf("11"));
    expect(calls).toEqual(["heartbeat i-11", "queue i-11"]);
    expect([queued, again, inZpa.size]).toEqual([[[draining("11", seconds), delay]], [], 1]);
  });

  test("whose instance waits no more is deleted at once", async () => {
    const { calls, again } = await handle([draining("11", 500)], { ...worldOf("11"), failures: { "heartbeat *": gone } });
    expect(calls).toEqual(["heartbeat i-11", "open", "delete 11", "read ids/i-11", "forget ids/i-11", "complete i-11"]);
    expect(again).toEqual([]);
  });

  test("is looked at again also without a heartbeat, which is told", async () => {
    const { calls, again, counted } = await handle([draining("11", 500)], { ...worldOf("11"), failures: { "heartbeat *": throttled } });
    expect([calls, again, counted]).toEqual([["heartbeat i-11", "queue i-11"], [], { FailedCalls: 1 }]);
  });

  test("that cannot be queued comes again", async () => {
    const { calls, again, counted } = await handle([draining("11", 500)], { ...worldOf("11"), failures: { "queue *": denied } });
    expect([calls, again, counted]).toEqual([["heartbeat i-11", "queue i-11"], ["11"], { FailedCalls: 1 }]);
  });
});

describe("an App Connector whose instance has ended", () => {
  test("is deleted and forgotten", async () => {
    const { calls, again } = await handle([ended("11")], worldOf("11"));
    expect([calls, again]).toEqual([["open", "delete 11", "read ids/i-11", "forget ids/i-11"], []]);
  });

  test("or gave it up is not mixed up with the one that it is now", async () => {
    const { calls, parametersLeft } = await handle([ended("11")], { parameters: { "ids/i-11": "99" }, appConnectors: ["11", "99"] });
    expect(calls).toEqual(["open", "delete 11", "read ids/i-11"]);
    expect(parametersLeft()).toEqual(["ids/i-11"]);
  });
});

test("a batch has one login; one that fails stops no other, and comes again alone", async () => {
  const ids = ["1", "2", "3", "4"];
  const removals = ids.map((id) => (id === "4" ? ended(id) : draining(id, 0)));
  const { calls, again, inZpa, counted } = await handle(removals, {
    ...worldOf(...ids),
    failures: { "delete 2": bad, "forget ids/i-3": denied },
  });
  expect(calls.filter((call) => call === "open")).toHaveLength(1);
  expect(calls.filter((call) => call.startsWith("complete"))).toEqual(
    expect.arrayContaining(["complete i-1", "complete i-2", "complete i-3"]),
  );
  expect([again, [...inZpa.keys()], counted]).toEqual([["2", "3"], ["2"], { RemovalFailures: 1, FailedCalls: 1 }]);
});

test("a login that fails is not tried for each of a batch, and all instances may end", async () => {
  const { calls, again } = await handle([draining("1", 0), draining("2", 0)], { failures: { open: bad } });
  expect([calls, again]).toEqual([
    ["open", "complete i-1", "complete i-2"],
    ["1", "2"],
  ]);
});

test("where ZPA is to be left alone by now, instances may end, and the messages are kept", async () => {
  const { calls, again, counted } = await handle([draining("1", 0), ended("2")], { portal: "none" });
  expect([calls, again, counted]).toEqual([["complete i-1"], ["1", "2"], { RemovalFailures: 2 }]);
});

test.each([
  ["no JSON", "{"],
  ["nothing", "null"],
  ["no id", '{"instance":"i-1"}'],
  ["an id that is a path", '{"instance":"i-1","id":"../1"}'],
])("a message that cannot be read is kept for somebody to look at, and stops no other: %s", async (_, body) => {
  const ports = portsTo(worldOf("11"));
  const { batchItemFailures } = await handleRemovals(
    [messageOf(body, "unreadable"), messageOf(JSON.stringify(ended("11")), "readable")],
    document,
    ports,
  );
  expect(batchItemFailures).toEqual([{ itemIdentifier: "unreadable" }]);
  expect([ports.inZpa.size, ports.counted]).toEqual([0, { RemovalFailures: 1 }]);
});

test("whatever fails, instances whose time has come may end, and no message is done with before its App Connector is", async () => {
  const plan = fc.record({
    drains: fc.constantFrom("ended", "drained", "drains"),
    fails: fc.subarray(["delete", "read", "forget", "complete", "heartbeat", "queue"]),
    how: fc.constantFrom(throttled, denied, gone),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 10 }), async (plans) => {
      const ids = plans.map((_, index) => String(index));
      const about = (call: string, id: string): string =>
        call === "read" || call === "forget" ? `${call} ids/i-${id}` : call === "delete" ? `delete ${id}` : `${call} i-${id}`;
      const failures = Object.fromEntries(plans.flatMap(({ fails, how }, index) => fails.map((call) => [about(call, String(index)), how])));
      const removals = plans.map(({ drains }, index) =>
        drains === "ended" ? ended(String(index)) : draining(String(index), drains === "drained" ? 0 : 500),
      );
      const { calls, again, inZpa, parametersLeft, queued } = await handle(removals, { ...worldOf(...ids), failures });
      plans.forEach(({ drains, fails, how }, index) => {
        const id = String(index);
        const isDue = drains !== "drains" || (fails.includes("heartbeat") && how === gone);
        expect(calls.includes(`complete i-${id}`)).toBe(isDue && drains !== "ended");
        if (again.includes(id)) return;
        if (isDue) expect([inZpa.has(id), parametersLeft().includes(`ids/i-${id}`)]).toEqual([false, false]);
        else expect(queued.map(([removal]) => removal.id)).toContain(id);
      });
    }),
  );
});
