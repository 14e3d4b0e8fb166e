import { z } from "zod";
import { alarmSettings, topicSettings } from "../alarms/schema";
import { hookSeconds, judgeScaling, warmPoolSettings } from "../auto-scaling/schema";
import { lambdaSettings } from "../lambda/schema";
import { evenIfWrong, findingMessage, type Immutable, type Leaf, oneOf } from "../validation/schema";
import { mostInGroup } from "./sizing";

export { type FleetCase, judgeFleet, warnFleet } from "./judge-fleet";
export { bootMinutes, groupsOf, mostInstances } from "./sizing";

const groupSize = () => z.int().min(1).max(mostInGroup);

const launchHook = (leaf: Leaf) =>
  oneOf({
    wait: z
      .strictObject({
        timeoutSeconds: leaf(hookSeconds())
          .default(1800)
          .meta({ description: "Seconds that a connector has to say that it is enrolled. One that does not is replaced." }),
      })
      .meta({ description: "An instance gets traffic once its connector says that it is enrolled." }),
    none: z.strictObject({}).meta({ description: "An instance gets traffic as soon as the balancer finds it healthy." }),
  })
    .prefault({ wait: {} })
    .meta({ description: "What a launch waits for." });

const healthSettings = (leaf: Leaf) =>
  z
    .strictObject({
      degraded: z.enum(["keep", "replace"]).default("keep").meta({
        description:
          "What becomes of a connector that reports a health between 0 and 100 %: it is only told of, or replaced like one at 0 %.",
      }),
      silentMinutes: z
        .int()
        .min(5)
        .max(60)
        .default(10)
        .meta({ description: "Minutes without a report after which a connector that reported before is unhealthy." }),
      unseenMinutes: z.int().min(16).max(180).default(20).meta({
        description:
          "Minutes in service without any report after which a connector is unhealthy. CloudWatch can take 15 to list a new metric.",
      }),
      mostUnhealthyPercent: z.int().min(1).max(100).default(50).meta({
        description: "The most of a group that may be unhealthy, launching or ending at once. While it is more, no connector is replaced.",
      }),
      paused: leaf(z.boolean()).default(false).meta({ description: "Replace no connector. Health is still judged and told." }),
    })
    .prefault({})
    .meta({ description: "How the fleet function judges connectors." });

/** Settings of a fleet that Auto Scaling keeps. */
export const autoScalingSettings = (leaf: Leaf) =>
  z
    .strictObject({
      groups: z.enum(["one", "perZone"]).default("one").meta({ description: "One Auto Scaling group over all zones, or one in each." }),
      min: groupSize()
        .optional()
        .meta({ description: "The fewest connectors of a group. By default two for each of its zones, within max." }),
      max: groupSize()
        .optional()
        .meta({
          description: `The most connectors of a group, ${mostInGroup} as in Zscaler's template. By default twice the fewest, within that.`,
        }),
      targetCpuPercent: leaf(z.int().min(10).max(90))
        .default(80)
        .meta({ description: "Average of the connectors' own CPU metric at which the group is kept. Zscaler calls 40 aggressive." }),
      health: healthSettings(leaf),
      healthCheckType: z.enum(["ec2", "elb"]).default("ec2").meta({
        description: "Who else finds instances unhealthy: EC2's status checks, or the balancer's health checks too.",
      }),
      graceSeconds: leaf(z.int().min(0).max(7200))
        .default(900)
        .meta({ description: "Seconds after a connector enters service in which its health does not count." }),
      warmUpSeconds: leaf(z.int().min(0).max(3600))
        .default(120)
        .meta({ description: "Seconds in service after which a new connector counts in the group's metrics." }),
      launchHook: launchHook(leaf),
      terminateHookSeconds: leaf(hookSeconds())
        .default(900)
        .meta({ description: "Seconds that the fleet function has to note that a connector ends." }),
      warmPool: warmPoolSettings(leaf, mostInGroup, true).optional(),
      protectFromScaleIn: leaf(z.boolean()).default(false).meta({ description: "Whether the group never ends a connector to shrink." }),
      notifications: topicSettings(leaf, "notifications", "Auto Scaling")
        .optional()
        .meta({ description: "Who is told of each launch and end, by SNS. By default nobody." }),
      provisioningKeyUses: z.int().min(1).optional().meta({
        description: "How many connectors the provisioning key lets enroll, to have it compared with the most that can be there.",
      }),
      alarms: alarmSettings(leaf),
      ...lambdaSettings(leaf, 5),
    })
    .superRefine((settings: Readonly<Record<string, unknown>>, context) => {
      for (const { at, ...finding } of judgeScaling(settings, "connectors")) {
        context.addIssue({ code: "custom", path: [...at], message: findingMessage(finding) });
      }
    }, evenIfWrong);

/** Which connectors a deployment has: a fixed number, or as many as Auto Scaling finds right. */
export const fleetSettings = (leaf: Leaf) =>
  oneOf({
    fixed: z
      .strictObject({ perZone: z.int().min(1).max(20).default(2).meta({ description: "Connectors in each zone." }) })
      .meta({ description: "A fixed number of connectors." }),
    autoScaling: autoScalingSettings(leaf).meta({ description: "Auto Scaling groups, with a function that looks after them." }),
  })
    .prefault({ fixed: {} })
    .meta({ description: "The connectors. Changing the kind needs a second deployment, and a move of routes to it." });

export type FleetSettings = Immutable<z.output<ReturnType<typeof fleetSettings>>>;
export type AutoScalingSettings = Immutable<z.input<ReturnType<typeof autoScalingSettings>>>;
export type ScaledFleet = Immutable<z.output<ReturnType<typeof autoScalingSettings>>>;
