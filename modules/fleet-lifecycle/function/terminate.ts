import { type FleetDocument } from "./document";
import { noteRemoval } from "./note-removal";
import { type Ports } from "./ports";
import { readEnding, readWaiting } from "../../lambda/function/ending-instance";
import { type LifecycleAction } from "../../lambda/function/lifecycle-action";
import { reasonOf } from "../../lambda/function/reason";

/**
 * An instance waits at its end: notes that its connector is to be removed from the portal, and lets it end, come what may.
 *
 * @throws CallFailed when it could not let the instance end
 */
export async function handleTermination(detail: unknown, document: FleetDocument, ports: Ports): Promise<void> {
  const event = readWaiting(detail, document.groups, ports.report);
  if (event === undefined) return;
  const { group, instance, action, goesToWarmPool } = event;
  if (!goesToWarmPool) {
    // The work takes less than the 30 seconds that a hook has at least: one heartbeat gives it all of them.
    await Promise.all([heartbeat(action, ports), noteInAnyCase(instance, group, ports)]);
  }
  await ports.aws.complete(action);
  ports.report.log("info", "the instance may end", { instance, group, keepsConnector: goesToWarmPool });
}

async function heartbeat(action: LifecycleAction, { aws, report }: Ports): Promise<void> {
  try {
    await aws.heartbeat(action);
  } catch (error) {
    report.log("warning", "a lifecycle action could not be prolonged", { instance: action.instance, why: reasonOf(error) });
  }
}

/** The event of the instance's end, which follows, tries it again. */
async function noteInAnyCase(instance: string, group: string, ports: Ports): Promise<void> {
  try {
    await noteRemoval(instance, group, ports);
  } catch (error) {
    ports.report.log("error", "a removal could not be queued", { instance, group, why: reasonOf(error) });
    ports.report.metrics({ RemovalFailures: 1 });
  }
}

/**
 * An instance has ended: notes its connector's removal again, for it may have ended without waiting. The queue knows the ones that it has.
 *
 * @throws CallFailed when nothing could be queued
 */
export async function handleEnd(detail: unknown, document: FleetDocument, ports: Ports): Promise<void> {
  const event = readEnding(detail, document.groups, ports.report);
  if (event === undefined || event.goesToWarmPool) return;
  await noteRemoval(event.instance, event.group, ports);
}
