import { type Tier } from "../modules/addressing";
import { type Nat, tiersToMake, type Vpc } from "../modules/network/schema";
import { type SteeringSettings } from "../modules/steering/schema";
import { type InterfaceSteeredDeployment } from "./interface-steered";
import { type Layout } from "./layout";
import { type PathFinding, unknownZone } from "./path-finding";

/** The parts of a deployment that say what exists. One that is wrong by itself is undefined. */
export interface ExistingCase {
  /** Keys of the zones. */
  readonly zones: readonly string[];
  readonly network: Vpc | undefined;
  /** Undefined too in a spoke, which has none. */
  readonly nat: Nat | undefined;
  readonly subnets: InterfaceSteeredDeployment["subnets"] | undefined;
  readonly steering: SteeringSettings | undefined;
  readonly privateEndpoints: readonly string[] | undefined;
  readonly layout: Layout | undefined;
  /** What leaves by NAT gateways. */
  readonly leaving: "connectors" | "App Connectors" | "workloads";
  /** Whether the deployment has them. */
  readonly testHosts: boolean;
  readonly failover: boolean;
  /** Whose security groups exist. */
  readonly securityGroups: { readonly connectors: boolean; readonly resolver: boolean };
}

/** What is wrong with the parts that exist: with each other, with the zones, and with what is made beside them. */
export const judgeExisting = (given: ExistingCase): readonly PathFinding[] => [
  ...judgeMadeVpc(given),
  ...judgeSubnets(given),
  ...judgeGateways(given),
  ...judgeAllocations(given),
  ...judgePurpose(given),
];

const entriesOf = <Value>(byZone: Readonly<Record<string, Value>> = {}): readonly (readonly [string, Value])[] => Object.entries(byZone);

/** Nothing of a VPC that is yet to be made exists. */
function judgeMadeVpc({ network, nat, subnets, steering, securityGroups }: ExistingCase): readonly PathFinding[] {
  if (!network?.create) return [];
  const inside = [
    { is: entriesOf(subnets?.existing).length > 0, path: ["subnets", "existing"], what: "subnets" },
    { is: nat?.existing !== undefined, path: ["nat", "existing"], what: "NAT gateways" },
    { is: entriesOf(steering?.routeTables).length > 0, path: ["steering", "routeTables"], what: "route tables" },
    { is: securityGroups.connectors, path: ["connectors", "securityGroups", "existing"], what: "security groups" },
    { is: securityGroups.resolver, path: ["zpa", "endpoint", "create", "securityGroup", "existing"], what: "security groups" },
  ];
  return inside
    .filter(({ is }) => is)
    .map(({ path, what }) => ({
      path,
      problem: `a VPC that is made has no ${what} that exist`,
      fix: `name the VPC that has them in network.existing, or leave ${path.join(".")} out`,
    }));
}

function judgeSubnets({ zones, network, nat, subnets, layout }: ExistingCase): readonly PathFinding[] {
  if (network?.create) return [];
  return entriesOf(subnets?.existing).flatMap(([zone, byTier]): readonly PathFinding[] => {
    const path = ["subnets", "existing", zone];
    if (!zones.includes(zone)) return [unknownZone(path, zone, zones)];
    return (Object.keys(byTier) as Tier[]).flatMap((tier): readonly PathFinding[] => {
      if (subnets?.ranges[zone]?.[tier] !== undefined) {
        const problem = `the ${tier} subnet of zone ${zone} exists, and a range is written for it too`;
        return [{ path: [...path, tier], problem, fix: "leave one of the two out" }];
      }
      if (layout === undefined || layout.tiers[tier]?.includes(zone)) return [];
      return [
        {
          path: [...path, tier],
          problem: `there is no use for the ${tier} subnet of zone ${zone}`,
          fix: `leave it out: ${uselessness(layout, nat !== undefined)[tier] ?? "no template has subnets of that tier yet"}`,
        },
      ];
    });
  });
}

