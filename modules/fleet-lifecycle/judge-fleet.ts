import { type sizes } from "../cloud-connector/schema";
import { isLocal } from "../network/schema";
import { type Finding } from "../validation/schema";
import { type FleetSettings } from "./schema";
import { advisedPerZone, bootMinutes, groupsOf, listingMinutes, mostInGroup, mostInstances } from "./sizing";

/** A finding, and the setting that it is about, below the fleet's. */
export type PlacedFinding = Finding & { readonly at: readonly string[] };

/** A fleet, and what of its deployment it depends on. */
export interface FleetCase {
  readonly fleet: FleetSettings;
  /** Keys of the zones with connectors: those that no other zone serves. */
  readonly zones: readonly string[];
  readonly size: keyof typeof sizes;
  readonly managementTier: "shared" | "separate";
  /** How many destinations are pinned to a connector. */
  readonly pinned: number;
}

type Scaled = NonNullable<FleetSettings["autoScaling"]>;

/** What is wrong with a fleet in its deployment. What is wrong with its settings by themselves is their schema's to tell. */
export const judgeFleet = (given: FleetCase): readonly PlacedFinding[] => [
  ...judgeZones(given),
  ...(given.fleet.autoScaling === undefined
    ? []
    : [...judgeTemplate(given), ...judgeGroups(given.fleet.autoScaling, given.zones), ...judgeTimes(given.fleet.autoScaling)]),
];

function judgeZones({ zones }: FleetCase): readonly PlacedFinding[] {
  return zones.filter(isLocal).map((zone) => ({
    at: [],
    problem: `zone ${zone} is a Local Zone, where no Gateway Load Balancer can stand before its connectors`,
    fix: `name a zone of the region itself that serves it, in connectors.servedBy.${zone}`,
  }));
}

/** What a launch template cannot do for connectors. */
function judgeTemplate({ fleet, size, managementTier, pinned }: FleetCase): readonly PlacedFinding[] {
  return [
    ...(size === "small"
      ? []
      : [
          {
            at: ["autoScaling"],
            problem: `Auto Scaling does not take connectors of size ${size}: Zscaler's launch template has the interfaces of size small only`,
            fix: "set connectors.size to small, or give fleet.fixed",
          },
        ]),
    ...(managementTier === "shared" || fleet.autoScaling?.groups === "perZone"
      ? []
      : [
          {
            at: ["autoScaling", "groups"],
            problem:
              "one group over all zones cannot put management interfaces into subnets of their own: a launch template names one subnet",
            fix: "set groups to perZone, or connectors.managementTier to shared",
          },
        ]),
    ...(pinned === 0
      ? []
      : [
          {
            at: ["autoScaling"],
            problem:
              "destinations are pinned to connectors, and a launch template cannot switch off the source/destination check that routes need",
            fix: "give fleet.fixed, or pin no destination",
          },
        ]),
  ];
}

function judgeGroups(settings: Scaled, zones: readonly string[]): readonly PlacedFinding[] {
  const groups = groupsOf(settings, zones);
  const { provisioningKeyUses, warmPool } = settings;
  const most = groups.reduce((sum, group) => sum + mostInstances(group, settings), 0);
  return [
    ...groups
      .filter(({ max, zones: { length } }) => max < length)
      .map(({ max, zones: { length } }) => ({
        at: ["autoScaling", "max"],
        problem: `${max} connectors cannot stand in ${length} zones, and a zone without one loses its traffic`,
        fix: `give at least ${length}, or set groups to perZone`,
      })),
    ...groups
      .filter(({ min }) => warmPool?.min === 0 && warmPool.maxPrepared !== undefined && warmPool.maxPrepared <= min)
      .slice(0, 1)
      .map(({ min }) => ({
        at: ["autoScaling", "warmPool", "maxPrepared"],
        problem: `${warmPool?.maxPrepared} instances run and wait together, of which at least ${min} run: none ever waits`,
        fix: `give more than ${min}, or set warmPool.min`,
      })),
    ...(provisioningKeyUses === undefined || provisioningKeyUses >= most
      ? []
      : [
          {
            at: ["autoScaling", "provisioningKeyUses"],
            problem: `${provisioningKeyUses} is fewer than the ${most} connectors that can be there at once, those that wait or take another's place included`,
            fix: `raise the provisioning key's limit in the Zscaler portal to ${most} or more, or lower max`,
          },
        ]),
  ];
}

/** What is known only at deployment is judged by nobody. */
const isKnown = (value: number): boolean => Number.isSafeInteger(value);

/** A connector that is asked for its health, or counted, before it has booted is replaced again and again. */
function judgeTimes(settings: Scaled): readonly PlacedFinding[] {
  const { launchHook, terminateHookSeconds, graceSeconds, warmUpSeconds, healthCheckType, health } = settings;
  const boot = bootMinutes * 60;
  const first = bootMinutes + listingMinutes;
  const times = [
    ...(launchHook.wait === undefined
      ? [
          {
            at: ["warmUpSeconds"],
            value: warmUpSeconds,
            over: boot,
            why: "without a launch hook a refresh goes on before it takes traffic",
          },
          {
            at: ["health", "unseenMinutes"],
            value: health.unseenMinutes,
            over: first - 1,
            why: `without a launch hook its first report is seen ${first} minutes after its launch`,
          },
          ...(healthCheckType === "elb"
            ? [{ at: ["graceSeconds"], value: graceSeconds, over: boot, why: "without a launch hook the balancer asks it while it boots" }]
            : []),
        ]
      : [
          {
            at: ["launchHook", "wait", "timeoutSeconds"],
            value: launchHook.wait.timeoutSeconds,
            over: boot,
            why: "it would be replaced before it can say that it is enrolled",
          },
        ]),
    {
      at: ["terminateHookSeconds"],
      value: terminateHookSeconds,
      over: boot,
      why: "it may end while it boots, before the fleet function knows it",
    },
  ];
  return times
    .filter(({ value, over }) => isKnown(value) && value <= over)
    .map(({ at, value, over, why }) => ({
      at: ["autoScaling", ...at],
      problem: `${value} is too short for a connector that takes ${bootMinutes} minutes to boot: ${why}`,
      fix: `give more than ${over}`,
    }));
}

/** What is allowed, and better not done. */
export const warnFleet = (given: FleetCase): readonly string[] => [
  ...(given.zones.length < 2 ? [`connectors stand in ${given.zones.join("")} alone: when the zone fails, all traffic is lost`] : []),
  ...warnFew(given),
  ...(given.fleet.autoScaling?.healthCheckType === "elb"
    ? [
        "fleet.autoScaling.healthCheckType elb replaces every connector that the balancer finds unhealthy: an outage of the Zscaler cloud would replace them all",
      ]
    : []),
];

function warnFew({ fleet: { fixed, autoScaling }, zones }: FleetCase): readonly string[] {
  const problem = `there can be fewer than ${advisedPerZone} connectors in a zone, which loses its traffic when one fails or is replaced`;
  if (fixed && fixed.perZone < advisedPerZone) return [`${problem}: set fleet.fixed.perZone to ${advisedPerZone}`];
  const few = autoScaling && groupsOf(autoScaling, zones).find(({ min, zones: { length } }) => min < advisedPerZone * length);
  if (few === undefined) return [];
  const advised = advisedPerZone * few.zones.length;
  return [`${problem}: set ${advised > mostInGroup ? "fleet.autoScaling.groups to perZone" : `fleet.autoScaling.min to ${advised}`}`];
}
