import * as z from "zod/mini";
import { type AppConnectorDocument } from "./document";
import { drainDelay } from "./drain";
import { attempt, tellFailedCall, tellFailedRemoval } from "./failed-call";
import { idOf } from "./identify";
import { idNameOf } from "./parameters";
import { type Portal, type Ports } from "./ports";
import { CallFailed } from "../../lambda/function/call-failed";
import { readEnding, readWaiting } from "../../lambda/function/ending-instance";
import { type LifecycleAction } from "../../lambda/function/lifecycle-action";
import { reasonOf } from "../../lambda/function/reason";

/**
 * An instance waits at its end: disables its App Connector, and leaves it to the queue to let the instance end, when the App Connector is drained and
 * deleted. Where any of it is not possible, the instance may end at once.
 *
 * @throws CallFailed when it could not let the instance end
 */
export async function handleTermination(detail: unknown, document: AppConnectorDocument, ports: Ports): Promise<void> {
  const event = readWaiting(detail, document.groups, ports.report);
  if (event === undefined) return;
  const { group, instance, action, goesToWarmPool } = event;
  if (!goesToWarmPool && (await startDrain(action, document, ports))) return;
  await ports.aws.complete(action);
  ports.report.log("info", "the instance may end", { instance, group, keepsAppConnector: goesToWarmPool });
}

/** Whether the queue lets the instance end. Never fails. */
async function startDrain(action: LifecycleAction, document: AppConnectorDocument, ports: Ports): Promise<boolean> {
  const { aws, portal } = ports;
  const { instance, group } = action;
  if (portal === undefined) {
    await attempt("an id could not be deleted", { instance }, () => aws.deleteParameter(idNameOf(document, instance)), ports);
    return false;
  }
  let id: string | undefined;
  try {
    id = await idOf(instance, document, ports);
  } catch (error) {
    // The event of the instance's end, which follows, looks again.
    tellFailedCall("an App Connector could not be looked up", { instance, group }, error, ports);
    return false;
  }
  if (id === undefined) {
    await tellUnknown(action, ports);
    return false;
  }
  const disabled = await disable(id, instance, portal, ports);
  const drainUntil = ports.now() + 1000 * document.drainSeconds;
  const queued = await attempt(
    "a removal could not be queued",
    { instance, id },
    () =>
      disabled ? aws.queue({ instance, id, drainUntil, action }, drainDelay(drainUntil, ports.now())) : aws.queue({ instance, id }, 0),
    ports,
  );
  return disabled && queued;
}

/** Whether it is there and takes nothing new. */
async function disable(id: string, instance: string, portal: Portal, ports: Ports): Promise<boolean> {
  try {
    const session = await portal.open();
    const outcome = await session.disable(id);
    ports.report.log("info", "the App Connector is to be drained", { instance, id, outcome });
    return outcome === "disabled";
  } catch (error) {
    tellFailedRemoval("an App Connector could not be disabled in ZPA", { instance, id }, error, ports);
    return false;
  }
}

async function tellUnknown(action: LifecycleAction, ports: Ports): Promise<void> {
  const { aws, report } = ports;
  const { instance, group } = action;
  if (await isOver(action, ports)) {
    report.log("info", "an event was ignored", { why: "the instance waits no more", instance, group });
    return;
  }
  const why = "it ended without an App Connector's id in Parameter Store";
  report.log("warning", "an instance ends whose App Connector is not known: if it is in ZPA, it stays there", { instance, group });
  report.metrics({ UnknownAppConnectors: 1 });
  await attempt("a dead letter could not be written", { instance, group }, () => aws.bury({ instance, group, why }), ports);
}

/** Whether the event came again, after all was done for it. */
async function isOver(action: LifecycleAction, { aws, report }: Ports): Promise<boolean> {
  try {
    await aws.heartbeat(action);
  } catch (error) {
    if (error instanceof CallFailed && error.kind === "missing") return true;
    report.log("warning", "a lifecycle action could not be prolonged", { instance: action.instance, why: reasonOf(error) });
  }
  return false;
}

/**
 * An instance of a group has ended: has its App Connector removed, for it may have ended without waiting.
 *
 * @throws CallFailed when nothing could be queued
 */
export async function handleEnd(detail: unknown, document: AppConnectorDocument, ports: Ports): Promise<void> {
  const event = readEnding(detail, document.groups, ports.report);
  if (event !== undefined && !event.goesToWarmPool) await noteEnd(event.instance, document, ports);
}

/** The detail of an event of EC2 (Amazon EC2 user guide, "State change events for your instances"). */
const stateChange = z.object({ "instance-id": z.string().check(z.regex(/^i-\w+$/)), state: z.literal("terminated") });

/**
 * An instance of the account has ended: has its App Connector removed, if it was one of the deployment.
 *
 * @throws CallFailed when nothing could be queued
 */
export async function handleStateChange(detail: unknown, document: AppConnectorDocument, ports: Ports): Promise<void> {
  const result = z.safeParse(stateChange, detail);
  if (result.success) await noteEnd(result.data["instance-id"], document, ports);
}

async function noteEnd(instance: string, document: AppConnectorDocument, ports: Ports): Promise<void> {
  const { aws, portal, report } = ports;
  if (portal === undefined) {
    await aws.deleteParameter(idNameOf(document, instance));
    return;
  }
  const id = await idOf(instance, document, ports);
  if (id === undefined) return;
  await aws.queue({ instance, id }, 0);
  report.log("info", "the App Connector is to be removed", { instance, id });
}
