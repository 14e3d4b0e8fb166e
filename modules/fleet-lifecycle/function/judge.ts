import { type HealthRules } from "./document";
import { type Point, type SeenGroup, type SeenInstance, type Series } from "./ports";

const minute = 60_000;

/** For how long a report is one of now: CloudWatch shows points some minutes late. */
const currentFor = 5 * minute;

/** By how much a connector's clock may be ahead before its reports are no more than signs of life. */
const clockTolerance = 2 * minute;

// The counts of Zscaler's own function.
const inARow = 5;
const ofTheNewest = { bad: 7, all: 10 };

/** All that a judgement depends on. Times are milliseconds since 1970. */
export interface Sighting {
  readonly group: SeenGroup;
  readonly series: readonly Series[];
  /**
   * When instances came into service, by id. One that is not in it was there before all that are: it is not among the group's newest activities.
   * Undefined: nobody knows.
   */
  readonly inService: ReadonlyMap<string, number> | undefined;
  readonly now: number;
}

export type Verdict =
  | { readonly kind: "healthy" | "degraded" | "unknown"; readonly why: string }
  /** Since when as far as its reports tell. */
  | { readonly kind: "unhealthy"; readonly why: string; readonly since: number };

export interface Judgement {
  /** On each instance in service, by id. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** The instances to be replaced, the one that has been bad for longest first. */
  readonly replace: readonly string[];
  /** Those that would be replaced if more of the group were well. */
  readonly heldBack: { readonly instances: readonly string[]; readonly why: string } | undefined;
}

/** What is known of an instance's reports. */
interface Reports {
  /** Whether CloudWatch knows the connector. */
  readonly seen: boolean;
  /** The newest ones, newest first. */
  readonly newest: readonly Point[];
  /** Whether there are some from a time that is still to come. */
  readonly ahead: boolean;
}

const isInService = ({ lifecycle }: SeenInstance): boolean => lifecycle === "InService";

/**
 * The reports of an instance under each of its records, one for each time: a connector that enrolled again has two, of which the old one may say 0 %.
 * Those from before it came into service are of a boot, or of its time before the warm pool.
 */
function reportsOf(series: readonly Series[], inServiceSince: number, now: number): Reports {
  const values = new Map<number, number>();
  let ahead = false;
  for (const { points } of series)
    for (const { at, value } of points) {
      if (!Number.isFinite(value)) continue;
      if (at > now + clockTolerance) ahead = true;
      else if (at >= inServiceSince) values.set(at, Math.max(value, values.get(at) ?? 0));
    }
  const times = [...values.keys()].sort((one, other) => other - one).slice(0, ofTheNewest.all);
  return { seen: series.length > 0, newest: times.map((at) => ({ at, value: values.get(at) ?? 0 })), ahead };
}

/** What proves a connector bad: enough bad reports in a row, or among the newest. Too few reports are no proof. */
function proofOf(newest: readonly Point[], below: string, isBad: (value: number) => boolean): Verdict | undefined {
  const bad = newest.filter(({ value }) => isBad(value));
  const row = newest.findIndex(({ value }) => !isBad(value));
  const rowLength = row === -1 ? newest.length : row;
  const why =
    rowLength >= inARow
      ? `${below} in ${rowLength} reports in a row`
      : bad.length >= ofTheNewest.bad
        ? `${below} in ${bad.length} of the newest ${newest.length} reports`
        : undefined;
  return why === undefined ? undefined : { kind: "unhealthy", why, since: bad.at(-1)?.at ?? 0 };
}

const minutesIn = (milliseconds: number): number => Math.floor(milliseconds / minute);

function verdictOnReports(newest: readonly Point[], last: Point, rules: HealthRules, now: number): Verdict {
  const dead = proofOf(newest, "0 %", (value) => value <= 0);
  if (dead) return dead;
  const degraded = proofOf(newest, "less than 100 %", (value) => value < 100);
  if (degraded && rules.degraded === "replace") return degraded;
  if (now - last.at > currentFor) return { kind: "unknown", why: `silent for ${minutesIn(now - last.at)} minutes` };
  if (last.value <= 0) return { kind: "unknown", why: "0 % in too few reports to be sure" };
  if (last.value < 100) return { kind: "degraded", why: `${Math.round(last.value)} %` };
  return degraded ? { kind: "degraded", why: degraded.why } : { kind: "healthy", why: "100 %" };
}

