import fc from "fast-check";
import { appConnectorFleetSettings } from "../../../modules/app-connector/schema";
import {
  appConnectorGroupOf,
  fixedKeys,
  mostAppConnectors,
  mostEnrolled,
  mostInGroup,
  sizeAppConnectors,
} from "../../../modules/app-connector/sizing";
import { known } from "../../../modules/validation/schema";

const fleet = (settings: object) => appConnectorFleetSettings(known).parse(settings);
const zoneKeys = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"), { minLength: 1 });
const number = fc.integer({ min: 1, max: mostInGroup });

test.each([
  [{}, ["a"], { min: 2, max: 4 }],
  [{}, ["a", "b"], { min: 2, max: 4 }],
  [{}, ["a", "b", "c"], { min: 3, max: 6 }],
  [{ max: 1 }, ["a", "b"], { min: 1, max: 1 }],
  [{ max: 10 }, ["a", "b"], { min: 2, max: 10 }],
  [{ min: 1 }, ["a", "b"], { min: 1, max: 2 }],
  [{ min: 80 }, ["a", "b"], { min: 80, max: 100 }],
])("a group %j over %j", (given, zones, group) => {
  expect(appConnectorGroupOf(given, zones)).toEqual(group);
});

test("a group has the numbers that are given, and any has fewest and most", () => {
  const sizes = fc
    .record({ min: fc.option(number, { nil: undefined }), max: fc.option(number, { nil: undefined }) })
    .filter(({ min, max }) => (min ?? 0) <= (max ?? mostInGroup));
  fc.assert(
    fc.property(sizes, zoneKeys, (given, zones) => {
      const { min, max } = appConnectorGroupOf(given, zones);
      expect(min).toBeGreaterThanOrEqual(1);
      expect(max).toBeGreaterThanOrEqual(min);
      expect(max).toBeLessThanOrEqual(mostInGroup);
      expect([given.min ?? min, given.max ?? max]).toEqual([min, max]);
    }),
  );
});

test("fixed App Connectors are named by zone and number", () => {
  expect(fixedKeys(["a", "lax-1a"], 2)).toEqual(["a-1", "a-2", "lax-1a-1", "lax-1a-2"]);
});

test("fixed App Connectors stand in their own zones", () => {
  expect(mostAppConnectors(fleet({ fixed: { perZone: 3 } }), ["a", "b"])).toBe(3);
  expect(mostEnrolled(fleet({ fixed: { perZone: 3 } }), ["a", "b"])).toBe(6);
});

test.each([
  [{}, 5],
  [{ max: 10 }, 11],
  [{ max: 30 }, 33],
  [{ max: 30, warmPool: { min: 4 } }, 37],
  [{ max: 30, warmPool: { maxPrepared: 40 } }, 43],
  [{ max: 30, warmPool: {} }, 33],
])("a group %j may stand in one zone as a whole, those that wait and take the place of others included", (autoScaling, most) => {
  expect(mostAppConnectors(fleet({ autoScaling }), ["a", "b"])).toBe(most);
  expect(mostEnrolled(fleet({ autoScaling }), ["a", "b"])).toBe(most);
});

describe("the guide's own numbers", () => {
  const size = (throughputMbps: number, doubleEncryptedPercent = 0, appProtection = false) =>
    sizeAppConnectors({ throughputMbps, doubleEncryptedPercent, appProtection });

  test.each([
    [0, 500],
    [25, 437.5],
    [50, 375],
    [75, 312.5],
    [100, 250],
  ])("with %i %% double encryption an App Connector carries %d Mbps", (percent, mbps) => {
    expect(size(1000, percent).perAppConnectorMbps).toBe(mbps);
  });

  test("1 Gbps takes 2 to 3 App Connectors, and 4 to 6 with double encryption", () => {
    expect(size(1000)).toMatchObject({ withoutSpare: 2, appConnectors: 3, instanceType: "m5a.xlarge" });
    expect(size(1000, 100)).toMatchObject({ withoutSpare: 4, appConnectors: 5, instanceType: "m5a.xlarge" });
  });

  test("a full App Connector is full", () => {
    expect(size(500).withoutSpare).toBe(1);
    expect(size(501).withoutSpare).toBe(2);
    expect(size(1312.5, 25).withoutSpare).toBe(3);
  });

  test("AppProtection is counted with the least that the guide gives, and larger instances", () => {
    const { notes, ...rest } = size(1000, 0, true);
    expect(rest).toEqual({ appConnectors: 11, withoutSpare: 10, instanceType: "m5a.2xlarge", perAppConnectorMbps: 100 });
    expect(notes.join(" ")).toMatch(/100 to 200/);
    expect(size(1000, 50, true)).toMatchObject({ withoutSpare: 14, perAppConnectorMbps: 75 });
    expect(size(1000, 50, true).notes.join(" ")).toMatch(/no number for AppProtection and double encryption together/);
  });

  test("more than a group has is told", () => {
    expect(size(49_500).notes.join(" ")).not.toMatch(/deployments/);
    expect(size(49_501).notes.join(" ")).toMatch(/One group has 100 at most: make several deployments/);
  });
});

test("the load fits, would not with one fewer, and one may fail", () => {
  const load = fc.record({
    throughputMbps: fc.integer({ min: 1, max: 100_000 }),
    doubleEncryptedPercent: fc.integer({ min: 0, max: 100 }),
    appProtection: fc.boolean(),
  });
  fc.assert(
    fc.property(load, (given) => {
      const { appConnectors, withoutSpare, perAppConnectorMbps } = sizeAppConnectors(given);
      expect(withoutSpare * perAppConnectorMbps).toBeGreaterThanOrEqual(given.throughputMbps);
      expect((withoutSpare - 1) * perAppConnectorMbps).toBeLessThan(given.throughputMbps);
      expect(appConnectors).toBe(withoutSpare + 1);
    }),
  );
});
