import { type Stage, type Targets } from "../stage";
import { type World, type WorldPlan } from "../world";

/** A row of the fault matrix: a fault, and what has to happen. */
export interface Drill {
  readonly fault: string;
  readonly happens: string;
  /** Whether one connector dies and nothing else is wrong: how long that takes is promised. */
  readonly ofOneConnector: boolean;
  /** The most seconds from the fault to the last route moved. */
  readonly limit: number;
  readonly repetitions: number;
  readonly plan?: WorldPlan;
  /** Gives the seconds from the fault to the last route moved, where one has to be moved. */
  readonly act: (stage: Stage) => Promise<number | undefined>;
}

/** The most seconds after the death of one connector. */
export const promised = 6;
/** The most seconds until a run looks at EC2 again: 10, more or less by a tenth, and the calls. */
export const nextLook = 12;
/** Seconds in which a run that must not move anything would have done so. */
export const timeToErr = 8;

/** A destination that is pinned to a connector in each zone of a world. */
export const pinned = "203.0.113.0/24";

export const drill = (fault: string, happens: string, act: Drill["act"], more: Partial<Drill> = {}): Drill => ({
  fault,
  happens,
  act,
  ofOneConnector: false,
  limit: promised,
  repetitions: 1,
  ...more,
});

export function entryOf({ document }: World, key: string) {
  const entry = document.connectors[key];
  if (!entry) throw new Error(`there is no connector ${key}`);
  return entry;
}

/** All routes whose home is one connector, leading to a target. */
export const homesOf = ({ world }: Stage, connector: string, target: string): Targets =>
  Object.fromEntries(world.homedAt(connector).map((route) => [route, target]));

/** Lets connectors listen no longer. */
export const refusing =
  (stage: Stage, ...keys: readonly string[]) =>
  (): void => {
    for (const key of keys) stage.connector(key).refuse();
  };
