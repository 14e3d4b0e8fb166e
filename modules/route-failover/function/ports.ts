import { type Report } from "../../lambda/function/report";
import { type RouteEntry } from "./document";

/** An entry of a route table, as EC2 shows it. */
export interface SeenRoute {
  readonly table: string;
  /** An IPv4 or IPv6 range, or the id of a prefix list. */
  readonly destination: string;
  /** Id of what it leads to, of an instance that of its interface; none for a target without one. */
  readonly target: string;
  readonly blackhole: boolean;
}

/** An instance, as EC2 shows it. */
export interface SeenInstance {
  readonly running: boolean;
  /** Id and address of the interface at device index 0, if it has one. */
  readonly service: { readonly interface: string; readonly address: string } | undefined;
}

type Replacement = { readonly interface: string } | { readonly natGateway: string };

/** An AWS call that failed: for now (too many calls, no answer), or because AWS refuses it. */
export class CallFailed extends Error {
  constructor(
    message: string,
    readonly kind: "transient" | "refused",
  ) {
    super(message);
  }
}

/** The AWS calls that the function makes. Each fails with CallFailed, after two seconds at the latest. */
export interface AwsPort {
  /** The routes of the tables that exist, without those that AWS propagates. */
  routes(tables: readonly string[]): Promise<readonly SeenRoute[]>;
  /** The instances that exist, by id. */
  instances(ids: readonly string[]): Promise<ReadonlyMap<string, SeenInstance>>;
  /** Those of the instances that EC2's status checks find impaired. */
  impaired(ids: readonly string[]): Promise<ReadonlySet<string>>;
  replace(route: RouteEntry, replacement: Replacement): Promise<void>;
  readHistory(parameter: string): Promise<string>;
  writeHistory(parameter: string, text: string): Promise<void>;
}

/** What a probe found. */
export type ProbeOutcome = { readonly good: true } | { readonly good: false; readonly why: string };

/** The world as a run sees it. */
export interface Ports {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits, or less if it is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** At least 0 and less than 1. */
  readonly random: () => number;
  /** Asks a connector whether it takes traffic. Never fails, and answers within the time-out. */
  readonly probe: (address: string) => Promise<ProbeOutcome>;
  readonly aws: AwsPort;
  readonly report: Report;
}
