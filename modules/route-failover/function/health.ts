/** What is known of a connector. One that answers again after a death is recovering until it has answered often enough in a row. */
export type HealthState = "unknown" | "dead" | "recovering" | "alive";

/** What the probes of one run say of a connector. Times are milliseconds. */
export interface Health {
  readonly state: HealthState;
  /** Failed probes in a row. */
  readonly failures: number;
  /** Good probes in a row. */
  readonly goods: number;
  /** When the first of the good ones was answered. */
  readonly goodSince: number;
  /** Rows of good probes that ended too soon to count as alive. */
  readonly relapses: number;
  /** When the last probe ended. */
  readonly probedAt: number;
}

/** A connector of which nothing is known. */
export const unprobed: Health = { state: "unknown", failures: 0, goods: 0, goodSince: 0, relapses: 0, probedAt: 0 };

export interface Thresholds {
  readonly deadAfter: number;
  readonly aliveAfter: number;
}

/** A connector's health after one more probe. */
export function afterProbe(health: Health, good: boolean, at: number, { deadAfter, aliveAfter }: Thresholds): Health {
  if (good) {
    const goods = health.goods + 1;
    const wasDead = health.state === "dead" || health.state === "recovering";
    return {
      ...health,
      state: wasDead && goods < aliveAfter ? "recovering" : "alive",
      failures: 0,
      goods,
      goodSince: health.goods === 0 ? at : health.goodSince,
      probedAt: at,
    };
  }
  const failures = health.failures + 1;
  const relapsed = health.goods > 0 && health.goods < aliveAfter;
  return {
    ...health,
    state: failures >= deadAfter || health.state === "recovering" ? "dead" : health.state,
    failures,
    goods: 0,
    relapses: health.relapses + (relapsed ? 1 : 0),
    probedAt: at,
  };
}

/** The state as far as it can be trusted: probes that ended long ago, before the run was frozen, say nothing. */
export const stateAt = ({ state, probedAt }: Health, now: number, trustedFor: number): HealthState =>
  now - probedAt > trustedFor ? "unknown" : state;
