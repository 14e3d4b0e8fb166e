import { type Clock } from "../../lambda/function/clock";
import { type LifecycleAction, type LifecycleActions } from "../../lambda/function/lifecycle-action";
import { type Report } from "../../lambda/function/report";

/** An instance that runs. */
export interface SeenInstance {
  readonly id: string;
  /** Since when, in milliseconds since 1970. */
  readonly since: number;
}

export interface SeenParameter {
  readonly name: string;
  readonly value: string;
  /** When it was last written, in milliseconds since 1970. */
  readonly modified: number;
}

/** An App Connector that is to be deleted from ZPA. */
interface Removing {
  readonly instance: string;
  /** Its id in ZPA. */
  readonly id: string;
}

/** One that is disabled, and works off what it has until then, in milliseconds since 1970. Its instance waits as long. */
export interface Draining extends Removing {
  readonly drainUntil: number;
  readonly action: LifecycleAction;
}

/** What the queue of removals holds. */
export type Removal = Removing | Draining;

/** An instance that ended, of which nobody can say which App Connector it was. */
export interface UnknownAppConnector {
  readonly instance: string;
  readonly group: string;
  readonly why: string;
}

/**
 * The AWS calls that the function makes. Each ends within five seconds, a list within ten, repeats by itself what is throttled, and fails with
 * CallFailed.
 */
export interface AwsPort extends LifecycleActions {
  /** The instances of the deployment that run. */
  instances(): Promise<readonly SeenInstance[]>;
  /** Those of the instances that Systems Manager reaches. */
  online(instances: readonly string[]): Promise<ReadonlySet<string>>;
  /** The parameters right below a path. */
  parameters(path: string, how: "encrypted" | "decrypted"): Promise<readonly SeenParameter[]>;
  /** A parameter, encrypted if it is a secure one. Undefined: it is not there. */
  parameter(name: string): Promise<SeenParameter | undefined>;
  /** One that is not there is no failure. */
  deleteParameter(name: string): Promise<void>;
  /** Queues a removal, to come in so many seconds: 900 at most. */
  queue(removal: Removal, delaySeconds: number): Promise<void>;
  /** Puts among the dead letters what somebody has to look after. */
  bury(unknown: UnknownAppConnector): Promise<void>;
  /** The text of a secret. */
  secret(arn: string): Promise<string>;
}

/** A login to the ZPA API. Each call ends within the run's time and fails with CallFailed. */
export interface PortalSession {
  /** Lets an App Connector take nothing new. Whether there is such a one. */
  disable(id: string): Promise<"disabled" | "missing">;
  /** Deletes an App Connector. Whether there was such a one. */
  remove(id: string): Promise<"removed" | "missing">;
  /** Lets the instances that show these codes enroll. One bad code may have all of them refused. */
  register(codes: readonly string[], group: string): Promise<void>;
}

export interface Portal {
  open(): Promise<PortalSession>;
}

/** The world as a run sees it. */
export interface Ports extends Clock {
  readonly aws: AwsPort;
  /** Undefined: what is in ZPA is not the function's business. */
  readonly portal: Portal | undefined;
  readonly report: Report;
}
