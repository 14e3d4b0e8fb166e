import { type RouteEntry } from "../../../../modules/route-failover/function/document";
import { type Answer, type CallFault, type CallName, documentOf, type Moved, randomOf, Simulation } from "./simulation";

const second = 1_000;
const minute = 60 * second;
const length = 30 * minute;

const keys = ["a-1", "a-2", "b-1", "b-2", "c-1"];

const routes = keys.flatMap((home): RouteEntry[] => [
  { table: `rtb-workload-${home}`, destination: "0.0.0.0/0", home, tier: "workload" },
  { table: `rtb-workload-${home}`, destination: "::/0", home, tier: "workload" },
  { table: `rtb-workload-${home}`, destination: "pl-0123456789abcdef0", home, tier: "workload" },
  { table: `rtb-resolver-${home}`, destination: "0.0.0.0/0", home, tier: "resolver" },
]);

/** A span of time, to the next one, in which a connector answers all probes, none, or some. */
interface Spell {
  readonly from: number;
  readonly condition: "up" | "down" | "shaky";
  readonly answer: (at: number) => Answer;
}

type Life = readonly Spell[];

const spellAt = (life: Life, at: number): Spell => {
  const spell = life.filter(({ from }) => from <= at).at(-1);
  if (!spell) throw new Error("a life begins at 0");
  return spell;
};

/** A span of time in which calls to AWS fail, a run is frozen, or somebody changes a route. */
interface Trouble {
  readonly from: number;
  readonly to: number;
}

type Random = () => number;

const between = (random: Random, least: number, most: number): number => least + (most - least) * random();

function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  const [item] = items.slice(Math.floor(random() * items.length));
  if (item === undefined) throw new Error("there is none");
  return item;
}

function lifeOf(random: Random): Life {
  const spells: Spell[] = [];
  const good: Answer = { after: oneOf(random, [5, 5, 40, 1_000]) };
  for (let at = 0; at < length;) {
    spells.push({ from: at, condition: "up", answer: () => good });
    at += between(random, 20 * second, 8 * minute);
    const bad = oneOf<Answer>(random, ["silent", "refused", { after: 3_000 }]);
    const lost = randomOf(1e6 * random());
    const period = between(random, second, 8 * second);
    const shaky = oneOf<Spell["answer"]>(random, [() => (lost() < 0.3 ? bad : good), (now) => (now % period < period / 2 ? bad : good)]);
    spells.push(random() < 0.7 ? { from: at, condition: "down", answer: () => bad } : { from: at, condition: "shaky", answer: shaky });
    at += between(random, 2 * second, 2 * minute);
  }
  return spells;
}

/** When something was seen to happen to each connector. */
class Log {
  private readonly times = new Map<string, number[]>();

  note(key: string, at: number): void {
    this.times.set(key, [...(this.times.get(key) ?? []), at]);
  }

  has(key: string): boolean {
    return this.times.has(key);
  }

  last(key: string, before = Infinity): number {
    return (
      this.times
        .get(key)
        ?.filter((at) => at <= before)
        .at(-1) ?? -Infinity
    );
  }

  /** Routes that move within half a minute do so for one death. */
  count(key: string): number {
    const times = this.times.get(key) ?? [];
    return times.filter((at, index) => index === 0 || at - (times[index - 1] ?? 0) > 30 * second).length;
  }
}

/** The hold-down after so many deaths within the hour. */
const holdDown = (deaths: number): number => (deaths === 0 ? 0 : Math.min(15 * minute, 20 * second * 2 ** (deaths - 1)));

const areOfOneZone = (one: string, other: string): boolean => one.slice(0, 1) === other.slice(0, 1);

/**
 * Where routes may lead, by the design alone: off a connector within seconds after its death, onto one that lives, of the same zone if there is
 * one, home after the hold-down and not before, and otherwise nowhere else.
 */
class Model {
  readonly mistakes: string[] = [];
  /** When each run began with each connector, and each probe that failed, by both. */
  readonly failed = new Log();
  /** Moves off a connector that was not well: off those that are their home, for which there is no other reason, and all of them. */
  private readonly deaths = new Log();
  private readonly perhapsDeaths = new Log();
  private judged = 0;

  constructor(
    private readonly world: Simulation,
    private readonly lives: Readonly<Record<string, Life>>,
    private readonly troubles: readonly Trouble[],
  ) {}

  /** Judges what happened since it was called last. */
  judge(): void {
    const { moves, elapsed } = this.world;
    for (const moved of moves.slice(this.judged)) this.judgeMove(moved);
    this.judged = moves.length;
    for (const route of routes) this.judgePlace(route, this.world.nameOf(this.world.targetOf(route)), elapsed);
  }

  private judgePlace(route: RouteEntry, place: string, now: number): void {
    if (!keys.includes(place)) return;
    const another = keys.some((key) => key !== place && this.lasts(key, "up", now) >= 7 * second);
    if (another && this.lasts(place, "down", now) > 7 * second && !this.isTroubled(now, 15 * second))
      this.blame(route, now, `is on ${place}, which is dead`);
    // One run must have seen all of it, and a run may start two minutes after another.
    const settled = 4 * minute;
    const isHeld = now < this.perhapsDeaths.last(route.home) + holdDown(this.perhapsDeaths.count(route.home) + 1) + settled;
    if (place !== route.home && this.lasts(route.home, "up", now) > settled && !isHeld && !this.isTroubled(now, settled))
      this.blame(route, now, `is on ${place}, not at home`);
  }

