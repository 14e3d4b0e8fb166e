import fc from "fast-check";
import { drainDelay } from "../../../../modules/app-connector/function/drain";

const moment = fc.integer({ min: 0, max: 4_000_000_000_000 });

test("a drain is looked at again at its end, or after five minutes", () => {
  expect([0, 1, 1_000, 299_001, 300_000, 300_001, 86_400_000].map((left) => drainDelay(left, 0))).toEqual([0, 1, 1, 300, 300, 300, 300]);
});

test("the delays of a drain get it to its end, with a heartbeat at least each five minutes", () => {
  fc.assert(
    fc.property(moment, fc.integer({ min: 0, max: 90_000_000 }), (start, length) => {
      const until = start + length;
      let looks = 0;
      for (let now = start; now < until; now += 1000 * drainDelay(until, now)) {
        expect(drainDelay(until, now)).toBeGreaterThan(0);
        expect(drainDelay(until, now)).toBeLessThanOrEqual(300);
        looks += 1;
      }
      expect(looks).toBe(Math.ceil(length / 300_000));
    }),
  );
});

test("a drain that is over is looked at at once", () => {
  fc.assert(fc.property(moment, moment, (one, other) => expect(drainDelay(Math.min(one, other), Math.max(one, other))).toBe(0)));
});
