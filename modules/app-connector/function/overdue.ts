import { type SeenInstance } from "./ports";

const minute = 60_000;

/** Ids of the instances that run for at least so many minutes. */
export const olderThan = (instances: readonly SeenInstance[], minutes: number, now: number): readonly string[] =>
  instances.filter(({ since }) => now - since >= minutes * minute).map(({ id }) => id);

/** Those that are not among the others. */
export const without = (ids: readonly string[], others: ReadonlySet<string>): readonly string[] => ids.filter((id) => !others.has(id));
