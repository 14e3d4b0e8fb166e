import { type FailoverDocument, type RouteEntry } from "../../../../modules/route-failover/function/document";
import { type Answer, type Call, deploymentOf, documentedRates, documentOf, randomOf, routesOf, Simulation } from "./simulation";

const second = 1_000;
const minute = 60 * second;

const twoZones = ["a-1", "b-1"];

/** The places of the routes of `twoZones` while all is well: workload and resolver of each. */
const home = ["a-1", "a-1", "b-1", "b-1"];

const answering: Answer = { after: 5 };

const silentFrom =
  (from: number, to = Infinity) =>
  (at: number): Answer =>
    at >= from && at < to ? "silent" : answering;

const comingAndGoing =
  (from: number, to: number, up: number, down: number) =>
  (at: number): Answer =>
    at >= from && at < to && (at - from) % (up + down) < down ? "silent" : answering;

const simulate = (settings: Partial<FailoverDocument> = {}, keys: readonly string[] = twoZones, seed = 1): Simulation =>
  new Simulation(deploymentOf(keys, settings), seed);

const seeds = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

const homeOf = (key: string): readonly [RouteEntry, RouteEntry] => routesOf(key);

/** From a fault to the last move, in milliseconds. */
const untilLastMove = ({ moves }: Simulation, fault: number): number => Math.max(...moves.map(({ at }) => at - fault));

/** How often the workload's route of a zone moved off its home, and back. */
function turnsOf({ moves }: Simulation, key: string): { readonly away: number; readonly back: number } {
  const own = moves.filter(({ route }) => route.home === key && route.tier === "workload");
  return { away: own.filter(({ from }) => from === key).length, back: own.filter(({ to }) => to === key).length };
}

/** The moves to a connector that had not answered for so long. */
const movesToDead = ({ moves, answers }: Simulation, milliseconds: number) =>
  moves.filter(({ at, to }) => {
    const times = Array.from({ length: milliseconds / 100 }, (_, index) => at - 100 * index);
    return answers[to] !== undefined && times.every((time) => answers[to]?.(time, 0) === "silent");
  });

/** Makes calls of one name fail in a span of time. */
const failing =
  (name: Call["name"], how: "throttled" | "hanging" | "refused", from: number, to: number, table?: string) => (call: Call, at: number) =>
    call.name === name && at >= from && at < to && (table === undefined || call.route?.table === table) ? how : ("none" as const);

describe("while all is well", () => {
  test("nothing moves, nothing is logged but what each run finds, and the heartbeat beats each minute", async () => {
    const world = simulate();
    world.startEachMinute(10);
    await world.runUntil(12 * minute);
    expect(world.moves).toEqual([]);
    expect(new Set(world.log.map(({ message }) => message))).toEqual(new Set(["connector a-1 is alive", "connector b-1 is alive"]));
    expect(world.log).toHaveLength(2 * world.runs.length);
    const beats = world.metrics.filter(({ name }) => name === "Heartbeat").map(({ at }) => Math.floor(at / minute));
    expect(new Set(beats)).toEqual(new Set(seeds(11).map((number) => number - 1)));
    expect(world.failures).toEqual([]);
    expect(world.history).toBe("{}");
    expect(world.runs.every(({ isOver }) => isOver)).toBe(true);
  });

  test("a connector that answers after a second lives", async () => {
    const world = simulate();
    world.answers["a-1"] = () => ({ after: 1_000 });
    world.startEachMinute(5);
    await world.runUntil(6 * minute);
    expect(world.moves).toEqual([]);
  });
});

