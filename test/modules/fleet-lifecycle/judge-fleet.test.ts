import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import fc from "fast-check";
import { type FleetCase, fleetSettings, groupsOf, judgeFleet, mostInstances, warnFleet } from "../../../modules/fleet-lifecycle/schema";
import { orToken } from "../../../modules/validation";
import { known } from "../../../modules/validation/schema";

type More = Partial<Omit<FleetCase, "fleet">>;

const fleetCase = (fleet: object, more: More = {}): FleetCase => ({
  fleet: fleetSettings(known).parse(fleet),
  zones: ["a", "b"],
  size: "small",
  managementTier: "shared",
  pinned: 0,
  ...more,
});
const scaled = (settings: object, more?: More): FleetCase => fleetCase({ autoScaling: settings }, more);
const told = (given: FleetCase): readonly string[] =>
  judgeFleet(given).map(({ at, problem, fix }) => `${at.join(".")}: ${problem}; ${fix}`);

test("fleets with nothing set are right and need no warning", () => {
  for (const given of [fleetCase({ fixed: {} }), scaled({}), scaled({ groups: "perZone" }), scaled({ warmPool: {} })]) {
    expect([told(given), warnFleet(given)]).toEqual([[], []]);
  }
});

test("a fixed fleet takes every size, pinned destinations and management subnets", () => {
  expect(told(fleetCase({ fixed: {} }, { size: "large", pinned: 2, managementTier: "separate" }))).toEqual([]);
});

describe("what a launch template cannot do is refused with the reason", () => {
  test.each(["medium", "large"] as const)("size %s", (size) => {
    expect(told(scaled({}, { size }))).toEqual([
      `autoScaling: Auto Scaling does not take connectors of size ${size}: Zscaler's launch template has the interfaces of size small only; set connectors.size to small, or give fleet.fixed`,
    ]);
  });

  test("pinned destinations", () => {
    expect(told(scaled({}, { pinned: 1 }))).toEqual([
      "autoScaling: destinations are pinned to connectors, and a launch template cannot switch off the source/destination check that routes need; give fleet.fixed, or pin no destination",
    ]);
  });

  test("management subnets in a group over all zones, not in one of a zone", () => {
    expect(told(scaled({}, { managementTier: "separate" }))).toEqual([
      "autoScaling.groups: one group over all zones cannot put management interfaces into subnets of their own: a launch template names one subnet; set groups to perZone, or connectors.managementTier to shared",
    ]);
    expect(told(scaled({ groups: "perZone" }, { managementTier: "separate" }))).toEqual([]);
  });
});

test("a Local Zone has no balancer, for either kind of fleet", () => {
  for (const given of [fleetCase({ fixed: {} }, { zones: ["a", "lax-1a"] }), scaled({}, { zones: ["a", "lax-1a"] })]) {
    expect(told(given)).toEqual([
      ": zone lax-1a is a Local Zone, where no Gateway Load Balancer can stand before its connectors; name a zone of the region itself that serves it, in connectors.servedBy.lax-1a",
    ]);
  }
});

test("a group has a connector for each of its zones", () => {
  expect(told(scaled({ min: 1, max: 1 }))).toEqual([
    "autoScaling.max: 1 connectors cannot stand in 2 zones, and a zone without one loses its traffic; give at least 2, or set groups to perZone",
  ]);
  expect(told(scaled({ min: 1, max: 2 }))).toEqual([]);
  expect(told(scaled({ min: 1, max: 1, groups: "perZone" }))).toEqual([]);
});

test("a warm pool that is always empty is refused", () => {
  const at = [
    "autoScaling.warmPool.maxPrepared: 4 instances run and wait together, of which at least 4 run: none ever waits; give more than 4, or set warmPool.min",
  ];
  expect(told(scaled({ warmPool: { maxPrepared: 4 } }))).toEqual(at);
  expect(told(scaled({ warmPool: { maxPrepared: 4 }, groups: "perZone", min: 4 }))).toEqual(at);
  expect(told(scaled({ warmPool: { maxPrepared: 5 } }))).toEqual([]);
  expect(told(scaled({ warmPool: { maxPrepared: 4, min: 1 } }))).toEqual([]);
});

test("the provisioning key lets all enroll that can be there: the maximum of each group, one in another's place, and the warm pool", () => {
  const settings = { groups: "perZone", max: 4, warmPool: { min: 2 } };
  expect(told(scaled({ ...settings, provisioningKeyUses: 13 }))).toEqual([
    "autoScaling.provisioningKeyUses: 13 is fewer than the 14 connectors that can be there at once, those that wait or take another's place included; raise the provisioning key's limit in the Zscaler portal to 14 or more, or lower max",
  ]);
  expect(told(scaled({ ...settings, provisioningKeyUses: 14 }))).toEqual([]);
});

