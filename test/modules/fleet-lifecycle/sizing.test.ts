import fc from "fast-check";
import { groupsOf, mostInstances } from "../../../modules/fleet-lifecycle/sizing";

const zoneKeys = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"), { minLength: 1 });
const size = fc.integer({ min: 1, max: 10 });
const sizes = fc
  .record({
    groups: fc.constantFrom("one" as const, "perZone" as const),
    min: fc.option(size, { nil: undefined }),
    max: fc.option(size, { nil: undefined }),
  })
  .filter(({ min, max }) => (min ?? 0) <= (max ?? 10));
const warmPool = fc.record({ min: fc.integer({ min: 0, max: 10 }), maxPrepared: fc.option(size, { nil: undefined }) });

test("every zone is in one group, and a group's sizes are those that are given, within Zscaler's most", () => {
  fc.assert(
    fc.property(sizes, zoneKeys, (given, zones) => {
      const groups = groupsOf(given, zones);
      expect(groups.flatMap((group) => group.zones)).toEqual(zones);
      expect(groups.map(({ key }) => key)).toEqual(given.groups === "one" ? ["all"] : zones);
      for (const { min, max } of groups) {
        expect(min).toBeGreaterThanOrEqual(1);
        expect(max).toBeGreaterThanOrEqual(min);
        expect(max).toBeLessThanOrEqual(10);
        if (given.min !== undefined) expect(min).toBe(given.min);
        if (given.max !== undefined) expect(max).toBe(given.max);
      }
    }),
  );
});

test.each([
  [{ groups: "one" }, ["a", "b"], [{ key: "all", zones: ["a", "b"], min: 4, max: 8 }]],
  [{ groups: "one" }, ["a", "b", "c"], [{ key: "all", zones: ["a", "b", "c"], min: 6, max: 10 }]],
  [{ groups: "one", max: 3 }, ["a", "b"], [{ key: "all", zones: ["a", "b"], min: 3, max: 3 }]],
  [{ groups: "one", min: 2 }, ["a", "b"], [{ key: "all", zones: ["a", "b"], min: 2, max: 4 }]],
  [
    { groups: "perZone" },
    ["a", "b"],
    [
      { key: "a", zones: ["a"], min: 2, max: 4 },
      { key: "b", zones: ["b"], min: 2, max: 4 },
    ],
  ],
] as const)("two connectors stand in each zone and twice as many can: %j over %j", (given, zones, groups) => {
  expect(groupsOf(given, zones)).toEqual(groups);
});

test("subnets are planned for the most that any number of running instances comes to, with the one that takes another's place", () => {
  fc.assert(
    fc.property(size, fc.option(warmPool, { nil: undefined }), (max, pool) => {
      const waiting = (running: number): number => (pool === undefined ? 0 : Math.max(pool.min, (pool.maxPrepared ?? max) - running));
      const each = Array.from({ length: max + 1 }, (_, running) => running + waiting(running));
      // A tenth of at most 10, and one at the least.
      const replacing = 1;
      expect(mostInstances({ key: "all", zones: ["a"], min: 1, max }, { warmPool: pool })).toBe(Math.max(...each) + replacing);
    }),
  );
});
