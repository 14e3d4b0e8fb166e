import { type FleetDocument } from "../../../../modules/fleet-lifecycle/function/document";
import { type AwsPort, type Portal, type Ports, type Removal, type Series } from "../../../../modules/fleet-lifecycle/function/ports";
import { type LifecycleAction } from "../../../../modules/lambda/function/lifecycle-action";
import { CallFailed } from "../../../../modules/lambda/function/call-failed";

export const fleet: FleetDocument = {
  name: "egress",
  groups: ["egress-connectors"],
  health: { degraded: "keep", silentMinutes: 10, unseenMinutes: 20, mostUnhealthyPercent: 50, paused: false },
  portal: { host: "connector.zscaler.net", secret: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:ZS" },
  queue: "https://sqs.eu-west-1.amazonaws.com/000000000000/egress-fleet-removals.fifo",
};

/** What a run did, in order. */
type Deed =
  | readonly ["series", string, string | undefined, number]
  | readonly ["heartbeat", LifecycleAction]
  | readonly ["complete", LifecycleAction]
  | readonly ["queue", Removal];

export interface TestedPorts extends Ports {
  readonly deeds: readonly Deed[];
  /** The lines of the log: level, message and details. */
  readonly logs: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[];
  readonly counted: Readonly<Record<string, number>>;
}

const never: AwsPort = {
  groups: () => Promise.reject(new Error("nobody should ask")),
  series: () => Promise.resolve([]),
  inServiceSince: () => Promise.reject(new Error("nobody should ask")),
  markUnhealthy: () => Promise.reject(new Error("nobody should ask")),
  heartbeat: () => Promise.resolve(),
  complete: () => Promise.resolve(),
  queue: () => Promise.resolve(),
  secret: () => Promise.reject(new Error("nobody should ask")),
};

/** Ports that note what is done with them. */
export function portsWith(aws: Partial<AwsPort>, portal?: Portal): TestedPorts {
  const deeds: Deed[] = [];
  const logs: [string, string, Readonly<Record<string, unknown>>][] = [];
  const counted: Record<string, number> = {};
  const given = { ...never, ...aws };
  return {
    deeds,
    logs,
    counted,
    now: () => 1_800_000_000_000,
    sleep: () => Promise.resolve(),
    random: () => 0.5,
    aws: {
      ...given,
      series: (group, since, instance) => {
        deeds.push(["series", group, instance, since]);
        return given.series(group, since, instance);
      },
      heartbeat: (action) => {
        deeds.push(["heartbeat", action]);
        return given.heartbeat(action);
      },
      complete: (action) => {
        deeds.push(["complete", action]);
        return given.complete(action);
      },
      queue: (removal) => {
        deeds.push(["queue", removal]);
        return given.queue(removal);
      },
    },
    portal: portal ?? { open: () => Promise.reject(new Error("nobody should log in")) },
    report: {
      log: (level, message, details = {}) => void logs.push([level, message, details]),
      metrics: (values) => {
        for (const [name, value] of Object.entries(values)) counted[name] = (counted[name] ?? 0) + value;
      },
    },
  };
}

export const seriesOf = (instance: string, group: string, vm: string): Series => ({ instance, record: { group, vm }, points: [] });

export const transient = (): Promise<never> => Promise.reject(new CallFailed("ThrottlingException: Rate exceeded", "transient"));
export const refused = (): Promise<never> => Promise.reject(new CallFailed("AccessDenied: no", "refused"));