describe("one connector fails", () => {
  const faults: Readonly<Record<string, Answer>> = { "falls silent": "silent", refuses: "refused", "answers after 3 s": { after: 3_000 } };

  test.each(Object.entries(faults))("it %s: all its routes are away within 6 s, and nearly always within 5 s", async (_, answer) => {
    const random = randomOf(1);
    const times: number[] = [];
    for (const seed of seeds(200)) {
      const world = simulate({}, twoZones, seed);
      const fault = 20 * second + 10 * second * random();
      world.answers["a-1"] = (at) => (at < fault ? answering : answer);
      world.start();
      await world.runUntil(40 * second);
      expect(world.places).toEqual(["b-1", "b-1", "b-1", "b-1"]);
      expect(world.moves).toHaveLength(2);
      expect(world.sumOf("Failovers")).toBe(2);
      times.push(untilLastMove(world, fault));
    }
    times.sort((one, other) => one - other);
    expect(times.at(-1)).toBeLessThanOrEqual(6 * second);
    expect(times[Math.floor(0.95 * times.length)]).toBeLessThan(5 * second);
  });

  test("its routes come home when it has answered for its proof and its hold-down, and its next failure holds them longer", async () => {
    const world = simulate();
    world.answers["a-1"] = (at) => (silentFrom(minute, 2 * minute)(at) === "silent" ? "silent" : silentFrom(5 * minute, 6 * minute)(at));
    world.startEachMinute(12);
    await world.runUntil(12 * minute);
    expect(world.places).toEqual(home);
    expect(turnsOf(world, "a-1")).toEqual({ away: 2, back: 2 });
    const [first, next] = world.moves.filter(({ to, route }) => to === "a-1" && route.tier === "workload").map(({ at }) => at);
    // Ten probes of proof in two seconds each, then 20 s and 40 s of hold-down, of which a run can see a minute.
    expect(first).toBeGreaterThanOrEqual(2 * minute + 40 * second);
    expect(first).toBeLessThan(2 * minute + 50 * second);
    expect(next).toBeGreaterThanOrEqual(6 * minute + 60 * second);
    expect(next).toBeLessThan(6 * minute + 70 * second);
    expect(world.sumOf("Failbacks")).toBe(4);
  });

  test("a hold-down that is longer than a run is kept by the history", async () => {
    const world = simulate();
    const before = Math.floor(world.startedAt / second) - 600;
    world.history = JSON.stringify({ "a-1": [before, before + 60, before + 120] });
    world.answers["a-1"] = silentFrom(minute, 70 * second);
    world.startEachMinute(8);
    await world.runUntil(8 * minute);
    expect(world.places).toEqual(home);
    const back = world.moves.find(({ to }) => to === "a-1");
    // The fourth death within the hour.
    expect(back?.at).toBeGreaterThanOrEqual(minute + 160 * second);
    expect(back?.at).toBeLessThan(minute + 190 * second);
  });

  test("a connector that falls back while it recovers must prove itself longer", async () => {
    const world = simulate();
    world.answers["a-1"] = comingAndGoing(15 * second, 50 * second, 4 * second, 4 * second);
    world.start();
    await world.runUntil(125 * second);
    const back = world.moves.find(({ to }) => to === "a-1");
    expect(back?.at).toBeGreaterThanOrEqual(50 * second + 55 * second);
  });

  test("the orphans of a zone are shared out, and a connector of the same zone is preferred", async () => {
    const keys = ["a-1", "a-2", "b-1", "c-1"];
    const near = simulate({}, keys);
    near.answers["a-1"] = silentFrom(minute);
    near.start();
    await near.runUntil(80 * second);
    expect(near.places).toEqual(["a-2", "a-2", "a-2", "a-2", "b-1", "b-1", "c-1", "c-1"]);
    const far = simulate({}, keys);
    far.answers["c-1"] = silentFrom(minute);
    far.start();
    await far.runUntil(80 * second);
    expect(new Set(far.places.slice(6)).size).toBe(2);
    expect(far.places.slice(0, 6)).toEqual(["a-1", "a-1", "a-2", "a-2", "b-1", "b-1"]);
  });

  test("routes of IPv6 and of prefix lists move like others", async () => {
    const [workload, resolver] = homeOf("a-1");
    const routes = [
      workload,
      resolver,
      ...["::/0", "2001:db8::/32", "pl-0123456789abcdef0", "203.0.113.0/24"].map((destination) => ({ ...workload, destination })),
    ];
    const world = new Simulation(documentOf(twoZones, routes), 1);
    world.answers["a-1"] = silentFrom(minute);
    world.start();
    await world.runUntil(66 * second);
    expect(new Set(world.places)).toEqual(new Set(["b-1"]));
    expect(world.moves).toHaveLength(6);
    expect(world.moves.map(({ route }) => route.destination).sort()).toEqual(routes.map(({ destination }) => destination).sort());
  });
});

describe("a connector that comes and goes settles", () => {
  test("30 % loss of probes for ten minutes: one failover, and then held by nine in ten; never more than one failback", async () => {
    const turns: { readonly away: number; readonly back: number }[] = [];
    for (const seed of seeds(40)) {
      const lost = randomOf(1000 + seed);
      const world = simulate({}, twoZones, seed);
      world.answers["a-1"] = (at) => (at >= minute && lost() < 0.3 ? "silent" : answering);
      world.startEachMinute(11);
      await world.runUntil(11 * minute);
      expect(world.places.slice(2)).toEqual(["b-1", "b-1"]);
      turns.push(turnsOf(world, "a-1"));
    }
    expect(turns.filter(({ away, back }) => away === 1 && back === 0).length).toBeGreaterThanOrEqual(0.9 * turns.length);
    for (const { away, back } of turns) {
      expect(away).toBeLessThanOrEqual(2);
      expect(back).toBeLessThanOrEqual(1);
    }
  });

  test.each([
    ["4 s up and 4 s down", 4 * second, 4 * second],
    ["each 4 s for 2 s", 2 * second, 2 * second],
  ])("flapping for two minutes, %s: at most one failover and one failback", async (_, up, down) => {
    for (const seed of seeds(12)) {
      const world = simulate({}, twoZones, seed);
      const from = minute + 700 * seed;
      world.answers["a-1"] = comingAndGoing(from, from + 2 * minute, up, down);
      world.startEachMinute(6);
      await world.runUntil(6 * minute);
      const { away, back } = turnsOf(world, "a-1");
      expect(away).toBeLessThanOrEqual(1);
      expect(back).toBe(away);
      expect(world.places).toEqual(home);
    }
  });

  test.each([25, 50])("%i s up and 10 s down for half an hour: at most five failbacks", async (up) => {
    for (const seed of seeds(5)) {
      const world = simulate({}, twoZones, seed);
      world.answers["a-1"] = comingAndGoing(minute, 31 * minute, up * second, 10 * second);
      world.startEachMinute(31);
      await world.runUntil(31 * minute);
      const { away, back } = turnsOf(world, "a-1");
      expect(away).toBeGreaterThanOrEqual(1);
      expect(back).toBeLessThanOrEqual(5);
    }
  });
});

