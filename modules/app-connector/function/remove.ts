import * as z from "zod/mini";
import { type AppConnectorDocument } from "./document";
import { drainDelay } from "./drain";
import { attempt, tellFailedCall, tellFailedRemoval } from "./failed-call";
import { idNameOf, isPortalId } from "./parameters";
import { type Draining, type PortalSession, type Ports, type Removal } from "./ports";
import { CallFailed } from "../../lambda/function/call-failed";
import { inTurns } from "../../lambda/function/in-turns";
import { type BatchResponse, type QueueMessage } from "../../lambda/function/queue-message";

interface Item {
  readonly message: QueueMessage;
  readonly removal: Removal;
}

const text = z.string().check(z.minLength(1));
const removing = z.object({ instance: text, id: text.check(z.refine(isPortalId)) });
const draining = z.extend(removing, {
  drainUntil: z.number(),
  action: z.object({ group: text, hook: text, instance: text, token: z.optional(text) }),
});
const readableRemoval = z.union([draining, removing]);

/**
 * Deletes from ZPA the App Connectors that a batch of the queue names, by one login. Those that still drain are queued again; those whose instances
 * wait let them end, also when they cannot be deleted. Never fails.
 */
export async function handleRemovals(
  messages: readonly QueueMessage[],
  document: AppConnectorDocument,
  ports: Ports,
): Promise<BatchResponse> {
  const items = messages.flatMap((message) => readItem(message, ports));
  const looks = await inTurns(items, async (item) => ({ item, state: await lookAt(item.removal, ports) }));
  const due = looks.filter(({ state }) => state === "due").map(({ item }) => item);
  const removed = await removeAll(due, document, ports);
  const drain = looks.filter(({ state }) => state === "drains").map(({ item }) => item);
  const done = new Set([...drain, ...removed].map(({ message }) => message));
  // What cannot be read comes again too, until it is among the dead letters for somebody to look at.
  const failed = messages.filter((message) => !done.has(message));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

function readItem(message: QueueMessage, ports: Ports): readonly Item[] {
  try {
    return [{ message, removal: z.parse(readableRemoval, JSON.parse(message.body)) }];
  } catch (error) {
    tellFailedRemoval("a message of the queue cannot be read", { id: message.messageId }, error, ports);
    return [];
  }
}

const isDraining = (removal: Removal): removal is Draining => "action" in removal;

/** Whether it is time to delete an App Connector. One that drains on keeps its instance, and is queued again. */
async function lookAt(removal: Removal, ports: Ports): Promise<"due" | "drains" | "failed"> {
  const { aws, now, report } = ports;
  if (!isDraining(removal) || now() >= removal.drainUntil) return "due";
  const { instance, id, drainUntil, action } = removal;
  try {
    await aws.heartbeat(action);
  } catch (error) {
    // The instance ends: there is nothing left to drain.
    if (error instanceof CallFailed && error.kind === "missing") return "due";
    tellFailedCall("a lifecycle action could not be prolonged", { instance, id }, error, ports);
  }
  const queued = await attempt(
    "a removal could not be queued",
    { instance, id },
    () => aws.queue(removal, drainDelay(drainUntil, now())),
    ports,
  );
  if (queued) report.log("info", "the App Connector drains", { instance, id, seconds: Math.ceil((drainUntil - now()) / 1000) });
  return queued ? "drains" : "failed";
}

/** @returns those that are done with */
async function removeAll(items: readonly Item[], document: AppConnectorDocument, ports: Ports): Promise<readonly Item[]> {
  let session: Promise<PortalSession> | undefined;
  const open = (): Promise<PortalSession> => {
    if (ports.portal === undefined) throw new CallFailed("the function is to leave ZPA alone", "refused");
    return (session ??= ports.portal.open());
  };
  const finishing: Promise<readonly Item[]>[] = [];
  for (const item of items) {
    const { instance, id } = item.removal;
    let removed = false;
    try {
      const outcome = await (await open()).remove(id);
      removed = true;
      ports.report.log("info", "the App Connector is removed from ZPA", { instance, id, outcome });
    } catch (error) {
      tellFailedRemoval("an App Connector could not be removed from ZPA", { instance, id }, error, ports);
    }
    // AWS may take its time: the next one need not wait for it.
    finishing.push(finish(item.removal, removed, document, ports).then((finished) => (removed && finished ? [item] : [])));
  }
  return (await Promise.all(finishing)).flat();
}

/** Lets the instance end, whose App Connector is no more, or cannot be removed now. Whether all is done. */
async function finish(removal: Removal, removed: boolean, document: AppConnectorDocument, ports: Ports): Promise<boolean> {
  const { instance, id } = removal;
  const forgotten =
    !removed || (await attempt("an id could not be deleted", { instance, id }, () => forget(removal, document, ports), ports));
  const completed =
    !isDraining(removal) ||
    (await attempt("a termination could not be completed", { instance, id }, () => ports.aws.complete(removal.action), ports));
  return forgotten && completed;
}

/** An instance that enrolled again has the id of another App Connector by now. */
async function forget({ instance, id }: Removal, document: AppConnectorDocument, { aws }: Ports): Promise<void> {
  const name = idNameOf(document, instance);
  if ((await aws.parameter(name))?.value === id) await aws.deleteParameter(name);
}
