import { contains, parseRange } from "../modules/addressing";
import { judgeNamed } from "../modules/route-failover/schema";
import { type InterfaceSteeredDeployment } from "./interface-steered";
import { regionZones } from "./layout";
import { type PathFinding } from "./path-finding";

type Deployment = InterfaceSteeredDeployment;

/** The parts of a deployment that its failover depends on. One that is wrong by itself is undefined. */
export interface FailoverCase {
  /** Whether it moves all routes to connectors, or those of pinned destinations alone, where all others lead to endpoints. */
  readonly moved: "all" | "pinned";
  readonly zones: readonly string[];
  readonly withConnectors: readonly string[];
  /** Keys of the connectors. */
  readonly connectors: readonly string[];
  /** Ranges of the VPC. */
  readonly vpcRanges: readonly string[];
  readonly failover: Deployment["failover"];
  readonly nat: Deployment["nat"] | undefined;
  /** Zones in which NAT gateways are made. */
  readonly natZones: readonly string[] | undefined;
  readonly subnets: Deployment["subnets"] | undefined;
  readonly privateEndpoints: Deployment["privateEndpoints"] | undefined;
}

/** What is wrong with a deployment whose routes a function moves. */
export const judgeFailover = (given: FailoverCase): readonly PathFinding[] => [
  ...judgePlaces(given),
  ...judgeKeys(given),
  ...judgePinned(given),
  ...judgeTables(given),
  ...judgeNat(given),
];

function judgePlaces({ moved, zones, withConnectors, connectors }: FailoverCase): readonly PathFinding[] {
  if (moved === "all" && zones.length < 2) {
    return [{ path: ["zones"], problem: `failover needs two zones, and there is only ${zones.join("")}`, fix: "name a second zone" }];
  }
  if (connectors.length < 2) {
    return [
      {
        path: moved === "all" ? ["connectors", "servedBy"] : ["fleet", "fixed", "perZone"],
        problem: `${connectors.join("")} is the only connector: there is none to fail over to`,
        fix:
          moved === "all"
            ? "set connectors.perZone to 2 or more, or take a zone out of servedBy"
            : "give 2 or more, or another zone with connectors of its own",
      },
    ];
  }
  // Behind a balancer no connector stands in a Local Zone, which is told elsewhere.
  if (moved === "pinned" || regionZones(withConnectors).length > 0) return [];
  return [
    {
      path: ["zones"],
      problem: "connectors stand in Local Zones only, where the failover function cannot stand beside them",
      fix: "add a zone of the region itself, with connectors of its own",
    },
  ];
}

function judgeKeys({ failover, connectors }: FailoverCase): readonly PathFinding[] {
  const { drained = [], pinned = {} } = failover ?? {};
  return [
    ...judgeNamed({ drained, pinned }, connectors).map(({ at, ...finding }) => ({ path: ["failover", ...at], ...finding })),
    ...(connectors.every((key) => drained.includes(key))
      ? [{ path: ["failover", "drained"], problem: "every connector is drained", fix: "leave one out, to take the others' traffic" }]
      : []),
  ];
}

function judgePinned({ failover, vpcRanges }: FailoverCase): readonly PathFinding[] {
  return Object.entries(failover?.pinned ?? {}).flatMap(([name, { destination }]) => {
    const home = vpcRanges.find((range) => liesWithin(destination, range));
    return home === undefined
      ? []
      : [
          {
            path: ["failover", "pinned", name, "destination"],
            problem: `${destination} lies in the VPC's own range ${home}`,
            fix: "pin a destination outside the VPC: what stays inside passes no connector",
          },
        ];
  });
}

function liesWithin(destination: string, range: string): boolean {
  const [inner, outer] = [parseRange(destination), parseRange(range)];
  return "range" in inner && "range" in outer && contains(outer.range, inner.range);
}

function judgeTables({ subnets }: FailoverCase): readonly PathFinding[] {
  const reasons = {
    workload: {
      problem: "the route tables of the workload tier are left alone",
      fix: "take workload out: failover moves the routes of tables that are made here",
    },
    connector: {
      problem: "the route tables of the connector tier are left alone",
      fix: "take connector out: by them the failover function reaches AWS",
    },
  };
  return (subnets?.leaveRouteTables ?? []).map((tier, index) => ({ path: ["subnets", "leaveRouteTables", index], ...reasons[tier] }));
}

/** What the function asks of AWS by itself. Its log is Lambda's to write. */
const neededEndpoints = ["ec2", "ssm"] as const;

function judgeNat(given: FailoverCase): readonly PathFinding[] {
  const { nat, failover, privateEndpoints } = given;
  const missing = privateEndpoints === undefined ? [] : neededEndpoints.filter((service) => !privateEndpoints.includes(service));
  return [
    ...(failover?.allDead.bypass ? judgeBypass(given) : []),
    ...(nat?.none && missing.length > 0 && standsInMadeSubnets(given)
      ? [
          {
            path: ["nat", "none"],
            problem: "without a NAT gateway the failover function does not reach AWS",
            fix: `add ${missing.join(" and ")} to privateEndpoints`,
          },
        ]
      : []),
  ];
}

/** Whether a subnet of the function is made here: one that exists has a way to AWS of its own, or none. */
const standsInMadeSubnets = ({ subnets, withConnectors }: FailoverCase): boolean =>
  withConnectors.some((zone) => subnets?.existing[zone]?.connector === undefined);

function judgeBypass({ nat, natZones, withConnectors }: FailoverCase): readonly PathFinding[] {
  if (nat === undefined || natZones === undefined || nat.single) return [];
  const there = nat.existing ? Object.keys(nat.existing.gateways) : natZones;
  const without = withConnectors.filter((zone) => !there.includes(zone));
  if (without.length === 0) return [];
  return [
    {
      path: ["failover", "allDead", "bypass"],
      problem: there.length === 0 ? "there is no NAT gateway to bypass to" : `zone ${without.join(", ")} has no NAT gateway to bypass to`,
      fix: nat.none
        ? "choose hold, or have NAT gateways: nat.perZone, nat.single or nat.existing"
        : "choose hold, or name the NAT gateways that serve the zones in nat.existing",
    },
  ];
}
