import fc from "fast-check";
import { judgeScaling } from "../../../modules/auto-scaling/schema";

test("the fewest are not more than the most", () => {
  expect(judgeScaling({ min: 2, max: 2 }, "App Connectors")).toEqual([]);
  expect(judgeScaling({ min: 3, max: 2 }, "App Connectors")).toEqual([
    { at: ["min"], problem: "3 is more than the maximum, 2", fix: "give a minimum that is not above max" },
  ]);
});

test("a warm pool needs a launch hook", () => {
  expect(judgeScaling({ warmPool: {}, launchHook: { wait: {} } }, "App Connectors")).toEqual([]);
  expect(judgeScaling({ launchHook: { none: {} } }, "App Connectors")).toEqual([]);
  expect(judgeScaling({ warmPool: {}, launchHook: { none: {} } }, "App Connectors")).toEqual([
    {
      at: ["warmPool"],
      problem: "a warm pool stops instances without waiting for their App Connectors",
      fix: "leave launchHook.none out: only a launch hook lets them enroll first",
    },
  ]);
});

test("values of any kind are borne", () => {
  const some = fc.anything();
  fc.assert(
    fc.property(fc.record({ min: some, max: some, warmPool: some, launchHook: some }, { requiredKeys: [] }), (settings) => {
      expect(Array.isArray(judgeScaling(settings, "App Connectors"))).toBe(true);
    }),
  );
});