describe("several connectors fail", () => {
  test("both dead: all is left, and told; one back: it gets all", async () => {
    const world = simulate();
    world.answers["a-1"] = silentFrom(minute);
    world.answers["b-1"] = silentFrom(minute, 3 * minute);
    world.startEachMinute(4);
    await world.runUntil(3 * minute);
    expect(world.moves).toEqual([]);
    expect(world.log.filter(({ message }) => message === "no connector lives").length).toBeGreaterThanOrEqual(1);
    expect(world.metrics.filter(({ name, at }) => name === "AllDead" && at > 70 * second).map(({ value }) => value)).toContain(1);
    await world.runUntil(4 * minute);
    expect(new Set(world.places)).toEqual(new Set(["b-1"]));
    expect(untilLastMove(world, 3 * minute)).toBeLessThanOrEqual(6 * second);
    expect(world.moves).toHaveLength(2);
  });

  test("two of three: all is on the third", async () => {
    for (const [seed, later] of [0, 700, 2_000, 3_500, 10_000].entries()) {
      const world = simulate({}, ["a-1", "b-1", "c-1"], seed);
      world.answers["a-1"] = silentFrom(minute);
      world.answers["b-1"] = silentFrom(minute + later);
      world.startEachMinute(2);
      await world.runUntil(90 * second);
      expect(new Set(world.places)).toEqual(new Set(["c-1"]));
      expect(untilLastMove(world, minute + later)).toBeLessThanOrEqual(6 * second);
    }
  });
});

describe("EC2 has no time", () => {
  const during = (fault: Simulation["callFault"], seed = 1): Simulation => {
    const world = simulate({}, twoZones, seed);
    world.answers["a-1"] = silentFrom(minute);
    world.callFault = fault;
    world.startEachMinute(4);
    return world;
  };

  test.each([
    ["throttled", 6],
    ["hanging", 8],
  ] as const)("DescribeRouteTables is %s: what was seen before stands in", async (how, withinSeconds) => {
    for (const seed of seeds(10)) {
      const world = during(failing("routes", how, minute - second, minute + 20 * second), seed);
      await world.runUntil(80 * second);
      expect(new Set(world.places)).toEqual(new Set(["b-1"]));
      expect(untilLastMove(world, minute)).toBeLessThanOrEqual(withinSeconds * second);
      expect(world.moves).toHaveLength(2);
    }
  });

  test("a run's first DescribeRouteTables is throttled: it looks again at once", async () => {
    const world = simulate();
    world.answers["a-1"] = () => "silent";
    world.callFault = failing("routes", "throttled", 0, 4 * second);
    world.start();
    await world.runUntil(7 * second);
    expect(new Set(world.places)).toEqual(new Set(["b-1"]));
  });

  test.each(["throttled", "hanging"] as const)(
    "DescribeRouteTables is %s for long: nothing moves unseen, runs fail, and the end is noticed",
    async (how) => {
      const world = during(failing("routes", how, 10 * second, 200 * second));
      await world.runUntil(200 * second);
      expect(world.moves).toEqual([]);
      expect(world.failures).toContain("Error: the routes could not be read");
      await world.runUntil(214 * second);
      expect(new Set(world.places)).toEqual(new Set(["b-1"]));
    },
  );

  test.each(["throttled", "hanging"] as const)("ReplaceRoute is %s: it is tried again", async (how) => {
    for (const seed of seeds(5)) {
      const world = during(failing("replace", how, minute, minute + 15 * second), seed);
      let tries = 0;
      const { callFault } = world;
      world.callFault = (call, at) => {
        if (call.name === "replace") tries += 1;
        return callFault(call, at);
      };
      await world.runUntil(2 * minute);
      expect(new Set(world.places)).toEqual(new Set(["b-1"]));
      expect(untilLastMove(world, minute + 15 * second)).toBeLessThanOrEqual(5 * second);
      expect(world.sumOf("FailedReplacements")).toBeGreaterThanOrEqual(how === "throttled" ? 1 : 0);
      // Two routes and at most three runs, with ever longer waits.
      expect(tries).toBeLessThanOrEqual(100);
    }
  });

  test("a few calls at random fail: all is as without", async () => {
    for (const seed of seeds(10)) {
      const random = randomOf(seed);
      const world = during(() => (random() < 0.3 ? "throttled" : "none"), seed);
      await world.runUntil(80 * second);
      expect(new Set(world.places)).toEqual(new Set(["b-1"]));
      expect(untilLastMove(world, minute)).toBeLessThanOrEqual(9 * second);
    }
  });

  test("ReplaceRoute is denied for one table: the others move, it is counted and told, and tried until it is allowed", async () => {
    const [denied] = homeOf("a-1");
    const world = during(failing("replace", "refused", 0, 100 * second, denied.table));
    await world.runUntil(100 * second);
    expect(world.places).toEqual(["a-1", "b-1", "b-1", "b-1"]);
    expect(untilLastMove(world, minute)).toBeLessThanOrEqual(6 * second);
    expect(world.sumOf("FailedReplacements")).toBeGreaterThanOrEqual(3);
    expect(world.sumOf("FailedReplacements")).toBeLessThanOrEqual(12);
    expect(world.log.filter(({ message }) => message === "a route could not be replaced")[0]).toMatchObject({
      level: "error",
      details: { table: denied.table, destination: "0.0.0.0/0", from: "a-1", to: "b-1", why: "UnauthorizedOperation: no" },
    });
    await world.runUntil(113 * second);
    expect(world.places).toEqual(["b-1", "b-1", "b-1", "b-1"]);
  });

  test("100 tables at EC2's documented rates, beside an overlapping run: all within 20 s, workloads' default routes first", async () => {
    const tiers = ["workload", "resolver", "transit", "workload", "workload"] as const;
    const routes = seeds(100).map((number): RouteEntry => ({
      table: `rtb-${number}`,
      destination: number % 10 === 0 ? "203.0.113.0/24" : "0.0.0.0/0",
      home: "a-1",
      tier: tiers[number % tiers.length] ?? "workload",
    }));
    for (const seed of seeds(5)) {
      const world = new Simulation(documentOf(["a-1", "b-1", "c-1"], routes), seed, documentedRates);
      const fault = 40 * second + 370 * seed;
      world.answers["a-1"] = silentFrom(fault);
      let calls = 0;
      world.callFault = ({ name }) => {
        if (name === "replace") calls += 1;
        return "none";
      };
      world.start();
      world.at(17 * second, () => world.start());
      await world.runUntil(fault + 20 * second);
      expect(world.moves).toHaveLength(100);
      expect(world.places.filter((place) => place === "b-1")).toHaveLength(50);
      expect(world.places.filter((place) => place === "c-1")).toHaveLength(50);
      const isFirst = ({ route }: { readonly route: RouteEntry }): boolean =>
        route.destination === "0.0.0.0/0" && route.tier === "workload";
      // The burst is theirs. Those of them that EC2 then refuses come a moment later, amid the rest.
      expect(world.moves.slice(0, 40).every(isFirst)).toBe(true);
      expect(Math.max(...world.moves.filter(isFirst).map(({ at }) => at - fault))).toBeLessThanOrEqual(10 * second);
      // A run that only repeats its calls until they pass takes from others in the account.
      expect(calls).toBeLessThanOrEqual(250);
      expect(world.sumOf("FailedReplacements")).toBeLessThanOrEqual(5);
    }
  });
});

