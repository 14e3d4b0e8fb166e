import * as z from "zod/mini";
import { type LifecycleAction } from "./lifecycle-action";
import { type Report } from "./report";

const text = z.string().check(z.minLength(1));

/** The detail of an event of Auto Scaling (Amazon EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling event reference"). */
const ending = z.object({
  AutoScalingGroupName: text,
  EC2InstanceId: text,
  /** Groups without a warm pool may leave it out. */
  Destination: z.optional(z.string()),
});
const waiting = z.extend(ending, { LifecycleHookName: text, LifecycleActionToken: z.optional(text) });

/** An instance that ends, or goes back into the warm pool, from where it comes out again as it is. */
export interface EndingInstance {
  readonly group: string;
  readonly instance: string;
  readonly goesToWarmPool: boolean;
}

/** One that waits for somebody to let it. */
export interface WaitingInstance extends EndingInstance {
  readonly action: LifecycleAction;
}

function readDetail<Schema extends typeof ending>(schema: Schema, detail: unknown, groups: readonly string[], report: Report) {
  const result = z.safeParse(schema, detail);
  const group = result.data?.AutoScalingGroupName;
  if (group !== undefined && groups.includes(group)) return result.data;
  report.log("warning", "an event was ignored", { why: group === undefined ? "it names no instance" : `${group} is another's group` });
  return undefined;
}

const endingOf = ({ AutoScalingGroupName: group, EC2InstanceId: instance, Destination }: z.infer<typeof ending>): EndingInstance => ({
  group,
  instance,
  goesToWarmPool: Destination === "WarmPool",
});

/** Which instance of the groups has ended. Undefined, and told: none. */
export function readEnding(detail: unknown, groups: readonly string[], report: Report): EndingInstance | undefined {
  const event = readDetail(ending, detail, groups, report);
  return event && endingOf(event);
}

/** Which instance of the groups waits at its end. Undefined, and told: none. */
export function readWaiting(detail: unknown, groups: readonly string[], report: Report): WaitingInstance | undefined {
  const event = readDetail(waiting, detail, groups, report);
  if (event === undefined) return undefined;
  const found = endingOf(event);
  const { LifecycleHookName: hook, LifecycleActionToken: token } = event;
  return { ...found, action: { group: found.group, hook, instance: found.instance, token } };
}
