import fc from "fast-check";
import { type AwsPort, type Portal, type PortalRecord, type Removal } from "../../../../modules/fleet-lifecycle/function/ports";
import { CallFailed } from "../../../../modules/lambda/function/call-failed";
import { handleRemovals } from "../../../../modules/fleet-lifecycle/function/remove";
import { type QueueMessage } from "../../../../modules/lambda/function/queue-message";
import { portsWith, refused, seriesOf, transient } from "./recorded-ports";

const recordOf = (vm: string): PortalRecord => ({ group: "7", vm });
const remove = (vm: string): Removal => ({ kind: "remove", instance: `i-${vm}`, record: recordOf(vm) });
const identify = (vm: string): Removal => ({ kind: "identify", instance: `i-${vm}`, group: "egress-connectors" });

/** A message of the portal's group, or of the instance's own. */
const messageOf = (removal: Removal, receives = 1): QueueMessage => ({
  messageId: `message of ${removal.instance}`,
  body: JSON.stringify(removal),
  attributes: { ApproximateReceiveCount: String(receives), MessageGroupId: removal.kind === "remove" ? "portal" : removal.instance },
});

const failedOf = ({ batchItemFailures }: Awaited<ReturnType<typeof handleRemovals>>): readonly string[] =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier.replace("message of i-", ""));

interface PortalTroubles {
  readonly open?: CallFailed;
  readonly remove?: Readonly<Record<string, CallFailed | "missing">>;
  readonly activate?: CallFailed;
}

function portalWith(troubles: PortalTroubles = {}): Portal & { readonly calls: readonly string[] } {
  const calls: string[] = [];
  const call = (name: string, failure: CallFailed | undefined): Promise<void> => {
    calls.push(name);
    return failure ? Promise.reject(failure) : Promise.resolve();
  };
  return {
    calls,
    open: async () => {
      await call("open", troubles.open);
      return {
        remove: async ({ vm }) => {
          const trouble = troubles.remove?.[vm];
          await call(vm, trouble === "missing" ? undefined : trouble);
          return trouble === "missing" ? trouble : "removed";
        },
        activate: () => call("activate", troubles.activate),
        close: () => call("close", undefined),
      };
    },
  };
}

const busy = new CallFailed("DELETE: status 503", "transient");
const forbidden = new CallFailed("DELETE: status 403", "refused");

const ten = Array.from({ length: 10 }, (_, index) => String(index));

test("a batch has one login, one activation after the last removal, and one log-out", async () => {
  const portal = portalWith({ remove: { 3: "missing" } });
  const ports = portsWith({}, portal);
  expect(
    failedOf(
      await handleRemovals(
        ten.map((vm) => messageOf(remove(vm))),
        ports,
      ),
    ),
  ).toEqual([]);
  expect(portal.calls).toEqual(["open", ...ten, "activate", "close"]);
  expect(ports.counted).toEqual({});
  expect(ports.logs.map(([, , details]) => details["outcome"])).toEqual(ten.map((vm) => (vm === "3" ? "missing" : "removed")));
});

test("one that fails stops no other, and comes again alone", async () => {
  const portal = portalWith({ remove: { 1: busy, 2: "missing" } });
  const ports = portsWith({}, portal);
  expect(
    failedOf(
      await handleRemovals(
        ["0", "1", "2", "3"].map((vm) => messageOf(remove(vm))),
        ports,
      ),
    ),
  ).toEqual(["1"]);
  expect(portal.calls).toEqual(["open", "0", "1", "2", "3", "activate", "close"]);
  expect(ports.counted).toEqual({ RemovalFailures: 1 });
  expect(ports.logs.filter(([level]) => level === "error")).toEqual([
    ["error", "a connector could not be removed from the portal", { instance: "i-1", ...recordOf("1"), why: "DELETE: status 503" }],
  ]);
});

test("where nothing was removed there is nothing to activate", async () => {
  const portal = portalWith({ remove: { 0: forbidden, 1: forbidden } });
  const ports = portsWith({}, portal);
  expect(
    failedOf(
      await handleRemovals(
        ["0", "1"].map((vm) => messageOf(remove(vm))),
        ports,
      ),
    ),
  ).toEqual(["0", "1"]);
  expect(portal.calls).toEqual(["open", "0", "1", "close"]);
  expect(ports.counted).toEqual({ RemovalFailures: 2 });
});

