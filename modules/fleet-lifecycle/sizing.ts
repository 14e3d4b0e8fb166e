import { mostHealthyPercent } from "../auto-scaling/schema";

/** The most instances of a group, as Zscaler's published template has it. */
export const mostInGroup = 10;

/** Connectors that each zone needs so that one may fail or be replaced (Zscaler, "Zero Trust Security for AWS Workloads with Zscaler Cloud Connector"). */
export const advisedPerZone = 2;

/** Minutes in which a connector is enrolled and takes traffic, as Zscaler's templates allow for it. */
export const bootMinutes = 10;

/** Minutes that CloudWatch can take to list a new metric (CloudWatch API, "ListMetrics"). */
export const listingMinutes = 15;

interface Sizes {
  readonly groups: "one" | "perZone";
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly warmPool?: { readonly min: number; readonly maxPrepared?: number | undefined } | undefined;
}

/** An Auto Scaling group: the zones that it is over, and how many instances it has. */
export interface SizedGroup {
  /** `all`, or the key of its zone. */
  readonly key: string;
  readonly zones: readonly string[];
  readonly min: number;
  readonly max: number;
}

/** The Auto Scaling groups of a fleet over these zones, those with connectors. */
export function groupsOf({ groups, min, max }: Sizes, zones: readonly string[]): readonly SizedGroup[] {
  const over = groups === "one" ? [{ key: "all", zones }] : zones.map((zone) => ({ key: zone, zones: [zone] }));
  return over.map((group) => {
    const fewest = min ?? Math.min(advisedPerZone * group.zones.length, max ?? mostInGroup);
    return { ...group, min: fewest, max: max ?? Math.min(2 * fewest, mostInGroup) };
  });
}

/**
 * The most instances of a group that can stand at once, in one zone too when the others fail: those that run, those that wait, and those that are to
 * take the place of others.
 */
export const mostInstances = ({ max }: SizedGroup, { warmPool }: Pick<Sizes, "warmPool">): number =>
  Math.ceil((max * mostHealthyPercent) / 100) + (warmPool === undefined ? 0 : Math.max(warmPool.min, (warmPool.maxPrepared ?? max) - max));
