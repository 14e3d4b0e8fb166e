import { type PortalRecord, type Ports } from "./ports";
import { reasonOf } from "../../lambda/function/reason";

/** Where a connector's metrics are looked for, in milliseconds: an instance that waited in a warm pool reported long ago. */
const spans = [3 * 3_600_000, 14 * 24 * 3_600_000];

/** The records of an instance's connector, by its metrics: more than one if it enrolled more than once. */
export async function recordsOf(
  instance: string,
  group: string,
  { aws, now }: Pick<Ports, "aws" | "now">,
): Promise<readonly PortalRecord[]> {
  for (const span of spans) {
    const series = await aws.series(group, now() - span, instance);
    const records = series.filter((each) => each.instance === instance).map(({ record }) => record);
    if (records.length > 0) return records;
  }
  return [];
}

/**
 * Queues the removal of an instance's connector from the portal. What cannot be found now is to be found later: CloudWatch can take 15 minutes to
 * list a new metric.
 *
 * @throws CallFailed when nothing could be queued
 */
export async function noteRemoval(instance: string, group: string, ports: Ports): Promise<void> {
  const { aws, report } = ports;
  const records = await recordsOf(instance, group, ports).catch((error: unknown) => {
    report.log("warning", "a connector could not be looked up", { instance, group, why: reasonOf(error) });
    return [];
  });
  if (records.length === 0) await aws.queue({ kind: "identify", instance, group });
  for (const record of records) await aws.queue({ kind: "remove", instance, record });
  report.log("info", records.length === 0 ? "the connector is to be identified" : "the connector is to be removed", {
    instance,
    group,
    records,
  });
}
