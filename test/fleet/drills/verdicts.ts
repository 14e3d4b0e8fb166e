import { type HealthRules } from "../../../modules/fleet-lifecycle/function/document";
import { connector, dead, drill, type Drill, oneGroup, reports, silentFor, times, well } from "./drill";

/** A pass over connectors of which one is in question. */
const onePass = (
  fault: string,
  happens: string,
  questionable: Parameters<typeof oneGroup>[0][string],
  {
    replaced,
    verdict,
    health = {},
    published,
  }: { readonly replaced: boolean; readonly verdict?: string; readonly health?: Partial<HealthRules>; readonly published?: string },
): Drill =>
  drill(
    fault,
    happens,
    async ({ pass }) => {
      const { error, metric, told } = await pass();
      expect(error).toBeUndefined();
      expect(metric("Heartbeat")).toBe(1);
      expect(metric("Replaced")).toBe(replaced ? 1 : 0);
      if (verdict !== undefined) expect(told(`a connector is ${verdict}`)).toBe(true);
    },
    { ...oneGroup({ ...well(5), one: questionable }, { health }), leaves: replaced ? { replaced: ["one"] } : {}, published },
  );

/** What a pass makes of the reports of one connector among others that are well. */
export const verdicts: readonly Drill[] = [
  onePass("the six newest reports are 0 %", "replaced", dead, {
    replaced: true,
    verdict: "unhealthy",
    published: "healthy: it looks at the oldest 10 of 12",
  }),
  onePass("seven of the ten newest reports are 0 %", "replaced", connector([100, 0, 0, 0, 0, 100, 0, 0, 0, 100, 100]), {
    replaced: true,
    verdict: "unhealthy",
  }),
  onePass("four reports in a row are 0 %", "too few to be sure: kept", connector([...times(4, 0), ...times(11, 100)]), {
    replaced: false,
    verdict: "unknown",
  }),
  onePass("silent for 7 minutes", "unknown: kept", silentFor(7), {
    replaced: false,
    verdict: "unknown",
    published: "healthy: fewer than 10 reports",
  }),
  onePass("silent for 13 minutes while others report", "replaced", silentFor(13), {
    replaced: true,
    verdict: "unhealthy",
  }),
  onePass("late metrics: none of it 13 minutes after it came into service", "unknown: kept", connector([], { serving: 13 }), {
    replaced: false,
    verdict: "unknown",
    published: "unhealthy",
  }),
  onePass("no metrics of it 25 minutes after it came into service", "replaced", connector([], { serving: 25 }), {
    replaced: true,
    verdict: "unhealthy",
  }),
  onePass("reports of its boot are 0 %, those since are good", "healthy", connector([...times(3, 100), ...times(9, 0)], { serving: 4 }), {
    replaced: false,
  }),
  onePass("33, 50 and 66 % for 15 minutes", "told as degraded: kept", connector([33, 50, 66, 33, 50, 66, 33, 50, 66, 33, 50]), {
    replaced: false,
    verdict: "degraded",
  }),
  onePass("the same where degraded ones are replaced", "replaced", connector([33, 50, 66, 33, 50, 66, 33, 50, 66, 33, 50]), {
    replaced: true,
    verdict: "unhealthy",
    health: { degraded: "replace" },
    published: "healthy: only 0 % is not",
  }),
  onePass("dead while paused", "judged and told: kept", dead, { replaced: false, verdict: "unhealthy", health: { paused: true } }),
  onePass(
    "its clock is 40 minutes ahead, it reports 0 %",
    "unknown: kept",
    { reports: reports(times(10, 0), -40) },
    {
      replaced: false,
      verdict: "unknown",
    },
  ),
  onePass(
    "its clock is a minute ahead, it reports 0 %",
    "replaced",
    { reports: reports(times(6, 0), -1) },
    {
      replaced: true,
      verdict: "unhealthy",
    },
  ),
];
