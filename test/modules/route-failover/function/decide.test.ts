import fc from "fast-check";
import {
  allDead,
  type ConnectorSituation,
  decide,
  type Decision,
  type Move,
  routeId,
  type RouteTarget,
  type Situation,
  urgency,
} from "../../../../modules/route-failover/function/decide";
import { type FailoverDocument, type RouteEntry } from "../../../../modules/route-failover/function/document";
import { documentOf } from "./simulation";

interface Case {
  readonly document: FailoverDocument;
  readonly situation: Situation;
}

const keys: fc.Arbitrary<readonly string[]> = fc.uniqueArray(
  fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom(1, 2, 3)).map(([zone, number]) => `${zone}-${number}`),
  { minLength: 1, maxLength: 6 },
);

const destinations = ["0.0.0.0/0", "::/0", "10.0.0.0/8", "2001:db8::/32", "pl-0123456789abcdef0"];

const routesOver = (homes: readonly string[]): fc.Arbitrary<readonly RouteEntry[]> =>
  fc.uniqueArray(
    fc
      .record({
        table: fc.nat(7).map((number) => `rtb-${number}`),
        destination: fc.constantFrom(...destinations),
        home: fc.constantFrom(...homes),
        tier: fc.constantFrom("workload" as const, "workload" as const, "resolver" as const, "transit" as const),
        natGateway: fc.option(fc.constant("nat-1"), { nil: undefined }),
      })
      .map(({ natGateway, ...route }): RouteEntry => (natGateway === undefined ? route : { ...route, natGateway })),
    { selector: routeId, minLength: 1, maxLength: 20 },
  );

const connectorSituation: fc.Arbitrary<ConnectorSituation> = fc.record({
  state: fc.oneof(
    { weight: 1, arbitrary: fc.constant("unknown" as const) },
    { weight: 20, arbitrary: fc.constantFrom("dead" as const, "dead" as const, "recovering" as const, "alive" as const, "alive" as const) },
  ),
  steady: fc.boolean(),
});

const targetAmong = (homes: readonly string[]): fc.Arbitrary<RouteTarget> => {
  const connector = fc.constantFrom(...homes).map((key) => ({ kind: "connector" as const, key }));
  return fc.oneof(
    { weight: 6, arbitrary: connector },
    {
      weight: 2,
      arbitrary: fc.constantFrom<RouteTarget>({ kind: "natGateway" }, { kind: "nowhere" }, { kind: "former", id: "igw-1" }),
    },
    { weight: 1, arbitrary: fc.constantFrom<RouteTarget>({ kind: "foreign", id: "tgw-1" }, { kind: "missing" }) },
  );
};

/** Any deployment in any situation that a run can see. A bypass is due only when all are dead. */
const anyCase: fc.Arbitrary<Case> = keys.chain((homes) =>
  routesOver(homes).chain((routes) =>
    fc
      .record({
        drained: fc.oneof(fc.constant<string[]>([]), fc.subarray([...homes])),
        paused: fc.nat(9).map((number) => number === 0),
        allDead: fc.constantFrom<FailoverDocument["allDead"][]>(
          { policy: "hold" },
          { policy: "bypass", onProbesAlone: false },
          { policy: "bypass", onProbesAlone: true },
        ),
        states: fc.oneof(
          { weight: 4, arbitrary: fc.tuple(...homes.map(() => connectorSituation)) },
          { weight: 1, arbitrary: fc.constant(homes.map((): ConnectorSituation => ({ state: "dead", steady: false }))) },
        ),
        targets: fc.tuple(...routes.map(() => targetAmong(homes))),
        due: fc.boolean(),
      })
      .map(({ states, targets, due, ...settings }) => {
        const connectors = Object.fromEntries(homes.flatMap((key, index) => (states[index] ? [[key, states[index]]] : [])));
        return {
          document: documentOf(homes, routes, settings),
          situation: {
            connectors,
            targets: Object.fromEntries(routes.flatMap((route, index) => (targets[index] ? [[routeId(route), targets[index]]] : []))),
            bypassDue: due && allDead(connectors),
          },
        };
      }),
  ),
);