/** Missing data is unknown, until it has been missing for long while others report. */
function verdictOnSilence(
  { seen, newest: [last], ahead }: Reports,
  inServiceSince: number | undefined,
  othersReport: boolean,
  rules: HealthRules,
  now: number,
): Verdict {
  const unknown = (why: string): Verdict => ({ kind: "unknown", why });
  if (ahead) return unknown("reports from a time to come: its clock is ahead");
  if (inServiceSince === undefined) return unknown("silent, and nobody knows since when it is in service");
  const since = last?.at ?? inServiceSince;
  const patience = minute * (seen ? rules.silentMinutes : rules.unseenMinutes);
  const forLong = since === 0 ? "for as long as is known" : `for ${minutesIn(now - since)} minutes`;
  const why = seen ? `silent ${forLong}` : `in service without any report ${forLong}`;
  if (now - since < patience) return unknown(why);
  return othersReport ? { kind: "unhealthy", why, since } : unknown(`${why}, as are all others of the group`);
}

/**
 * Who of a group is unhealthy, and whether to replace them.
 *
 * An instance is judged by its newest reports since it came into service. Nobody is replaced while more than the allowed share of the group is not
 * seen to be well: unhealthy, unknown, launching, ending or not there. So a broken metric pipeline replaces at most that share, in however many
 * passes, since what it breaks counts, and so does a replacement before its first report. A warm pool is no part of the group.
 */
export function judge({ group, series, inService, now }: Sighting, rules: HealthRules): Judgement {
  const counted = group.instances.filter(({ lifecycle }) => !lifecycle.startsWith("Warmed:"));
  const serving = counted.filter(isInService);
  const seriesOf = new Map<string, Series[]>();
  for (const each of series) seriesOf.set(each.instance, [...(seriesOf.get(each.instance) ?? []), each]);
  const reports = new Map(serving.map(({ id }) => [id, reportsOf(seriesOf.get(id) ?? [], inService?.get(id) ?? 0, now)]));
  const anyReports = [...reports.values()].some(({ newest: [last] }) => last !== undefined && now - last.at <= currentFor);

  const verdictOn = ({ id, health }: SeenInstance): Verdict => {
    const known = reports.get(id) ?? { seen: false, newest: [], ahead: false };
    const [last] = known.newest;
    if (health === "Unhealthy") return { kind: "unhealthy", why: "Auto Scaling is about to replace it", since: last?.at ?? 0 };
    if (last !== undefined && now - last.at < minute * rules.silentMinutes) return verdictOnReports(known.newest, last, rules, now);
    return verdictOnSilence(known, inService && (inService.get(id) ?? 0), anyReports, rules, now);
  };
  const verdicts = new Map(serving.map((instance) => [instance.id, verdictOn(instance)]));

  const isWell = ({ kind }: Verdict): boolean => kind === "healthy" || (kind === "degraded" && rules.degraded === "keep");
  const size = Math.max(counted.length, group.desired ?? 0);
  const notWell = size - [...verdicts.values()].filter(isWell).length;
  const due = serving
    .flatMap(({ id, health }) => {
      const verdict = verdicts.get(id);
      return health === "Healthy" && verdict?.kind === "unhealthy" ? [{ id, since: verdict.since }] : [];
    })
    .sort((one, other) => one.since - other.since || (one.id < other.id ? -1 : 1))
    .map(({ id }) => id);
  if (rules.paused || due.length === 0) return { verdicts, replace: [], heldBack: undefined };
  if (100 * notWell <= rules.mostUnhealthyPercent * size) return { verdicts, replace: due, heldBack: undefined };
  const why = `${notWell} of ${size} are not seen to be well, which is more than ${rules.mostUnhealthyPercent} %`;
  return { verdicts, replace: [], heldBack: { instances: due, why } };
}
