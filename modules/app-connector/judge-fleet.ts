import { type Finding } from "../validation/schema";
import { type AppConnectorFleet } from "./schema";
import { appConnectorGroupOf, fixedKeys, mostEnrolled, pair } from "./sizing";

/** A finding, and the setting that it is about, below the deployment's. */
export type PlacedFinding = Finding & { readonly at: readonly string[] };

interface StoredKey {
  readonly usesLeft?: number | undefined;
}

/** App Connectors, and what of their deployment they depend on. */
export interface AppConnectorCase {
  readonly fleet: AppConnectorFleet;
  /** Keys of their zones. */
  readonly zones: readonly string[];
  readonly enrollment: {
    readonly key?:
      | {
          readonly secretsManager?: StoredKey | undefined;
          readonly parameterStore?: StoredKey | undefined;
          readonly create?: { readonly uses: number } | undefined;
        }
      | undefined;
    readonly oauth?: object | undefined;
  };
  /** Addresses of fixed App Connectors, by their keys. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Whether the deployment may use the ZPA API. */
  readonly portal: boolean;
}

/** Minutes in which an instance updates its packages and enrolls. */
const bootMinutes = 10;

/** What is known only at deployment is judged by nobody. */
const isKnown = (value: number): boolean => Number.isSafeInteger(value);

/** What is wrong with App Connectors in their deployment. What is wrong with their settings by themselves is their schema's to tell. */
export const judgeAppConnectorFleet = (given: AppConnectorCase): readonly PlacedFinding[] => [
  ...judgeGroup(given),
  ...judgeEnrollment(given),
  ...judgeAddresses(given),
];

function judgeGroup({ fleet: { autoScaling }, zones }: AppConnectorCase): readonly PlacedFinding[] {
  if (autoScaling === undefined) return [];
  const { warmPool, launchHook, warmUpSeconds } = autoScaling;
  const { min, max } = appConnectorGroupOf(autoScaling, zones);
  const at = (...below: readonly string[]) => ["fleet", "autoScaling", ...below];
  return [
    ...(max < zones.length
      ? [
          {
            at: at("max"),
            problem: `${max} App Connectors cannot stand in ${zones.length} zones`,
            fix: `give at least ${zones.length}, or name fewer zones`,
          },
        ]
      : []),
    ...(warmPool?.min === 0 && warmPool.maxPrepared !== undefined && warmPool.maxPrepared <= min
      ? [
          {
            at: at("warmPool", "maxPrepared"),
            problem: `${warmPool.maxPrepared} instances run and wait together, of which at least ${min} run: none ever waits`,
            fix: `give more than ${min}, or set warmPool.min`,
          },
        ]
      : []),
    ...(launchHook.wait === undefined && isKnown(warmUpSeconds) && warmUpSeconds <= bootMinutes * 60
      ? [
          {
            at: at("warmUpSeconds"),
            problem: `${warmUpSeconds} is too short for an App Connector that takes ${bootMinutes} minutes to enroll: without a launch hook a refresh goes on before`,
            fix: `give more than ${bootMinutes * 60}, or leave launchHook.none out`,
          },
        ]
      : []),
  ];
}

function judgeEnrollment({ fleet, zones, enrollment: { key, oauth }, portal }: AppConnectorCase): readonly PlacedFinding[] {
  const most = mostEnrolled(fleet, zones);
  const raise = (uses: number) => ({
    problem: `${uses} is fewer than the ${most} App Connectors that can be there at once: ${madeUp(fleet, zones)}`,
    fix: `the provisioning key needs at least ${most} uses, and more for later replacements: raise its limit`,
  });
  const uses = [
    { at: ["secretsManager", "usesLeft"], value: key?.secretsManager?.usesLeft },
    { at: ["parameterStore", "usesLeft"], value: key?.parameterStore?.usesLeft },
    { at: ["create", "uses"], value: key?.create?.uses },
  ];
  return [
    ...uses.flatMap(({ at, value }) =>
      value === undefined || value >= most ? [] : [{ at: ["appConnectors", "enrollment", "key", ...at], ...raise(value) }],
    ),
    ...(oauth !== undefined && !portal
      ? [
          {
            at: ["appConnectors", "enrollment", "oauth"],
            problem: "nothing can register the instances' codes in ZPA",
            fix: "give portal, or enroll with a key",
          },
        ]
      : []),
  ];
}

/** How the most App Connectors are made up. */
function madeUp({ fixed, autoScaling }: AppConnectorFleet, zones: readonly string[]): string {
  if (autoScaling === undefined) return `${fixed?.perZone ?? 0} in each of ${zones.length} zones`;
  const { max } = appConnectorGroupOf(autoScaling, zones);
  const { warmPool, ...scaling } = autoScaling;
  const refreshed = mostEnrolled({ autoScaling: scaling }, zones) - max;
  const waiting = mostEnrolled({ autoScaling }, zones) - max - refreshed;
  return [
    `${max} that run`,
    ...(warmPool === undefined || waiting === 0 ? [] : [`${waiting} that wait in the warm pool`]),
    `${refreshed} that may take the place of others`,
  ].join(", ");
}

function judgeAddresses({ fleet: { fixed }, zones, addresses }: AppConnectorCase): readonly PlacedFinding[] {
  const keys = Object.keys(addresses);
  if (keys.length === 0) return [];
  const at = ["appConnectors", "addresses"];
  if (fixed === undefined) {
    return [{ at, problem: "App Connectors of a group have no addresses of their own", fix: "leave addresses out, or give fleet.fixed" }];
  }
  const theirs = fixedKeys(zones, fixed.perZone);
  return keys
    .filter((key) => !theirs.includes(key))
    .map((key) => ({
      at: [...at, key],
      problem: `there is no App Connector ${key}`,
      fix: `give addresses to ${theirs.join(", ")} alone, or raise fleet.fixed.perZone`,
    }));
}

/** What is allowed, and better not done. */
export function warnAppConnectorFleet({ fleet: { fixed, autoScaling }, zones, portal }: AppConnectorCase): readonly string[] {
  const fewest = autoScaling === undefined ? (fixed?.perZone ?? 0) * zones.length : appConnectorGroupOf(autoScaling, zones).min;
  return [
    ...(zones.length < 2 ? [`App Connectors stand in ${zones.join("")} alone: when the zone fails, users lose their applications`] : []),
    ...(fewest < pair
      ? [
          `there can be a single App Connector, and users lose their applications when it fails or Zscaler updates it: set ${autoScaling === undefined ? "fleet.fixed.perZone" : "fleet.autoScaling.min"} to ${pair}`,
        ]
      : []),
    ...(portal
      ? []
      : ["App Connectors that end stay in the ZPA portal, for somebody to remove them: give portal, and a function removes them"]),
    ...(autoScaling?.launchHook.none === undefined
      ? []
      : ["fleet.autoScaling.launchHook none counts instances as App Connectors before they are enrolled, or if they never are"]),
  ];
}