const check = (judge: (given: Case, decision: Decision) => void): void => {
  fc.assert(
    fc.property(anyCase, (given) => judge(given, decide(given.document, given.situation))),
    { numRuns: 500 },
  );
};

const stateIn = ({ situation }: Case, key: string) => situation.connectors[key]?.state;

const zoneIn = ({ document }: Case, key: string) => document.connectors[key]?.zone;

const targetIn = ({ situation }: Case, route: RouteEntry) => situation.targets[routeId(route)];

const isKept = ({ document }: Case, key: string): boolean => !document.drained.includes(key);

const keysIn = ({ document }: Case, matches: (key: string) => boolean): readonly string[] =>
  Object.keys(document.connectors).filter(matches);

/** Connectors that live and are not drained. */
const living = (given: Case): readonly string[] => keysIn(given, (key) => stateIn(given, key) === "alive" && isKept(given, key));

/** Whether nothing forbids all moves. */
const mayMove = (given: Case): boolean => !given.document.paused && keysIn(given, (key) => stateIn(given, key) === "unknown").length === 0;

const answers = (given: Case, key: string): boolean => ["alive", "recovering"].includes(stateIn(given, key) ?? "");

/** The moves that lead to a connector. */
const toConnectors = ({ moves }: Decision): readonly (Move & { readonly to: { readonly kind: "connector" } })[] =>
  moves.flatMap((move) => (move.to.kind === "connector" ? [{ ...move, to: move.to }] : []));

const placesOf = (decision: Decision): Readonly<Record<string, string>> =>
  Object.fromEntries(decision.moves.map(({ route, to }) => [routeId(route), to.kind === "connector" ? to.key : to.id]));

const targetsAfter = ({ situation }: Case, { moves }: Decision): Situation["targets"] => ({
  ...situation.targets,
  ...Object.fromEntries(
    moves.map(({ route, to }): [string, RouteTarget] => [routeId(route), to.kind === "connector" ? to : { kind: "natGateway" }]),
  ),
});

/** The same case with each route at its home, and all connectors that are not alive dead. */
const atHome = ({ document, situation }: Case): Case => ({
  document: { ...document, paused: false },
  situation: {
    ...situation,
    connectors: Object.fromEntries(
      Object.entries(situation.connectors).map(([key, each]) => [key, each.state === "alive" ? each : { state: "dead", steady: false }]),
    ),
    targets: Object.fromEntries(document.routes.map((route) => [routeId(route), { kind: "connector", key: route.home }])),
  },
});

/** Another order of all that has none: the fractions choose which. */
function reordered<Item>(items: readonly Item[], fractions: readonly number[]): Item[] {
  return items
    .map((item, index) => ({ item, order: fractions[index % fractions.length] ?? 0, index }))
    .sort((one, other) => one.order - other.order || other.index - one.index)
    .map(({ item }) => item);
}

const reorderedRecord = <Value>(record: Readonly<Record<string, Value>>, fractions: readonly number[]): Record<string, Value> =>
  Object.fromEntries(reordered(Object.entries(record), fractions));

const fractions = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });

