import fc from "fast-check";
import { type HealthRules } from "../../../../modules/fleet-lifecycle/function/document";
import { judge, type Sighting, type Verdict } from "../../../../modules/fleet-lifecycle/function/judge";
import { type Point, type SeenGroup, type SeenInstance, type Series } from "../../../../modules/fleet-lifecycle/function/ports";

const minute = 60_000;
const now = 1_700_000_000_000;

const rules: HealthRules = { degraded: "keep", silentMinutes: 10, unseenMinutes: 20, mostUnhealthyPercent: 50, paused: false };

const instance = (id: string, lifecycle = "InService", health: SeenInstance["health"] = "Healthy"): SeenInstance => ({
  id,
  lifecycle,
  health,
});

/** Points of the last minutes, oldest first, as a history is written. */
const history = (values: readonly number[], newestAt = now - minute): readonly Point[] =>
  values.map((value, index) => ({ at: newestAt - minute * (values.length - 1 - index), value }));

const series = (id: string, points: readonly Point[], vm = id): Series => ({ instance: id, record: { group: "1", vm }, points });

const well = history([100, 100, 100, 100, 100, 100, 100, 100, 100, 100]);
const zeros = history([0, 0, 0, 0, 0]);

const group = (instances: readonly SeenInstance[], desired?: number): SeenGroup => ({
  name: "edge-connectors",
  instances,
  terminateHooks: [],
  desired,
});

/** When none is said, all have been in service for long. */
const longAgo: ReadonlyMap<string, number> = new Map();

const judged = (sighting: Partial<Sighting> & Pick<Sighting, "group" | "series">, changes: Partial<HealthRules> = {}) =>
  judge({ inService: longAgo, now, ...sighting }, { ...rules, ...changes });

/** The verdict on one connector beside three that are well. */
function verdictOn(
  own: readonly Point[] | undefined,
  { since = longAgo, ...changes }: Partial<HealthRules> & { readonly since?: ReadonlyMap<string, number> | undefined } = {},
): Verdict | undefined {
  const others = ["b", "c", "d"];
  const all = [...(own === undefined ? [] : [series("a", own)]), ...others.map((id) => series(id, well))];
  const inService = since;
  return judged({ group: group(["a", ...others].map((id) => instance(id))), series: all, inService }, changes).verdicts.get("a");
}

test.each<[what: string, points: readonly Point[], kind: Verdict["kind"]]>([
  ["100 %", well, "healthy"],
  ["100 % once", history([100]), "healthy"],
  ["five newest at 0 %", history([100, 100, 100, 100, 100, 0, 0, 0, 0, 0]), "unhealthy"],
  ["five at 0 % and nothing else", zeros, "unhealthy"],
  ["the six newest of twelve at 0 %", history([100, 100, 100, 100, 100, 100, 0, 0, 0, 0, 0, 0]), "unhealthy"],
  ["four at 0 %", history([0, 0, 0, 0]), "unknown"],
  ["four newest at 0 %", history([100, 100, 100, 100, 0, 0, 0, 0]), "unknown"],
  ["seven of ten at 0 %", history([0, 0, 0, 100, 0, 0, 100, 0, 0, 100]), "unhealthy"],
  ["seven of eight at 0 %", history([0, 0, 0, 0, 100, 0, 0, 0]), "unhealthy"],
  ["six of ten at 0 %", history([0, 0, 100, 100, 0, 0, 100, 0, 0, 100]), "healthy"],
  ["five in a row at 0 %, but not the newest", history([0, 0, 0, 0, 0, 100, 100, 100, 100, 100]), "healthy"],
  ["zeros before the newest ten", history([0, 0, 0, 0, 0, 0, 0, 0, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100]), "healthy"],
  ["33 %", history([33, 33, 33, 33, 33, 33]), "degraded"],
  ["50 % once", history([100, 50]), "degraded"],
  ["66 % in seven of ten", history([66, 66, 66, 66, 66, 66, 66, 100, 100, 100]), "degraded"],
  ["66 % in six of ten", history([66, 66, 66, 66, 66, 66, 100, 100, 100, 100]), "healthy"],
  ["66 %, then 0 %", history([66, 66, 66, 66, 66, 0]), "unknown"],
])("a connector with %s", (_, points, kind) => {
  expect(verdictOn(points)?.kind).toBe(kind);
});

