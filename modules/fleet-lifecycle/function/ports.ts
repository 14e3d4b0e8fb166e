import { type Clock } from "../../lambda/function/clock";
import { type LifecycleActions } from "../../lambda/function/lifecycle-action";
import { type Report } from "../../lambda/function/report";

/** The Cloud Connector of an instance, as its metrics name it: in the Zscaler portal a virtual machine of a Cloud Connector group. */
export interface PortalRecord {
  /** The metrics' dimension ZsGroupId. */
  readonly group: string;
  /** The metrics' dimension ZsVmId. */
  readonly vm: string;
}

/** An instance of a group, as Auto Scaling shows it. */
export interface SeenInstance {
  readonly id: string;
  /** Auto Scaling's lifecycle state, such as InService, Pending:Wait, Terminating:Wait and Warmed:Stopped. */
  readonly lifecycle: string;
  readonly health: "Healthy" | "Unhealthy";
}

/** A group, as Auto Scaling shows it. */
export interface SeenGroup {
  readonly name: string;
  readonly instances: readonly SeenInstance[];
  /** How many instances it wants. */
  readonly desired?: number | undefined;
  /** Names of its hooks at an instance's end. */
  readonly terminateHooks: readonly string[];
}

/** A point of a metric: minutes in percent. */
export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Percent of the connector's services that are healthy. */
  readonly value: number;
}

/** What one connector reported: without points in the time that was asked for, it was silent in it. */
export interface Series {
  readonly instance: string;
  readonly record: PortalRecord;
  /** In any order, each time at most once. */
  readonly points: readonly Point[];
}

/** What the queue of removals holds. */
export type Removal =
  | { readonly kind: "remove"; readonly instance: string; readonly record: PortalRecord }
  /** The connector's metrics were not listed yet when its instance ended. */
  | { readonly kind: "identify"; readonly instance: string; readonly group: string };

/** The AWS calls that the function makes. Each ends within five seconds, repeats by itself what is throttled, and fails with CallFailed. */
export interface AwsPort extends LifecycleActions {
  /** Those of the groups that exist. */
  groups(names: readonly string[]): Promise<readonly SeenGroup[]>;
  /** What the connectors of a group, or one of its instances, reported since a time (milliseconds since 1970), by one SEARCH. */
  series(group: string, since: number, instance?: string): Promise<readonly Series[]>;
  /** When instances of a group came into service, by id, as far as the group's newest 100 activities tell. */
  inServiceSince(group: string): Promise<ReadonlyMap<string, number>>;
  markUnhealthy(instance: string): Promise<void>;
  /** Queues a removal: one a connector, in the message group of its portal. */
  queue(removal: Removal): Promise<void>;
  /** The text of a secret. */
  secret(arn: string): Promise<string>;
}

/** A login to the Zscaler portal. Each call ends within its own time-out and fails with CallFailed. */
export interface PortalSession {
  /** Removes a connector's record. Whether there was one. */
  remove(record: PortalRecord): Promise<"removed" | "missing">;
  /** Makes removals effective. */
  activate(): Promise<void>;
  /** Never fails. */
  close(): Promise<void>;
}

export interface Portal {
  open(): Promise<PortalSession>;
}

/** The world as a run sees it. */
export interface Ports extends Clock {
  readonly aws: AwsPort;
  readonly portal: Portal;
  readonly report: Report;
}
