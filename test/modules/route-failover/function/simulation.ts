import { routeId } from "../../../../modules/route-failover/function/decide";
import { type FailoverDocument, type RouteEntry } from "../../../../modules/route-failover/function/document";
import { type AwsPort, CallFailed, type Ports, type SeenInstance, type SeenRoute } from "../../../../modules/route-failover/function/ports";
import { Watch } from "../../../../modules/route-failover/function/watch";
import { SimulatedClock } from "./simulated-clock";

/** What a connector does with a probe: answer after so many milliseconds, refuse it, or take the whole time-out. */
export type Answer = { readonly after: number } | "refused" | "silent";

export type CallName = keyof AwsPort;

/** A call to AWS that is about to be answered. */
export interface Call {
  readonly name: CallName;
  /** Number of the run that makes it, from 1. */
  readonly run: number;
  readonly route: RouteEntry | undefined;
}

export type CallFault = "none" | "throttled" | "hanging" | "refused";

/** A route that leads somewhere else than before. */
export interface Moved {
  /** Milliseconds since the simulation began. */
  readonly at: number;
  readonly run: number;
  readonly route: RouteEntry;
  /** Ids of what it led and leads to. */
  readonly from: string;
  readonly to: string;
}

interface LogLine {
  readonly at: number;
  readonly run: number;
  readonly level: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Metric {
  readonly at: number;
  readonly run: number;
  readonly name: string;
  readonly value: number;
  readonly connector: string | undefined;
}

interface RouteState {
  readonly since: number;
  /** Undefined: there is no such route. */
  readonly target: string | undefined;
  readonly blackhole: boolean;
}

interface Rate {
  readonly burst: number;
  readonly aSecond: number;
}

/** A token bucket, as EC2 throttles calls (EC2 developer guide, "Request throttling"). A call that it refuses takes no token. */
class Bucket {
  private tokens: number;
  private filledAt = 0;

  constructor(private readonly rate: Rate) {
    this.tokens = rate.burst;
  }