  private judgeMove(moved: Moved): void {
    const { at, run, route, from, to } = moved;
    const isStrange = this.isTroubled(at, 15 * second);
    const blame = (what: string): void => this.blame(route, at, `moved from ${from} to ${to} by run ${run}: ${what}`);
    if (this.lasts(to, "down", at) > (isStrange ? 10 : 5) * second) blame("that is dead");
    if (!keys.includes(from)) {
      if (!isStrange) blame("it was not ours");
    } else if (this.lasts(from, "up", at) <= (isStrange ? 20 : 10) * second) {
      this.perhapsDeaths.note(from, at);
      if (from === route.home && !isStrange) this.deaths.note(from, at);
      const isNear = keys.some((key) => key !== from && areOfOneZone(key, route.home) && this.lasts(key, "up", at) > 25 * second);
      if (isNear && !areOfOneZone(to, route.home) && !isStrange) blame("its zone has one that lives");
    } else if (!isStrange && !this.isRaced(moved)) {
      const deaths = this.deaths.count(to);
      // Ten good probes from two to two seconds, and then the hold-down; a run sees no more than a minute of it.
      const needed = Math.min(60 * second, 18 * second + holdDown(deaths));
      // A failed probe is known when its time is out, and then the move may be on its way.
      const lived = at - this.failed.last(`${run} ${to}`, at - 3 * second);
      // A run writes down deaths within some seconds after them.
      const heldUntil = this.deaths.last(to) + holdDown(deaths) - 12 * second;
      if (to !== route.home) blame("nothing was wrong");
      else if (lived < needed) blame(`its home has lived for ${lived} ms`);
      else if (at < heldUntil) blame("its home is held down");
    }
  }

  /**
   * A run that did not see a connector die takes it for alive sooner than one that did: both may move an orphan, each to one that lives. What a
   * run has moved it believes for five seconds.
   */
  private isRaced(moved: Moved): boolean {
    const { at, run, route } = moved;
    return this.world.moves.some((other) => other.route === route && other.run !== run && other.at <= at && at - other.at < 6 * second);
  }

  /** For how long a connector's condition has lasted; 0 if it is another. */
  private lasts(key: string, condition: Spell["condition"], now: number): number {
    const life = this.lives[key];
    if (!life) return 0;
    const spell = spellAt(life, now);
    if (spell.condition !== condition) return 0;
    return spell.from === 0 ? Infinity : now - spell.from;
  }

  private isTroubled(now: number, before: number): boolean {
    return this.troubles.some(({ from, to }) => now >= from && now <= to + before);
  }

  private blame({ table, destination }: RouteEntry, at: number, what: string): void {
    this.mistakes.push(`${(at / second).toFixed(1)} s: ${table} ${destination} ${what}`);
  }
}

/** Half an hour of faults. */
function soak(seed: number): { readonly world: Simulation; readonly model: Model } {
  const random = randomOf(seed);
  const world = new Simulation(documentOf(keys, routes), seed);
  const lives = Object.fromEntries(keys.map((key) => [key, lifeOf(random)]));
  const span = (startMinutes: number, least: number, most: number): Trouble => {
    const from = between(random, startMinutes * minute, (startMinutes + 3) * minute);
    return { from, to: from + between(random, least, most) };
  };
  const failures = [2, 9, 17, 24].map((start) => ({
    ...span(start, 2 * second, 20 * second),
    name: oneOf<CallName>(random, ["routes", "replace", "instances", "readHistory", "writeHistory"]),
    how: oneOf<CallFault>(random, ["throttled", "hanging"]),
  }));
  const changes = [4, 12, 20].map((start) => ({
    ...span(start, 30 * second, minute),
    route: oneOf(random, routes),
    target: oneOf(random, ["tgw-1", "eni-c-1", "nothing"]),
  }));
  const freezes = [7, 15, 27].map((start) => span(start, 3 * second, minute));
  const model = new Model(world, lives, [...failures, ...changes, ...freezes]);

  for (const [key, life] of Object.entries(lives))
    world.answers[key] = (at, run) => {
      const answer = spellAt(life, at).answer(at);
      const isGood = typeof answer === "object" && answer.after < 1_200;
      if (!isGood || !model.failed.has(`${run} ${key}`)) model.failed.note(`${run} ${key}`, at);
      return answer;
    };
  world.callFault = ({ name }, at) =>
    failures.find((failure) => failure.name === name && at >= failure.from && at < failure.to)?.how ?? "none";
  for (const { from, to, route, target } of changes) {
    world.at(from, () => world.setRoute(route, target === "nothing" ? undefined : target));
    world.at(to, () => {
      if (target !== "eni-c-1" && world.targetOf(route) !== (target === "nothing" ? undefined : target))
        model.mistakes.push(`${route.table} ${route.destination} was moved while it was not ours`);
      world.setRoute(route, `eni-${route.home}`);
    });
  }
  for (const { from, to } of freezes) world.at(from, () => world.runs.find(({ isOver }) => !isOver)?.freeze(to - from));
  for (let at = second; at <= length; at += second) world.at(at, () => model.judge());
  world.startEachMinute(length / minute);
  return { world, model };
}

test.each([1, 2])("half an hour of random faults: each route is where the design wants it (seed %i)", async (seed) => {
  const { world, model } = soak(seed);
  await world.runUntil(length);
  expect(model.mistakes).toEqual([]);
  // It was no idle half hour.
  expect(world.moves.length).toBeGreaterThan(20);
  expect(world.sumOf("Failovers")).toBeGreaterThan(10);
  expect(world.sumOf("Failbacks")).toBeGreaterThan(4);
});
