import * as z from "zod/mini";

const text = z.string().check(z.minLength(1));
const positive = z.number().check(z.positive());
const atLeastOne = z.int().check(z.gte(1));

const connector = z.strictObject({
  /** Key of its zone. */
  zone: text,
  /** Instance id. */
  instance: text,
  /** Id of the service interface. */
  interface: text,
  /** Address of the service interface, where it is probed. */
  address: text,
});

const route = z.strictObject({
  /** Id of the route table. */
  table: text,
  /** An IPv4 or IPv6 range, or the id of a prefix list. */
  destination: text,
  /** Key of the connector that the route leads to while it lives. */
  home: text,
  /** Whose traffic it is. */
  tier: z.enum(["workload", "resolver", "transit"]),
  /** NAT gateway that takes the traffic in a bypass. Without one the route is never bypassed. */
  natGateway: z.optional(text),
  /**
   * What the route led to before it was taken over. The function may move it off that. Terraform knows only when it deploys whether there was
   * such a route: an empty text says that there was none.
   */
  former: z.optional(
    z.pipe(
      z.string(),
      z.transform((id) => (id === "" ? undefined : id)),
    ),
  ),
});

const settings = {
  /** Name of the deployment: the dimension of every metric. */
  name: text,
  probe: z.strictObject({ port: z.int().check(z.gte(1), z.lte(65535)), intervalSeconds: positive, timeoutSeconds: positive }),
  /** Failed probes in a row that are a death. */
  deadAfter: atLeastOne,
  /** Good probes in a row after which a dead connector is alive. */
  aliveAfter: atLeastOne,
  holdDown: z.strictObject({ firstSeconds: positive, longestSeconds: positive }),
  /** What happens to routes when no connector lives. */
  allDead: z.discriminatedUnion("policy", [
    z.strictObject({ policy: z.literal("hold") }),
    z.strictObject({ policy: z.literal("bypass"), onProbesAlone: z.boolean() }),
  ]),
  /** Keys of connectors that shall have no traffic while another lives. */
  drained: z.array(text),
  /** Whether no route is moved at all. */
  paused: z.boolean(),
  /** Name of the SSM parameter that keeps when connectors failed. */
  history: text,
};

/** What a deployment tells its function: the whole, once its parts are put together. */
export const failoverDocument = z.strictObject({
  ...settings,
  connectors: z.record(text, connector),
  routes: z.array(route),
});

/** A document with all that it knows of connectors and routes. */
export type FailoverDocument = z.infer<typeof failoverDocument>;
export type RouteEntry = z.infer<typeof route>;

/** Names of the function's environment variables. One of the two is set. */
export const environmentNames = {
  /** The whole document. */
  document: "FAILOVER_DOCUMENT",
  /** Path of the SSM parameters that hold its parts. */
  path: "FAILOVER_DOCUMENT_PATH",
} as const;

/** The settings part of a document that is kept in parts, and how many parts there are, itself included. */
export const settingsPart = z.strictObject({ ...settings, parts: atLeastOne });

/** A part that holds connectors or routes. */
export const itemsPart = z.strictObject({
  connectors: z.optional(z.record(text, connector)),
  routes: z.optional(z.array(route)),
});
