import { type FleetDocument } from "../../../../modules/fleet-lifecycle/function/document";
import { runPass } from "../../../../modules/fleet-lifecycle/function/pass";
import { type AwsPort, type Ports, type SeenGroup, type Series } from "../../../../modules/fleet-lifecycle/function/ports";
import { CallFailed } from "../../../../modules/lambda/function/call-failed";

const minute = 60_000;
const now = 1_700_000_000_000;

const document: FleetDocument = {
  name: "edge",
  groups: ["edge-a", "edge-b"],
  health: { degraded: "keep", silentMinutes: 10, unseenMinutes: 20, mostUnhealthyPercent: 50, paused: false },
  portal: { host: "connector.zscaler.net", secret: "arn:secret" },
  queue: "https://sqs/queue",
};

const series = (instance: string, values: readonly number[]): Series => ({
  instance,
  record: { group: "1", vm: instance },
  points: values.map((value, index) => ({ at: now - minute * (index + 1), value })),
});

const well = [100, 100, 100, 100, 100];
const zero = [0, 0, 0, 0, 0];

/** A group of which each instance is named with its lifecycle state. */
const group = (name: string, lifecycles: Readonly<Record<string, string>>, terminateHooks = ["terminate"]): SeenGroup => ({
  name,
  instances: Object.entries(lifecycles).map(([id, lifecycle]) => ({ id, lifecycle, health: "Healthy" })),
  terminateHooks,
});

interface World {
  readonly groups: readonly SeenGroup[];
  readonly series: readonly Series[];
  readonly inService?: ReadonlyMap<string, number>;
  /** What fails, by the call and the first of what it is about. */
  readonly failures?: Readonly<Record<string, Error>>;
}

type Call = readonly [name: keyof AwsPort, about: string];

/** What a pass did: its calls, what it told, and how it ended. */
async function pass({ groups, series: known, inService = new Map(), failures = {} }: World, changes: Partial<FleetDocument> = {}) {
  const calls: Call[] = [];
  const windows: number[] = [];
  const log: { readonly level: string; readonly message: string; readonly details: Readonly<Record<string, unknown>> }[] = [];
  const metrics: { readonly values: Readonly<Record<string, number>>; readonly group: string | undefined }[] = [];
  const call = (...[name, about]: Call): Promise<void> => {
    calls.push([name, about]);
    const failure = failures[`${name} ${about}`];
    return failure ? Promise.reject(failure) : Promise.resolve();
  };
  const aws: AwsPort = {
    groups: async (names) => {
      await call("groups", names.join(" "));
      return groups.filter(({ name }) => names.includes(name));
    },
    series: async (name, since) => {
      await call("series", name);
      windows.push(since);
      const ids = groups.find((each) => each.name === name)?.instances.map(({ id }) => id) ?? [];
      return known.filter(({ instance }) => ids.includes(instance));
    },
    inServiceSince: async (name) => {
      await call("inServiceSince", name);
      return inService;
    },
    markUnhealthy: (instance) => call("markUnhealthy", instance),
    heartbeat: ({ instance }) => call("heartbeat", instance),
    complete: ({ hook, instance }) => call("complete", `${instance} ${hook}`),
    queue: ({ instance }) => call("queue", instance),
    secret: async (arn) => {
      await call("secret", arn);
      return "";
    },
  };
  const ports: Ports = {
    now: () => now,
    sleep: () => Promise.resolve(),
    random: () => 0,
    aws,
    portal: { open: () => Promise.reject(new Error("a pass has no business there")) },
    report: {
      log: (level, message, details = {}) => log.push({ level, message, details }),
      metrics: (values, name) => metrics.push({ values, group: name }),
    },
  };
  const failure = await runPass({ ...document, ...changes }, ports).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const of = (name: keyof AwsPort): readonly string[] => calls.filter(([each]) => each === name).map(([, about]) => about);
  const total = metrics.find(({ group: name }) => name === undefined)?.values ?? {};
  return { calls, of, windows, log, metrics, total, failure };
}

const refused = new CallFailed("AccessDenied: no", "refused");
const throttled = new CallFailed("Throttling: slow down", "transient");
const gone = new CallFailed("ValidationError: Instance Id not found", "missing");

const threeAndTwo = [
  group("edge-a", { a1: "InService", a2: "InService", a3: "InService" }),
  group("edge-b", { b1: "InService", b2: "InService" }),
];
const allWell = ["a1", "a2", "a3", "b1", "b2"].map((id) => series(id, well));
const oneBadEach = [series("a1", zero), series("a2", well), series("a3", well), series("b1", zero), series("b2", well)];