describe("somebody else changes routes", () => {
  const [workload, resolver] = homeOf("a-1");

  test("a route that is deleted is not made again; it is told, and the others move", async () => {
    const world = simulate();
    world.answers["a-1"] = silentFrom(90 * second);
    world.startEachMinute(3);
    world.at(minute, () => world.setRoute(workload, undefined));
    await world.runUntil(2 * minute);
    expect(world.places).toEqual(["missing", "b-1", "b-1", "b-1"]);
    expect(world.metrics.filter(({ name }) => name === "MissingRoutes").at(-1)?.value).toBe(1);
    expect(world.log).toContainEqual(
      expect.objectContaining({
        level: "error",
        message: "a route is missing",
        details: { table: workload.table, destination: "0.0.0.0/0" },
      }),
    );
  });

  test("a route that is led to something foreign is left, and told; ours again, it is moved", async () => {
    const world = simulate();
    world.answers["a-1"] = silentFrom(90 * second);
    world.startEachMinute(4);
    world.at(minute, () => world.setRoute(workload, "tgw-1"));
    await world.runUntil(2 * minute);
    expect(world.places).toEqual(["tgw-1", "b-1", "b-1", "b-1"]);
    expect(world.metrics.filter(({ name }) => name === "ForeignRoutes").at(-1)?.value).toBe(1);
    // When a run sees it, when it reports, and each minute.
    const told = world.log.filter(({ message }) => message.includes("not ours"));
    expect(told.length).toBeGreaterThanOrEqual(1);
    expect(told.length).toBeLessThanOrEqual(3 * world.runs.length);
    world.setRoute(workload, "eni-a-1");
    await world.runUntil(2 * minute + 15 * second);
    expect(world.places).toEqual(["b-1", "b-1", "b-1", "b-1"]);
  });

  test("a route that is led to another connector comes home", async () => {
    const world = simulate();
    world.startEachMinute(3);
    world.at(minute, () => world.setRoute(workload, "eni-b-1"));
    await world.runUntil(minute + 15 * second);
    expect(world.places).toEqual(home);
  });

  test("a route that leads nowhere is repaired", async () => {
    const world = simulate();
    world.startEachMinute(3);
    world.at(minute, () => {
      world.setRoute(workload, "eni-gone", true);
      world.setRoute(resolver, "", true);
    });
    await world.runUntil(minute + 15 * second);
    expect(world.places).toEqual(home);
    expect(world.sumOf("Failovers")).toBe(0);
  });

  test("a connector is replaced under a new interface: its routes are away while it is gone, and then on the new one", async () => {
    const world = simulate();
    const replaced = { running: true, service: { interface: "eni-new", address: "address-new" } };
    world.answers["a-1"] = silentFrom(minute, 2 * minute);
    world.at(minute, () => {
      world.instances.set("i-a-1", { running: true, service: undefined });
      for (const route of [workload, resolver]) world.setRoute(route, "eni-a-1", true);
    });
    world.at(2 * minute, () => world.instances.set("i-a-1", replaced));
    world.startEachMinute(5);
    await world.runUntil(90 * second);
    expect(world.places).toEqual(["b-1", "b-1", "b-1", "b-1"]);
    await world.runUntil(5 * minute);
    expect(world.places).toEqual(home);
    expect([world.targetOf(workload), world.targetOf(resolver)]).toEqual(["eni-new", "eni-new"]);
  });

  test("a connector has a new interface before a run starts: its routes are repaired", async () => {
    const world = simulate();
    world.instances.set("i-a-1", { running: true, service: { interface: "eni-new", address: "address-new" } });
    world.start();
    await world.runUntil(5 * second);
    expect([world.targetOf(workload), world.targetOf(resolver)]).toEqual(["eni-new", "eni-new"]);
    expect(world.moves).toHaveLength(2);
  });
});

