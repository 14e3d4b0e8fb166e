import { type AwsProxy } from "../../failover/aws-proxy";
import { textOf } from "../removal-queue";
import { type Ran, type Stage } from "../stage";
import { type Leftovers } from "../world";
import { connector, dead, drill, type Drill, oneGroup, times, well } from "./drill";

/** Something that the function does, of which a call is in trouble. */
interface Deed {
  readonly name: string;
  readonly act: (stage: Stage) => Promise<Ran>;
  /** What it leaves behind when all goes well. */
  readonly leaves: Partial<Leftovers>;
}

/** What becomes of a deed without one of its calls. */
interface Loss {
  readonly deed: Deed;
  readonly action: string;
  readonly happens: string;
  /** What is different from what is left when all goes well. */
  readonly leaves: Partial<Leftovers>;
  /** What the run that failed threw. Default: it succeeds. */
  readonly error?: RegExp;
  readonly tells: string;
  readonly published?: string;
}

const group = oneGroup({ ...well(5), bad: dead, ending: connector(times(9, 100)) });

const pass: Deed = {
  name: "a pass",
  act: async ({ pass: run, world }) => {
    // Whose event was lost.
    await world.end("ending");
    return run();
  },
  leaves: { replaced: ["bad"], ended: ["ending"] },
};
const end: Deed = {
  name: "an instance's end",
  act: async ({ run, world }) => run(await world.end("ending")),
  leaves: { ended: ["ending"], queued: 1 },
};
const removal: Deed = {
  name: "a removal",
  act: async ({ deliver, world }) => {
    await world.queue.send(textOf({ kind: "remove", instance: world.idOf("well-1"), record: world.recordOf("well-1") }), "portal");
    return deliver();
  },
  leaves: { removed: ["well-1"] },
};

const unread = { replaced: [], waiting: ["ending"], ended: [] };
const unjudged = /^could not judge /;

const losses: readonly Loss[] = [
  {
    deed: pass,
    action: "DescribeAutoScalingGroups",
    happens: "nobody is judged, and the run fails",
    leaves: unread,
    error: unjudged,
    tells: "groups could not be read",
  },
  {
    deed: pass,
    action: "DescribeLifecycleHooks",
    happens: "a group with an instance that waits is not judged, and the run fails",
    leaves: unread,
    error: unjudged,
    tells: "groups could not be read",
  },
  {
    deed: pass,
    action: "GetMetricData",
    happens: "nobody is judged, the waiting one may end, and the run fails",
    leaves: { replaced: [] },
    error: unjudged,
    tells: "a group could not be judged",
    published: "takes it for silence: healthy ones are replaced; or succeeds without judging",
  },
  {
    deed: pass,
    action: "DescribeScalingActivities",
    happens: "who reports 0 % is replaced, and the run fails",
    leaves: {},
    error: unjudged,
    tells: "nobody knows since when instances are in service",
  },
  {
    deed: pass,
    action: "SetInstanceHealth",
    happens: "it is told, the waiting one may end, the next pass tries again",
    leaves: { replaced: [] },
    tells: "a connector could not be replaced",
  },
  {
    deed: pass,
    action: "CompleteLifecycleAction",
    happens: "it is told, the bad one is replaced, the next pass tries again",
    leaves: { waiting: ["ending"], ended: [] },
    tells: "a termination could not be completed",
  },
  {
    deed: end,
    action: "RecordLifecycleActionHeartbeat",
    happens: "the removal is queued, and the instance may end",
    leaves: {},
    tells: "a lifecycle action could not be prolonged",
  },
  {
    deed: end,
    action: "GetMetricData",
    happens: "the connector is to be identified later, and the instance may end",
    leaves: {},
    tells: "a connector could not be looked up",
  },
  {
    deed: end,
    action: "SendMessage",
    happens: "the instance may end all the same",
    leaves: { queued: 0 },
    tells: "a removal could not be queued",
  },
  {
    deed: end,
    action: "CompleteLifecycleAction",
    happens: "the removal is queued, and the run fails, so that Lambda tries again",
    leaves: { waiting: ["ending"], ended: [] },
    error: /^(Throttling|AbortError|TimeoutError)/,
    tells: "the run failed",
  },
  {
    deed: removal,
    action: "GetSecretValue",
    happens: "nothing reaches the portal, the message comes again",
    leaves: { removed: [], queued: 1 },
    tells: "a connector could not be removed from the portal",
  },
];

const throttledOnce = ({ deed, action }: Loss): Drill =>
  drill(
    `${deed.name}: ${action} throttled twice`,
    "as if it were not",
    async (stage) => {
      stage.aws.throttle({ action, times: 2 });
      expect((await deed.act(stage)).error).toBeUndefined();
      expect(stage.aws.calls.filter((call) => call.action === action).length).toBeGreaterThanOrEqual(3);
    },
    { ...group, leaves: deed.leaves },
  );

const lost = (
  how: string,
  begin: (aws: AwsProxy, action: string) => unknown,
  { deed, action, happens, leaves, error, tells, published }: Loss,
): Drill =>
  drill(
    `${deed.name}: ${action} ${how}`,
    happens,
    async (stage) => {
      begin(stage.aws, action);
      const ran = await deed.act(stage);
      if (error === undefined) expect(ran.error).toBeUndefined();
      else expect(ran.error?.message).toMatch(error);
      expect(ran.told(tells)).toBe(true);
      if (deed === pass) expect([ran.metric("FailedCalls"), ran.metric("Heartbeat")]).toEqual([1, error === undefined ? 1 : undefined]);
    },
    { ...group, leaves: { ...deed.leaves, ...leaves }, published },
  );

const failedEnd: Drill = drill(
  "an instance's end: SendMessage throttled until it has ended",
  "the event of its end queues the removal",
  async ({ aws, run, world }) => {
    const stop = aws.throttle({ action: "SendMessage" });
    const event = await world.end("ending");
    await run(event);
    const ended = { ...event, "detail-type": "EC2 Instance Terminate Successful" };
    // Lambda tries a run that fails again.
    expect((await run(ended)).error).toBeDefined();
    stop();
    expect((await run(ended)).error).toBeUndefined();
  },
  { ...group, leaves: end.leaves },
);

/** Each AWS call of the function, throttled and hanging. */
export const awsTrouble: readonly Drill[] = [
  ...losses.map((loss) => lost("hangs", (aws, action) => aws.hang({ action }), loss)),
  ...losses.map((loss) => lost("throttled for ever", (aws, action) => aws.throttle({ action }), loss)),
  failedEnd,
  ...losses.map(throttledOnce),
];
