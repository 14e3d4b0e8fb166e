import { reasonOf } from "../../lambda/function/reason";
import { setMaxListeners } from "node:events";
import { allDead, type ConnectorSituation, decide, type Decision, type Move, routeId, type RouteTarget, urgency } from "./decide";
import { type FailoverDocument, type RouteEntry } from "./document";
import { afterProbe, type Health, stateAt, unprobed } from "./health";
import { formatHistory, type History, holdDownEnd, holdDownOf, mergeHistories, parseHistory } from "./history";
import { CallFailed, type Ports, type SeenInstance, type SeenRoute } from "./ports";

// All in milliseconds.
const observeEvery = 10_000;
/** A run that has seen no routes yet can move none. */
const observeAgainAfter = 1_000;
const reportEvery = 60_000;
const firstReportAfter = 5_000;
/** What was seen of routes and instances no longer ago than this stands in where EC2 does not answer. */
const standInFor = 30_000;
/** A connector must have answered for its whole hold-down before its routes come home, but a run sees no more than two minutes. */
const longestSteady = 60_000;
/** All connectors must be dead for this long before a bypass. */
const bypassAfter = 60_000;
/** DescribeRouteTables can show the former target for a moment after ReplaceRoute: EC2 is eventually consistent. */
const settlesWithin = 5_000;
const longestBackoff = 2_000;
/** A replacement that AWS refuses is tried again after this. */
const refusedFor = 10_000;
/** A probe that took this much longer than its time-out was frozen together with the run. */
const frozen = 1_000;

// Few enough that a run leaves some of AWS's rate to the one that it overlaps, and sees what that has moved before it goes on.
const mostAtOnce = 8;

// From the fifth on, a replacement for which AWS has no time counts as failed.
const patience = 5;

/** Moves that are no sign of trouble. */
const planned: readonly Move["reason"][] = ["failback", "drain", "takeover"];

interface Retry {
  readonly at: number;
  readonly failures: number;
}

/**
 * Watches the connectors of a document and moves their routes.
 *
 * Probes and AWS calls run side by side and none waits for another; what to move is decided anew after each probe. Routes are looked at
 * again right before they are moved, and nothing is remembered between runs but when connectors died.
 */
export class Watch {
  private readonly keys: readonly string[];
  private readonly tables: readonly string[];
  private readonly instanceIds: readonly string[];
  private readonly ending = new AbortController();
  private readonly health: Map<string, Health>;
  private readonly diedAt = new Map<string, number>();
  private instances: { readonly byId: ReadonlyMap<string, SeenInstance>; readonly at: number } | undefined;
  private seen: { readonly routes: ReadonlyMap<string, SeenRoute>; readonly at: number } | undefined;
  /** What was moved a moment ago, by route. */
  private readonly moved = new Map<string, { readonly target: RouteTarget; readonly at: number }>();
  private readonly retries = new Map<string, Retry>();
  /** Routes that this run brought home: once each, for who takes one away again may know better, such as a run with newer settings. */
  private readonly broughtHome = new Set<string>();
  /** Routes that this run brought off their former targets: once each, for the same reason. */
  private readonly takenOver = new Set<string>();
  /** How many routes are replaced at once: halved while replacements fail, so that calls come about as fast as AWS takes them. */
  private atOnce = mostAtOnce;
  private history: History | undefined;
  /** Deaths from which this run moved routes. */
  private deaths: History = {};
  private deathsKept = true;
  private allDeadSince: number | undefined;
  /** The instances that EC2's status checks find impaired. Asked only while a bypass is considered. */
  private impaired: ReadonlySet<string> = new Set();
  private acting: Promise<void> | undefined;
  private keeping: Promise<void> | undefined;
  private readonly troubles = new Set<string>();
  private told = "";

  /** @param deadline when the run ends, in milliseconds since 1970 */
  constructor(
    private readonly document: FailoverDocument,
    private readonly ports: Ports,
    private readonly deadline: number,
  ) {
    this.keys = Object.keys(document.connectors).sort();
    this.tables = [...new Set(document.routes.map(({ table }) => table))];
    this.instanceIds = Object.values(document.connectors).map(({ instance }) => instance);
    this.health = new Map(this.keys.map((key) => [key, unprobed]));
    // Each connector's wait listens, and Node warns of more than ten.
    setMaxListeners(0, this.ending.signal);
  }

  /** @throws When it could not do its work, so that the failure is counted: routes that could not be seen, a history that could not be kept. */
  async run(): Promise<void> {
    await Promise.all([this.end(), this.observeOften(), this.reportOften(), ...this.keys.map((key) => this.probeOften(key))]);
    await this.acting;
    await this.keeping;
    await this.keepHistory();
    if (this.seen === undefined || this.seen.at < this.deadline - reportEvery) this.troubles.add("the routes could not be read");
    if (this.troubles.size > 0) throw new Error([...this.troubles].join("; "));
  }

