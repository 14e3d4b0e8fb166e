import { z } from "zod";
import { rangeName } from "../addressing/schema";
import { alarmSettings } from "../alarms/schema";
import { lambdaSettings } from "../lambda/schema";
import { evenIfWrong, type Finding, findingMessage, type Immutable, type Leaf, oneOf, text } from "../validation/schema";
import { judgePinnedDestination } from "./destination";

export { judgeNamed } from "./judge-keys";

const longestInterval = 10;
const mostGoods = 60;

const probeSettings = () =>
  z
    .strictObject({
      intervalSeconds: z
        .number()
        .min(1)
        .max(longestInterval)
        .default(2)
        .meta({ description: "Seconds from one health probe of a connector to the next." }),
      timeoutSeconds: z
        .number()
        .min(0.2)
        .max(5)
        .default(1.2)
        .meta({ description: "Seconds after which a health probe without a whole answer has failed. At most the interval." }),
    })
    .superRefine(({ intervalSeconds, timeoutSeconds }, context) => {
      if (timeoutSeconds <= intervalSeconds) return;
      const finding = {
        problem: `${timeoutSeconds} is longer than the interval, ${intervalSeconds}`,
        fix: "a probe ends before the next begins: give at most the interval",
      };
      context.addIssue({ code: "custom", path: ["timeoutSeconds"], message: findingMessage(finding) });
    })
    .prefault({})
    .meta({ description: "How connectors are asked for their health." });

const holdDownSettings = () =>
  z
    .strictObject({
      firstSeconds: z
        .int()
        .min(1)
        .max(900)
        .default(20)
        .meta({ description: "Seconds for which a connector that came back gets no routes after its first failure within an hour." }),
      longestSeconds: z
        .int()
        .min(1)
        .max(3600)
        .default(900)
        .meta({ description: "The most seconds of it: each further failure within the hour doubles them." }),
    })
    .superRefine(({ firstSeconds, longestSeconds }, context) => {
      if (longestSeconds >= firstSeconds) return;
      const finding = { problem: `${longestSeconds} is shorter than the first, ${firstSeconds}`, fix: "give at least firstSeconds" };
      context.addIssue({ code: "custom", path: ["longestSeconds"], message: findingMessage(finding) });
    })
    .prefault({})
    .meta({ description: "How long a connector that failed waits for its routes, so that one that comes and goes settles." });

const allDeadSettings = () =>
  oneOf({
    hold: z.strictObject({}).meta({
      description: "Leave the routes. The traffic of a zone whose connector is dead is lost until one is back.",
    }),
    bypass: z
      .strictObject({
        onProbesAlone: z.boolean().default(false).meta({
          description:
            "Whether failed probes are enough. By default EC2 must agree that the connectors do not run, since a wrong rule in their way looks the same.",
        }),
      })
      .meta({
        description: "Send workloads' traffic to their zone's NAT gateway, without inspection, after a minute without a connector.",
      }),
  })
    .prefault({ hold: {} })
    .meta({ description: "What happens when no connector lives." });

/** Where a text stands that stood before. What is no text is somebody else's to tell. */
const repeated = (items: readonly unknown[]): readonly number[] =>
  items.flatMap((item, index) => (typeof item === "string" && items.indexOf(item) < index ? [index] : []));

const drainedSettings = () =>
  z
    .array(z.string())
    .superRefine((drained, context) => {
      for (const index of repeated(drained)) {
        const finding = { problem: `${String(drained[index])} is given twice`, fix: "name each connector once" };
        context.addIssue({ code: "custom", path: [index], message: findingMessage(finding) });
      }
    }, evenIfWrong)
    .default([])
    .meta({
      description: "Connectors that get no traffic while another lives, such as a-1: for an upgrade or a drill.",
      examples: [["a-1"]],
    });

const pinnedSettings = (leaf: Leaf) =>
  z
    .record(
      rangeName(),
      z.strictObject({
        destination: leaf(text(judgePinnedDestination)).meta({
          description: "IPv4 range, IPv6 range or prefix list id.",
          examples: ["203.0.113.0/24"],
        }),
        connector: z.string().meta({ description: "Connector that takes the traffic while it lives.", examples: ["a-1"] }),
      }),
    )
    .superRefine((pinned, context) => {
      const names = Object.keys(pinned);
      const destinations = Object.values(pinned).map((pin: { readonly destination?: unknown } | null) => pin?.destination);
      for (const index of repeated(destinations)) {
        const finding: Finding = {
          problem: `${String(destinations[index])} is pinned twice`,
          fix: "a route table has one route to a destination: pin it to one connector",
        };
        context.addIssue({ code: "custom", path: [names[index] ?? "", "destination"], message: findingMessage(finding) });
      }
    }, evenIfWrong)
    .default({})
    .meta({ description: "Destinations that workloads of all zones reach by one connector, by a name of your own." });

/** The most seconds in which a run can find a connector alive again: it lives for two minutes, and starts with knowing nothing. */
const longestRecovery = 60;

const judgeRecovery = ({ aliveAfter, probe }: { readonly aliveAfter?: unknown; readonly probe?: unknown }): Finding | undefined => {
  const { intervalSeconds } = (probe ?? {}) as { readonly intervalSeconds?: unknown };
  const seconds = Number(aliveAfter) * Number(intervalSeconds);
  // What is too much by itself has its own finding.
  if (!(seconds > longestRecovery) || Number(aliveAfter) > mostGoods || Number(intervalSeconds) > longestInterval) return undefined;
  return {
    problem: `${String(aliveAfter)} good probes ${String(intervalSeconds)} seconds apart take ${seconds} seconds`,
    fix: `give numbers that take ${longestRecovery} at the most: a run of the function sees no more of a connector`,
  };
};

/** Settings of a deployment's failover. */
export const failoverSettings = (leaf: Leaf) =>
  z
    .strictObject({
      probe: probeSettings(),
      deadAfter: z.int().min(1).max(10).default(2).meta({
        description: "Failed probes in a row after which a connector is dead. A failed probe is repeated at once.",
      }),
      aliveAfter: z
        .int()
        .min(1)
        .max(mostGoods)
        .default(10)
        .meta({ description: "Good probes in a row after which a dead connector is alive." }),
      holdDown: holdDownSettings(),
      allDead: allDeadSettings(),
      drained: drainedSettings(),
      paused: z
        .boolean()
        .default(false)
        .meta({ description: "Move no route at all. Health is still watched and alarms are still raised." }),
      alarms: alarmSettings(leaf),
      pinned: pinnedSettings(leaf),
      ...lambdaSettings(leaf, 3),
    })
    .superRefine((settings, context) => {
      const finding = judgeRecovery(settings);
      if (finding) context.addIssue({ code: "custom", path: ["aliveAfter"], message: findingMessage(finding) });
    }, evenIfWrong);

export type FailoverSettings = Immutable<z.input<ReturnType<typeof failoverSettings>>>;