  take(now: number): boolean {
    this.tokens = Math.min(this.rate.burst, this.tokens + (this.rate.aSecond * (now - this.filledAt)) / 1000);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

/** EC2's documented rates: of calls that change something, and of calls that list. */
export const documentedRates = { change: { burst: 50, aSecond: 5 }, list: { burst: 100, aSecond: 20 } };

const listing: readonly CallName[] = ["routes", "instances", "impaired"];

// As the function's handler sets it.
const watchFor = 125_000;

// The limit that the port sets to each call.
const callLimit = 2_000;

const unlimited: Rate = { burst: Number.MAX_SAFE_INTEGER, aSecond: 0 };

/** Random numbers that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A run of the function, whose timers and answers all come late while it is frozen. */
class Run {
  failure: string | undefined;
  isOver = false;
  private frozenUntil = 0;

  constructor(
    readonly number: number,
    readonly startedAt: number,
    private readonly clock: SimulatedClock,
  ) {}

  /** From now on. */
  freeze(milliseconds: number): void {
    this.frozenUntil = this.clock.now + milliseconds;
  }

  at(at: number, action: () => void): void {
    this.clock.at(at, () => {
      if (this.clock.now < this.frozenUntil) this.at(this.frozenUntil, action);
      else action();
    });
  }
}

/**
 * Connectors, EC2, Systems Manager and the runs of the function, on simulated time. Each fault is a member that a test sets; by default all is well.
 * Routes lead to their homes, or to their former targets where they have one.
 * The same seed gives the same run.
 */
export class Simulation {
  /** How each connector answers at a time in milliseconds since the beginning, by key; each in 5 ms by default. */
  readonly answers: Record<string, (at: number, run: number) => Answer> = {};
  /** What EC2 knows of each instance, by instance id. One that is deleted is gone from the API. */
  readonly instances = new Map<string, SeenInstance>();
  readonly impaired = new Set<string>();
  /** What goes wrong with a call. */
  callFault: (call: Call, at: number) => CallFault = () => "none";
  /** For how long EC2 may show a route's former target, in milliseconds. */
  staleFor = 300;
  history = "{}";
  /** Milliseconds since 1970. */
  readonly startedAt = 1_700_000_000_000;

  readonly moves: Moved[] = [];
  readonly replaceCalls: { readonly at: number; readonly run: number; readonly route: string }[] = [];
  readonly log: LogLine[] = [];
  readonly metrics: Metric[] = [];
  readonly runs: Run[] = [];

  private readonly clock: SimulatedClock;
  private readonly random: () => number;
  private readonly routes = new Map<string, RouteState[]>();
  private readonly buckets: { readonly change: Bucket; readonly list: Bucket };

  constructor(
    /** Each run has the one that is here when it starts. */
    public document: FailoverDocument,
    seed: number,
    rates: { readonly change: Rate; readonly list: Rate } = { change: unlimited, list: unlimited },
  ) {
    this.clock = new SimulatedClock(this.startedAt);
    this.random = randomOf(seed);
    this.buckets = { change: new Bucket(rates.change), list: new Bucket(rates.list) };
    for (const { instance, interface: id, address } of Object.values(document.connectors))
      this.instances.set(instance, { running: true, service: { interface: id, address } });
    for (const route of document.routes) this.setRoute(route, route.former ?? document.connectors[route.home]?.interface);
  }

  /** Milliseconds since the beginning. */
  get elapsed(): number {
    return this.clock.now - this.startedAt;
  }

  /** Makes something happen after so many milliseconds from the beginning. */
  at(elapsed: number, action: () => void): void {
    this.clock.at(this.startedAt + elapsed, action);
  }

  async runUntil(elapsed: number): Promise<void> {
    await this.clock.runUntil(this.startedAt + elapsed);
  }

  /** Starts a run of the function. */
  start(milliseconds = watchFor): Run {
    const run = new Run(this.runs.length + 1, this.elapsed, this.clock);
    this.runs.push(run);
    new Watch(this.document, this.portsOf(run), this.clock.now + milliseconds)
      .run()
      .catch((error: unknown) => {
        run.failure = String(error);
      })
      .finally(() => {
        run.isOver = true;
      });
    return run;
  }

  /** Starts a run now, and in each of the following minutes, as EventBridge does: up to 59 seconds into it. */
  startEachMinute(minutes: number): void {
    this.start();
    for (let minute = 1; minute < minutes; minute += 1)
      this.at(this.elapsed + 60_000 * minute + 59_000 * this.random(), () => this.start());
  }

  /** Starts a run as EventBridge does when EC2 says that an instance stops. */
  startOnEvent(): void {
    this.at(this.elapsed + 500 + 1_000 * this.random(), () => this.start(20_000));
  }

  /** Changes a route by hand, or takes it away. */
  setRoute(route: RouteEntry, target: string | undefined, blackhole = false): void {
    const states = this.routes.get(routeId(route)) ?? [];
    states.push({ since: this.clock.now, target, blackhole });
    this.routes.set(routeId(route), states);
  }

  /** Id of what a route leads to. */
  targetOf(route: RouteEntry): string | undefined {
    return this.routes.get(routeId(route))?.at(-1)?.target;
  }

  /** Where the routes lead: keys of connectors, or else ids. */
  get places(): readonly string[] {
    return this.document.routes.map((route) => this.nameOf(this.targetOf(route)));
  }

  /** The key of a connector by the id of its interface, or the id itself. */
  nameOf(target: string | undefined): string {
    const key = Object.keys(this.document.connectors).find((each) => this.serviceOf(each)?.interface === target);
    return key ?? target ?? "missing";
  }

  /** The sum of what was reported under a metric. */
  sumOf(name: string): number {
    return this.metrics.filter((metric) => metric.name === name).reduce((sum, { value }) => sum + value, 0);
  }

  get failures(): readonly string[] {
    return this.runs.flatMap(({ failure }) => failure ?? []);
  }

  private serviceOf(key: string): SeenInstance["service"] {
    const entry = this.document.connectors[key];
    return entry && (this.instances.get(entry.instance)?.service ?? entry);
  }

  private portsOf(run: Run): Ports {
    const { clock, random } = this;
    const timeout = 1000 * this.document.probe.timeoutSeconds;
    return {
      now: () => clock.now,
      random,
      sleep: (milliseconds, signal) =>
        new Promise((resolve) => {
          const wake = (): void => {
            signal.removeEventListener("abort", wake);
            resolve();
          };
          signal.addEventListener("abort", wake);
          if (signal.aborted) wake();
          else run.at(clock.now + Math.max(1, milliseconds), wake);
        }),
      probe: (address) =>
        new Promise((resolve) => {
          const answer = this.answerOf(address, run);
          const good = typeof answer === "object" && answer.after < timeout;
          const takes = answer === "refused" ? 1 : good ? answer.after : timeout;
          run.at(clock.now + takes, () => resolve(good ? { good } : { good, why: "no answer" }));
        }),
      aws: this.awsOf(run),
      report: {
        log: (level, message, details = {}) => {
          this.log.push({ at: this.elapsed, run: run.number, level, message, details });
        },
        metrics: (values, connector) => {
          for (const [name, value] of Object.entries(values))
            this.metrics.push({ at: this.elapsed, run: run.number, name, value, connector });
        },
      },
    };
  }

  private answerOf(address: string, run: Run): Answer {
    const key = Object.keys(this.document.connectors).find((each) => this.serviceOf(each)?.address === address);
    return key === undefined ? "silent" : (this.answers[key]?.(this.elapsed, run.number) ?? { after: 5 });
  }

  private awsOf(run: Run): AwsPort {
    const call = <Result>(name: CallName, route: RouteEntry | undefined, answer: () => Result): Promise<Result> =>
      this.call(run, { name, run: run.number, route }, answer);
    return {
      routes: (tables) => call("routes", undefined, () => this.seenRoutes(tables)),
      instances: (ids) => call("instances", undefined, () => new Map([...this.instances].filter(([id]) => ids.includes(id)))),
      impaired: (ids) => call("impaired", undefined, () => new Set([...this.impaired].filter((id) => ids.includes(id)))),
      replace: (route, replacement) => {
        const target = "interface" in replacement ? replacement.interface : replacement.natGateway;
        return call("replace", route, () => this.replace(run, route, target));
      },
      readHistory: () => call("readHistory", undefined, () => this.history),
      writeHistory: (_, text) =>
        call("writeHistory", undefined, () => {
          this.history = text;
        }),
    };
  }

  /** A call reaches AWS after half of its latency, whatever becomes of the run in the meantime. */
  private call<Result>(run: Run, call: Call, answer: () => Result): Promise<Result> {
    const asked = this.clock.now;
    const latency = (call.name === "replace" ? 100 : 50) + 200 * this.random();
    return new Promise((resolve, reject) => {
      const fail = (at: number, message: string, kind: CallFailed["kind"]): void => run.at(at, () => reject(new CallFailed(message, kind)));
      this.clock.at(asked + latency / 2, () => {
        const fault = this.callFault(call, this.elapsed);
        const bucket = call.name === "replace" ? this.buckets.change : listing.includes(call.name) ? this.buckets.list : undefined;
        if (fault === "hanging") fail(asked + callLimit, "TimeoutError: no answer", "transient");
        else if (fault === "refused") fail(asked + latency, "UnauthorizedOperation: no", "refused");
        else if (fault === "throttled" || bucket?.take(this.clock.now) === false)
          fail(asked + latency, "RequestLimitExceeded: no", "transient");
        else {
          try {
            const result = answer();
            run.at(asked + latency, () => resolve(result));
          } catch (error) {
            fail(asked + latency, String(error), "refused");
          }
        }
      });
    });
  }

  private seenRoutes(tables: readonly string[]): readonly SeenRoute[] {
    const seenAt = this.clock.now - this.staleFor * this.random();
    return this.document.routes
      .filter(({ table }) => tables.includes(table))
      .flatMap(({ table, destination }) => {
        const states = this.routes.get(routeId({ table, destination })) ?? [];
        const state = states.filter(({ since }) => since <= seenAt).at(-1) ?? states[0];
        return state?.target === undefined ? [] : [{ table, destination, target: state.target, blackhole: state.blackhole }];
      });
  }

  private replace(run: Run, route: RouteEntry, target: string): void {
    this.replaceCalls.push({ at: this.elapsed, run: run.number, route: routeId(route) });
    const from = this.targetOf(route);
    if (from === undefined) throw new Error("InvalidRoute.NotFound: no such route");
    if (from === target) return;
    this.moves.push({ at: this.elapsed, run: run.number, route, from: this.nameOf(from), to: this.nameOf(target) });
    this.setRoute(route, target);
  }
}

/** A connector's entry in a document, with ids made of its key. */
const connectorOf = (key: string): FailoverDocument["connectors"][string] => ({
  zone: key.replace(/-\d+$/, ""),
  instance: `i-${key}`,
  interface: `eni-${key}`,
  address: `address-of-${key}`,
});

const defaultSettings = {
  name: "egress",
  probe: { port: 50000, intervalSeconds: 2, timeoutSeconds: 1.2 },
  deadAfter: 2,
  aliveAfter: 10,
  holdDown: { firstSeconds: 20, longestSeconds: 900 },
  allDead: { policy: "hold" as const },
  drained: [],
  paused: false,
  history: "/zscaler/egress/route-failover/history",
};

/** A document with the default settings, and entries for these connectors (their zone is what stands before the number). */
export const documentOf = (
  keys: readonly string[],
  routes: readonly RouteEntry[],
  settings: Partial<FailoverDocument> = {},
): FailoverDocument => ({
  ...defaultSettings,
  connectors: Object.fromEntries(keys.map((key) => [key, connectorOf(key)])),
  routes: [...routes],
  ...settings,
});

/** The default routes of a workload and a resolver table, with a connector as their home. */
export const routesOf = (home: string): readonly [workload: RouteEntry, resolver: RouteEntry] => {
  const zone = home.replace(/-\d+$/, "");
  return [
    { table: `rtb-workload-${home}`, destination: "0.0.0.0/0", home, tier: "workload", natGateway: `nat-${zone}` },
    { table: `rtb-resolver-${home}`, destination: "0.0.0.0/0", home, tier: "resolver" },
  ];
};

/** What the template zpa-ha makes of these connectors. */
export const deploymentOf = (keys: readonly string[], settings: Partial<FailoverDocument> = {}): FailoverDocument =>
  documentOf(keys, keys.flatMap(routesOf), settings);
