/** Time and chance as a run sees them. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** At least 0 and less than 1. */
  readonly random: () => number;
}