describe("times are longer than a boot", () => {
  const none = { launchHook: { none: {} }, warmUpSeconds: 601, health: { unseenMinutes: 25 } };
  test.each([
    [{ launchHook: { wait: { timeoutSeconds: 600 } } }, ["autoScaling.launchHook.wait.timeoutSeconds"]],
    [{ launchHook: { wait: { timeoutSeconds: 601 } } }, []],
    [{ terminateHookSeconds: 600 }, ["autoScaling.terminateHookSeconds"]],
    [{ terminateHookSeconds: 601 }, []],
    // With a launch hook, these begin when the connector is enrolled.
    [{ warmUpSeconds: 0, graceSeconds: 0, healthCheckType: "elb" }, []],
    [{ launchHook: { none: {} } }, ["autoScaling.warmUpSeconds", "autoScaling.health.unseenMinutes"]],
    [{ ...none, warmUpSeconds: 600 }, ["autoScaling.warmUpSeconds"]],
    [{ ...none, health: { unseenMinutes: 24 } }, ["autoScaling.health.unseenMinutes"]],
    [{ ...none, graceSeconds: 0 }, []],
    [{ ...none, graceSeconds: 600, healthCheckType: "elb" }, ["autoScaling.graceSeconds"]],
    [{ ...none, graceSeconds: 601, healthCheckType: "elb" }, []],
  ])("%j", (settings, places) => {
    expect(judgeFleet(scaled(settings)).map(({ at }) => at.join("."))).toEqual(places);
  });

  test("the message has the time, the boot and the reason", () => {
    expect(told(scaled({ launchHook: { wait: { timeoutSeconds: 300 } } }))).toEqual([
      "autoScaling.launchHook.wait.timeoutSeconds: 300 is too short for a connector that takes 10 minutes to boot: it would be replaced before it can say that it is enrolled; give more than 600",
    ]);
  });

  test("a time that is known only at deployment is not judged", () => {
    const later = new TerraformVariable(new TerraformStack(Testing.app(), "later"), "later", { type: "number" }).numberValue;
    const autoScaling = { terminateHookSeconds: later, launchHook: { wait: { timeoutSeconds: later } } };
    expect(told({ ...scaled({}), fleet: fleetSettings(orToken).parse({ autoScaling }) })).toEqual([]);
  });
});

describe("warnings", () => {
  const few = "there can be fewer than 2 connectors in a zone, which loses its traffic when one fails or is replaced: set";

  test.each([
    [fleetCase({ fixed: { perZone: 1 } }), [`${few} fleet.fixed.perZone to 2`]],
    [scaled({ min: 3 }), [`${few} fleet.autoScaling.min to 4`]],
    [scaled({ max: 3 }), [`${few} fleet.autoScaling.min to 4`]],
    [scaled({ groups: "perZone", min: 1 }), [`${few} fleet.autoScaling.min to 2`]],
    [scaled({}, { zones: ["a", "b", "c", "d", "e", "f"] }), [`${few} fleet.autoScaling.groups to perZone`]],
    [fleetCase({ fixed: {} }, { zones: ["b"] }), ["connectors stand in b alone: when the zone fails, all traffic is lost"]],
    [
      scaled({ healthCheckType: "elb" }),
      [
        "fleet.autoScaling.healthCheckType elb replaces every connector that the balancer finds unhealthy: an outage of the Zscaler cloud would replace them all",
      ],
    ],
  ])("%j", (given, warnings) => {
    expect(warnFleet(given)).toEqual(warnings);
  });
});

test("a key's uses are refused exactly where they do not reach for all groups", () => {
  const settings = fc.record({
    groups: fc.constantFrom("one", "perZone"),
    max: fc.integer({ min: 4, max: 10 }),
    warmPool: fc.option(fc.record({ min: fc.integer({ min: 1, max: 10 }) }), { nil: undefined }),
    provisioningKeyUses: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(settings, fc.constantFrom(["a"], ["a", "b"], ["a", "b", "c"]), (given, zones) => {
      const fleet = scaled(given, { zones });
      const { autoScaling } = fleet.fleet;
      if (!autoScaling) throw new Error("it has no groups");
      const most = groupsOf(autoScaling, zones)
        .map((group) => mostInstances(group, autoScaling))
        .reduce((one, other) => one + other);
      const refused = judgeFleet(fleet).some(({ at }) => at.includes("provisioningKeyUses"));
      expect(refused).toBe(given.provisioningKeyUses < most);
    }),
  );
});
