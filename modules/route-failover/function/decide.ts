import { type FailoverDocument, type RouteEntry } from "./document";
import { type HealthState } from "./health";

/** Where a route leads, as far as it concerns us. */
export type RouteTarget =
  | { readonly kind: "connector"; readonly key: string }
  /** The NAT gateway that the document allows for a bypass. */
  | { readonly kind: "natGateway" }
  /** Nowhere, or to an interface that its connector no longer has. */
  | { readonly kind: "nowhere" }
  /** To what it led to before it was taken over. */
  | { readonly kind: "former"; readonly id: string }
  /** To something that the document does not know. */
  | { readonly kind: "foreign"; readonly id: string }
  | { readonly kind: "missing" };

export interface ConnectorSituation {
  readonly state: HealthState;
  /** Whether it has answered long enough for its routes to come home. */
  readonly steady: boolean;
}

/** All that a decision depends on. */
export interface Situation {
  readonly connectors: Readonly<Record<string, ConnectorSituation>>;
  /** The document's routes by `routeId`. */
  readonly targets: Readonly<Record<string, RouteTarget>>;
  /** Whether all connectors are dead for long enough, and by enough evidence, for a bypass. */
  readonly bypassDue: boolean;
}

type Reason = "failover" | "failback" | "drain" | "repair" | "bypass" | "return" | "takeover";

/** A route to be replaced. */
export interface Move {
  readonly route: RouteEntry;
  readonly from: RouteTarget;
  readonly to: { readonly kind: "connector"; readonly key: string } | { readonly kind: "natGateway"; readonly id: string };
  readonly reason: Reason;
}

export interface Decision {
  /** In the order in which they should be made: default routes of the workloads first. */
  readonly moves: readonly Move[];
  readonly foreign: readonly RouteEntry[];
  readonly missing: readonly RouteEntry[];
}

/** Names a route: its table and destination. */
export const routeId = ({ table, destination }: Pick<RouteEntry, "table" | "destination">): string => `${table} ${destination}`;

const isDefault = ({ destination }: RouteEntry): boolean => destination === "0.0.0.0/0" || destination === "::/0";

/** Lower goes first. */
export const urgency = (route: RouteEntry): number => (isDefault(route) ? 0 : 3) + { workload: 0, transit: 1, resolver: 2 }[route.tier];

const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Every connector is known to be dead. */
export const allDead = (connectors: Situation["connectors"]): boolean => Object.values(connectors).every(({ state }) => state === "dead");

/**
 * Which routes to replace, and by what.
 *
 * A route stays where it is unless its connector is dead, drained or no longer there, or its home is steady again. One that leads to its former
 * target leaves it as soon as its place is alive. Routes without a home are dealt to the living, those of the same zone first, each to the one with
 * the fewest. Where everybody goes depends only on who lives, not on where routes are now, so that overlapping runs agree; thus nothing moves
 * before it is known of all. Routes that lead to something unknown, or that are not there, are reported and left.
 */
export function decide(document: FailoverDocument, situation: Situation): Decision {
  const routes = [...document.routes].sort((one, other) => urgency(one) - urgency(other) || byText(routeId(one), routeId(other)));
  const targetOf = (route: RouteEntry): RouteTarget => situation.targets[routeId(route)] ?? { kind: "missing" };
  const ofKind = (kind: RouteTarget["kind"]) => routes.filter((route) => targetOf(route).kind === kind);
  const place = placement(document, routes, situation.connectors);
  // A run knows all within seconds. Until then it would deal routes otherwise than the run that it overlaps.
  const isKnown = Object.keys(document.connectors).every((key) => (situation.connectors[key]?.state ?? "unknown") !== "unknown");
  return {
    moves:
      document.paused || !isKnown ? [] : routes.flatMap((route) => moveOf(document, situation, route, targetOf(route), place(route)) ?? []),
    foreign: ofKind("foreign"),
    missing: ofKind("missing"),
  };
}

/** Where routes may lead: to the best connectors that there are. */
function candidatesOf({ drained, connectors }: FailoverDocument, situation: Situation["connectors"]): readonly string[] {
  const isIn = (state: HealthState, wanted: "kept" | "drained") =>
    Object.keys(connectors)
      .filter((key) => situation[key]?.state === state && drained.includes(key) === (wanted === "drained"))
      .sort(byText);
  const ranks = [isIn("alive", "kept"), isIn("recovering", "kept"), isIn("alive", "drained"), isIn("recovering", "drained")];
  return ranks.find((rank) => rank.length > 0) ?? [];
}

/** The connector that each route should lead to: its home if that is a candidate, else the one that it is dealt to; none without candidates. */
function placement(
  document: FailoverDocument,
  routes: readonly RouteEntry[],
  situation: Situation["connectors"],
): (route: RouteEntry) => string | undefined {
  const candidates = candidatesOf(document, situation);
  const loads = new Map(candidates.map((key) => [key, routes.filter(({ home }) => home === key).length]));
  const dealt = new Map<string, string>();
  for (const route of routes.filter(({ home }) => !loads.has(home))) {
    const zone = document.connectors[route.home]?.zone;
    const near = candidates.filter((key) => document.connectors[key]?.zone === zone);
    const [first, ...others] = near.length > 0 ? near : candidates;
    if (first === undefined) break;
    const load = (key: string): number => loads.get(key) ?? 0;
    const chosen = others.reduce((best, key) => (load(key) < load(best) ? key : best), first);
    loads.set(chosen, load(chosen) + 1);
    dealt.set(routeId(route), chosen);
  }
  return (route) => (loads.has(route.home) ? route.home : dealt.get(routeId(route)));
}

function moveOf(
  { drained, allDead: whenAllDead }: FailoverDocument,
  { connectors, bypassDue }: Situation,
  route: RouteEntry,
  from: RouteTarget,
  place: string | undefined,
): Move | undefined {
  const stateOf = (key: string): HealthState => connectors[key]?.state ?? "unknown";
  if (from.kind === "foreign" || from.kind === "missing") return undefined;
  if (place === undefined) {
    // A former target still takes the traffic.
    if (from.kind === "former") return undefined;
    if (!bypassDue || whenAllDead.policy !== "bypass" || from.kind === "natGateway") return undefined;
    // Only workloads' traffic: a resolver's queries are for addresses that nobody but a connector knows.
    if (route.tier !== "workload" || route.natGateway === undefined) return undefined;
    return { route, from, to: { kind: "natGateway", id: route.natGateway }, reason: "bypass" };
  }
  const to = (reason: Reason): Move => ({ route, from, to: { kind: "connector", key: place }, reason });
  const placeLives = stateOf(place) === "alive";
  if (from.kind === "nowhere") return to("repair");
  if (from.kind === "natGateway") return placeLives ? to("return") : undefined;
  if (from.kind === "former") return placeLives ? to("takeover") : undefined;
  if (from.key === place) return undefined;
  if (stateOf(from.key) === "dead") return to("failover");
  if (drained.includes(from.key) && placeLives && !drained.includes(place)) return to("drain");
  if (place === route.home && placeLives && connectors[place]?.steady === true) return to("failback");
  return undefined;
}