test.each([
  ["the login", { open: busy }, ["open"]],
  ["the activation", { activate: busy }, ["open", "0", "1", "activate", "close"]],
])("without %s nothing is done: all come again", async (_, troubles, calls) => {
  const portal = portalWith(troubles);
  const ports = portsWith({}, portal);
  expect(
    failedOf(
      await handleRemovals(
        ["0", "1"].map((vm) => messageOf(remove(vm))),
        ports,
      ),
    ),
  ).toEqual(["0", "1"]);
  expect(portal.calls).toEqual(calls);
  expect(ports.counted).toEqual({ RemovalFailures: 2 });
});

test("two batches are two sessions; what is delivered again is missing and done", async () => {
  const portal = portalWith({ remove: { 0: "missing" } });
  const batch = [messageOf(remove("0"), 2)];
  for (const turn of [1, 2]) {
    expect(failedOf(await handleRemovals(batch, portsWith({}, portal)))).toEqual([]);
    expect(portal.calls.filter((call) => call === "close")).toHaveLength(turn);
  }
  expect(portal.calls).toEqual(["open", "0", "activate", "close", "open", "0", "activate", "close"]);
});

describe("a connector that was not known", () => {
  const known: Partial<AwsPort> = { series: (_, __, instance = "") => Promise.resolve([seriesOf(instance, "7", instance.slice(2))]) };

  test("is queued for the portal's own group once it is", async () => {
    const ports = portsWith(known);
    expect(failedOf(await handleRemovals([messageOf(identify("0")), messageOf(identify("1"), 3)], ports))).toEqual([]);
    expect(ports.deeds.filter(([kind]) => kind === "queue")).toEqual([
      ["queue", remove("0")],
      ["queue", remove("1")],
    ]);
  });

  test.each([
    [1, ["0"], {}],
    [2, ["0"], {}],
    [3, [], { UnidentifiedConnectors: 1 }],
    [4, [], { UnidentifiedConnectors: 1 }],
  ])("and is not after look-up %d", async (receives, failed, counted) => {
    const ports = portsWith({});
    expect(failedOf(await handleRemovals([messageOf(identify("0"), receives)], ports))).toEqual(failed);
    expect(ports.counted).toEqual(counted);
    expect(ports.logs.map(([level]) => level)).toEqual(failed.length > 0 ? [] : ["warning"]);
  });

  test.each([
    ["cannot be looked up for now", { series: transient }],
    ["may not be looked up", { series: refused }],
    ["cannot be queued", { ...known, queue: transient }],
  ])("and %s is never given up", async (_, aws) => {
    const ports = portsWith(aws);
    expect(failedOf(await handleRemovals([messageOf(identify("0"), 5)], ports))).toEqual(["0"]);
    expect(ports.counted).toEqual({ RemovalFailures: 1 });
  });

  test("holds up no other", async () => {
    const portal = portalWith();
    expect(failedOf(await handleRemovals([messageOf(identify("0")), messageOf(remove("1"))], portsWith({}, portal)))).toEqual(["0"]);
    expect(portal.calls).toEqual(["open", "1", "activate", "close"]);
  });
});

test.each([
  ["no JSON", "{"],
  ["a number", "7"],
  ["an unknown kind", JSON.stringify({ kind: "forget", instance: "i-0" })],
  ["no record", JSON.stringify({ kind: "remove", instance: "i-0" })],
  ["an empty group", JSON.stringify({ kind: "identify", instance: "i-0", group: "" })],
])("a message that is %s is told of and let go, and holds up no other", async (_, body) => {
  const portal = portalWith();
  const ports = portsWith({}, portal);
  const batch = [{ ...messageOf(remove("0")), body }, messageOf(remove("1"))];
  expect(failedOf(await handleRemovals(batch, ports))).toEqual([]);
  expect(portal.calls).toEqual(["open", "1", "activate", "close"]);
  expect(ports.counted).toEqual({ RemovalFailures: 1 });
  expect(ports.logs[0]?.slice(0, 2)).toEqual(["error", "a message of the queue cannot be read"]);
});

test("exactly those that failed come again", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 10 }), async (fails) => {
      const messages = fails.map((_, index) => messageOf(remove(String(index))));
      const failing = fails.flatMap((fail, index) => (fail ? [String(index)] : []));
      const troubles = Object.fromEntries(failing.map((vm) => [vm, busy]));
      expect(failedOf(await handleRemovals(messages, portsWith({}, portalWith({ remove: troubles }))))).toEqual(failing);
    }),
  );
});
