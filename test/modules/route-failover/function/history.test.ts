import fc from "fast-check";
import {
  formatHistory,
  type History,
  holdDownEnd,
  holdDownOf,
  mergeHistories,
  parseHistory,
} from "../../../../modules/route-failover/function/history";

const now = 1_700_000_000_000;
const seconds = now / 1000;
const holdDown = { firstSeconds: 20, longestSeconds: 900 };

/** Deaths of the last two hours, and a few from a clock that goes wrong. */
const deaths = fc.array(
  fc.integer({ min: -7200, max: 60 }).map((offset) => seconds + offset),
  { maxLength: 30 },
);
const history: fc.Arbitrary<History> = fc.dictionary(fc.constantFrom("a-1", "a-2", "b-1", "__proto__", "constructor"), deaths);

describe("a hold-down", () => {
  test.each([
    [0, 0],
    [1, 20],
    [2, 40],
    [3, 80],
    [4, 160],
    [5, 320],
    [6, 640],
    [7, 900],
    [40, 900],
  ])("after %i deaths within the hour is %i s", (count, expected) => {
    const times = Array.from({ length: count }, (_, index) => seconds - 60 * (count - index));
    expect(holdDownOf({ "a-1": times }, "a-1", holdDown)).toBe(1000 * expected);
    expect(holdDownOf({ "a-1": times }, "b-1", holdDown)).toBe(0);
  });

  test("is counted from the last death", () => {
    expect(holdDownEnd({ "a-1": [seconds - 600, seconds - 10] }, "a-1", holdDown)).toBe(now + 30_000);
    expect(holdDownEnd({ "a-1": [seconds - 10] }, "b-1", holdDown)).toBeLessThanOrEqual(0);
  });
});

describe("histories of overlapping runs", () => {
  test("are the same in one as in the other order, and merging again changes nothing", () => {
    fc.assert(
      fc.property(history, history, (one, other) => {
        const merged = mergeHistories(one, other, now);
        expect(mergeHistories(other, one, now)).toEqual(merged);
        expect(mergeHistories(merged, merged, now)).toEqual(merged);
        expect(mergeHistories(merged, {}, now)).toEqual(merged);
        expect(JSON.stringify(mergeHistories(other, one, now))).toBe(JSON.stringify(merged));
      }),
      { numRuns: 250 },
    );
  });

  test("keep each death of the last hour, in order, and those within ten seconds as one", () => {
    fc.assert(
      fc.property(history, history, (one, other) => {
        const merged = mergeHistories(one, other, now);
        for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
          const kept = Object.getOwnPropertyDescriptor(merged, key)?.value as readonly number[] | undefined;
          const given = [one, other].flatMap((each) => (Object.hasOwn(each, key) ? (each[key] ?? []) : []));
          const recent = given.filter((time) => time > seconds - 3600 && time <= seconds + 10);
          for (const time of recent) expect((kept ?? []).some((death) => death <= time && time - death < 10)).toBe(true);
          (kept ?? []).forEach((death, index, all) => {
            expect(recent).toContain(death);
            if (index > 0) expect(death - (all[index - 1] ?? 0)).toBeGreaterThanOrEqual(10);
          });
        }
      }),
      { numRuns: 250 },
    );
  });
});

describe("the parameter's text", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(history, (given) => {
        const merged = mergeHistories(given, {}, now);
        expect(parseHistory(formatHistory(merged))).toEqual(merged);
      }),
    );
  });

  test("has at most 4,096 characters, and the newest deaths of each connector", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 360 }), (connectors, count) => {
        const times = Array.from({ length: count }, (_, index) => seconds - 10 * (count - index));
        const text = formatHistory(Object.fromEntries(Array.from({ length: connectors }, (_, index) => [`zone-${index}`, times])));
        expect(text.length).toBeLessThanOrEqual(4096);
        const kept = Object.values(parseHistory(text));
        expect(kept).toHaveLength(connectors);
        for (const each of kept) expect(each).toEqual(times.slice(-each.length));
      }),
      { numRuns: 20 },
    );
  });

  test("is an empty history where even one death of each is too long", () => {
    const many = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`zone-${index}`, [seconds]]));
    expect(formatHistory(many)).toBe("{}");
    expect(formatHistory({})).toBe("{}");
  });

  test.each(["", "{", "null", "7", "[]", '"text"', '{"a-1":7}', '{"a-1":["x"]}', '{"a-1":[1.5]}', '{"a-1":[1e400]}', '{"a-1":{}}'])(
    "may be garbage: %s",
    (text) => {
      expect(parseHistory(text)).toEqual({});
    },
  );

  test("may be anything, and garbage of one connector leaves the others", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => expect(() => mergeHistories(parseHistory(text), {}, now)).not.toThrow()),
    );
    expect(parseHistory('{"a-1":[1,2],"b-1":"x"}')).toEqual({ "a-1": [1, 2] });
  });
});
