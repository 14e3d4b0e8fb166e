import { type AppConnectorDocument } from "../../../../modules/app-connector/function/document";
import { handleEnd, handleStateChange, handleTermination } from "../../../../modules/app-connector/function/terminate";
import { bad, busy, denied, document, gone, now, portsTo, throttled, type TestedPorts, type World } from "./recorded-ports";

const group = "edge-app-connectors";
const action = { group, hook: "terminate", instance: "i-1", token: "a-token" };
const detail = {
  AutoScalingGroupName: group,
  EC2InstanceId: "i-1",
  LifecycleHookName: "terminate",
  LifecycleActionToken: "a-token",
  Destination: "EC2",
};
const known: World = { parameters: { "ids/i-1": "11" }, appConnectors: ["11"] };

async function termination(world: World, changes: Partial<AppConnectorDocument> = {}, more: object = {}): Promise<TestedPorts> {
  const ports = portsTo(world);
  await handleTermination({ ...detail, ...more }, { ...document, ...changes }, ports);
  return ports;
}

describe("an instance that waits at its end", () => {
  test("is held while its App Connector drains, disabled", async () => {
    const { calls, queued, inZpa, counted } = await termination(known);
    expect(calls).toEqual(["read ids/i-1", "open", "disable 11", "queue i-1"]);
    expect(queued).toEqual([[{ instance: "i-1", id: "11", drainUntil: now + 600_000, action }, 300]]);
    expect([inZpa.get("11"), counted]).toEqual([false, {}]);
  });

  test.each([
    [0, 0],
    [30, 30],
    [86_400, 300],
  ])("for %i seconds: the queue comes back to it after %i", async (drainSeconds, delay) => {
    const { queued } = await termination(known, { drainSeconds });
    expect(queued).toEqual([[{ instance: "i-1", id: "11", drainUntil: now + 1000 * drainSeconds, action }, delay]]);
  });

  test.each([
    ["cannot log in", { failures: { open: bad } }],
    ["is busy", { failures: { "disable 11": busy } }],
  ])("may end at once where ZPA %s, and its App Connector is to be deleted at once", async (_, failures) => {
    const { calls, queued, counted } = await termination({ ...known, ...failures });
    expect(calls.slice(-2)).toEqual(["queue i-1", "complete i-1"]);
    expect(queued).toEqual([[{ instance: "i-1", id: "11" }, 0]]);
    expect(counted).toEqual({ RemovalFailures: 1 });
  });

  test("has nothing to drain where its App Connector is not in ZPA", async () => {
    const { calls, queued, counted } = await termination({ ...known, appConnectors: [] });
    expect(calls.at(-1)).toBe("complete i-1");
    expect([queued, counted]).toEqual([[[{ instance: "i-1", id: "11" }, 0]], {}]);
  });

  test.each([
    ["queue i-1", ["read ids/i-1", "open", "disable 11", "queue i-1", "complete i-1"]],
    ["read ids/i-1", ["read ids/i-1", "complete i-1"]],
  ])("may end at once where the call to %s fails", async (call, calls) => {
    for (const failure of [throttled, denied]) {
      const seen = await termination({ ...known, failures: { [call]: failure } });
      expect(seen.calls).toEqual(calls);
      expect(seen.counted).toEqual({ FailedCalls: 1 });
      expect(seen.buried).toEqual([]);
    }
  });

  test("whose end cannot be completed fails the run: Lambda tries it again", async () => {
    await expect(termination({ ...known, portal: "none", failures: { "complete i-1": throttled } })).rejects.toThrow("ThrottlingException");
  });

  test.each([
    ["nothing", {}],
    ["something else", { "ids/i-1": "PENDING" }],
    ["a path", { "ids/i-1": "../11" }],
  ])("and published %s for an id is a dead letter, and may end at once", async (_, parameters) => {
    const { calls, buried, counted } = await termination({ parameters });
    expect(calls).toEqual(["read ids/i-1", "heartbeat i-1", "bury i-1", "complete i-1"]);
    expect(buried).toEqual([{ instance: "i-1", group, why: "it ended without an App Connector's id in Parameter Store" }]);
    expect(counted).toEqual({ UnknownAppConnectors: 1 });
  });

  test("and is not known is counted and may end where the dead letter cannot be written, or nobody knows whether it waits", async () => {
    const unwritten = await termination({ failures: { "bury i-1": denied } });
    expect([unwritten.calls.at(-1), unwritten.counted]).toEqual(["complete i-1", { UnknownAppConnectors: 1, FailedCalls: 1 }]);
    const doubtful = await termination({ failures: { "heartbeat i-1": throttled } });
    expect([doubtful.calls.at(-1), doubtful.buried.length]).toEqual(["complete i-1", 1]);
  });

  test("no more, since its event came again after all was done, is no dead letter", async () => {
    const { buried, counted } = await termination({ failures: { "heartbeat i-1": gone } });
    expect([buried, counted]).toEqual([[], {}]);
  });

  test("and goes back into the warm pool keeps its App Connector", async () => {
    const { calls, parametersLeft } = await termination(known, {}, { Destination: "WarmPool" });
    expect([calls, parametersLeft()]).toEqual([["complete i-1"], ["ids/i-1"]]);
  });

  test("may end at once where ZPA is to be left alone, and its id is forgotten", async () => {
    expect((await termination({ ...known, portal: "none" })).calls).toEqual(["forget ids/i-1", "complete i-1"]);
    const failing = await termination({ ...known, portal: "none", failures: { "forget ids/i-1": denied } });
    expect([failing.calls.at(-1), failing.counted]).toEqual(["complete i-1", { FailedCalls: 1 }]);
  });

  test.each([
    ["of another's group", { AutoScalingGroupName: "theirs" }],
    ["without a hook", { LifecycleHookName: undefined }],
  ])("%s is none of ours", async (_, more) => {
    const { calls, logs } = await termination(known, {}, more);
    expect([calls, logs.length]).toEqual([[], 1]);
  });
});

