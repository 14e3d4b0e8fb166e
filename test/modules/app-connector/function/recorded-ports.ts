import { type AppConnectorDocument } from "../../../../modules/app-connector/function/document";
import {
  type AwsPort,
  type PortalSession,
  type Ports,
  type Removal,
  type SeenInstance,
  type SeenParameter,
  type UnknownAppConnector,
} from "../../../../modules/app-connector/function/ports";
import { CallFailed } from "../../../../modules/lambda/function/call-failed";

export const now = 1_800_000_000_000;
export const minute = 60_000;

export const document: AppConnectorDocument = {
  name: "edge",
  parameters: "/zscaler/app-connectors/edge",
  groups: ["edge-app-connectors"],
  drainSeconds: 600,
  enrollMinutes: 20,
  agentMinutes: 15,
  queue: "https://sqs/removals",
  deadLetters: "https://sqs/dead-letters",
  portal: { login: "acme.zslogin.net", api: "api.zsapi.net", customer: "1", secret: "arn:secret" },
  oauth: { group: "77" },
};

/** A call, and what it was about: `heartbeat i-1`, `delete 11`. */
type Call = string;

/** What there is, and what fails: calls by their words, `*` in place of what they are about for all of a kind. */
export interface World {
  readonly instances?: readonly SeenInstance[];
  readonly online?: readonly string[];
  /** By the ends of their names, such as `ids/i-1`: values, or values with their age in minutes. */
  readonly parameters?: Readonly<Record<string, string | readonly [value: string, minutes: number]>>;
  /** Enabled App Connectors. Default: none. */
  readonly appConnectors?: readonly string[];
  /** Codes that ZPA takes. */
  readonly codes?: readonly string[];
  /** Undefined: the function leaves ZPA alone. */
  readonly portal?: "none";
  readonly failures?: Readonly<Record<Call, CallFailed>>;
}

export const throttled = new CallFailed("ThrottlingException: Rate exceeded", "transient");
export const denied = new CallFailed("AccessDenied: no", "refused");
export const gone = new CallFailed("ValidationError: No active Lifecycle Action found", "missing");
export const busy = new CallFailed("DELETE: status 503", "transient");
export const bad = new CallFailed("POST: status 400", "refused");

type Details = Readonly<Record<string, unknown>>;

export interface TestedPorts extends Ports {
  /** What was done, in order. */
  readonly calls: readonly Call[];
  readonly queued: readonly (readonly [Removal, number])[];
  readonly buried: readonly UnknownAppConnector[];
  /** The ends of the names of those that are left. */
  readonly parametersLeft: () => readonly string[];
  /** By id, whether it is enabled. */
  readonly inZpa: ReadonlyMap<string, boolean>;
  readonly logs: readonly (readonly [level: string, message: string, details: Details])[];
  readonly counted: Readonly<Record<string, number>>;
  /** Changes what is there. */
  readonly write: (name: string, value: string, modified: number) => void;
}

/** Ports to a world, which note what is done with them. */
export function portsTo(world: World): TestedPorts {
  const calls: Call[] = [];
  const queued: [Removal, number][] = [];
  const buried: UnknownAppConnector[] = [];
  const logs: [string, string, Details][] = [];
  const counted: Record<string, number> = {};
  const parameters = new Map<string, SeenParameter>();
  const write = (end: string, value: string, modified: number): void => {
    const name = `${document.parameters}/${end}`;
    parameters.set(name, { name, value, modified });
  };
  for (const [end, given] of Object.entries(world.parameters ?? {})) {
    const [value, minutes] = typeof given === "string" ? [given, 1] : given;
    write(end, value, now - minutes * minute);
  }
  const inZpa = new Map((world.appConnectors ?? []).map((id) => [id, true]));
  const codes = new Set(world.codes);

  const call = (kind: string, about = ""): Promise<void> => {
    const words = `${kind} ${about}`.trim();
    calls.push(words);
    const failure = world.failures?.[words] ?? world.failures?.[`${kind} *`];
    return failure ? Promise.reject(failure) : Promise.resolve();
  };
  const endOf = (name: string): string => name.replace(`${document.parameters}/`, "");

  const aws: AwsPort = {
    instances: async () => {
      await call("instances");
      return world.instances ?? [];
    },
    online: async (instances) => {
      await call("online", instances.join(" "));
      return new Set(world.online?.filter((id) => instances.includes(id)));
    },
    parameters: async (path, how) => {
      await call("list", `${endOf(path)} ${how}`);
      return [...parameters.values()].filter(({ name }) => name.startsWith(`${path}/`));
    },
    parameter: async (name) => {
      await call("read", endOf(name));
      return parameters.get(name);
    },
    deleteParameter: async (name) => {
      await call("forget", endOf(name));
      parameters.delete(name);
    },
    heartbeat: ({ instance }) => call("heartbeat", instance),
    complete: ({ instance }) => call("complete", instance),
    queue: async (removal, delay) => {
      await call("queue", removal.instance);
      queued.push([removal, delay]);
    },
    bury: async (unknown) => {
      await call("bury", unknown.instance);
      buried.push(unknown);
    },
    secret: async () => {
      await call("secret");
      return "";
    },
  };
  const session: PortalSession = {
    disable: async (id) => {
      await call("disable", id);
      if (!inZpa.has(id)) return "missing";
      inZpa.set(id, false);
      return "disabled";
    },
    remove: async (id) => {
      await call("delete", id);
      return inZpa.delete(id) ? "removed" : "missing";
    },
    register: async (some, group) => {
      await call("register", `${group} ${some.join(" ")}`);
      if (!some.every((code) => codes.has(code))) throw bad;
      for (const code of some) codes.delete(code);
    },
  };
  return {
    calls,
    queued,
    buried,
    logs,
    counted,
    inZpa,
    write,
    parametersLeft: () => [...parameters.keys()].map(endOf),
    now: () => now,
    sleep: () => Promise.resolve(),
    random: () => 0.5,
    aws,
    portal:
      world.portal === "none"
        ? undefined
        : {
            open: async () => {
              await call("open");
              return session;
            },
          },
    report: {
      log: (level, message, details = {}) => void logs.push([level, message, details]),
      metrics: (values) => {
        for (const [name, value] of Object.entries(values)) counted[name] = (counted[name] ?? 0) + value;
      },
    },
  };
}
