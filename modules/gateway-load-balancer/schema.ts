import { z } from "zod";
import { principalArn } from "../iam/schema";
import { evenIfWrong, type Finding, findingMessage, type Immutable, type Leaf } from "../validation/schema";

/** What Gateway Load Balancers take (Elastic Load Balancing API, "CreateTargetGroup", and Gateway Load Balancer guide, "Health checks"). */
export const healthCheckLimits = { intervalSeconds: [5, 300], timeoutSeconds: [2, 120], threshold: [2, 10] } as const;

const [shortestInterval, longestInterval] = healthCheckLimits.intervalSeconds;
const [shortestTimeout, longestTimeout] = healthCheckLimits.timeoutSeconds;
const [fewestChecks, mostChecks] = healthCheckLimits.threshold;

/** The time-out that Elastic Load Balancing takes by default, where the interval is longer. */
const usualTimeout = 5;

interface HealthCheck {
  readonly intervalSeconds: number;
  readonly unhealthyThreshold: number;
}

/**
 * Seconds in which the balancer finds a connector dead: so many checks, so far apart. Elastic Load Balancing can take longer before it leads flows
 * elsewhere (Gateway Load Balancer guide, "Edit target group attributes").
 */
export const detectionSeconds = ({ intervalSeconds, unhealthyThreshold }: HealthCheck): number => intervalSeconds * unhealthyThreshold;

const judgeTimeout = ({ intervalSeconds, timeoutSeconds }: Readonly<Record<string, unknown>>): Finding | undefined => {
  if (typeof intervalSeconds !== "number" || typeof timeoutSeconds !== "number" || timeoutSeconds < intervalSeconds) return undefined;
  return { problem: `${timeoutSeconds} is not shorter than the interval, ${intervalSeconds}`, fix: "a check ends before the next begins" };
};

/** The values are no leaves: what they mean together is computed when the stack is synthesized. */
const healthCheck = () =>
  z
    .strictObject({
      intervalSeconds: z
        .int()
        .min(shortestInterval)
        .max(longestInterval)
        .default(10)
        .meta({ description: "Seconds from one health check of a connector to the next." }),
      timeoutSeconds: z
        .int()
        .min(shortestTimeout)
        .max(longestTimeout)
        .optional()
        .meta({
          description: `Seconds after which a check without an answer has failed: fewer than the interval. By default ${usualTimeout}, and one less than an interval of ${usualTimeout}.`,
        }),
      healthyThreshold: z
        .int()
        .min(fewestChecks)
        .max(mostChecks)
        .default(2)
        .meta({ description: "Good checks in a row after which a connector gets traffic." }),
      unhealthyThreshold: z.int().min(fewestChecks).max(mostChecks).default(3).meta({
        description: "Failed checks in a row after which it gets none. Times the interval, this is how long a death goes unseen.",
      }),
    })
    .superRefine((given: Readonly<Record<string, unknown>>, context) => {
      const finding = judgeTimeout(given);
      if (finding) context.addIssue({ code: "custom", path: ["timeoutSeconds"], message: findingMessage(finding) });
    }, evenIfWrong)
    .prefault({})
    .meta({ description: "How the balancer asks connectors for their health, by their health probe." });

/** The time-out of a health check: the one given, else the usual one where the interval is longer. */
export const timeoutOf = (check: { readonly intervalSeconds: number; readonly timeoutSeconds?: number | undefined }): number =>
  check.timeoutSeconds ?? Math.min(usualTimeout, check.intervalSeconds - 1);

/** Settings of a Gateway Load Balancer. */
export const balancerSettings = (leaf: Leaf) =>
  z
    .strictObject({
      healthCheck: healthCheck(),
      stickiness: z.enum(["5-tuple", "3-tuple", "2-tuple"]).default("5-tuple").meta({
        description:
          "By what packets belong to one flow, and so to one connector: addresses, ports and protocol; addresses and protocol; addresses alone.",
      }),
      crossZone: z.boolean().default(false).meta({
        description:
          "Whether a zone's traffic goes to connectors of other zones too. Without it, a zone without a healthy connector loses its traffic.",
      }),
      onFailure: z.enum(["rebalance", "keep"]).default("rebalance").meta({
        description: "Where the flows of a connector go that fails or is taken out: to the others, or nowhere until they end.",
      }),
      deregistrationDelaySeconds: leaf(z.int().min(0).max(3600))
        .default(0)
        .meta({ description: "Seconds for which a connector that is taken out keeps its flows." }),
      tcpIdleTimeoutSeconds: leaf(z.int().min(60).max(6000))
        .default(350)
        .meta({ description: "Seconds without a packet after which a TCP flow is forgotten." }),
    })
    .prefault({})
    .meta({ description: "The Gateway Load Balancer." });

/** Settings of the endpoint service by which endpoints reach the balancer. */
export const endpointServiceSettings = (leaf: Leaf) =>
  z
    .strictObject({
      acceptance: z
        .boolean()
        .default(false)
        .meta({ description: "Whether each endpoint, those of this deployment too, waits until somebody accepts it." }),
      allowedPrincipals: z
        .array(leaf(principalArn()))
        .default([])
        .meta({
          description:
            "ARNs of accounts, roles and users that may make endpoints, besides the account itself and those of spokes in the same file.",
          examples: [["arn:aws:iam::123456789012:root"]],
        }),
    })
    .prefault({})
    .meta({ description: "The service by which endpoints, of other VPCs and accounts too, reach the balancer." });

export type BalancerSettings = Immutable<z.input<ReturnType<typeof balancerSettings>>>;
export type EndpointServiceSettings = Immutable<z.input<ReturnType<typeof endpointServiceSettings>>>;
