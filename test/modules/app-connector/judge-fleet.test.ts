import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import fc from "fast-check";
import {
  type AppConnectorCase,
  appConnectorFleetSettings,
  judgeAppConnectorFleet,
  warnAppConnectorFleet,
} from "../../../modules/app-connector/schema";
import { mostEnrolled } from "../../../modules/app-connector/sizing";
import { orToken } from "../../../modules/validation";
import { known } from "../../../modules/validation/schema";

type More = Partial<Omit<AppConnectorCase, "fleet">>;

const caseOf = (fleet: object, more: More = {}): AppConnectorCase => ({
  fleet: appConnectorFleetSettings(known).parse(fleet),
  zones: ["a", "b"],
  enrollment: { key: { secretsManager: {} } },
  addresses: {},
  portal: true,
  ...more,
});
const fixed = (perZone: number, more?: More) => caseOf({ fixed: { perZone } }, more);
const scaled = (settings: object, more?: More) => caseOf({ autoScaling: settings }, more);
const told = (given: AppConnectorCase): readonly string[] =>
  judgeAppConnectorFleet(given).map(({ at, problem, fix }) => `${at.join(".")}: ${problem}; ${fix}`);

test("App Connectors with nothing set are right and need no warning", () => {
  for (const given of [fixed(1), scaled({}), scaled({ warmPool: {} }), scaled({}, { zones: ["a", "b", "lax-1a"] })]) {
    expect([told(given), warnAppConnectorFleet(given)]).toEqual([[], []]);
  }
});

test("a group has an App Connector for each of its zones", () => {
  expect(told(scaled({ max: 2 }, { zones: ["a", "b", "c"] }))).toEqual([
    "fleet.autoScaling.max: 2 App Connectors cannot stand in 3 zones; give at least 3, or name fewer zones",
  ]);
  expect(told(scaled({ max: 3 }, { zones: ["a", "b", "c"] }))).toEqual([]);
});

test("a warm pool holds some", () => {
  const problem = "2 instances run and wait together, of which at least 2 run: none ever waits";
  expect(told(scaled({ warmPool: { maxPrepared: 2 } }))).toEqual([
    `fleet.autoScaling.warmPool.maxPrepared: ${problem}; give more than 2, or set warmPool.min`,
  ]);
  expect(told(scaled({ warmPool: { maxPrepared: 3 } }))).toEqual([]);
  expect(told(scaled({ warmPool: { maxPrepared: 2, min: 1 } }))).toEqual([]);
});

test("without a launch hook a refresh waits until App Connectors are enrolled", () => {
  expect(told(scaled({ launchHook: { none: {} }, warmUpSeconds: 600 }))).toEqual([
    "fleet.autoScaling.warmUpSeconds: 600 is too short for an App Connector that takes 10 minutes to enroll: without a launch hook a refresh goes on before; give more than 600, or leave launchHook.none out",
  ]);
  expect(told(scaled({ launchHook: { none: {} }, warmUpSeconds: 601 }))).toEqual([]);
});

test("a time that is known only at deployment is judged by nobody", () => {
  const stack = new TerraformStack(Testing.app(), "stack");
  const { numberValue } = new TerraformVariable(stack, "seconds", { type: "number" });
  const autoScaling = { launchHook: { none: {} }, warmUpSeconds: numberValue };
  const fleet = appConnectorFleetSettings(orToken).parse({ autoScaling });
  expect(told({ ...scaled({}), fleet })).toEqual([]);
});

