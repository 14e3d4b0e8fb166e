import { type FleetCase, judgeFleet } from "../modules/fleet-lifecycle/schema";
import { type JudgeTemplate, type Parts } from "./judge-deployment";
import { type PathFinding } from "./path-finding";

/** A deployment's fleet, and what of the deployment it depends on. */
export const fleetCase = (
  fleet: FleetCase["fleet"],
  { withConnectors, connectors, failover }: Pick<Parts, "withConnectors" | "failover"> & { readonly connectors: FleetParts },
): FleetCase => ({
  fleet,
  zones: withConnectors,
  size: connectors.size,
  managementTier: connectors.managementTier,
  pinned: Object.keys(failover?.pinned ?? {}).length,
});

type FleetParts = NonNullable<Parts["connectors"]>;

/** What is wrong with a deployment whose connectors stand behind a balancer. */
export const judgeGwlb: JudgeTemplate = ({ fleet, connectors, ...parts }) => [
  ...(fleet && connectors ? judgeFleet(fleetCase(fleet, { ...parts, connectors })) : []).map(
    // What is about no setting of the fleet is about its zones.
    ({ at, ...finding }) => ({ path: at.length === 0 ? ["zones"] : ["fleet", ...at], ...finding }),
  ),
  ...judgePurpose(parts),
];

/** Routes to endpoints need no failover: the balancer leaves out a connector that is dead. */
const judgePurpose = ({ failover }: Pick<Parts, "failover">): readonly PathFinding[] =>
  failover && Object.keys(failover.pinned).length === 0
    ? [
        {
          path: ["failover"],
          problem: "no destination is pinned, and the balancer does without failover",
          fix: "pin one in failover.pinned, or leave failover out",
        },
      ]
    : [];
