import { z } from "zod";
import { type Immutable, type Leaf } from "../validation/schema";

export { judgeScaling } from "./judge-scaling";

/** The longest that an instance waits at a hook without a heartbeat (Auto Scaling API, "PutLifecycleHook"). */
export const longestHookSeconds = 7200;

/** What Auto Scaling takes as a hook's time (Auto Scaling API, "PutLifecycleHook"). */
export const hookSeconds = () => z.int().min(30).max(longestHookSeconds);

/**
 * Instances that wait, enrolled, to run.
 *
 * @param most instances that a group can have
 * @param reused whether an instance goes back by default
 */
export const warmPoolSettings = (leaf: Leaf, most: number, reused: boolean) =>
  z
    .strictObject({
      state: z
        .enum(["stopped", "running"])
        .default("stopped")
        .meta({ description: "What its instances are while they wait. Stopped ones cost their disks." }),
      min: z.int().min(0).max(most).default(0).meta({ description: "Instances that always wait, besides those that run." }),
      maxPrepared: z
        .int()
        .min(1)
        .max(most)
        .optional()
        .meta({ description: "The most instances that run and wait together. By default the group's maximum." }),
      reuseOnScaleIn: leaf(z.boolean())
        .default(reused)
        .meta({ description: "Whether an instance goes back into the pool when the group shrinks." }),
    })
    .meta({ description: "Instances that are enrolled already and wait to run." });

/** Percent of a group to which it may grow while instances are replaced: a new one runs before an old one ends. */
export const mostHealthyPercent = 110;

export type WarmPool = Immutable<z.output<ReturnType<typeof warmPoolSettings>>>;