describe("routes that led elsewhere before", () => {
  const [workload, resolver] = homeOf("a-1");
  const [another] = homeOf("b-1");

  /** A deployment of `twoZones` that took over three routes: one of an internet gateway and one of a NAT gateway in a, one of a Transit Gateway in b. */
  const takingOver = (settings: Partial<FailoverDocument> = {}, seed = 1): Simulation => {
    const formers = new Map([
      [workload.table, "igw-1"],
      [resolver.table, "nat-theirs"],
      [another.table, "tgw-1"],
    ]);
    const { routes, ...document } = deploymentOf(twoZones, settings);
    const told = routes.map((route) => {
      const former = formers.get(route.table);
      return former === undefined ? route : { ...route, former };
    });
    return new Simulation({ ...document, routes: told }, seed);
  };

  const formerPlaces = ["igw-1", "nat-theirs", "tgw-1", "b-1"];

  test("are at home within the first seconds, each moved once, without any alarm, however late EC2 shows it", async () => {
    for (const seed of seeds(20)) {
      const world = takingOver({}, seed);
      world.staleFor = 3 * second;
      world.start();
      world.at(500 * (seed % 3), () => world.start());
      await world.runUntil(3 * second);
      expect(world.places).toEqual(home);
      await world.runUntil(2 * minute);
      expect(world.moves.map(({ from, to }) => `${from} ${to}`).sort()).toEqual(["igw-1 a-1", "nat-theirs a-1", "tgw-1 b-1"]);
      for (const name of ["Failovers", "Failbacks", "ForeignRoutes", "MissingRoutes"]) expect([name, world.sumOf(name)]).toEqual([name, 0]);
      expect(world.history).toBe("{}");
      expect(new Set(world.log.map(({ level }) => level))).toEqual(new Set(["info"]));
      const details = { reason: "takeover", table: workload.table, destination: "0.0.0.0/0", from: "igw-1", to: "a-1" };
      expect(world.log).toContainEqual(expect.objectContaining({ level: "info", message: "route moved", details }));
    }
  });

  test("go to the other connector while theirs is dead, and home when it is steady", async () => {
    const world = takingOver();
    world.answers["a-1"] = silentFrom(0, minute);
    world.startEachMinute(3);
    await world.runUntil(8 * second);
    expect(world.places).toEqual(["b-1", "b-1", "b-1", "b-1"]);
    expect(world.sumOf("Failovers")).toBe(0);
    await world.runUntil(3 * minute);
    expect(world.places).toEqual(home);
  });

  test.each([
    ["hold", { policy: "hold" }],
    ["bypass", { policy: "bypass", onProbesAlone: true }],
  ] as const)("stay while no connector lives, policy %s, and leave when one is alive", async (_, allDead) => {
    const world = takingOver({ allDead });
    for (const key of twoZones) world.answers[key] = silentFrom(0, 3 * minute);
    world.start();
    world.at(110 * second, () => world.start());
    await world.runUntil(3 * minute);
    expect(world.replaceCalls.filter(({ route }) => !route.startsWith("rtb-workload-b-1"))).toEqual([]);
    // Until ten good probes in a row they only answer.
    await world.runUntil(3 * minute + 17 * second);
    expect(world.places.slice(0, 3)).toEqual(formerPlaces.slice(0, 3));
    await world.runUntil(3 * minute + 30 * second);
    expect(world.places).toEqual(home);
  });

  test("are not moved while the deployment is paused, and nothing is told of them", async () => {
    const world = takingOver({ paused: true });
    world.startEachMinute(2);
    await world.runUntil(3 * minute);
    expect(world.replaceCalls).toEqual([]);
    expect([world.sumOf("ForeignRoutes"), world.sumOf("MissingRoutes")]).toEqual([0, 0]);
  });

  test("and are led back there by hand: each run moves them once", async () => {
    const world = takingOver();
    world.start();
    await world.runUntil(10 * second);
    world.setRoute(workload, "igw-1");
    await world.runUntil(50 * second);
    expect(world.places).toEqual(["igw-1", "a-1", "b-1", "b-1"]);
    world.start();
    await world.runUntil(55 * second);
    expect(world.places).toEqual(home);
    world.setRoute(workload, "igw-1");
    await world.runUntil(5 * minute);
    expect(world.places).toEqual(["igw-1", "a-1", "b-1", "b-1"]);
    expect(world.sumOf("ForeignRoutes")).toBe(0);
  });

  test("fail over and back like others, also in the run that took them over", async () => {
    const world = takingOver();
    world.answers["a-1"] = silentFrom(20 * second, 40 * second);
    world.start();
    await world.runUntil(30 * second);
    expect(world.places).toEqual(["b-1", "b-1", "b-1", "b-1"]);
    await world.runUntil(2 * minute);
    expect(world.places).toEqual(home);
    expect([world.sumOf("Failovers"), world.sumOf("Failbacks")]).toEqual([2, 2]);
  });

  test("are left at anything else that is not ours, and told", async () => {
    const world = takingOver();
    world.setRoute(workload, "nat-theirs");
    world.setRoute(resolver, "igw-1");
    // Without an id, and not even a former target.
    world.setRoute(homeOf("b-1")[1], "");
    world.start();
    await world.runUntil(2 * minute);
    expect(world.places).toEqual(["nat-theirs", "igw-1", "b-1", ""]);
    expect(world.metrics.filter(({ name }) => name === "ForeignRoutes").at(-1)?.value).toBe(3);
  });

  test("are repaired where the former target is gone, for a connector that only answers too", async () => {
    const world = takingOver();
    world.setRoute(workload, "igw-1", true);
    for (const key of twoZones) world.answers[key] = silentFrom(0, 10 * second);
    world.start();
    await world.runUntil(20 * second);
    expect(world.places).toEqual(["a-1", ...formerPlaces.slice(1)]);
  });

  test("to the NAT gateway of the bypass return from it, and those that led to a connector come home", async () => {
    const { routes, ...document } = deploymentOf(twoZones);
    const formers = new Map([
      [workload.table, "nat-a"],
      [resolver.table, "eni-b-1"],
    ]);
    const world = new Simulation({ ...document, routes: routes.map((route) => ({ ...route, former: formers.get(route.table) })) }, 1);
    world.start();
    await world.runUntil(minute);
    const reasons = world.log.flatMap(({ message, details }) => (message === "route moved" ? [details["reason"]] : []));
    expect(reasons).toEqual(["return", "failback"]);
    expect(world.places).toEqual(home);
  });
});

