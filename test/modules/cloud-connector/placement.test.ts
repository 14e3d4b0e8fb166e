import fc from "fast-check";
import { connectorZones, judgeServedBy, placeConnectors, serveZones } from "../../../modules/cloud-connector/placement";

/** Zones, some of them served by others that have connectors, and how many connectors each of those has. */
const deployment = fc
  .record({
    zones: fc.shuffledSubarray(["a", "b", "c", "d", "e", "f", "g", "h"], { minLength: 1 }),
    servers: fc.integer({ min: 1, max: 8 }),
    choices: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
    perZone: fc.integer({ min: 1, max: 5 }),
    order: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
  })
  .map(({ zones, servers, choices, perZone, order }) => {
    const homes = zones.slice(0, servers);
    const servedBy = Object.fromEntries(
      zones.slice(servers).map((zone, index) => [zone, String(homes[(choices[index] ?? 0) % homes.length])]),
    );
    const shuffled = zones.map((zone, index) => [zone, order[index] ?? 0] as const).sort(([, a], [, b]) => a - b);
    return { zones: shuffled.map(([zone]) => zone), servedBy, perZone };
  });

test("there are perZone connectors in each zone that no other serves, counted from 1", () => {
  fc.assert(
    fc.property(deployment, ({ zones, servedBy, perZone }) => {
      const places = placeConnectors(zones, servedBy, perZone);
      const own = zones.filter((zone) => !(zone in servedBy));
      expect(connectorZones(zones, servedBy)).toEqual(own);
      expect(places).toHaveLength(own.length * perZone);
      expect(new Set(places.map(({ key }) => key)).size).toBe(places.length);
      for (const { key, zone, number } of places) {
        expect(own).toContain(zone);
        expect(key).toBe(`${zone}-${number}`);
        expect(number >= 1 && number <= perZone).toBe(true);
      }
    }),
  );
});

test("each zone has a connector of its own, or of the zone that serves it", () => {
  fc.assert(
    fc.property(deployment, ({ zones, servedBy, perZone }) => {
      const served = serveZones(zones, servedBy, perZone);
      expect(Object.keys(served).sort()).toEqual([...zones].sort());
      const places = placeConnectors(zones, servedBy, perZone);
      for (const [zone, place] of Object.entries(served)) {
        expect(place.zone).toBe(servedBy[zone] ?? zone);
        expect(places).toContainEqual(place);
      }
    }),
  );
});

test("a zone goes to its own first connector, whatever the order of the zones", () => {
  fc.assert(
    fc.property(deployment, ({ zones, servedBy, perZone }) => {
      const served = serveZones(zones, servedBy, perZone);
      for (const zone of connectorZones(zones, servedBy)) expect(served[zone]?.key).toBe(`${zone}-1`);
    }),
  );
});

test("zones that share a serving zone are dealt its connectors in turn", () => {
  fc.assert(
    fc.property(deployment, ({ zones, servedBy, perZone }) => {
      const load = new Map(placeConnectors(zones, servedBy, perZone).map(({ key }) => [key, 0]));
      for (const { key } of Object.values(serveZones(zones, servedBy, perZone))) load.set(key, (load.get(key) ?? 0) + 1);
      for (const zone of connectorZones(zones, servedBy)) {
        const loads = [...load].filter(([key]) => key.startsWith(`${zone}-`)).map(([, zones]) => zones);
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test("a right assignment has no findings; each wrong one has one, at its zone", () => {
  fc.assert(
    fc.property(deployment, ({ zones, servedBy }) => {
      expect(judgeServedBy(zones, servedBy)).toEqual([]);
      expect(judgeServedBy(zones, { ...servedBy, z: String(zones[0]) })).toMatchObject([{ zone: "z" }]);
    }),
  );
  expect(judgeServedBy(["a", "b", "c"], { b: "c", c: "b" })).toMatchObject([
    { zone: "b", problem: "zone c has no connectors to serve zone b", fix: "name a zone with connectors: a" },
    { zone: "c", problem: "zone b has no connectors to serve zone c" },
  ]);
  expect(judgeServedBy(["a"], { a: "a" })).toMatchObject([
    { zone: "a", fix: "leave one zone out of servedBy, so that it gets connectors" },
  ]);
  expect(judgeServedBy(["a", "b"], { b: "z" })).toMatchObject([{ zone: "b", problem: "zone z has no connectors to serve zone b" }]);
});