test.each<[what: string, points: readonly Point[], kind: Verdict["kind"]]>([
  ["five at 66 %", history([66, 66, 66, 66, 66]), "unhealthy"],
  ["seven of ten below 100 %", history([33, 0, 50, 66, 100, 33, 100, 66, 33, 100]), "unhealthy"],
  ["four at 66 %", history([66, 66, 66, 66]), "degraded"],
  ["100 %", well, "healthy"],
])("where degraded ones are replaced, a connector with %s", (_, points, kind) => {
  expect(verdictOn(points, { degraded: "replace" })?.kind).toBe(kind);
});

const ago = (minutes: number): number => now - minute * minutes;
const inServiceFor = (minutes: number): ReadonlyMap<string, number> => new Map([["a", ago(minutes)]]);

describe("missing data is unknown", () => {
  test.each([
    [3, "healthy"],
    [6, "unknown"],
    [9, "unknown"],
    [10, "unhealthy"],
    [40, "unhealthy"],
  ])("of a connector that reported %i minutes ago", (minutes, kind) => {
    expect(verdictOn(history([100, 100, 100], ago(minutes)))?.kind).toBe(kind);
  });

  test.each([
    [19, "unknown"],
    [20, "unhealthy"],
  ])("of a connector that never reported, %i minutes in service", (minutes, kind) => {
    expect(verdictOn(undefined, { since: inServiceFor(minutes) })?.kind).toBe(kind);
  });

  test.each([
    [9, "unknown"],
    [10, "unhealthy"],
  ])("of one that CloudWatch knows, without reports in the time that was asked for, %i minutes in service", (minutes, kind) => {
    expect(verdictOn([], { since: inServiceFor(minutes) })?.kind).toBe(kind);
  });

  test("of one that has been in service for longer than activities tell, it is long", () => {
    expect(verdictOn(undefined)?.kind).toBe("unhealthy");
  });

  test("while nobody knows since when it is in service", () => {
    const others = ["b", "c"].map((id) => series(id, well));
    const seen = { group: group(["a", "b", "c"].map((id) => instance(id))), series: others, inService: undefined };
    expect(judged(seen).verdicts.get("a")?.kind).toBe("unknown");
  });

  test("of one that comes back from the warm pool: its silence began when it came into service", () => {
    const before = history([100, 100, 0, 0, 0, 0, 0], ago(30));
    expect(verdictOn(before, { since: inServiceFor(4) })?.kind).toBe("unknown");
    expect(verdictOn(before, { since: inServiceFor(11) })?.kind).toBe("unhealthy");
  });

  test("so zeros of its boot do not count", () => {
    expect(verdictOn(history([0, 0, 0, 0, 0, 100]), { since: inServiceFor(1) })?.kind).toBe("healthy");
    expect(verdictOn(zeros, { since: inServiceFor(2) })?.kind).toBe("unknown");
    expect(verdictOn(zeros, { since: inServiceFor(5) })?.kind).toBe("unhealthy");
  });

  test("unless others of the group report", () => {
    const silent = ["a", "b", "c"].map((id) => series(id, history([100], ago(30))));
    const { verdicts, replace } = judged(
      { group: group(["a", "b", "c"].map((id) => instance(id))), series: silent },
      { mostUnhealthyPercent: 100 },
    );
    expect([...verdicts.values()].map(({ kind }) => kind)).toEqual(["unknown", "unknown", "unknown"]);
    expect(replace).toEqual([]);
  });
});

test("points come in any order, twice, and under an old record too", () => {
  const mixed = [...zeros].reverse();
  expect(verdictOn([...mixed, ...mixed])?.kind).toBe("unhealthy");
  const twice = [series("a", history([0, 0, 0, 0, 0, 0, 0]), "old"), series("a", well, "new"), series("b", well)];
  for (const both of [twice, [...twice].reverse()])
    expect(judged({ group: group([instance("a"), instance("b")]), series: both }).verdicts.get("a")?.kind).toBe("healthy");
  const split = [series("a", zeros.slice(0, 3), "old"), series("a", zeros.slice(3), "new"), series("b", well)];
  expect(judged({ group: group([instance("a"), instance("b")]), series: split }).verdicts.get("a")?.kind).toBe("unhealthy");
});

test("a clock that is ahead neither hides nor proves anything", () => {
  const ahead = history([0, 0, 0, 0, 0, 0], now + 30 * minute);
  expect(verdictOn(ahead)?.kind).toBe("unknown");
  expect(verdictOn([...well, ...ahead])?.kind).toBe("healthy");
  expect(verdictOn([...zeros, ...history([100, 100, 100], now + 30 * minute)])?.kind).toBe("unhealthy");
  expect(verdictOn(history([100, 100], now + minute))?.kind).toBe("healthy");
});

