import { type Finding } from "../../modules/validation/schema";
import { type NetworkQuestions, type ResolverQuestions } from "./aws-network";
import { type ImageSource, type KeySource } from "./request";

export interface Caller {
  readonly account: string;
  readonly arn: string;
}

export interface ZoneState {
  readonly name: string;
  /** The same in all accounts, unlike the name. */
  readonly id: string;
  /** `available`, or what keeps AWS from placing things there. */
  readonly state: string;
  readonly optedIn: boolean;
  /** What the account opts in to. */
  readonly group: string;
}

/** An instance type and a zone that offers it. */
export interface Offering {
  readonly type: string;
  readonly zone: string;
}

export interface RunningInstance {
  readonly type: string;
  /** Runs on demand, on a shared or dedicated machine that is not a Dedicated Host of the account's own. */
  readonly onDemand: boolean;
}

export interface Address {
  readonly allocationId: string;
  /** What it is associated with. */
  readonly usedBy: string | undefined;
  /** From a range that the account has brought to AWS. */
  readonly ownRange: boolean;
}

export interface Image {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly created: string;
  readonly rootDevice: string;
}

interface Launch {
  readonly image: Image;
  readonly type: string;
  readonly subnet: string | undefined;
}

/** AWS's answer to a dry run: always an error, whose code says what would have happened. */
export interface LaunchAnswer {
  readonly code: string;
  readonly message: string;
}

export interface Key {
  readonly arn: string;
  readonly account: string;
  readonly state: string;
  readonly spec: string;
  readonly usage: string;
  /** One of AWS's own keys (`alias/aws/…`), whose policy nobody edits. */
  readonly ofAws: boolean;
}

/** What may be known of a secret: names of keys, never a value. */
export type SecretState =
  | { readonly is: "absent" | "without a value" | "about to be deleted" | "not text" | "not a JSON object" }
  | { readonly is: "readable"; readonly missing: readonly string[]; readonly empty: readonly string[] };

/** What may be known of a stored provisioning key: what is wrong with it, nothing of the key. */
export type StoredKeyState =
  | {
      readonly is: "absent" | "without a value" | "about to be deleted" | "not text" | "not a JSON object" | "without the field";
    }
  | { readonly is: "readable"; readonly finding: Finding | undefined; readonly store: "encrypted" | "clear" };

export type QuotaService = "ec2" | "vpc";

/** What is asked of AWS. A question that gets no answer throws an `AwsRefusal`; that something does not exist is an answer. */
export interface Aws extends NetworkQuestions, ResolverQuestions {
  readonly caller: () => Promise<Caller>;
  /** All zones of the region, also those that the account has not opted in to. */
  readonly zones: () => Promise<readonly ZoneState[]>;
  readonly offerings: (types: readonly string[]) => Promise<readonly Offering[]>;
  /** Default vCPU by instance type. Types that do not exist are left out. */
  readonly vcpus: (types: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  readonly runningInstances: () => Promise<readonly RunningInstance[]>;
  readonly addresses: () => Promise<readonly Address[]>;
  readonly quota: (service: QuotaService, code: string) => Promise<number>;
  readonly images: (source: ImageSource) => Promise<readonly Image[]>;
  readonly dryRun: (launch: Launch) => Promise<LaunchAnswer>;
  /** The state of a secret and of the named keys in its JSON. No value leaves this call. */
  readonly secretState: (id: string, keys: readonly string[]) => Promise<SecretState>;
  /** The state of a stored provisioning key. No part of it leaves this call. */
  readonly storedKey: (source: KeySource) => Promise<StoredKeyState>;
  /** The KMS key that encrypts a secret: none is named if it is the account's default. */
  readonly secretEncryption: (id: string) => Promise<{ readonly key: string | undefined } | undefined>;
  readonly key: (id: string) => Promise<Key | undefined>;
  readonly keyPolicy: (arn: string) => Promise<string>;
}

/** A question that AWS, or what stands at its address, did not answer. */
export class AwsRefusal extends Error {
  override readonly name = "AwsRefusal";

  constructor(
    /** The IAM action that the question needs. */
    readonly action: string,
    readonly reason: "denied" | "not known" | "credentials" | "not enabled" | "throttled" | "no answer" | "other",
    /** What was said, for a person to read. */
    readonly said: string,
  ) {
    super(`${action}: ${said}`);
  }
}
