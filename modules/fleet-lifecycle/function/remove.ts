import * as z from "zod/mini";
import { recordsOf } from "./note-removal";
import { type PortalSession, type Ports, type Removal } from "./ports";
import { type BatchResponse, type QueueMessage } from "../../lambda/function/queue-message";
import { reasonOf } from "../../lambda/function/reason";

interface Item<Kind extends Removal> {
  readonly message: QueueMessage;
  readonly removal: Kind;
}
type Identification = Extract<Removal, { kind: "identify" }>;
type Removing = Extract<Removal, { kind: "remove" }>;

/** How often a connector is looked up. Between two times lies the queue's visibility time-out. */
const lookups = 3;

const text = z.string().check(z.minLength(1));
const readableRemoval = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("remove"), instance: text, record: z.object({ group: text, vm: text }) }),
  z.object({ kind: z.literal("identify"), instance: text, group: text }),
]);

/** Removes from the portal the connectors that a batch of the queue names: one login, one activation. Never fails. */
export async function handleRemovals(messages: readonly QueueMessage[], ports: Ports): Promise<BatchResponse> {
  const items = messages.flatMap((message) => readItem(message, ports));
  const unknown = items.filter((item): item is Item<Identification> => item.removal.kind === "identify");
  const known = items.filter((item): item is Item<Removing> => item.removal.kind === "remove");
  const identified = await Promise.all(unknown.map(async (item) => ((await identify(item, ports)) ? [] : [item.message])));
  const failed = [...identified.flat(), ...(known.length === 0 ? [] : await removeAll(known, ports))];
  // Not those behind a failed one too, as where the order matters: they are done with.
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** What cannot be read is let go: no repeat makes it readable, and it would hold up what is behind it. */
function readItem(message: QueueMessage, { report }: Ports): readonly Item<Removal>[] {
  try {
    return [{ message, removal: z.parse(readableRemoval, JSON.parse(message.body)) }];
  } catch (error) {
    report.log("error", "a message of the queue cannot be read", { id: message.messageId, why: reasonOf(error) });
    report.metrics({ RemovalFailures: 1 });
    return [];
  }
}

/**
 * Looks a connector up again, and queues its removal: only the portal's own message group keeps two batches from one portal at once.
 *
 * @returns whether the message is done with
 */
async function identify({ message, removal: { instance, group } }: Item<Identification>, ports: Ports): Promise<boolean> {
  const { aws, report } = ports;
  try {
    const records = await recordsOf(instance, group, ports);
    for (const record of records) await aws.queue({ kind: "remove", instance, record });
    if (records.length > 0) return true;
  } catch (error) {
    tellFailure({ instance, why: reasonOf(error) }, ports);
    return false;
  }
  if (Number(message.attributes.ApproximateReceiveCount) < lookups) return false;
  report.log("warning", "a connector that ended has no metrics: its record in the portal, if there is one, stays", { instance, group });
  report.metrics({ UnidentifiedConnectors: 1 });
  return true;
}

/** @returns the messages whose connectors are not removed, or whose removal is not effective */
async function removeAll(items: readonly Item<Removing>[], ports: Ports): Promise<readonly QueueMessage[]> {
  const failures = (those: readonly Item<Removing>[], error: unknown): readonly QueueMessage[] => {
    for (const { removal } of those) tellFailure({ instance: removal.instance, ...removal.record, why: reasonOf(error) }, ports);
    return those.map(({ message }) => message);
  };
  let session: PortalSession;
  try {
    session = await ports.portal.open();
  } catch (error) {
    return failures(items, error);
  }
  const failed: QueueMessage[] = [];
  const removed: Item<Removing>[] = [];
  for (const item of items) {
    const { instance, record } = item.removal;
    try {
      const outcome = await session.remove(record);
      removed.push(item);
      ports.report.log("info", "the connector is removed from the portal", { instance, ...record, outcome });
    } catch (error) {
      failed.push(...failures([item], error));
    }
  }
  try {
    if (removed.length > 0) await session.activate();
  } catch (error) {
    failed.push(...failures(removed, error));
  }
  await session.close();
  return failed;
}

function tellFailure(details: Readonly<Record<string, string>>, { report }: Ports): void {
  report.log("error", "a connector could not be removed from the portal", details);
  report.metrics({ RemovalFailures: 1 });
}