test("values that are no numbers are no reports", () => {
  expect(verdictOn([...zeros, { at: now, value: Number.NaN }])?.kind).toBe("unhealthy");
});

describe("who is replaced", () => {
  const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `i-${index}`);
  /** Instances of which the first are at 0 %, and the others well. */
  const withBad = (count: number, bad: number, more: readonly SeenInstance[] = [], desired?: number) => ({
    group: group([...ids(count).map((id) => instance(id)), ...more], desired),
    series: ids(count).map((id, index) => series(id, index < bad ? zeros : well)),
  });

  test.each([
    [2, 1, 1],
    [4, 2, 2],
    [4, 3, 0],
    [4, 4, 0],
    [10, 5, 5],
    [10, 6, 0],
    [1, 1, 0],
  ])("of %i with %i at 0 %: %i", (count, bad, replaced) => {
    const { replace, heldBack } = judged(withBad(count, bad));
    expect(replace).toEqual(ids(replaced));
    expect(heldBack?.instances ?? []).toEqual(replaced === 0 ? ids(bad) : []);
  });

  test.each([
    ["launching", instance("x", "Pending:Wait"), 0],
    ["ending", instance("x", "Terminating:Wait"), 0],
    ["to be replaced already", instance("x", "InService", "Unhealthy"), 0],
    ["without a report yet", instance("x"), 0],
    ["in standby", instance("x", "Standby"), 0],
    ["in the warm pool", instance("x", "Warmed:Stopped"), 1],
    ["on its way into the warm pool", instance("x", "Warmed:Pending:Wait"), 1],
  ])("beside one that is %s, of a share of one in three", (_, other, replaced) => {
    const inService = new Map([["x", ago(1)]]);
    expect(judged({ ...withBad(3, 1, [other]), inService }, { mostUnhealthyPercent: 34 }).replace).toHaveLength(replaced);
  });

  test("nobody while the group has far fewer than it should", () => {
    expect(judged(withBad(2, 1, [], 4)).replace).toEqual([]);
    expect(judged(withBad(2, 1, [], 2)).replace).toEqual(["i-0"]);
  });

  test("the one that is bad for longest first", () => {
    const points = [history([0, 0, 0, 0, 0]), history([0, 0, 0, 0, 0, 0, 0]), history([100], ago(50)), history([0, 0, 0, 0, 0])];
    const { replace } = judged(
      {
        group: group(["d", "b", "c", "a", "w"].map((id) => instance(id))),
        series: [...["d", "b", "c", "a"].map((id, index) => series(id, points[index] ?? [])), series("w", well)],
      },
      { mostUnhealthyPercent: 80 },
    );
    expect(replace).toEqual(["c", "b", "a", "d"]);
  });

  test("nobody while replacements are paused, though all is judged", () => {
    const { verdicts, replace, heldBack } = judged(withBad(4, 1), { paused: true });
    expect([verdicts.get("i-0")?.kind, replace, heldBack]).toEqual(["unhealthy", [], undefined]);
  });

  test("nobody twice, and only who is in service", () => {
    const others = [instance("x", "InService", "Unhealthy"), instance("y", "Terminating"), instance("z", "Warmed:Running")];
    const bad = ["x", "y", "z"].map((id) => series(id, zeros));
    const { group: fleet, series: known } = withBad(8, 1, others);
    const { verdicts, replace } = judged({ group: fleet, series: [...known, ...bad] });
    expect(replace).toEqual(["i-0"]);
    expect([...verdicts.keys()]).toEqual([...ids(8), "x"]);
  });
});

