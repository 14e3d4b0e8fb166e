import * as z from "zod/mini";

const text = z.string().check(z.minLength(1));
const minutes = z.int().check(z.gte(1));

/** What a deployment tells its fleet function. */
export const fleetDocument = z.strictObject({
  /** Name of the deployment: the dimension of every metric. */
  name: text,
  /** Names of the Auto Scaling groups. */
  groups: z.array(text).check(z.minLength(1)),
  health: z.strictObject({
    degraded: z.enum(["keep", "replace"]),
    silentMinutes: minutes,
    unseenMinutes: minutes,
    mostUnhealthyPercent: z.int().check(z.gte(1), z.lte(100)),
    paused: z.boolean(),
  }),
  portal: z.strictObject({
    /** Host of the Zscaler portal's API: that of the provisioning URL. */
    host: text,
    /** ARN of the secret with `api_key`, `username` and `password`. */
    secret: text,
  }),
  /** URL of the FIFO queue of removals. */
  queue: text,
});

export type FleetDocument = z.infer<typeof fleetDocument>;
export type HealthRules = FleetDocument["health"];

/** Names of the function's environment variables. */
export const environmentNames = {
  /** The document, as JSON. */
  document: "FLEET_DOCUMENT",
} as const;
