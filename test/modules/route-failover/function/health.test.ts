import fc from "fast-check";
import { afterProbe, type Health, type HealthState, stateAt, unprobed } from "../../../../modules/route-failover/function/health";

const thresholds = { deadAfter: 2, aliveAfter: 3 };

/** The health after probes a second apart: good ones are "+", failed ones "-". */
const after = (probes: string, from: Health = unprobed, given = thresholds): Health =>
  Array.from(probes).reduce((health, probe, index) => afterProbe(health, probe === "+", 1000 * (index + 1), given), from);

const rows: readonly (readonly [probes: string, HealthState])[] = [
  ["", "unknown"],
  ["-", "unknown"],
  ["--", "dead"],
  ["+", "alive"],
  ["-+", "alive"],
  ["+-", "alive"],
  ["+-+-+-", "alive"],
  ["+--", "dead"],
  ["--+", "recovering"],
  ["--++", "recovering"],
  ["--+++", "alive"],
  ["--++-", "dead"],
  ["--++-++", "recovering"],
  ["--++-+++", "alive"],
  ["--+++-", "alive"],
  ["--+++--", "dead"],
];

test.each(rows)("after %j a connector is %s", (probes, state) => {
  expect(after(probes).state).toBe(state);
});

test("rows of good and failed probes are counted from their first", () => {
  expect(after("--+++")).toMatchObject({ goods: 3, goodSince: 3000, failures: 0, probedAt: 5000 });
  expect(after("+++-")).toMatchObject({ goods: 0, failures: 1, probedAt: 4000 });
  expect(after("+-++")).toMatchObject({ goods: 2, goodSince: 3000 });
});

test("each row of good ones that ends before it counts as alive is a relapse", () => {
  expect(after("--+-++-").relapses).toBe(2);
  expect(after("--+++-").relapses).toBe(0);
  expect(after("----").relapses).toBe(0);
});

const probes = fc.string({ unit: fc.constantFrom("+", "-"), maxLength: 40 });

const anyThresholds = fc.record({ deadAfter: fc.integer({ min: 1, max: 5 }), aliveAfter: fc.integer({ min: 1, max: 12 }) });

test("a connector dies of so many failures in a row and no fewer, and lives after a death by so many good ones in a row and no fewer", () => {
  fc.assert(
    fc.property(probes, anyThresholds, (text, given) => {
      const { state } = after(text, unprobed, given);
      const [goods] = /\+*$/.exec(text) ?? [""];
      const died = text.lastIndexOf("-".repeat(given.deadAfter));
      if (text.endsWith("-".repeat(given.deadAfter))) expect(state).toBe("dead");
      if (died === -1) expect(state).toBe(text.includes("+") ? "alive" : "unknown");
      if (goods.length >= given.aliveAfter) expect(state).toBe("alive");
      // Whoever died and has not answered so often in a row since is not alive.
      else if (died !== -1 && !text.slice(died).includes("+".repeat(given.aliveAfter))) expect(["dead", "recovering"]).toContain(state);
    }),
    { numRuns: 500 },
  );
});

test("a probe that ended too long ago says nothing", () => {
  const health = after("+");
  expect(stateAt(health, 1000 + 9600, 9600)).toBe("alive");
  expect(stateAt(health, 1000 + 9601, 9600)).toBe("unknown");
});