const anyValue = fc.constantFrom(0, 0, 33, 50, 66, 100, 100);
const anyPoint = fc.record({ at: fc.integer({ min: -40, max: 5 }).map((minutes) => now + minute * minutes), value: anyValue });
const anyPoints = fc.uniqueArray(anyPoint, { selector: ({ at }) => at, maxLength: 25 });
const anyRules = fc.record({
  degraded: fc.constantFrom("keep" as const, "replace" as const),
  silentMinutes: fc.integer({ min: 5, max: 60 }),
  unseenMinutes: fc.integer({ min: 16, max: 180 }),
  mostUnhealthyPercent: fc.integer({ min: 1, max: 100 }),
  paused: fc.constant(false),
});
const anyLifecycle = fc.constantFrom("InService", "InService", "InService", "Pending:Wait", "Terminating:Wait", "Warmed:Stopped");
const anySighting = fc
  .array(fc.record({ lifecycle: anyLifecycle, marked: fc.boolean(), points: fc.option(anyPoints), since: fc.option(fc.nat(60)) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((members): Sighting => ({
    group: group(members.map(({ lifecycle, marked }, index) => instance(`i-${index}`, lifecycle, marked ? "Unhealthy" : "Healthy"))),
    series: members.flatMap(({ points }, index) => (points === null ? [] : [series(`i-${index}`, points)])),
    inService: new Map(members.flatMap(({ since }, index) => (since === null ? [] : [[`i-${index}`, ago(since)] as const]))),
    now,
  }));

test("the order of instances, series and points changes nothing", () => {
  const shuffled = <Item>(items: readonly Item[]) => fc.shuffledSubarray([...items], { minLength: items.length });
  const anyOrder = anySighting.chain((sighting) =>
    fc.record({
      sighting: fc.constant(sighting),
      instances: shuffled(sighting.group.instances),
      series: fc.tuple(...sighting.series.map((each) => shuffled(each.points).map((points) => ({ ...each, points })))).chain(shuffled),
    }),
  );
  fc.assert(
    fc.property(anyOrder, anyRules, ({ sighting, instances, series: other }, someRules) => {
      const one = judge(sighting, someRules);
      const two = judge({ ...sighting, group: { ...sighting.group, instances }, series: other }, someRules);
      expect(Object.fromEntries(two.verdicts)).toEqual(Object.fromEntries(one.verdicts));
      expect([two.replace, two.heldBack]).toEqual([one.replace, one.heldBack]);
    }),
  );
});

test("a newer good report never makes a verdict worse", () => {
  const rank = { healthy: 0, degraded: 1, unknown: 2, unhealthy: 3 };
  fc.assert(
    fc.property(anyPoints, anyRules, (points, someRules) => {
      const past = points.filter(({ at }) => at < now);
      const before = verdictOn(past, someRules);
      const after = verdictOn([...past, { at: now, value: 100 }], someRules);
      expect(rank[after?.kind ?? "unhealthy"]).toBeLessThanOrEqual(rank[before?.kind ?? "healthy"]);
    }),
  );
});

test("a proof is a proof, whatever lies before it, and without one nobody is replaced for reports", () => {
  fc.assert(
    fc.property(anyPoints, (points) => {
      const past = points.filter(({ at }) => at <= ago(6));
      expect(verdictOn([...past, ...zeros])?.kind).toBe("unhealthy");
      const newest = [...points].sort((one, other) => other.at - one.at).slice(0, 10);
      const bad = newest.filter(({ value }) => value === 0).length;
      const isCurrent = newest.some(({ at }) => at > ago(5) && at <= now);
      fc.pre(isCurrent && newest.every(({ at }) => at <= now) && bad < 5);
      expect(verdictOn(points)?.kind).not.toBe("unhealthy");
    }),
  );
});

test("never more than the share is bad, launching or ending after the marks", () => {
  fc.assert(
    fc.property(anySighting, anyRules, (sighting, someRules) => {
      const { replace } = judge(sighting, someRules);
      const counted = sighting.group.instances.filter(({ lifecycle }) => !lifecycle.startsWith("Warmed:"));
      const bad = counted.filter(
        ({ id, lifecycle, health }) => lifecycle !== "InService" || health === "Unhealthy" || replace.includes(id),
      );
      if (replace.length > 0) expect(100 * bad.length).toBeLessThanOrEqual(someRules.mostUnhealthyPercent * counted.length);
    }),
    { numRuns: 500 },
  );
});

test("a group that is silent as a whole is left as it is", () => {
  fc.assert(
    fc.property(anySighting, anyRules, (sighting, someRules) => {
      const silent = sighting.series.map((each) => ({
        ...each,
        points: each.points.filter(({ at }) => at < ago(someRules.silentMinutes)),
      }));
      expect(judge({ ...sighting, series: silent }, someRules).replace).toEqual([]);
    }),
  );
});

/** A connector as CloudWatch shows it: from some minute on the pipeline says 0 % for it, or nothing. All serve well in truth. */
interface Simulated {
  readonly id: string;
  readonly bornAt: number;
  readonly lieFrom: number;
  readonly lie: "zero" | "silence";
  lifecycle: "Pending" | "InService" | "Terminating";
  health: SeenInstance["health"];
  since: number;
}

/** Five hours of passes over a group whose metric pipeline breaks. The smallest number that was in service and kept, and how many of the first are gone. */
function breakPipeline(
  size: number,
  share: number,
  lieOf: (launch: number) => Pick<Simulated, "lieFrom" | "lie">,
  replaceFirst: boolean,
): { readonly fewest: number; readonly gone: number } {
  let launched = 0;
  const launch = (at: number, lifecycle: Simulated["lifecycle"]): Simulated => {
    const { lieFrom, lie } = lieOf(launched);
    launched += 1;
    return { id: `i-${launched}`, bornAt: at, lieFrom: at + lieFrom, lie, lifecycle, health: "Healthy", since: at };
  };
  let fleet = Array.from({ length: size }, () => launch(-100, "InService"));
  let fewest = size;
  const gone = new Set<string>();
  for (let at = 0; at < 300; at += 1) {
    for (const each of fleet) {
      if (each.lifecycle === "Pending" && at - each.bornAt >= 3) Object.assign(each, { lifecycle: "InService", since: at });
      if (each.health === "Unhealthy" && each.lifecycle === "InService") Object.assign(each, { lifecycle: "Terminating", since: at });
    }
    fleet = fleet.filter(({ lifecycle, since }) => lifecycle !== "Terminating" || at - since < 2);
    const lasting = fleet.filter(({ lifecycle }) => replaceFirst || lifecycle !== "Terminating").length;
    // Auto Scaling looks for missing instances now and then only.
    if (at % 4 === 0) for (let count = lasting; count < size; count += 1) fleet.push(launch(at, "Pending"));
    const points = ({ lieFrom, lie, bornAt }: Simulated): Point[] =>
      Array.from({ length: 75 }, (_, index) => at - index)
        .filter((time) => time >= bornAt && (time < lieFrom || lie === "zero"))
        .map((time) => ({ at: now + minute * time, value: time < lieFrom ? 100 : 0 }));
    const { replace } = judge(
      {
        group: group(
          fleet.map(({ id, lifecycle, health }) => instance(id, lifecycle, health)),
          size,
        ),
        series: fleet.map((each) => ({ ...series(each.id, points(each)) })).filter(({ points: own }) => own.length > 0),
        inService: new Map(fleet.map(({ id, since }) => [id, now + minute * since])),
        now: now + minute * at,
      },
      { ...rules, mostUnhealthyPercent: share },
    );
    for (const each of fleet.filter(({ id }) => replace.includes(id))) {
      each.health = "Unhealthy";
      if (each.bornAt < 0) gone.add(each.id);
    }
    fewest = Math.min(fewest, fleet.filter(({ lifecycle, health }) => lifecycle === "InService" && health === "Healthy").length);
  }
  return { fewest, gone: gone.size };
}

const anyLie = fc.record({ lieFrom: fc.integer({ min: 0, max: 150 }), lie: fc.constantFrom("zero" as const, "silence" as const) });
const anySize = fc.integer({ min: 1, max: 8 });
const anyShare = fc.integer({ min: 10, max: 90 });

test("a pipeline that breaks anyhow never takes more than the share of a fleet at once, in however many passes", () => {
  const lies = fc.array(fc.option(anyLie, { freq: 3 }), { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(anySize, anyShare, lies, fc.boolean(), (size, share, some, replaceFirst) => {
      const lieOf = (index: number) => some[index % some.length] ?? { lieFrom: Number.POSITIVE_INFINITY, lie: "zero" as const };
      const { fewest } = breakPipeline(size, share, lieOf, replaceFirst);
      expect(100 * (size - fewest)).toBeLessThanOrEqual(share * size);
    }),
    { numRuns: 20 },
  );
});

test("a pipeline that breaks for all, one after the other and for those that replace them, costs the share once and no more", () => {
  const lies = fc.array(anyLie, { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(anySize, anyShare, lies, (size, share, some) => {
      const lieOf = (index: number) => {
        const { lieFrom, lie } = some[index % some.length] ?? { lieFrom: 0, lie: "zero" as const };
        return { lieFrom: index < size ? lieFrom : 0, lie };
      };
      const { gone } = breakPipeline(size, share, lieOf, true);
      expect(100 * gone).toBeLessThanOrEqual(share * size);
    }),
    { numRuns: 20 },
  );
});

test("500 instances are judged within 50 ms of a processor", () => {
  const names = Array.from({ length: 500 }, (_, index) => `i-${index}`);
  const many = Array.from({ length: 75 }, (_, index) => ({ at: ago(index), value: 100 }));
  const sighting = { group: group(names.map((id) => instance(id))), series: names.map((id) => series(id, many)) };
  const times = Array.from({ length: 15 }, () => {
    const start = process.cpuUsage();
    expect(judged(sighting).verdicts.size).toBe(500);
    return process.cpuUsage(start).user / 1000;
  });
  expect(Math.min(...times)).toBeLessThan(50);
});