describe("planned moves", () => {
  test("a drained connector is left without a failover, and gets its routes back", async () => {
    const world = simulate();
    const { document } = world;
    world.document = { ...document, drained: ["a-1"] };
    world.startEachMinute(2);
    await world.runUntil(3 * second);
    expect(world.places).toEqual(["b-1", "b-1", "b-1", "b-1"]);
    expect([world.sumOf("Failovers"), world.history]).toEqual([0, "{}"]);
    world.at(4 * minute, () => {
      world.document = document;
      world.startEachMinute(3);
    });
    await world.runUntil(7 * minute);
    expect(world.places).toEqual(home);
    expect(turnsOf(world, "a-1")).toEqual({ away: 1, back: 1 });
  });

  test("beside runs that do not know yet, a connector is drained and gets its routes back: runs do not quarrel for long", async () => {
    for (const seed of seeds(10)) {
      const world = simulate({}, twoZones, seed);
      const { document } = world;
      const [drained, released] = [4 * minute + 5 * second * seed, 9 * minute + 5 * second * seed];
      world.startEachMinute(14);
      world.at(drained, () => {
        world.document = { ...document, drained: ["a-1"] };
      });
      world.at(released, () => {
        world.document = document;
      });
      await world.runUntil(released);
      expect(world.places).toEqual(["b-1", "b-1", "b-1", "b-1"]);
      expect(turnsOf(world, "a-1").away).toBeLessThanOrEqual(4);
      const before = world.moves.length;
      await world.runUntil(14 * minute);
      expect(world.places).toEqual(home);
      expect(world.moves.length - before).toBeLessThanOrEqual(2 * 7);
      // Once the former runs are over, nothing moves.
      expect(world.moves.filter(({ at }) => at > drained + 3 * minute && at < released)).toEqual([]);
      expect(world.moves.filter(({ at }) => at > released + 4 * minute)).toEqual([]);
    }
  });

  test("a drained connector takes all when no other lives", async () => {
    const world = simulate({ drained: ["a-1"] });
    world.answers["b-1"] = silentFrom(minute, 3 * minute);
    world.startEachMinute(6);
    await world.runUntil(66 * second);
    expect(world.places).toEqual(["a-1", "a-1", "a-1", "a-1"]);
    await world.runUntil(6 * minute);
    expect(world.places).toEqual(["b-1", "b-1", "b-1", "b-1"]);
  });

  test("a paused deployment moves nothing, tells what is wrong, and catches up afterwards", async () => {
    const world = simulate({ paused: true });
    world.answers["a-1"] = silentFrom(minute);
    world.startEachMinute(2);
    world.at(30 * second, () => world.setRoute(homeOf("b-1")[0], "tgw-1"));
    await world.runUntil(200 * second);
    expect(world.replaceCalls).toEqual([]);
    expect(world.metrics.filter(({ name }) => name === "ForeignRoutes").at(-1)?.value).toBe(1);
    world.document = { ...world.document, paused: false };
    world.start();
    await world.runUntil(210 * second);
    expect(world.places).toEqual(["b-1", "b-1", "tgw-1", "b-1"]);
  });
});

describe("runs", () => {
  test("that overlap move each route once, however late EC2 shows it", async () => {
    for (const seed of seeds(40)) {
      const random = randomOf(seed);
      const world = simulate({}, ["a-1", "a-2", "b-1", "c-1", "c-2"], seed);
      world.staleFor = 3 * second * random();
      for (let run = 0; run < 3; run += 1) world.at(40 * second * random(), () => world.start());
      const fault = minute + 10 * second * random();
      world.answers["a-1"] = silentFrom(fault);
      world.answers["b-1"] = silentFrom(fault + 5 * second * random());
      await world.runUntil(fault + 30 * second);
      expect(world.moves.map(({ from }) => from).sort()).toEqual(["a-1", "a-1", "b-1", "b-1"]);
      expect(movesToDead(world, 5 * second)).toEqual([]);
    }
  });

  test("that start 119 s apart leave no gap", async () => {
    const times: number[] = [];
    for (const seed of seeds(60)) {
      const world = simulate({}, twoZones, seed);
      const fault = 112 * second + 200 * seed;
      world.answers["a-1"] = silentFrom(fault);
      world.start();
      world.at(119 * second, () => world.start());
      await world.runUntil(140 * second);
      expect(world.moves).toHaveLength(2);
      times.push(untilLastMove(world, fault));
    }
    expect(Math.max(...times)).toBeLessThanOrEqual(6 * second);
  });

  test("that know nothing yet move nothing", async () => {
    const world = simulate();
    world.answers["a-1"] = () => "silent";
    world.answers["b-1"] = () => "silent";
    world.start();
    await world.runUntil(20 * second);
    expect(world.moves).toEqual([]);
    const late = simulate();
    late.answers["a-1"] = () => "silent";
    late.start();
    await late.runUntil(2.3 * second);
    expect(late.moves).toEqual([]);
    await late.runUntil(6 * second);
    expect(late.moves).toHaveLength(2);
  });

  test.each([5, 30, 100])("that are frozen for %i s, while the world turns, do nothing wrong when they thaw", async (seconds) => {
    for (const seed of seeds(40)) {
      const world = simulate({}, twoZones, seed);
      // While the run is frozen the other moves the routes, their connector comes back, and then the one that had them dies.
      const frozenAt = 40 * second + 150 * seed;
      world.answers["a-1"] = silentFrom(40 * second, frozenAt + 1.5 * second);
      world.answers["b-1"] = silentFrom(frozenAt + 3 * second);
      const run = world.start();
      world.at(20 * second, () => world.start());
      world.at(80 * second, () => world.start());
      world.at(frozenAt, () => run.freeze(seconds * second));
      await world.runUntil(frozenAt + seconds * second + 30 * second);
      expect(world.places).toEqual(["a-1", "a-1", "a-1", "a-1"]);
      // What a run saw it trusts for 9.6 s.
      expect(movesToDead(world, 10 * second)).toEqual([]);
      const after = world.moves.filter((moved) => moved.run === run.number && moved.at >= frozenAt + seconds * second);
      if (seconds >= 30) expect(after.filter(({ to }) => to === "b-1")).toEqual([]);
      for (const route of world.document.routes) expect(world.moves.filter((moved) => moved.route === route).length).toBeLessThanOrEqual(4);
    }
  });

  test("that are frozen while all is well move nothing, neither when they thaw nor after their end", async () => {
    for (const seed of seeds(20)) {
      const world = simulate({}, twoZones, seed);
      const run = world.start();
      world.at(20 * second + 333 * seed, () => run.freeze(110 * second));
      world.answers["a-1"] = silentFrom(125 * second);
      await world.runUntil(4 * minute);
      expect(world.replaceCalls).toEqual([]);
      expect(run.isOver).toBe(true);
    }
  });

  test("that are frozen do not take a lost probe before and one after it for two in a row", async () => {
    const world = simulate();
    const run = world.start();
    // The probe of second 40 is lost, its repetition is frozen, and the next is lost again.
    world.answers["a-1"] = (at) => (at < 41.3 * second ? silentFrom(39.9 * second)(at) : silentFrom(71.4 * second, 71.6 * second)(at));
    world.at(41.5 * second, () => run.freeze(30 * second));
    await world.runUntil(3 * minute);
    expect(world.log.filter(({ message }) => message === "connector a-1 is dead")).toEqual([]);
    expect(world.moves).toEqual([]);
  });

  test("that an old event starts move nothing", async () => {
    const world = simulate();
    world.answers["a-1"] = silentFrom(0, 10 * second);
    world.at(15 * second, () => world.start(20 * second));
    await world.runUntil(minute);
    expect(world.moves).toEqual([]);
    expect(world.runs.map(({ isOver, failure }) => [isOver, failure])).toEqual([[true, undefined]]);
  });
});

