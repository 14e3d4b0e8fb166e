import { mostInstances } from "../fleet-lifecycle/schema";
import { instanceTypeOf } from "./instance-types";
import { type AppConnectorFleet } from "./schema";

/** The most App Connectors of a group. */
export const mostInGroup = 100;

/** App Connectors stand in pairs: one serves while Zscaler updates the other ("About Deploying App Connectors"). */
export const pair = 2;

type Scaling = Pick<NonNullable<AppConnectorFleet["autoScaling"]>, "min" | "max" | "warmPool">;

/** The number of App Connectors in the group over these zones. */
export function appConnectorGroupOf(
  { min, max }: Pick<Scaling, "min" | "max">,
  zones: readonly string[],
): { readonly min: number; readonly max: number } {
  const fewest = min ?? Math.min(Math.max(pair, zones.length), max ?? mostInGroup);
  return { min: fewest, max: max ?? Math.min(2 * fewest, mostInGroup) };
}

/** Keys of fixed App Connectors in order: `a-1`, `a-2`, `b-1`. */
export const fixedKeys = (zones: readonly string[], perZone: number): readonly string[] =>
  zones.flatMap((zone) => Array.from({ length: perZone }, (_, index) => `${zone}-${index + 1}`));

const mostOfGroup = (scaling: Scaling, zones: readonly string[]): number =>
  mostInstances({ key: "all", zones, ...appConnectorGroupOf(scaling, zones) }, scaling);

/** The most App Connectors that can stand at once in one zone: all of a group, when the other zones fail. */
export const mostAppConnectors = ({ fixed, autoScaling }: AppConnectorFleet, zones: readonly string[]): number =>
  autoScaling === undefined ? (fixed?.perZone ?? 0) : mostOfGroup(autoScaling, zones);

/** The most App Connectors of a deployment that can be there at once, and so the fewest uses that a key must have. */
export const mostEnrolled = ({ fixed, autoScaling }: AppConnectorFleet, zones: readonly string[]): number =>
  autoScaling === undefined ? (fixed?.perZone ?? 0) * zones.length : mostOfGroup(autoScaling, zones);

/** What App Connectors have to carry. */
export interface Load {
  /** Mbps of users in both directions together, at the peak. */
  readonly throughputMbps: number;
  /** Percent of applications with double encryption, 0 to 100. */
  readonly doubleEncryptedPercent: number;
  /** Whether ZPA inspects their traffic. */
  readonly appProtection: boolean;
}

/** How many App Connectors carry a load, and why so many. */
export interface Size {
  /** With one to spare, so that one may fail. */
  readonly appConnectors: number;
  /** As many as carry the load alone. */
  readonly withoutSpare: number;
  readonly instanceType: string;
  readonly perAppConnectorMbps: number;
  /** The reason for each number, a sentence each. */
  readonly notes: readonly string[];
}

/** Mbps of an App Connector of the size that Zscaler supports, with AppProtection the least that it may be. */
const carried = { plain: 500, appProtection: { least: 100, most: 200 } } as const;

/**
 * How many App Connectors carry a load, by the App Connector Deployment Guide for AWS, "Understanding App Connector Throughput": 500 Mbps
 * each, down to 250 in proportion to double encryption, and one more so that one may fail.
 */
export function sizeAppConnectors({ throughputMbps, doubleEncryptedPercent, appProtection }: Load): Size {
  const full = appProtection ? carried.appProtection.least : carried.plain;
  const perAppConnectorMbps = full - (full * doubleEncryptedPercent) / 200;
  const withoutSpare = Math.max(1, Math.ceil(throughputMbps / perAppConnectorMbps));
  const appConnectors = withoutSpare + 1;
  const instanceType = instanceTypeOf({ appProtection });
  return {
    appConnectors,
    withoutSpare,
    instanceType,
    perAppConnectorMbps,
    notes: [
      appProtection
        ? `${instanceType}: AppProtection needs 8 vCPUs and 8 GB.`
        : `${instanceType}: 4 vCPUs and 4 GB are needed, and the guide advises this type for production.`,
      appProtection
        ? `${full} Mbps each: with AppProtection it may be ${full} to ${carried.appProtection.most}, and the least is counted with.`
        : `${full} Mbps each: what an App Connector of that size carries, in both directions together.`,
      ...(doubleEncryptedPercent === 0
        ? []
        : [
            `${perAppConnectorMbps} Mbps each with ${doubleEncryptedPercent} % of applications doubly encrypted: all of them would halve it.`,
            ...(appProtection ? ["The guide has no number for AppProtection and double encryption together: this one is careful."] : []),
          ]),
      `${withoutSpare} to carry ${throughputMbps} Mbps.`,
      `${appConnectors} so that one may fail, or be updated (N+1).`,
      ...(appConnectors > mostInGroup ? [`One group has ${mostInGroup} at most: make several deployments.`] : []),
    ],
  };
}