  private async end(): Promise<void> {
    await this.ports.sleep(this.deadline - this.ports.now(), this.ending.signal);
    this.ending.abort();
  }

  /** The deadline can pass while the run is frozen, before a timer says so. */
  private isOver(): boolean {
    return this.ending.signal.aborted || this.ports.now() >= this.deadline;
  }

  private async probeOften(key: string): Promise<void> {
    const { now, sleep } = this.ports;
    while (!this.isOver()) {
      const started = now();
      await this.probe(key);
      // Repeated at once: one lost packet is no death, and a death does not wait for the next round.
      while (!this.isOver() && this.healthOf(key).failures > 0 && this.healthOf(key).state !== "dead") await this.probe(key);
      await sleep(Math.max(0, started + 1000 * this.document.probe.intervalSeconds - now()), this.ending.signal);
    }
  }

  private async probe(key: string): Promise<void> {
    const { now, probe, report } = this.ports;
    const started = now();
    const outcome = await probe(this.serviceOf(key).address);
    const ended = now();
    if (this.isOver() || ended - started > 1000 * this.document.probe.timeoutSeconds + frozen) return;
    const known = this.healthOf(key);
    // Probes on both sides of a freeze are not in a row.
    const before = ended - known.probedAt > this.trustedFor ? unprobed : known;
    const after = afterProbe(before, outcome.good, ended, this.document);
    this.health.set(key, after);
    if (after.state !== before.state) {
      if (after.state === "dead") this.diedAt.set(key, ended);
      report.log(
        after.state === "dead" ? "warning" : "info",
        `connector ${key} is ${after.state}`,
        outcome.good ? {} : { why: outcome.why },
      );
      this.reportHealth(key);
    }
    this.allDeadSince = allDead(this.situationOfConnectors()) ? (this.allDeadSince ?? ended) : undefined;
    this.act();
  }

  private async observeOften(): Promise<void> {
    const { random, sleep } = this.ports;
    while (!this.isOver()) {
      await Promise.all([this.observe(), this.observeInstances(), ...(this.history === undefined ? [this.readHistory()] : [])]);
      await Promise.all([this.keepHistory(), this.observeImpaired()]);
      this.tellChanges();
      this.act();
      await sleep((this.seen === undefined ? observeAgainAfter : observeEvery) * (0.9 + 0.2 * random()), this.ending.signal);
    }
  }

  private async observe(): Promise<void> {
    const at = this.ports.now();
    await this.attempt("the routes could not be read", async () => {
      const routes = await this.ports.aws.routes(this.tables);
      this.seen = { routes: new Map(routes.map((route) => [routeId(route), route])), at };
    });
  }

  private async observeInstances(): Promise<void> {
    const at = this.ports.now();
    await this.attempt("the connectors' instances could not be read", async () => {
      this.instances = { byId: await this.ports.aws.instances(this.instanceIds), at };
    });
  }

  private async observeImpaired(): Promise<void> {
    this.impaired = new Set();
    const { allDead: policy } = this.document;
    if (this.allDeadSince === undefined || policy.policy !== "bypass" || policy.onProbesAlone) return;
    await this.attempt("the status of the connectors' instances could not be read", async () => {
      this.impaired = await this.ports.aws.impaired(this.instanceIds);
    });
  }

