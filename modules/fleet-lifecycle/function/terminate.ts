import * as z from "zod/mini";
import { type FleetDocument } from "./document";
import { noteRemoval } from "./note-removal";
import { type LifecycleAction, type Ports } from "./ports";
import { reasonOf } from "../../lambda/function/reason";

const text = z.string().check(z.minLength(1));

/** The detail of an event of Auto Scaling (Amazon EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling event reference"). */
const ending = z.object({
  AutoScalingGroupName: text,
  EC2InstanceId: text,
  /** Groups without a warm pool may leave it out. */
  Destination: z.optional(z.string()),
});
const waitingEnding = z.extend(ending, { LifecycleHookName: text, LifecycleActionToken: z.optional(text) });

/** An instance that goes back into the warm pool comes out again with the connector that it has. */
const keepsConnector = ({ Destination }: z.infer<typeof ending>): boolean => Destination === "WarmPool";

/** What an event says, if it is about one of the document's groups. */
function readDetail<Schema extends typeof ending>(schema: Schema, detail: unknown, { groups }: FleetDocument, { report }: Ports) {
  const result = z.safeParse(schema, detail);
  const group = result.data?.AutoScalingGroupName;
  if (group !== undefined && groups.includes(group)) return result.data;
  report.log("warning", "an event was ignored", { why: group === undefined ? "it names no instance" : `${group} is another's group` });
  return undefined;
}

/**
 * An instance waits at its end: notes that its connector is to be removed from the portal, and lets it end, come what may.
 *
 * @throws CallFailed when it could not let the instance end
 */
export async function handleTermination(detail: unknown, document: FleetDocument, ports: Ports): Promise<void> {
  const event = readDetail(waitingEnding, detail, document, ports);
  if (event === undefined) return;
  const { AutoScalingGroupName: group, EC2InstanceId: instance, LifecycleHookName: hook, LifecycleActionToken: token } = event;
  const action: LifecycleAction = { group, hook, instance, token };
  if (!keepsConnector(event)) {
    // The work takes less than the 30 seconds that a hook has at least: one heartbeat gives it all of them.
    await Promise.all([heartbeat(action, ports), noteInAnyCase(instance, group, ports)]);
  }
  await ports.aws.complete(action);
  ports.report.log("info", "the instance may end", { instance, group, keepsConnector: keepsConnector(event) });
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
  const event = readDetail(ending, detail, document, ports);
  if (event === undefined || keepsConnector(event)) return;
  await noteRemoval(event.EC2InstanceId, event.AutoScalingGroupName, ports);
}