/** Why nothing would stand in a subnet. */
const uselessness = ({ tiers }: Layout, withNat: boolean): Readonly<Partial<Record<Tier, string>>> => ({
  public: withNat ? "no NAT gateway is made there, and no bastion" : "no bastion stands there, and ingress.publicSubnets is none",
  connector: "no connector stands there",
  management: tiers.connector
    ? "management interfaces stand in the connector subnet, unless connectors.managementTier is separate"
    : "no connector stands there",
  resolver: "no resolver endpoint is made there",
  endpoint: "no endpoint stands there, unless endpointTier of a gwlb deployment is separate",
});

function judgeGateways({ zones, network, nat, subnets, privateEndpoints, layout, leaving }: ExistingCase): readonly PathFinding[] {
  if (!network?.existing || !subnets || !layout) return [];
  const made = tiersToMake(layout.tiers, subnets.existing);
  const leavingTiers: readonly Tier[] = layout.tiers.connector ? ["connector", "management"] : ["workload"];
  const left: readonly Tier[] = subnets.leaveRouteTables;
  const leavers = zones.filter((zone) => leavingTiers.some((tier) => !left.includes(tier) && made[tier]?.includes(zone)));
  const gateways = nat?.existing?.gateways;
  const without = gateways === undefined ? [] : leavers.filter((zone) => gateways[zone] === undefined);
  const forS3 = privateEndpoints?.indexOf("s3") ?? -1;
  return [
    ...Object.keys(gateways ?? {})
      .filter((zone) => !zones.includes(zone))
      .map((zone) => unknownZone(["nat", "existing", "gateways", zone], zone, zones)),
    ...(without.length === 0
      ? []
      : [
          {
            path: ["nat", "existing", "gateways"],
            problem: `the ${leaving} of zone ${without.join(", ")} have no NAT gateway`,
            fix: "name the gateway that serves the zone: another zone's if need be",
          },
        ]),
    ...(network.existing.internetGateway === undefined && (made.public ?? []).length > 0
      ? [
          {
            path: ["network", "existing"],
            problem: `public subnets are made in zone ${(made.public ?? []).join(", ")}, and no internet gateway is named`,
            fix:
              nat === undefined
                ? "give internetGateway, or name the public subnets that exist in subnets.existing"
                : "give internetGateway, or name what exists: NAT gateways in nat.existing, or public subnets in subnets.existing",
          },
        ]
      : []),
    ...(forS3 >= 0 && leavers.length === 0
      ? [
          {
            path: ["privateEndpoints", forS3],
            problem: "the endpoint of S3 is a route, and no route table of the connectors is made here",
            fix: "leave s3 out, and add the endpoint to your own route tables",
          },
        ]
      : []),
  ];
}

/** An elastic address is for a gateway that is made, and there is one where subnets that need it are made. */
const judgeAllocations = ({ nat, layout }: ExistingCase): readonly PathFinding[] =>
  Object.keys(nat?.perZone?.allocations ?? {})
    .filter((zone) => layout && !layout.natZones.includes(zone))
    .map((zone) => ({
      path: ["nat", "perZone", "allocations", zone],
      problem: `no NAT gateway is made in zone ${zone}`,
      fix: "leave it out: no subnet is made there that needs a gateway",
    }));

/** Whether there is something for the parts that exist, or do not. */
function judgePurpose({ network, subnets, steering, layout, testHosts, failover }: ExistingCase): readonly PathFinding[] {
  if (!network || !subnets || !layout) return [];
  const workloads = layout.tiers.workload ?? [];
  const made = tiersToMake(layout.tiers, subnets.existing);
  const tables = [...Object.values(steering?.routeTables ?? {}).flatMap(Object.keys), ...(made.workload ?? []), ...(made.resolver ?? [])];
  return [
    ...(testHosts && workloads.length === 0
      ? [
          {
            path: ["testHosts"],
            problem: "there is no workload subnet for test hosts",
            fix: "set subnets.workloads to perZone, or name workload subnets in subnets.existing",
          },
        ]
      : []),
    ...(failover && tables.length === 0
      ? [
          {
            path: ["steering"],
            problem: "there is no route for the failover function to move",
            fix: "name the route tables to steer in steering.routeTables, or set subnets.workloads to perZone",
          },
        ]
      : []),
  ];
}