describe("uses of a provisioning key", () => {
  const fix = (most: number) => `the provisioning key needs at least ${most} uses, and more for later replacements: raise its limit`;

  test("are enough for all that can be there, in every store", () => {
    const madeUp = "10 that run, 3 that wait in the warm pool, 1 that may take the place of others";
    const autoScaling = { max: 10, warmPool: { min: 3 } };
    for (const [key, at] of [
      [{ secretsManager: { usesLeft: 13 } }, "secretsManager.usesLeft"],
      [{ parameterStore: { usesLeft: 13 } }, "parameterStore.usesLeft"],
      [{ create: { uses: 13 } }, "create.uses"],
    ] as const) {
      expect(told(scaled(autoScaling, { enrollment: { key } }))).toEqual([
        `appConnectors.enrollment.key.${at}: 13 is fewer than the 14 App Connectors that can be there at once: ${madeUp}; ${fix(14)}`,
      ]);
    }
    expect(told(scaled(autoScaling, { enrollment: { key: { create: { uses: 14 } } } }))).toEqual([]);
  });

  test("count no warm pool where none waits, and fixed App Connectors by zone", () => {
    const enrollment = { key: { secretsManager: { usesLeft: 4 } } };
    expect(told(scaled({}, { enrollment }))[0]).toMatch(/the 5 .*: 4 that run, 1 that may take the place of others;/);
    expect(told(scaled({ warmPool: {} }, { enrollment }))[0]).toMatch(/: 4 that run, 1 that may take the place of others;/);
    expect(told(fixed(3, { enrollment }))[0]).toMatch(/the 6 .*: 3 in each of 2 zones;/);
    expect(told(fixed(2, { enrollment }))).toEqual([]);
  });

  test("are refused exactly where they are too few, and what makes up the number adds up to it", () => {
    const size = fc.integer({ min: 2, max: 100 });
    const warmPool = fc.record({ min: fc.nat(100) });
    fc.assert(
      fc.property(size, fc.option(warmPool, { nil: undefined }), fc.integer({ min: 1, max: 250 }), (max, pool, usesLeft) => {
        const given = scaled(
          { max, ...(pool === undefined ? {} : { warmPool: pool }) },
          { enrollment: { key: { parameterStore: { usesLeft } } } },
        );
        const most = mostEnrolled(given.fleet, given.zones);
        const [finding, ...more] = judgeAppConnectorFleet(given);
        expect(more).toEqual([]);
        expect(finding === undefined).toBe(usesLeft >= most);
        if (finding === undefined) return;
        const [total, ...parts] = [...finding.problem.matchAll(/\b(\d+) (?:App Connectors|that)/g)].map(([, count]) => Number(count));
        expect(total).toBe(most);
        expect(parts.reduce((sum, count) => sum + count, 0)).toBe(most);
      }),
    );
  });
});

test("codes of OAuth need the portal", () => {
  expect(told(fixed(1, { enrollment: { oauth: {} } }))).toEqual([]);
  expect(told(fixed(1, { enrollment: { oauth: {} }, portal: false }))).toEqual([
    "appConnectors.enrollment.oauth: nothing can register the instances' codes in ZPA; give portal, or enroll with a key",
  ]);
});

describe("addresses", () => {
  test("are those of fixed App Connectors that there are", () => {
    expect(told(fixed(2, { addresses: { "a-1": "10.1.0.9", "b-2": "10.1.0.10" } }))).toEqual([]);
    expect(told(fixed(1, { addresses: { "a-2": "10.1.0.9", "c-1": "10.1.0.10" } }))).toEqual([
      "appConnectors.addresses.a-2: there is no App Connector a-2; give addresses to a-1, b-1 alone, or raise fleet.fixed.perZone",
      "appConnectors.addresses.c-1: there is no App Connector c-1; give addresses to a-1, b-1 alone, or raise fleet.fixed.perZone",
    ]);
  });

  test("are not a group's", () => {
    expect(told(scaled({}, { addresses: { "a-1": "10.1.0.9" } }))).toEqual([
      "appConnectors.addresses: App Connectors of a group have no addresses of their own; leave addresses out, or give fleet.fixed",
    ]);
  });
});

describe("better not done", () => {
  test("one zone", () => {
    const warning = "App Connectors stand in a alone: when the zone fails, users lose their applications";
    expect(warnAppConnectorFleet(fixed(2, { zones: ["a"] }))).toEqual([warning]);
    expect(warnAppConnectorFleet(scaled({}, { zones: ["a"] }))).toEqual([warning]);
  });

  test("a single App Connector", () => {
    const problem = "there can be a single App Connector, and users lose their applications when it fails or Zscaler updates it";
    expect(warnAppConnectorFleet(fixed(1, { zones: ["a"] }))).toContain(`${problem}: set fleet.fixed.perZone to 2`);
    expect(warnAppConnectorFleet(scaled({ min: 1 }))).toEqual([`${problem}: set fleet.autoScaling.min to 2`]);
  });

  test("no portal", () => {
    for (const given of [fixed(1, { portal: false }), scaled({ drainMinutes: 60 }, { portal: false })]) {
      expect([told(given), warnAppConnectorFleet(given)]).toEqual([
        [],
        ["App Connectors that end stay in the ZPA portal, for somebody to remove them: give portal, and a function removes them"],
      ]);
    }
  });

  test("no launch hook", () => {
    expect(warnAppConnectorFleet(scaled({ launchHook: { none: {} }, warmUpSeconds: 900 }))).toEqual([
      "fleet.autoScaling.launchHook none counts instances as App Connectors before they are enrolled, or if they never are",
    ]);
  });
});
