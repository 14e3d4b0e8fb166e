import { type AwsPort } from "../../../../modules/fleet-lifecycle/function/ports";
import { handleEnd, handleTermination } from "../../../../modules/fleet-lifecycle/function/terminate";
import { fleet, portsWith, refused, seriesOf, type TestedPorts, transient } from "./recorded-ports";

const group = "egress-connectors";
const instance = "i-0123456789abcdef0";
const detail = {
  LifecycleActionToken: "87654321-4321-4321-4321-210987654321",
  AutoScalingGroupName: group,
  LifecycleHookName: "enrolled",
  EC2InstanceId: instance,
  LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
  Origin: "AutoScalingGroup",
  Destination: "EC2",
};
const action = { group, hook: "enrolled", instance, token: detail.LifecycleActionToken };
const record = { group: "7", vm: "11" };

const deedsOf = ({ deeds }: TestedPorts): readonly (readonly unknown[])[] => deeds.map(([kind, ...what]) => [kind, ...what.slice(0, 2)]);
const queued = ({ deeds }: TestedPorts): readonly unknown[] => deeds.filter(([kind]) => kind === "queue").map(([, what]) => what);

const found: Partial<AwsPort> = { series: () => Promise.resolve([seriesOf(instance, "7", "11")]) };

test("an instance's removal is queued before it may end, and its wait is prolonged for that", async () => {
  const ports = portsWith(found);
  await handleTermination(detail, fleet, ports);
  expect(deedsOf(ports)).toEqual([
    ["heartbeat", action],
    ["series", group, instance],
    ["queue", { kind: "remove", instance, record }],
    ["complete", action],
  ]);
  expect(ports.counted).toEqual({});
});

test("every record of an instance is removed, and nobody else's", async () => {
  const series = [seriesOf(instance, "7", "11"), seriesOf("i-other", "7", "12"), seriesOf(instance, "7", "13")];
  const ports = portsWith({ series: () => Promise.resolve(series) });
  await handleTermination(detail, fleet, ports);
  expect(queued(ports)).toEqual(["11", "13"].map((vm) => ({ kind: "remove", instance, record: { group: "7", vm } })));
});

test("an instance that waited in the warm pool for days is still found", async () => {
  const threeHours = 3 * 3_600_000;
  const series: AwsPort["series"] = (_, since) =>
    Promise.resolve(since < ports.now() - 24 * threeHours ? [seriesOf(instance, "7", "11")] : []);
  const ports: TestedPorts = portsWith({ series });
  await handleTermination({ ...detail, Origin: "WarmPool" }, fleet, ports);
  expect(queued(ports)).toEqual([{ kind: "remove", instance, record }]);
});

const unknown: readonly (readonly [string, Partial<AwsPort>])[] = [
  ["has no metrics yet", {}],
  ["cannot be looked up for now", { series: transient }],
  ["may not be looked up", { series: refused }],
];

test.each(unknown)("a connector that %s is to be identified later", async (_, aws) => {
  const ports = portsWith(aws);
  await handleTermination(detail, fleet, ports);
  expect(queued(ports)).toEqual([{ kind: "identify", instance, group }]);
  expect(ports.deeds.at(-1)).toEqual(["complete", action]);
});

const troubles: readonly (readonly [string, Partial<AwsPort>, Readonly<Record<string, number>>])[] = [
  ["the queue takes nothing for now", { ...found, queue: transient }, { RemovalFailures: 1 }],
  ["the queue may not be used", { queue: refused }, { RemovalFailures: 1 }],
  ["the heartbeat fails", { ...found, heartbeat: refused }, {}],
  ["all fails", { series: transient, queue: transient, heartbeat: transient }, { RemovalFailures: 1 }],
  [
    "all fails unexpectedly",
    { series: () => Promise.reject(new TypeError("x")), queue: () => Promise.reject(new TypeError("x")) },
    { RemovalFailures: 1 },
  ],
];

test.each(troubles)("the instance may end though %s", async (_, aws, counted) => {
  const ports = portsWith(aws);
  await handleTermination(detail, fleet, ports);
  expect(ports.deeds.at(-1)).toEqual(["complete", action]);
  expect(ports.counted).toEqual(counted);
  const levels = ports.logs.map(([level]) => level);
  expect(levels).toContain("RemovalFailures" in counted ? "error" : "warning");
});

test("an instance that may not end after all is a failure: Lambda tries the event again", async () => {
  const ports = portsWith({ ...found, complete: transient });
  await expect(handleTermination(detail, fleet, ports)).rejects.toThrow("ThrottlingException");
  expect(queued(ports)).toHaveLength(1);
});

test("on its way into the warm pool an instance keeps its record, and goes on at once", async () => {
  const ports = portsWith(found);
  await handleTermination({ ...detail, Destination: "WarmPool" }, fleet, ports);
  expect(ports.deeds).toEqual([["complete", action]]);
});

test("an event without origin, destination and token is an end", async () => {
  const ports = portsWith(found);
  const { AutoScalingGroupName, EC2InstanceId, LifecycleHookName } = detail;
  const older = { AutoScalingGroupName, EC2InstanceId, LifecycleHookName };
  await handleTermination(older, fleet, ports);
  expect(queued(ports)).toHaveLength(1);
  expect(ports.deeds.at(-1)).toEqual(["complete", { ...action, token: undefined }]);
});

const foreign: readonly (readonly [string, unknown])[] = [
  ["nothing", undefined],
  ["a text", "egress-connectors"],
  ["no group", { ...detail, AutoScalingGroupName: undefined }],
  ["an empty instance", { ...detail, EC2InstanceId: "" }],
  ["a group with a longer name", { ...detail, AutoScalingGroupName: `${group}-2` }],
  ["a group with a shorter name", { ...detail, AutoScalingGroupName: "egress" }],
  ["a group of another case", { ...detail, AutoScalingGroupName: group.toUpperCase() }],
];

test.each(foreign)("an event with %s is ignored, and told of", async (_, given) => {
  for (const handle of [handleTermination, handleEnd]) {
    const ports = portsWith(found);
    await handle(given, fleet, ports);
    expect(ports.deeds).toEqual([]);
    expect(ports.logs.map(([level, message]) => [level, message])).toEqual([["warning", "an event was ignored"]]);
  }
});

describe("an instance that has ended", () => {
  test("has its removal queued, whether it waited or not", async () => {
    const ports = portsWith(found);
    await handleEnd({ AutoScalingGroupName: group, EC2InstanceId: instance }, fleet, ports);
    expect(deedsOf(ports)).toEqual([
      ["series", group, instance],
      ["queue", { kind: "remove", instance, record }],
    ]);
  });

  test("is to be identified if it is not known", async () => {
    const ports = portsWith({});
    await handleEnd({ ...detail, Origin: "WarmPool" }, fleet, ports);
    expect(queued(ports)).toEqual([{ kind: "identify", instance, group }]);
  });

  test("is no instance that went into the warm pool", async () => {
    const ports = portsWith(found);
    await handleEnd({ ...detail, Destination: "WarmPool" }, fleet, ports);
    expect(ports.deeds).toEqual([]);
  });

  test("is a failure if nothing can be queued: Lambda tries the event again", async () => {
    await expect(handleEnd(detail, fleet, portsWith({ ...found, queue: transient }))).rejects.toThrow("ThrottlingException");
  });
});
