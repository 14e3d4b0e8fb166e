import * as z from "zod/mini";

const text = z.string().check(z.minLength(1));
const minutes = z.int().check(z.gte(1));

/** What a deployment tells its App Connector function. */
export const appConnectorDocument = z.strictObject({
  /** Name of the deployment: the dimension of every metric, and the value of the instances' tag. */
  name: text,
  /** Where in Parameter Store the instances publish what they are. */
  parameters: text,
  /** Names of the Auto Scaling groups. Without one all instances are fixed. */
  groups: z.array(text),
  /** For how long an App Connector that is disabled keeps its instance before it is deleted. */
  drainSeconds: z.int().check(z.gte(0)),
  /** How old an instance may become before it is enrolled. */
  enrollMinutes: minutes,
  /** How old an instance may become before its Systems Manager agent is online. */
  agentMinutes: minutes,
  /** URL of the standard queue of removals. */
  queue: text,
  /** URL of its dead-letter queue. */
  deadLetters: text,
  /** The ZPA API, by OneAPI. Without it App Connectors stay in ZPA when their instances end. */
  portal: z.optional(
    z.strictObject({
      /** Host of the logins. */
      login: text,
      /** Host of the API. */
      api: text,
      /** Id of the ZPA customer. */
      customer: text,
      /** ARN of the secret with `client_id` and `client_secret`. */
      secret: text,
      /** Id of the customer's microtenant with the App Connectors. */
      microtenant: z.optional(text),
    }),
  ),
  /** Registers the codes that instances show. */
  oauth: z.optional(
    z.strictObject({
      /** Id of the App Connector group that they become part of. */
      group: text,
    }),
  ),
});

export type AppConnectorDocument = z.infer<typeof appConnectorDocument>;
export type PortalSettings = NonNullable<AppConnectorDocument["portal"]>;

/** Names of the function's environment variables. */
export const environmentNames = {
  /** The document, as JSON. */
  document: "APP_CONNECTOR_DOCUMENT",
} as const;