describe("EC2 says what becomes of an instance", () => {
  const fates: Readonly<Record<string, (world: Simulation) => void>> = {
    stopped: ({ instances }) => {
      instances.set("i-a-1", { running: false, service: { interface: "eni-a-1", address: "address-of-a-1" } });
    },
    terminated: (world) => {
      world.instances.set("i-a-1", { running: false, service: undefined });
      for (const route of homeOf("a-1")) world.setRoute(route, "eni-a-1", true);
    },
    "gone from the API": (world) => {
      world.instances.delete("i-a-1");
      for (const route of homeOf("a-1")) world.setRoute(route, "eni-a-1", true);
    },
    "without interfaces": ({ instances }) => {
      instances.set("i-a-1", { running: true, service: undefined });
    },
  };

  test.each(Object.entries(fates))("%s: its routes are away within 6 s", async (_, meet) => {
    for (const seed of seeds(20)) {
      const world = simulate({}, twoZones, seed);
      const fault = 30 * second + 503 * seed;
      world.answers["a-1"] = silentFrom(fault);
      world.at(fault, () => {
        meet(world);
        world.startOnEvent();
      });
      world.start();
      await world.runUntil(minute);
      expect(world.places).toEqual(["b-1", "b-1", "b-1", "b-1"]);
      expect(world.moves).toHaveLength(2);
      expect(untilLastMove(world, fault)).toBeLessThanOrEqual(6 * second);
      expect(world.failures).toEqual([]);
    }
  });

  test("stopped while no run watches: the run that the event starts moves its routes", async () => {
    const world = simulate();
    world.answers["a-1"] = silentFrom(0);
    world.startOnEvent();
    await world.runUntil(6 * second);
    expect(world.places).toEqual(["b-1", "b-1", "b-1", "b-1"]);
  });
});

describe("a bypass", () => {
  const bypass = (onProbesAlone: boolean): Partial<FailoverDocument> => ({ allDead: { policy: "bypass", onProbesAlone } });
  const dead = 30 * second;
  const back = 4 * minute;

  const lost = (settings: Partial<FailoverDocument>, prepare: (world: Simulation) => void = () => undefined): Simulation => {
    const world = simulate(settings);
    for (const key of twoZones) world.answers[key] = silentFrom(dead, back);
    world.startEachMinute(7);
    world.at(dead, () => prepare(world));
    return world;
  };

  const stop = ({ instances }: Simulation, key: string): void => {
    instances.set(`i-${key}`, { running: false, service: { interface: `eni-${key}`, address: `address-of-${key}` } });
  };

  const agreeing: Readonly<Record<string, readonly [Partial<FailoverDocument>, (world: Simulation) => void]>> = {
    "the instances do not run": [bypass(false), (world) => twoZones.forEach((key) => stop(world, key))],
    "the instances are gone": [bypass(false), ({ instances }) => instances.clear()],
    "one does not run and one is impaired": [
      bypass(false),
      (world) => {
        stop(world, "a-1");
        world.impaired.add("i-b-1");
      },
    ],
    "probes alone are enough": [bypass(true), () => undefined],
  };

  test.each(Object.entries(agreeing))(
    "%s: the workloads' routes go to their NAT gateway after a minute, and return",
    async (_, [settings, prepare]) => {
      const world = lost(settings, prepare);
      await world.runUntil(dead + minute);
      expect(world.moves).toEqual([]);
      await world.runUntil(dead + 110 * second);
      expect(world.places).toEqual(["nat-a", "a-1", "nat-b", "b-1"]);
      await world.runUntil(back + 6 * second);
      expect(world.places.filter((place) => place.startsWith("nat"))).not.toHaveLength(1);
      await world.runUntil(back + 30 * second);
      expect(world.places).toEqual(home);
      expect(world.moves).toHaveLength(4);
      expect(world.sumOf("AllDead")).toBeGreaterThanOrEqual(1);
    },
  );

  const disagreeing: Readonly<Record<string, readonly [Partial<FailoverDocument>, (world: Simulation) => void]>> = {
    "the instances run and are well": [bypass(false), () => undefined],
    "one of them runs and is well": [bypass(false), (world) => stop(world, "a-1")],
    "EC2 does not say": [
      bypass(false),
      (world) => {
        twoZones.forEach((key) => world.impaired.add(`i-${key}`));
        world.callFault = ({ name }) => (name === "impaired" ? "throttled" : "none");
      },
    ],
    "the policy is hold": [{}, (world) => twoZones.forEach((key) => stop(world, key))],
  };

  test.each(Object.entries(disagreeing))("%s: nothing moves", async (_, [settings, prepare]) => {
    const world = lost(settings, prepare);
    await world.runUntil(7 * minute);
    expect(world.replaceCalls).toEqual([]);
  });

  test("less than a minute of all dead moves nothing", async () => {
    const world = simulate(bypass(true));
    for (const key of twoZones) world.answers[key] = silentFrom(dead, dead + 58 * second);
    world.startEachMinute(3);
    await world.runUntil(3 * minute);
    expect(world.moves).toEqual([]);
  });
});

