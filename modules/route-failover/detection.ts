/** How long it takes until a connector counts as dead, in seconds from the moment in which it stops to answer. The moving comes after. */
export interface Detection {
  /** On average: it dies halfway between two probes. */
  readonly usual: number;
  /** At the most: it dies right after it answered. */
  readonly worst: number;
}

/** The time to detect a connector that falls silent. One that refuses or resets is detected sooner, since no probe waits out its time. */
export function detectionSeconds({
  probe,
  deadAfter,
}: {
  readonly probe: { readonly intervalSeconds: number; readonly timeoutSeconds: number };
  readonly deadAfter: number;
}): Detection {
  const failing = deadAfter * probe.timeoutSeconds;
  return { usual: probe.intervalSeconds / 2 + failing, worst: probe.intervalSeconds + failing };
}
