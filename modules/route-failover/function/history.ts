/** When each connector failed, in whole seconds since 1970, oldest first. */
export type History = Readonly<Record<string, readonly number[]>>;

export interface HoldDown {
  readonly firstSeconds: number;
  readonly longestSeconds: number;
}

const hour = 3600;

// Overlapping runs see one death within a few seconds of each other.
const oneDeath = 10;

// A standard parameter holds 4,096 characters (AWS Systems Manager quotas).
const longestText = 4096;

/** Reads the parameter's text. What cannot be read is forgotten: no history shortens a hold-down, it does not move a route wrongly. */
export function parseHistory(text: string): History {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, times]) =>
        Array.isArray(times) && times.every((time) => Number.isSafeInteger(time)) ? [[key, times as number[]]] : [],
      ),
    );
  } catch {
    return {};
  }
}

// The parameter's text may have a name that each object has, such as "constructor".
const deathsOf = (history: History, key: string): readonly number[] => (Object.hasOwn(history, key) ? (history[key] ?? []) : []);

/** Both histories in one, without what is older than an hour, and each death once. */
export function mergeHistories(one: History, other: History, now: number): History {
  const seconds = Math.floor(now / 1000);
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return Object.fromEntries(
    keys.flatMap((key) => {
      const times = [...deathsOf(one, key), ...deathsOf(other, key)]
        .filter((time) => time > seconds - hour && time <= seconds + oneDeath)
        .sort((a, b) => a - b);
      const deaths: number[] = [];
      for (const time of times) if (time - (deaths.at(-1) ?? -Infinity) >= oneDeath) deaths.push(time);
      return deaths.length === 0 ? [] : [[key, deaths]];
    }),
  );
}

/** The text of a history, without the oldest deaths of each connector where it would be too long for its parameter. */
export function formatHistory(history: History): string {
  const most = Math.max(0, ...Object.values(history).map(({ length }) => length));
  for (let kept = most; kept > 0; kept -= 1) {
    const text = JSON.stringify(Object.fromEntries(Object.entries(history).map(([key, times]) => [key, times.slice(-kept)])));
    if (text.length <= longestText) return text;
  }
  return "{}";
}

/** How long a connector's routes stay away after its last failure, in milliseconds: doubled for each failure within the hour. */
export function holdDownOf(history: History, key: string, { firstSeconds, longestSeconds }: HoldDown): number {
  const failures = deathsOf(history, key).length;
  return failures === 0 ? 0 : 1000 * Math.min(longestSeconds, firstSeconds * 2 ** (failures - 1));
}

/** When the hold-down after a connector's last failure ends, in milliseconds since 1970. */
export const holdDownEnd = (history: History, key: string, holdDown: HoldDown): number =>
  1000 * (deathsOf(history, key).at(-1) ?? 0) + holdDownOf(history, key, holdDown);