describe("the history", () => {
  test("cannot be read: failovers go on, no route comes home, and the run fails", async () => {
    const world = simulate();
    world.answers["a-1"] = silentFrom(30 * second, minute);
    world.callFault = failing("readHistory", "refused", 0, Infinity);
    world.startEachMinute(4);
    await world.runUntil(7 * minute);
    expect(world.places).toEqual(["b-1", "b-1", "b-1", "b-1"]);
    expect(world.failures).toHaveLength(4);
    expect(world.failures[0]).toContain("the history could not be read, without which no route goes home");
  });

  test("cannot be written: failovers go on, the run fails; it is written once it can be", async () => {
    const world = simulate();
    world.answers["a-1"] = silentFrom(30 * second);
    world.callFault = failing("writeHistory", "throttled", 0, 3 * minute);
    world.start();
    await world.runUntil(2.5 * minute);
    expect(world.places).toEqual(["b-1", "b-1", "b-1", "b-1"]);
    expect(world.failures).toEqual(["Error: the history could not be kept, without which the next run knows no hold-down"]);
    const later = simulate();
    later.answers["a-1"] = silentFrom(30 * second);
    later.callFault = failing("writeHistory", "throttled", 0, minute);
    later.start();
    await later.runUntil(3 * minute);
    expect(later.failures).toEqual([]);
    expect(later.history).toMatch(/^\{"a-1":\[\d+\]\}$/);
  });

  test("hangs: a death in the meantime is acted on all the same", async () => {
    for (const seed of seeds(10)) {
      const world = simulate({}, ["a-1", "b-1", "c-1"], seed);
      world.callFault = ({ name }, at) => (name.endsWith("History") && at > 30 * second ? "hanging" : "none");
      // Found dead by the round of second 44 and a moment later.
      world.answers["a-1"] = (at) => (at < 43 * second ? answering : "refused");
      world.answers["b-1"] = silentFrom(41.5 * second);
      world.start();
      await world.runUntil(minute);
      const [first, next] = world.log.filter(({ message }) => message.endsWith("is dead"));
      expect([first?.message, next?.message]).toEqual(["connector a-1 is dead", "connector b-1 is dead"]);
      expect(new Set(world.places)).toEqual(new Set(["c-1"]));
      expect(untilLastMove(world, next?.at ?? 0)).toBeLessThan(second);
    }
  });

  test("is written at once: a run that saw nothing of the failure does not bring the routes home before their hold-down", async () => {
    const world = simulate();
    world.answers["a-1"] = (at, run) => (run === 1 ? silentFrom(minute, 63 * second)(at) : answering);
    world.start();
    world.at(10 * second, () => world.start());
    await world.runUntil(2 * minute);
    const [away] = world.moves.filter(({ from }) => from === "a-1");
    const back = world.moves.filter(({ to }) => to === "a-1");
    expect(back.map(({ run }) => run)).toEqual([2, 2]);
    for (const { at } of back) expect(at - (away?.at ?? 0)).toBeGreaterThanOrEqual(19 * second);
  });

  test("is garbage: it is replaced", async () => {
    const world = simulate();
    world.history = '{"constructor":7,"a-1":"often"';
    world.answers["a-1"] = silentFrom(30 * second, minute);
    world.startEachMinute(4);
    await world.runUntil(5 * minute);
    expect(world.places).toEqual(home);
    expect(world.history).toMatch(/^\{"a-1":\[\d+\]\}$/);
  });

  test("of overlapping runs has each death once", async () => {
    for (const seed of seeds(10)) {
      const world = simulate({}, ["a-1", "b-1", "c-1"], seed);
      for (const run of [0, 1, 2]) world.at(7 * second * run, () => world.start());
      world.answers["a-1"] = silentFrom(40 * second);
      world.answers["b-1"] = silentFrom(44 * second);
      await world.runUntil(4 * minute);
      const deaths = JSON.parse(world.history) as Readonly<Record<string, readonly number[]>>;
      expect([Object.keys(deaths).sort(), deaths["a-1"]?.length, deaths["b-1"]?.length]).toEqual([["a-1", "b-1"], 1, 1]);
    }
  });
});