  private async attempt(failure: string, call: () => Promise<void>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      this.ports.report.log("warning", failure, { why: reasonOf(error) });
      return false;
    }
  }

  private async readHistory(): Promise<void> {
    const failure = "the history could not be read, without which no route goes home";
    const read = await this.attempt(failure, async () => {
      const text = await this.ports.aws.readHistory(this.document.history);
      this.history = mergeHistories(parseHistory(text), this.deaths, this.ports.now());
    });
    if (read) this.troubles.delete(failure);
    else {
      this.history = undefined;
      this.troubles.add(failure);
    }
  }

  /** Writes the deaths down, unless that is being done. */
  private keepHistory(): Promise<void> {
    this.keeping ??= this.writeHistory().finally(() => {
      this.keeping = undefined;
    });
    return this.keeping;
  }

  private async writeHistory(): Promise<void> {
    if (this.deathsKept) return;
    const failure = "the history could not be kept, without which the next run knows no hold-down";
    const kept = await this.attempt(failure, async () => {
      const { aws, now } = this.ports;
      // An overlapping run may have written since.
      const before = parseHistory(await aws.readHistory(this.document.history));
      // A death from here on is for the next time.
      this.deathsKept = true;
      this.history = mergeHistories(before, this.deaths, now());
      await aws.writeHistory(this.document.history, formatHistory(this.history));
    });
    if (kept) this.troubles.delete(failure);
    else {
      this.deathsKept = false;
      this.troubles.add(failure);
    }
  }

  /** Moves what is to be moved, unless that is being done. */
  private act(): void {
    this.acting ??= this.moveAll().finally(() => {
      this.acting = undefined;
    });
  }

  private async moveAll(): Promise<void> {
    for (let next = this.movesWithin(1000); next.length > 0 && !this.isOver(); next = this.movesWithin(1000)) {
      await this.ports.sleep(Math.min(...next.map((move) => this.waitFor(move))), this.ending.signal);
      // Another run may have moved routes or seen a death since they were read.
      await Promise.all([this.observe(), ...(next.some(({ reason }) => reason === "failback") ? [this.readHistory()] : [])]);
      if (this.seen === undefined || this.ports.now() - this.seen.at > standInFor) return;
      const replaced = await Promise.all(this.mostUrgent(this.movesWithin(0)).map((move) => this.replace(move)));
      // At once, for an overlapping run may see the connector as steady. The next moves do not wait for it.
      void this.keepHistory();
      this.atOnce = replaced.includes(false) ? Math.max(1, this.atOnce / 2) : Math.min(mostAtOnce, this.atOnce * 2);
    }
    this.tellChanges();
  }

  /** The moves that may be made within so many milliseconds. */
  private movesWithin(milliseconds: number): readonly Move[] {
    return this.decide().moves.filter((move) => this.waitFor(move) <= milliseconds && !this.isRepeated(move));
  }

  /** How many milliseconds a move must wait since it failed. */
  private waitFor({ route }: Move): number {
    return Math.max(0, (this.retries.get(routeId(route))?.at ?? 0) - this.ports.now());
  }

  private isRepeated({ route, reason }: Move): boolean {
    const id = routeId(route);
    return (reason === "failback" && this.broughtHome.has(id)) || (reason === "takeover" && this.takenOver.has(id));
  }

  /** Among moves of one urgency any come first, so that runs which overlap do not make the same ones. */
  private mostUrgent(moves: readonly Move[]): readonly Move[] {
    return moves
      .map((move) => ({ move, order: urgency(move.route) + this.ports.random() }))
      .sort((one, other) => one.order - other.order)
      .slice(0, this.atOnce)
      .map(({ move }) => move);
  }

  /** Says whether the route was replaced. */
  private async replace({ route, from, to, reason }: Move): Promise<boolean> {
    const { aws, now, random, report } = this.ports;
    const id = routeId(route);
    const details = { reason, table: route.table, destination: route.destination, from: wordFor(from), to: wordFor(to) };
    try {
      await aws.replace(route, to.kind === "connector" ? { interface: this.serviceOf(to.key).interface } : { natGateway: to.id });
    } catch (error) {
      const failures = (this.retries.get(id)?.failures ?? 0) + 1;
      const transient = error instanceof CallFailed && error.kind === "transient";
      const wait = transient ? Math.min(longestBackoff, 125 * 2 ** failures) * (0.5 + random() / 2) : refusedFor;
      this.retries.set(id, { at: now() + wait, failures });
      if (transient && failures < patience) return false;
      report.log("error", "a route could not be replaced", { ...details, why: reasonOf(error) });
      report.metrics({ FailedReplacements: 1 });
      return false;
    }
    this.retries.delete(id);
    this.moved.set(id, { target: to.kind === "connector" ? to : { kind: "natGateway" }, at: now() });
    report.log(planned.includes(reason) ? "info" : "warning", "route moved", details);
    if (reason === "failover") report.metrics({ Failovers: 1 });
    if (reason === "failback") {
      report.metrics({ Failbacks: 1 });
      this.broughtHome.add(id);
    }
    if (reason === "takeover") this.takenOver.add(id);
    if (reason === "failover" && from.kind === "connector") this.rememberDeath(from.key);
    return true;
  }

  private rememberDeath(key: string): void {
    const { now } = this.ports;
    this.deaths = mergeHistories(this.deaths, { [key]: [Math.floor((this.diedAt.get(key) ?? now()) / 1000)] }, now());
    this.history = this.history && mergeHistories(this.history, this.deaths, now());
    this.deathsKept = false;
  }

  private decide(): Decision {
    return decide(this.document, {
      connectors: this.situationOfConnectors(),
      targets: Object.fromEntries(this.document.routes.map((route) => [routeId(route), this.targetOf(route)])),
      bypassDue: this.isBypassDue(),
    });
  }

  private situationOfConnectors(): Readonly<Record<string, ConnectorSituation>> {
    return Object.fromEntries(
      this.keys.map((key) => [key, { state: stateAt(this.healthOf(key), this.ports.now(), this.trustedFor), steady: this.isSteady(key) }]),
    );
  }

  /** For how many milliseconds a probe says something. */
  private get trustedFor(): number {
    const { intervalSeconds, timeoutSeconds } = this.document.probe;
    return 3000 * (intervalSeconds + timeoutSeconds);
  }

  private isSteady(key: string): boolean {
    if (this.history === undefined) return false;
    const { aliveAfter, probe, holdDown } = this.document;
    const { goods, goodSince, relapses } = this.healthOf(key);
    const now = this.ports.now();
    // A connector that fell back while it recovered must prove itself twice as long each time. Only then its hold-down begins.
    const proof = 1000 * aliveAfter * probe.intervalSeconds * 2 ** relapses;
    const needed = Math.min(longestSteady, proof + holdDownOf(this.history, key, holdDown));
    return goods >= aliveAfter && now - goodSince >= needed && now >= holdDownEnd(this.history, key, holdDown);
  }

  private isBypassDue(): boolean {
    const { allDead: policy } = this.document;
    const now = this.ports.now();
    if (policy.policy !== "bypass" || this.allDeadSince === undefined || now - this.allDeadSince < bypassAfter) return false;
    if (!allDead(this.situationOfConnectors())) return false;
    if (policy.onProbesAlone) return true;
    const { instances } = this;
    if (instances === undefined || now - instances.at > standInFor) return false;
    return this.instanceIds.every((id) => instances.byId.get(id)?.running !== true || this.impaired.has(id));
  }

  private targetOf(route: RouteEntry): RouteTarget {
    const id = routeId(route);
    const moved = this.moved.get(id);
    if (moved && this.seen && this.seen.at < moved.at + settlesWithin) return moved.target;
    const seen = this.seen?.routes.get(id);
    if (seen === undefined) return { kind: "missing" };
    const key = this.keys.find((each) => this.serviceOf(each).interface === seen.target);
    if (key !== undefined) return { kind: "connector", key };
    const wasConnectors = Object.values(this.document.connectors).some((connector) => connector.interface === seen.target);
    if (seen.blackhole || wasConnectors) return { kind: "nowhere" };
    if (seen.target === route.natGateway) return { kind: "natGateway" };
    return { kind: seen.target === route.former ? "former" : "foreign", id: seen.target };
  }

  /** The service interface of a connector: that of its instance, which may have been replaced, or the document's where EC2 shows none. */
  private serviceOf(key: string): { readonly interface: string; readonly address: string } {
    const entry = this.document.connectors[key];
    if (entry === undefined) throw new Error(`there is no connector ${key}`);
    return this.instances?.byId.get(entry.instance)?.service ?? entry;
  }

  private healthOf(key: string): Health {
    return this.health.get(key) ?? unprobed;
  }

  private async reportOften(): Promise<void> {
    const { sleep, now, report } = this.ports;
    await sleep(firstReportAfter, this.ending.signal);
    while (!this.isOver()) {
      if (this.seen !== undefined && now() - this.seen.at <= standInFor) report.metrics({ Heartbeat: 1 });
      for (const key of this.keys) this.reportHealth(key);
      this.told = "";
      this.tellChanges();
      await sleep(reportEvery, this.ending.signal);
    }
  }

  private reportHealth(key: string): void {
    const { state } = this.healthOf(key);
    if (state !== "unknown") this.ports.report.metrics({ ConnectorHealth: state === "alive" ? 1 : 0 }, key);
  }

  /** Tells what needs a person, when it begins and when it changes, and once a minute while it lasts. */
  private tellChanges(): void {
    if (this.seen === undefined) return;
    const { report } = this.ports;
    const { foreign, missing } = this.decide();
    const noneLives = this.allDeadSince !== undefined;
    const now = JSON.stringify([foreign.map(routeId), missing.map(routeId), noneLives]);
    if (now === this.told) return;
    this.told = now;
    for (const route of foreign) {
      const target = this.targetOf(route);
      report.log("warning", "a route leads to something that is not ours, and is left alone", { ...named(route), to: wordFor(target) });
    }
    for (const route of missing) report.log("error", "a route is missing", named(route));
    if (noneLives) report.log("error", "no connector lives", { policy: this.document.allDead.policy });
    report.metrics({ ForeignRoutes: foreign.length, MissingRoutes: missing.length, AllDead: noneLives ? 1 : 0 });
  }
}

const named = ({ table, destination }: RouteEntry) => ({ table, destination });

const wordFor = (target: RouteTarget | Move["to"]): string => {
  switch (target.kind) {
    case "connector":
      return target.key;
    case "natGateway":
      return "NAT gateway";
    case "former":
    case "foreign":
      return target.id;
    default:
      return target.kind;
  }
};
