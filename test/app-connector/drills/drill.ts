import { type Plan, type Ran, type Stage } from "../stage";

/** A scenario of the App Connector function. */
export interface Drill {
  readonly fault: string;
  readonly happens: string;
  readonly plan: Plan;
  readonly act: (stage: Stage) => Promise<void>;
}

export const drill = (fault: string, happens: string, plan: Plan, act: Drill["act"]): Drill => ({ fault, happens, plan, act });

export const expectSuccess = (...runs: readonly Ran[]): void => {
  expect(runs.map(({ error }) => error)).toEqual(runs.map(() => undefined));
};

/** The one of them by its place. */
export function instanceAt({ ids }: Stage, index: number): string {
  const id = ids[index];
  if (id === undefined) throw new Error(`the plan has no instance ${index}`);
  return id;
}
