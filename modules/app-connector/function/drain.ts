/** Seconds from one heartbeat to the next. The hook's own time has to be longer. */
const betweenHeartbeats = 300;

/** After how many seconds to look at a drain again. */
export const drainDelay = (drainUntil: number, now: number): number =>
  Math.min(betweenHeartbeats, Math.max(0, Math.ceil((drainUntil - now) / 1000)));
