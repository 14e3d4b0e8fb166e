import { type Stage } from "../stage";
import { type Leftovers, type PlannedConnector, type Reported, type WorldPlan } from "../world";

/** A row of the fleet function's fault matrix. */
export interface Drill {
  readonly fault: string;
  readonly happens: string;
  /** What the function of Zscaler's published templates makes of it, where that is worse. */
  readonly published?: string | undefined;
  readonly plan: WorldPlan;
  readonly act: (stage: Stage) => Promise<void>;
  /** What it leaves behind. */
  readonly leaves: Leftovers;
  /** The most seconds that a run takes. */
  readonly limit: number;
}

const nothing: Leftovers = { replaced: [], waiting: [], ended: [], removed: [], inactive: false, queued: 0, deadLetters: 0 };

/** The most that a run takes while AWS does not answer: two of its calls in a row, and its start, on a busy machine. */
const usualLimit = 20;

export const drill = (
  fault: string,
  happens: string,
  act: Drill["act"],
  { plan = { groups: { connectors: well(6) } }, leaves = {}, limit = usualLimit, published }: DrillOptions = {},
): Drill => ({ fault, happens, published, act, plan, leaves: { ...nothing, ...leaves }, limit });

interface DrillOptions extends Partial<Pick<Drill, "plan" | "limit" | "published">> {
  readonly leaves?: Partial<Leftovers>;
}

/** Reports of one minute after the other, the newest first, until now or until some minutes ago. */
export const reports = (percents: readonly number[], newest = 1): readonly Reported[] =>
  percents.map((percent, index) => [index + newest, percent]);

export const times = (count: number, percent: number): readonly number[] => Array.from({ length: count }, () => percent);

export const connector = (percents: readonly number[], more: Partial<PlannedConnector> = {}): PlannedConnector => ({
  reports: reports(percents),
  ...more,
});

/** A connector that was well until so many minutes ago, and has been silent since. */
export const silentFor = (minutes: number): PlannedConnector => ({ reports: reports(times(15, 100), minutes) });

export const dead = connector([...times(6, 0), ...times(9, 100)]);

/** Connectors that always reported 100 %. */
export const well = (count: number): Readonly<Record<string, PlannedConnector>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`well-${index + 1}`, connector(times(15, 100))]));

/** A group of one name with these connectors. */
export const oneGroup = (connectors: WorldPlan["groups"][string], more: Partial<WorldPlan> = {}): { readonly plan: WorldPlan } => ({
  plan: { groups: { connectors }, ...more },
});