test("a pass over groups that are well makes one call for all groups and one for each group's metrics", async () => {
  const { calls, total, failure, log } = await pass({ groups: threeAndTwo, series: allWell });
  expect(calls).toEqual([
    ["groups", "edge-a edge-b"],
    ["series", "edge-a"],
    ["series", "edge-b"],
  ]);
  expect(total).toEqual({ Healthy: 5, Degraded: 0, Unhealthy: 0, Unknown: 0, HeldBack: 0, Replaced: 0, FailedCalls: 0, Heartbeat: 1 });
  expect([failure, log]).toEqual([undefined, []]);
});

test("more than silence that counts is read", async () => {
  const { windows } = await pass({ groups: threeAndTwo, series: allWell });
  expect(windows.every((since) => since <= now - 60 * minute)).toBe(true);
  const patient = await pass({ groups: threeAndTwo, series: allWell }, { health: { ...document.health, silentMinutes: 90 } });
  expect(patient.windows.every((since) => since < now - 95 * minute)).toBe(true);
});

test("unhealthy connectors are replaced, and told of", async () => {
  const { of, total, metrics, log } = await pass({ groups: threeAndTwo, series: oneBadEach });
  expect(of("markUnhealthy")).toEqual(["a1", "b1"]);
  expect(total).toMatchObject({ Healthy: 3, Unhealthy: 2, Replaced: 2, HeldBack: 0 });
  expect(metrics.map(({ group: name }) => name)).toEqual(["edge-a", "edge-b", undefined]);
  expect(metrics[0]?.values).toMatchObject({ Healthy: 2, Unhealthy: 1, Replaced: 1 });
  expect(log.map(({ level, message, details }) => [level, message, details["instance"]])).toEqual(
    expect.arrayContaining([
      ["warning", "a connector is unhealthy", "a1"],
      ["warning", "a connector is replaced", "a1"],
    ]),
  );
});

test("a deployment of one group has no metrics of the group beside its own", async () => {
  const { metrics } = await pass({ groups: threeAndTwo, series: allWell }, { groups: ["edge-a"] });
  expect(metrics.map(({ group: name }) => name)).toEqual([undefined]);
});

test("those held back are told of", async () => {
  const bad = ["b1", "b2"].map((id) => series(id, zero));
  const { of, total, log } = await pass({ groups: threeAndTwo, series: [...allWell.slice(0, 3), ...bad] });
  expect(of("markUnhealthy")).toEqual([]);
  expect(total).toMatchObject({ Unhealthy: 2, HeldBack: 2, Replaced: 0, Heartbeat: 1 });
  expect(log).toContainEqual(
    expect.objectContaining({
      message: "unhealthy connectors are not replaced",
      details: { group: "edge-b", instances: ["b1", "b2"], why: "2 of 2 are not seen to be well, which is more than 50 %" },
    }),
  );
});

test("when instances came into service is asked for where one is in doubt", async () => {
  const inService = new Map([["a1", now - 5 * minute]]);
  const { of, total } = await pass({ groups: threeAndTwo, series: allWell.slice(1), inService });
  expect(of("inServiceSince")).toEqual(["edge-a"]);
  expect(total).toMatchObject({ Healthy: 4, Unknown: 1, Heartbeat: 1 });
  const late = await pass({ groups: threeAndTwo, series: allWell.slice(1), inService: new Map([["a1", now - 25 * minute]]) });
  expect(late.of("markUnhealthy")).toEqual(["a1"]);
});

test("terminations that still wait are completed, whatever they wait for, and others are not", async () => {
  const lifecycles = {
    a1: "InService",
    a2: "Terminating:Wait",
    a3: "Warmed:Terminating:Wait",
    a4: "Terminating",
    a5: "Terminating:Proceed",
    a6: "Pending:Wait",
    a7: "Warmed:Pending:Wait",
  };
  const groups = [group("edge-a", lifecycles, ["terminate", "theirs"]), group("edge-b", { b1: "Terminating:Wait" })];
  const { of } = await pass({ groups, series: [series("a1", well)] });
  expect([...of("complete")].sort()).toEqual(["a2 terminate", "a2 theirs", "a3 terminate", "a3 theirs", "b1 terminate"]);
});

test("they are completed where replacements are paused, and where CloudWatch does not answer", async () => {
  const groups = [group("edge-a", { a1: "Terminating:Wait" })];
  const paused = await pass({ groups, series: [] }, { groups: ["edge-a"], health: { ...document.health, paused: true } });
  expect(paused.of("complete")).toEqual(["a1 terminate"]);
  const blind = await pass({ groups, series: [], failures: { "series edge-a": throttled } }, { groups: ["edge-a"] });
  expect(blind.of("complete")).toEqual(["a1 terminate"]);
});

