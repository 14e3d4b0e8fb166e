import fc from "fast-check";
import { isLocal, parseZone, zonesByKey } from "../../../modules/network/schema";

const region = fc.constantFrom("us-west-2", "eu-central-1", "us-gov-west-1", "ap-southeast-5", "cn-north-1");
const letter = fc.constantFrom("a", "b", "c", "d", "e", "f");
const local = fc
  .tuple(fc.stringMatching(/^[a-z]{3}$/), fc.integer({ min: 1, max: 9 }), letter)
  .map(([city, number, zone]) => `${city}-${number}${zone}`);

test("a letter is a zone of the region", () => {
  fc.assert(
    fc.property(region, letter, (where, zone) => {
      expect(parseZone(where, zone)).toEqual({ key: zone, name: `${where}${zone}` });
    }),
  );
});

test("a full name is its own name, and its key is what follows the region", () => {
  fc.assert(
    fc.property(region, letter, local, (where, zone, city) => {
      expect(parseZone(where, `${where}${zone}`)).toEqual({ key: zone, name: `${where}${zone}` });
      expect(parseZone(where, `${where}-${city}`)).toEqual({ key: city, name: `${where}-${city}` });
      expect(parseZone(where, city)).toEqual(parseZone(where, `${where}-${city}`));
      expect([isLocal(zone), isLocal(city)]).toEqual([false, true]);
    }),
  );
});

test("whatever is taken names a zone as AWS does", () => {
  const pieces = fc.array(fc.constantFrom("us-west-2", "us-west-1", "-", "a", "b", "lax", "1", "lax-1a", "us", " ", "A", ""), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(pieces, (written) => {
      const zone = parseZone("us-west-2", written.join(""));
      if (!("key" in zone)) expect(zone.problem).toBe(`${written.join("")} is no zone of us-west-2`);
      else expect(zone.name).toBe(isLocal(zone.key) ? `us-west-2-${zone.key}` : `us-west-2${zone.key}`);
    }),
    { numRuns: 2000 },
  );
});

test.each(["us-west-1a", "us-west-2", "us-west-2-a", "us-west-2lax-1a", "lax-1", "aa", "A", "", "1"])(
  "%p is no zone of us-west-2",
  (zone) => {
    expect(parseZone("us-west-2", zone)).toHaveProperty("fix");
  },
);

test("the region may be unknown until deployment", () => {
  expect(parseZone("${var.region}", "a")).toEqual({ key: "a", name: "${var.region}a" });
});

test("zones keep their order", () => {
  expect(Object.entries(zonesByKey("us-west-2", ["c", "us-west-2-lax-1a", "nowhere", "us-west-2a"]))).toEqual([
    ["c", "us-west-2c"],
    ["lax-1a", "us-west-2-lax-1a"],
    ["a", "us-west-2a"],
  ]);
});