type Handle = (ports: TestedPorts) => Promise<void>;
const ends: readonly (readonly [string, Handle])[] = [
  ["an instance of a group", (ports) => handleEnd(detail, document, ports)],
  ["an instance of the account", (ports) => handleStateChange({ "instance-id": "i-1", state: "terminated" }, document, ports)],
];

describe.each(ends)("%s that has ended", (_, handle) => {
  test("has its App Connector removed without a drain", async () => {
    const ports = portsTo(known);
    await handle(ports);
    expect([ports.calls, ports.queued]).toEqual([["read ids/i-1", "queue i-1"], [[{ instance: "i-1", id: "11" }, 0]]]);
  });

  test.each([
    ["is not known", {}],
    ["published no id", { "ids/i-1": "PENDING" }],
  ])("and %s is ignored without a word", async (_case, parameters) => {
    const ports = portsTo({ parameters });
    await handle(ports);
    expect([ports.calls, ports.logs, ports.counted]).toEqual([["read ids/i-1"], [], {}]);
  });

  test.each(["read ids/i-1", "queue i-1"])("fails the run where %s fails: Lambda tries it again", async (call) => {
    await expect(handle(portsTo({ ...known, failures: { [call]: throttled } }))).rejects.toThrow("ThrottlingException");
  });

  test("is forgotten where ZPA is to be left alone", async () => {
    const ports = portsTo({ ...known, portal: "none" });
    await handle(ports);
    expect(ports.calls).toEqual(["forget ids/i-1"]);
  });
});

test("an instance that went back into the warm pool has not ended", async () => {
  const ports = portsTo(known);
  await handleEnd({ ...detail, Destination: "WarmPool" }, document, ports);
  expect(ports.calls).toEqual([]);
});

test.each([
  ["stopped", { "instance-id": "i-1", state: "stopped" }],
  ["shutting down", { "instance-id": "i-1", state: "shutting-down" }],
  ["no instance", { "instance-id": "../codes", state: "terminated" }],
  ["nothing", undefined],
])("a change of state is ignored without a word: %s", async (_, given) => {
  const ports = portsTo(known);
  await handleStateChange(given, document, ports);
  expect([ports.calls, ports.logs]).toEqual([[], []]);
});