describe("what fails stops nothing else", () => {
  test("metrics of one group: the other is looked after, and the pass ends in an error, without a heartbeat", async () => {
    const { of, total, failure } = await pass({ groups: threeAndTwo, series: oneBadEach, failures: { "series edge-a": throttled } });
    expect(of("markUnhealthy")).toEqual(["b1"]);
    expect(total).toEqual({ Healthy: 1, Degraded: 0, Unhealthy: 1, Unknown: 3, HeldBack: 0, Replaced: 1, FailedCalls: 1 });
    expect(failure).toBe("could not judge edge-a");
  });

  test("the time of coming into service: what reports prove is acted on", async () => {
    const groups = [group("edge-a", { a1: "InService", a2: "InService", a3: "InService", a4: "InService" })];
    const known = [series("a1", zero), series("a2", well), series("a3", well)];
    const { of, total, failure } = await pass(
      { groups, series: known, failures: { "inServiceSince edge-a": throttled } },
      { groups: ["edge-a"] },
    );
    expect(of("markUnhealthy")).toEqual(["a1"]);
    expect(total).toEqual({ Healthy: 2, Degraded: 0, Unhealthy: 1, Unknown: 1, HeldBack: 0, Replaced: 1, FailedCalls: 1 });
    expect(failure).toBe("could not judge edge-a");
  });

  test("a mark", async () => {
    const { of, total, failure, log } = await pass({ groups: threeAndTwo, series: oneBadEach, failures: { "markUnhealthy a1": refused } });
    expect(of("markUnhealthy")).toEqual(["a1", "b1"]);
    expect(total).toMatchObject({ Replaced: 1, FailedCalls: 1, Heartbeat: 1 });
    expect(failure).toBeUndefined();
    expect(log).toContainEqual({
      level: "error",
      message: "a connector could not be replaced",
      details: { group: "edge-a", instance: "a1", why: "AccessDenied: no" },
    });
  });

  test("a mark on an instance that is gone is no failure", async () => {
    const { total, log } = await pass({ groups: threeAndTwo, series: oneBadEach, failures: { "markUnhealthy a1": gone } });
    expect(total).toMatchObject({ Replaced: 1, FailedCalls: 0 });
    expect(log.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("a completion", async () => {
    const groups = [group("edge-a", { a1: "Terminating:Wait", a2: "Terminating:Wait", a3: "InService" })];
    const { of, total, failure } = await pass({
      groups,
      series: [series("a3", well)],
      failures: { "complete a1 terminate": throttled },
    });
    expect(of("complete")).toEqual(["a1 terminate", "a2 terminate"]);
    expect(of("series")).toEqual(["edge-a"]);
    expect(total).toMatchObject({ Healthy: 1, FailedCalls: 1, Heartbeat: 1 });
    expect(failure).toBeUndefined();
  });

  test("the groups together: each is read by itself", async () => {
    const failures = { "groups edge-a edge-b": throttled, "groups edge-a": throttled };
    const { of, total, failure, log } = await pass({ groups: threeAndTwo, series: oneBadEach, failures });
    expect(log.map(({ message }) => message)).not.toContain("a group is not there");
    expect(of("groups")).toEqual(["edge-a edge-b", "edge-a", "edge-b"]);
    expect(of("markUnhealthy")).toEqual(["b1"]);
    expect(total).toEqual({ Healthy: 1, Degraded: 0, Unhealthy: 1, Unknown: 0, HeldBack: 0, Replaced: 1, FailedCalls: 2 });
    expect(failure).toBe("could not judge edge-a");
  });

  test("all groups: nothing is said of their health", async () => {
    const failures = { "groups edge-a edge-b": refused, "groups edge-a": refused, "groups edge-b": refused };
    const { total, failure } = await pass({ groups: threeAndTwo, series: oneBadEach, failures });
    expect(total).toEqual({ FailedCalls: 3 });
    expect(failure).toBe("could not judge edge-a, edge-b");
  });

  test("something that is no call", async () => {
    const { of, failure } = await pass({
      groups: threeAndTwo,
      series: oneBadEach,
      failures: { "series edge-a": new TypeError("a mistake of ours") },
    });
    expect(of("markUnhealthy")).toEqual(["b1"]);
    expect(failure).toBe("could not judge edge-a");
  });
});

test("a group that is not there yet is told of, and does not silence the heartbeat", async () => {
  const { total, failure, log } = await pass({ groups: threeAndTwo.slice(0, 1), series: allWell });
  expect(total).toMatchObject({ Healthy: 3, Heartbeat: 1 });
  expect(failure).toBeUndefined();
  expect(log).toEqual([{ level: "warning", message: "a group is not there", details: { group: "edge-b" } }]);
});

test("a few calls are made at once, and all are made", async () => {
  const ids = Array.from({ length: 23 }, (_, index) => `i-${String(index).padStart(2, "0")}`);
  const groups = [group("edge-a", Object.fromEntries(ids.map((id) => [id, "InService"])))];
  const known = ids.map((id, index) => series(id, index < 11 ? zero : well));
  const { of, total } = await pass({ groups, series: known }, { groups: ["edge-a"] });
  expect(of("markUnhealthy")).toEqual(ids.slice(0, 11));
  expect(total).toMatchObject({ Replaced: 11 });
});
