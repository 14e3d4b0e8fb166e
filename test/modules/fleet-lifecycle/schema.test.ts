import { autoScalingSettings, bootMinutes, fleetSettings } from "../../../modules/fleet-lifecycle/schema";
import { known } from "../../../modules/validation/schema";

const schema = autoScalingSettings(known);
const told = (settings: unknown): readonly string[] =>
  (schema.safeParse(settings).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message.replace("\n", "; ")}`);

test("what is not given has Zscaler's values, and nobody is notified", () => {
  expect(fleetSettings(known).parse(undefined)).toEqual({ fixed: { perZone: 2 } });
  expect(schema.parse({})).toEqual({
    groups: "one",
    targetCpuPercent: 80,
    health: { degraded: "keep", silentMinutes: 10, unseenMinutes: 20, mostUnhealthyPercent: 50, paused: false },
    healthCheckType: "ec2",
    graceSeconds: 900,
    warmUpSeconds: 120,
    launchHook: { wait: { timeoutSeconds: 1800 } },
    terminateHookSeconds: 900,
    protectFromScaleIn: false,
    alarms: { create: {} },
    runtime: "nodejs22.x",
    architecture: "arm64",
    memory: 256,
    logRetentionDays: 30,
  });
  expect(schema.parse({ warmPool: {} }).warmPool).toEqual({ state: "stopped", min: 0, reuseOnScaleIn: true });
});

test("a connector that was never seen has had the time to boot", () => {
  expect(told({ health: { unseenMinutes: bootMinutes } })).toHaveLength(1);
});

test("sizes and a warm pool are judged together, also beside a value that is wrong", () => {
  expect(told({ min: 5, max: 4 })).toEqual(["min: 5 is more than the maximum, 4; give a minimum that is not above max"]);
  expect(told({ min: 5, max: 5 })).toEqual([]);
  expect(told({ warmPool: {}, launchHook: { none: {} }, graceSeconds: -1 })).toEqual([
    "graceSeconds: Too small: expected number to be >=0",
    "warmPool: a warm pool stops instances without waiting for their connectors; leave launchHook.none out: only a launch hook lets them enroll first",
  ]);
});

test.each([
  [{ min: 0 }],
  [{ max: 11 }],
  [{ targetCpuPercent: 9 }],
  [{ targetCpuPercent: 91 }],
  // Auto Scaling API, "PutLifecycleHook".
  [{ launchHook: { wait: { timeoutSeconds: 29 } } }],
  [{ launchHook: { wait: { timeoutSeconds: 7201 } } }],
  [{ terminateHookSeconds: 29 }],
  [{ terminateHookSeconds: 7201 }],
  [{ health: { silentMinutes: 4 } }],
  [{ health: { mostUnhealthyPercent: 0 } }],
  [{ warmPool: { min: -1 } }],
  [{ warmPool: { state: "hibernated" } }],
  [{ notifications: { topic: { arn: "arn:aws:sns:us-west-2:123456789012:orders.fifo" } } }],
  [{ desired: 3 }],
])("%j is refused", (settings) => {
  expect(told(settings)).toHaveLength(1);
});

test.each([
  [{ min: 10, max: 10 }],
  [{ targetCpuPercent: 40 }],
  [{ launchHook: { wait: { timeoutSeconds: 7200 } }, terminateHookSeconds: 7200 }],
  [{ warmPool: { state: "running", min: 10, maxPrepared: 10, reuseOnScaleIn: false } }],
  [{ notifications: { create: { email: "netsec@example.com" } } }],
])("%j is taken", (settings) => {
  expect(told(settings)).toEqual([]);
});