describe("where routes are sent", () => {
  test("never to a dead or unknown connector; to one that recovers only while none lives, to a drained one only while no other answers", () => {
    check((given, decision) => {
      const keptAnswers = keysIn(given, (key) => answers(given, key) && isKept(given, key)).length > 0;
      const drainedLives = keysIn(given, (key) => stateIn(given, key) === "alive" && !isKept(given, key)).length > 0;
      for (const { to } of toConnectors(decision)) {
        expect(answers(given, to.key)).toBe(true);
        if (living(given).length > 0) expect(living(given)).toContain(to.key);
        if (keptAnswers) expect(isKept(given, to.key)).toBe(true);
        else if (drainedLives) expect(stateIn(given, to.key)).toBe("alive");
      }
    });
  });

  test("off each dead connector while another lives or answers", () => {
    check((given, { moves }) => {
      const another = keysIn(given, (key) => answers(given, key)).length > 0;
      const stuck = given.document.routes.filter((route) => {
        const target = targetIn(given, route);
        return target?.kind === "connector" && stateIn(given, target.key) === "dead" && !moves.some((move) => move.route === route);
      });
      if (another && mayMove(given)) expect(stuck).toEqual([]);
    });
  });

  test("to the zone of their home while a connector of that zone is among the best", () => {
    check((given, decision) => {
      for (const { route, to } of toConnectors(decision)) {
        const near = living(given).filter((key) => zoneIn(given, key) === zoneIn(given, route.home));
        if (near.length > 0) expect(near).toContain(to.key);
      }
    });
  });

  test("by balance: whoever got an orphan has at most one route more than any other that could have got it", () => {
    check((any) => {
      const given = atHome(any);
      const { document } = given;
      const candidates = living(given);
      const after = targetsAfter(given, decide(document, given.situation));
      const placeOf = (route: RouteEntry): string | undefined => {
        const target = after[routeId(route)];
        return target?.kind === "connector" ? target.key : undefined;
      };
      const load = (key: string): number => document.routes.filter((route) => placeOf(route) === key).length;
      const inZone = (zone: string | undefined) => candidates.filter((key) => zoneIn(given, key) === zone);
      for (const key of candidates) {
        const orphans = document.routes.filter((route) => placeOf(route) === key && route.home !== key);
        const fromAfar = orphans.filter(({ home }) => zoneIn(given, home) !== zoneIn(given, key));
        // The zones of those from afar have nobody, so any could have got them. With some of both kinds, the last may have been of either.
        const pool = orphans.length > fromAfar.length ? inZone(zoneIn(given, key)) : candidates;
        if (orphans.length > 0) expect(load(key)).toBeLessThanOrEqual(1 + Math.min(...pool.map(load)));
      }
    });
  });

  test("by who lives alone: runs that see the routes in different stages of moving give each orphan the same place", () => {
    fc.assert(
      fc.property(
        anyCase.chain((given) =>
          fc.tuple(fc.constant(given), fc.tuple(...given.document.routes.map(() => targetAmong(Object.keys(given.document.connectors))))),
        ),
        ([given, otherTargets]) => {
          const targets = Object.fromEntries(
            given.document.routes.map((route, index): [string, RouteTarget] => [
              routeId(route),
              otherTargets[index] ?? { kind: "missing" },
            ]),
          );
          const one = placesOf(decide(given.document, given.situation));
          const other = placesOf(decide(given.document, { ...given.situation, targets }));
          for (const id of Object.keys(one)) if (other[id] !== undefined) expect(other[id]).toBe(one[id]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("in the same way from any order of connectors, routes and tables", () => {
    fc.assert(
      fc.property(anyCase, fractions, ({ document, situation }, order) => {
        const shuffled = {
          ...document,
          connectors: reorderedRecord(document.connectors, order),
          routes: reordered(document.routes, order),
          drained: reordered(document.drained, order),
        };
        const seen = {
          ...situation,
          connectors: reorderedRecord(situation.connectors, order),
          targets: reorderedRecord(situation.targets, order),
        };
        expect(decide(shuffled, seen)).toEqual(decide(document, situation));
      }),
      { numRuns: 500 },
    );
  });

  test("once: a second pass changes nothing", () => {
    check((given, decision) => {
      expect(decide(given.document, { ...given.situation, targets: targetsAfter(given, decision) }).moves).toEqual([]);
    });
  });

  test("each at most once, and the most urgent first: default routes before others, workloads before transit before resolver", () => {
    check((_, { moves }) => {
      expect(new Set(moves.map(({ route }) => routeId(route))).size).toBe(moves.length);
      const isDefault = ({ destination }: RouteEntry): boolean => ["0.0.0.0/0", "::/0"].includes(destination);
      const ranks = moves.map(({ route }) => `${isDefault(route) ? 1 : 2} ${{ workload: 1, transit: 2, resolver: 3 }[route.tier]}`);
      expect(ranks).toEqual([...ranks].sort());
      const urgencies = moves.map(({ route }) => urgency(route));
      expect(urgencies).toEqual([...urgencies].sort((one, other) => one - other));
    });
  });
});

describe("which routes are left", () => {
  test("those on a connector that is not dead, unless it is drained or their home is steady", () => {
    check((given, { moves }) => {
      for (const { route, from, to, reason } of moves) {
        if (from.kind !== "connector" || stateIn(given, from.key) === "dead") continue;
        if (isKept(given, from.key)) {
          expect(to).toEqual({ kind: "connector", key: route.home });
          expect(given.situation.connectors[route.home]).toEqual({ state: "alive", steady: true });
          expect(reason).toBe("failback");
        } else {
          expect(to.kind === "connector" && living(given).includes(to.key)).toBe(living(given).length > 0);
          if (living(given).length === 0) expect(reason).toBe("failback");
        }
      }
    });
  });

  test("none whose home is alive and steady, and not drained: it comes home from wherever it is", () => {
    check((given, decision) => {
      if (!mayMove(given)) return;
      const after = targetsAfter(given, decision);
      for (const route of given.document.routes) {
        const target = targetIn(given, route);
        if (target?.kind === "foreign" || target?.kind === "missing") continue;
        if (living(given).includes(route.home) && given.situation.connectors[route.home]?.steady === true)
          expect(after[routeId(route)]).toEqual({ kind: "connector", key: route.home });
      }
    });
  });

  test("those that lead to something foreign and those that are missing: they are reported, and no other is", () => {
    check((given, { moves, foreign, missing }) => {
      const ofKind = (kind: RouteTarget["kind"]) => given.document.routes.filter((route) => targetIn(given, route)?.kind === kind);
      expect(new Set(foreign)).toEqual(new Set(ofKind("foreign")));
      expect(new Set(missing)).toEqual(new Set(ofKind("missing")));
      for (const { from, route } of moves) {
        expect(from).toEqual(targetIn(given, route));
        expect(["foreign", "missing"]).not.toContain(from.kind);
      }
    });
  });

  test("all while the health of any connector is unknown", () => {
    check((given, { moves, foreign, missing }) => {
      const [first = ""] = Object.keys(given.document.connectors);
      const unknown = { ...given.situation.connectors, [first]: { state: "unknown" as const, steady: true } };
      expect(decide(given.document, { ...given.situation, connectors: unknown, bypassDue: false })).toEqual({
        moves: [],
        foreign,
        missing,
      });
      if (keysIn(given, (key) => stateIn(given, key) === "unknown").length > 0) expect(moves).toEqual([]);
    });
  });

  test("all while the deployment is paused", () => {
    check(({ document, situation }, { foreign, missing }) => {
      expect(decide({ ...document, paused: true }, situation)).toEqual({ moves: [], foreign, missing });
    });
  });

  test("none on a drained connector while another lives, all on it while none does", () => {
    check((given, { moves }) => {
      if (!mayMove(given)) return;
      const movedFrom = new Map(moves.map((move) => [routeId(move.route), move]));
      for (const route of given.document.routes) {
        const target = targetIn(given, route);
        if (target?.kind !== "connector" || isKept(given, target.key) || stateIn(given, target.key) === "dead") continue;
        const move = movedFrom.get(routeId(route));
        if (living(given).length > 0) expect(move?.to.kind === "connector" && living(given).includes(move.to.key)).toBe(true);
        // The one exception is the way home: to another connector that is drained too.
        else expect(move === undefined || move.reason === "failback").toBe(true);
      }
    });
  });
});

describe("a route that leads to its former target", () => {
  const formersIn = (given: Case): readonly RouteEntry[] =>
    given.document.routes.filter((route) => targetIn(given, route)?.kind === "former");

  test("leaves it when a connector lives to which it may lead, not for one that only answers", () => {
    check((given, decision) => {
      if (!mayMove(given)) return;
      const keptAnswers = keysIn(given, (key) => answers(given, key) && isKept(given, key)).length > 0;
      const drainedLives = keysIn(given, (key) => stateIn(given, key) === "alive" && !isKept(given, key)).length > 0;
      const leaves = living(given).length > 0 || (!keptAnswers && drainedLives);
      const moved = decision.moves.filter(({ from }) => from.kind === "former");
      expect(new Set(moved.map(({ route }) => route))).toEqual(new Set(leaves ? formersIn(given) : []));
      for (const { to, reason } of moved)
        expect([to.kind === "connector" && stateIn(given, to.key), reason]).toEqual(["alive", "takeover"]);
    });
  });

  test("goes where it would go from its home", () => {
    check((given, decision) => {
      const places = placesOf(decision);
      const home = Object.fromEntries(formersIn(given).map((route) => [routeId(route), { kind: "connector" as const, key: route.home }]));
      const fromHome = decide(given.document, { ...given.situation, targets: { ...given.situation.targets, ...home } });
      for (const route of formersIn(given)) {
        if (stateIn(given, route.home) === "dead" && places[routeId(route)] !== undefined)
          expect(places[routeId(route)]).toBe(placesOf(fromHome)[routeId(route)]);
        if (living(given).includes(route.home) && mayMove(given)) expect(places[routeId(route)]).toBe(route.home);
      }
    });
  });

  test("is the only one that is taken over, and no sign of anything foreign or missing", () => {
    check((given, { moves, foreign, missing }) => {
      for (const { from, reason } of moves) expect(reason === "takeover").toBe(from.kind === "former");
      for (const route of formersIn(given)) expect([...foreign, ...missing]).not.toContain(route);
    });
  });
});

describe("when no connector lives", () => {
  /** The same with all dead, and a bypass due. */
  const lost = ({ document, situation }: Case, settings: Partial<FailoverDocument>): Case => ({
    document: { ...document, paused: false, ...settings },
    situation: {
      ...situation,
      connectors: Object.fromEntries(Object.keys(document.connectors).map((key) => [key, { state: "dead", steady: false }])),
      bypassDue: true,
    },
  });

  const movesOf = ({ document, situation }: Case) => decide(document, situation).moves;

  test("the policy hold moves nothing", () => {
    check((given) => {
      expect(movesOf(lost(given, { allDead: { policy: "hold" } }))).toEqual([]);
    });
  });

  test("the policy bypass moves the workloads' routes that have a NAT gateway, when it is due, and no other", () => {
    check((any) => {
      const given = lost(any, { allDead: { policy: "bypass", onProbesAlone: false } });
      const expected = given.document.routes.filter(
        (route) =>
          route.tier === "workload" &&
          route.natGateway !== undefined &&
          ["connector", "nowhere"].includes(targetIn(given, route)?.kind ?? ""),
      );
      const moves = movesOf(given);
      expect(new Set(moves.map(({ route }) => route))).toEqual(new Set(expected));
      for (const { route, to, reason } of moves) expect([to, reason]).toEqual([{ kind: "natGateway", id: route.natGateway }, "bypass"]);
      expect(movesOf({ ...given, situation: { ...given.situation, bypassDue: false } })).toEqual([]);
    });
  });

  test("nothing is bypassed while one lives or answers", () => {
    check((given, { moves }) => {
      if (keysIn(given, (key) => answers(given, key)).length > 0) expect(moves.filter(({ to }) => to.kind === "natGateway")).toEqual([]);
    });
  });

  test("what was bypassed returns when a connector lives, not when one only answers", () => {
    check((given, decision) => {
      if (!mayMove(given)) return;
      for (const route of given.document.routes) {
        if (targetIn(given, route)?.kind !== "natGateway") continue;
        const moved = placesOf(decision)[routeId(route)] !== undefined;
        const lives = keysIn(given, (key) => stateIn(given, key) === "alive").length > 0;
        if (!lives) expect(moved).toBe(false);
        if (living(given).length > 0) expect(moved).toBe(true);
      }
    });
  });
});

describe("by example", () => {
  const zones = ["a-1", "a-2", "b-1"];
  const route = (number: number, home: string, destination = "0.0.0.0/0"): RouteEntry => ({
    table: `rtb-${number}`,
    destination,
    home,
    tier: "workload",
  });
  const routes = [route(1, "a-1"), route(2, "a-1"), route(3, "a-2"), route(4, "b-1"), route(4, "b-1", "::/0")];
  const decided = (states: Readonly<Record<string, ConnectorSituation>>, targets: Readonly<Record<string, RouteTarget>> = {}) => {
    const homes = Object.fromEntries(routes.map((each): [string, RouteTarget] => [routeId(each), { kind: "connector", key: each.home }]));
    const { moves } = decide(documentOf(zones, routes), { connectors: states, targets: { ...homes, ...targets }, bypassDue: false });
    return moves.map(
      ({ route: { table, destination }, to, reason }) => `${table} ${destination} ${to.kind === "connector" ? to.key : to.id} ${reason}`,
    );
  };
  const alive = { state: "alive", steady: true } as const;
  const fresh = { state: "alive", steady: false } as const;
  const dead = { state: "dead", steady: false } as const;

  test("orphans go to the other connector of their zone", () => {
    expect(decided({ "a-1": dead, "a-2": alive, "b-1": alive })).toEqual(["rtb-1 0.0.0.0/0 a-2 failover", "rtb-2 0.0.0.0/0 a-2 failover"]);
  });

  test("orphans of a zone without a connector are shared out", () => {
    expect(decided({ "a-1": alive, "a-2": alive, "b-1": dead })).toEqual(["rtb-4 0.0.0.0/0 a-2 failover", "rtb-4 ::/0 a-1 failover"]);
  });

  test("a route comes home once its home is steady", () => {
    const away: Readonly<Record<string, RouteTarget>> = { "rtb-1 0.0.0.0/0": { kind: "connector", key: "a-2" } };
    expect(decided({ "a-1": fresh, "a-2": alive, "b-1": alive }, away)).toEqual([]);
    expect(decided({ "a-1": alive, "a-2": alive, "b-1": alive }, away)).toEqual(["rtb-1 0.0.0.0/0 a-1 failback"]);
  });

  test("a route leaves its former target for its home, or for another connector if that is dead", () => {
    const former: Readonly<Record<string, RouteTarget>> = { "rtb-1 0.0.0.0/0": { kind: "former", id: "igw-1" } };
    expect(decided({ "a-1": fresh, "a-2": alive, "b-1": alive }, former)).toEqual(["rtb-1 0.0.0.0/0 a-1 takeover"]);
    expect(decided({ "a-1": dead, "a-2": fresh, "b-1": alive }, former)).toEqual([
      "rtb-1 0.0.0.0/0 a-2 takeover",
      "rtb-2 0.0.0.0/0 a-2 failover",
    ]);
    const recovering = { state: "recovering", steady: false } as const;
    expect(decided({ "a-1": recovering, "a-2": dead, "b-1": dead }, former)).not.toContain("rtb-1 0.0.0.0/0 a-1 takeover");
  });

  test("a route that leads nowhere is repaired", () => {
    const lost: Readonly<Record<string, RouteTarget>> = { "rtb-3 0.0.0.0/0": { kind: "nowhere" } };
    expect(decided({ "a-1": alive, "a-2": fresh, "b-1": alive }, lost)).toEqual(["rtb-3 0.0.0.0/0 a-2 repair"]);
  });
});
