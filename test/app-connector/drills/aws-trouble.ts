import { type AwsProxy } from "../../failover/aws-proxy";
import { type Plan, type Ran, type Stage, terminated } from "../stage";
import { drill, type Drill, instanceAt } from "./drill";

type Call = Parameters<AwsProxy["hang"]>[0];

/** Something that the function does, of which a call is in trouble. It is done once for each of the instances. */
interface Loss {
  readonly deed: string;
  readonly call: Call;
  readonly happens: string;
  readonly plan?: Plan;
  readonly prepare?: (stage: Stage, instance: string, id: string) => Promise<void>;
  readonly act: (stage: Stage, instance: string, id: string) => Promise<Ran>;
  /** What a failure is seen by, and success. */
  readonly sees: (stage: Stage, ran: Ran, instance: string) => Promise<unknown>;
  readonly lost: unknown;
  readonly done: unknown;
}

const enroll = (stage: Stage, instance: string, id: string): Promise<void> => stage.enroll(instance, id);
const pass = ({ pass: run }: Stage): Promise<Ran> => run();
const end = async (stage: Stage, instance: string): Promise<Ran> => stage.run(await stage.end(instance));
const metrics =
  (...names: readonly string[]) =>
  (_stage: Stage, ran: Ran) =>
    Promise.resolve(names.map((name) => ran.metric(name)));
const below = (path: string): Pick<Call, "where"> => ({ where: { Path: new RegExp(`/${path}$`) } });

const actionOf = (stage: Stage, instance: string) => ({ group: stage.document.groups[0] ?? "", hook: "terminate", instance });

/** Ends an instance, and has the function get its removal. */
const remove = async (stage: Stage, instance: string, id: string, drainSeconds: number): Promise<Ran> => {
  await stage.end(instance);
  const body = JSON.stringify({ instance, id, drainUntil: Date.now() + 1000 * drainSeconds, action: actionOf(stage, instance) });
  return stage.run({ Records: [{ messageId: instance, body, attributes: { ApproximateReceiveCount: "1" } }] });
};
const comesAgain = ({ result }: Ran): boolean =>
  (result as { readonly batchItemFailures: readonly unknown[] }).batchItemFailures.length > 0;
const isWaiting = async (stage: Stage, instance: string): Promise<boolean> => (await stage.waiting()).includes(instance);
const isKnown = async (stage: Stage, instance: string): Promise<boolean> => (await stage.parameters()).includes(`ids/${instance}`);

const undrained: Plan = { scaled: 4, document: { drainSeconds: 0 } };
const fixed: Plan = { fixed: 4 };
const seesRemoval: Loss["sees"] = async (stage, ran, instance) => ({
  again: comesAgain(ran),
  waits: await isWaiting(stage, instance),
  known: await isKnown(stage, instance),
  failedCalls: ran.metric("FailedCalls"),
});
const removed = { again: false, waits: false, known: false, failedCalls: undefined };

const losses: readonly Loss[] = [
  {
    deed: "a pass",
    call: { action: "DescribeInstances" },
    happens: "no metrics of instances, and no heartbeat",
    plan: fixed,
    act: pass,
    sees: metrics("NotEnrolled", "NoAgent", "ExpiredCodes", "FailedCalls", "Heartbeat"),
    lost: [undefined, undefined, 0, 1, undefined],
    done: [4, 0, 0, 0, 1],
  },
  {
    deed: "a pass",
    call: { action: "DescribeInstanceInformation" },
    happens: "nobody is said to have no agent, and no heartbeat",
    plan: fixed,
    act: pass,
    sees: metrics("NotEnrolled", "NoAgent", "FailedCalls", "Heartbeat"),
    lost: [4, undefined, 1, undefined],
    done: [4, 0, 0, 1],
  },
  {
    deed: "a pass",
    call: { action: "GetParametersByPath", ...below("ids") },
    happens: "nobody is said to be not enrolled, and no heartbeat",
    plan: fixed,
    act: pass,
    sees: metrics("NotEnrolled", "NoAgent", "FailedCalls", "Heartbeat"),
    lost: [undefined, 0, 1, undefined],
    done: [4, 0, 0, 1],
  },
  {
    deed: "a pass",
    call: { action: "GetParametersByPath", ...below("codes") },
    happens: "instances are judged, and no heartbeat",
    plan: fixed,
    act: pass,
    sees: metrics("NotEnrolled", "NoAgent", "RegistrationFailures", "FailedCalls", "Heartbeat"),
    lost: [4, 0, undefined, 1, undefined],
    done: [4, 0, 0, 0, 1],
  },
  {
    deed: "a registration",
    call: { action: "GetSecretValue" },
    happens: "the code stays, and is counted",
    plan: fixed,
    prepare: (stage, instance) => {
      stage.zpa.shown.add(`CODES-${instance}`);
      return stage.put("codes/i-1", `CODES-${instance}`, true);
    },
    act: pass,
    sees: async (stage, ran) => [ran.metric("RegistrationFailures"), ran.metric("Heartbeat"), await stage.parameters()],
    lost: [1, 1, ["codes/i-1"]],
    done: [0, 1, []],
  },
  {
    deed: "an App Connector that was given up",
    call: { action: "SendMessage" },
    happens: "its parameter stays for the next pass",
    prepare: (stage) => stage.put("retired/7", "i-1"),
    plan: fixed,
    act: pass,
    sees: async (stage, ran) => [ran.metric("FailedCalls"), ran.metric("Heartbeat"), await stage.parameters()],
    lost: [1, 1, ["retired/7"]],
    done: [0, 1, []],
  },
  {
    deed: "an instance's end",
    call: { action: "GetParameter" },
    happens: "it may end at once; the event of its end looks again",
    plan: undrained,
    prepare: enroll,
    act: end,
    sees: async (stage, ran, instance) => [
      ran.error,
      ran.metric("FailedCalls"),
      await isWaiting(stage, instance),
      ran.metric("UnknownAppConnectors"),
    ],
    lost: [undefined, 1, false, undefined],
    done: [undefined, undefined, true, undefined],
  },
  {
    deed: "an instance's end",
    call: { action: "SendMessage" },
    happens: "it may end at once; the event of its end queues the removal",
    plan: undrained,
    prepare: enroll,
    act: end,
    sees: async (stage, ran, instance) => [ran.error, ran.metric("FailedCalls"), await isWaiting(stage, instance)],
    lost: [undefined, 1, false],
    done: [undefined, undefined, true],
  },
  {
    deed: "the end of an instance that was never enrolled",
    call: { action: "SendMessage" },
    happens: "it may end, and is counted",
    plan: undrained,
    act: end,
    sees: async (stage, ran, instance) => [ran.metric("UnknownAppConnectors"), ran.metric("FailedCalls"), await isWaiting(stage, instance)],
    lost: [1, 1, false],
    done: [1, undefined, false],
  },
  {
    deed: "the end of an instance that was never enrolled",
    call: { action: "CompleteLifecycleAction" },
    happens: "the run fails, so that Lambda tries again",
    plan: undrained,
    act: end,
    sees: async (stage, ran, instance) => [ran.told("the run failed"), await isWaiting(stage, instance)],
    lost: [true, true],
    done: [false, false],
  },
  {
    deed: "the end of a fixed instance",
    call: { action: "GetParameter" },
    happens: "the run fails, so that Lambda tries again",
    plan: fixed,
    prepare: enroll,
    act: (stage, instance) => stage.run(terminated(instance)),
    sees: (_, ran) => Promise.resolve(ran.told("the run failed")),
    lost: true,
    done: false,
  },
  {
    deed: "a drain",
    call: { action: "RecordLifecycleActionHeartbeat" },
    happens: "it is told, and the drain goes on",
    plan: undrained,
    prepare: enroll,
    act: (stage, instance, id) => remove(stage, instance, id, 600),
    sees: seesRemoval,
    lost: { again: false, waits: true, known: true, failedCalls: 1 },
    done: { again: false, waits: true, known: true, failedCalls: undefined },
  },
  ...[
    { action: "GetParameter", lost: { again: true, waits: false, known: true, failedCalls: 1 } },
    { action: "DeleteParameter", lost: { again: true, waits: false, known: true, failedCalls: 1 } },
    { action: "CompleteLifecycleAction", lost: { again: true, waits: true, known: false, failedCalls: 1 } },
    { action: "GetSecretValue", lost: { again: true, waits: false, known: true, failedCalls: undefined } },
  ].map(({ action, lost }): Loss => ({
    deed: "a removal",
    call: { action },
    happens: "all else is done, and the message comes again",
    plan: undrained,
    prepare: enroll,
    act: (stage, instance, id) => remove(stage, instance, id, 0),
    sees: seesRemoval,
    lost,
    done: removed,
  })),
];

/** Each AWS call of the function denied, throttled for ever, hanging, and throttled twice. */
export const awsTrouble: readonly Drill[] = losses.map(({ deed, call, happens, plan = {}, prepare, act, sees, lost, done }) =>
  drill(`${deed}: ${call.action} ${String(call.where?.["Path"] ?? "")} fails`, happens, plan, async (stage) => {
    const { aws } = stage;
    const troubles = [() => aws.deny(call), () => aws.throttle(call), () => aws.hang(call), () => aws.throttle({ ...call, times: 2 })];
    for (const [index, begin] of troubles.entries()) {
      const [instance, id] = [instanceAt(stage, index), String(index + 1)];
      await prepare?.(stage, instance, id);
      const stop = begin();
      const before = aws.calls.length;
      const ran = await act(stage, instance, id);
      stop();
      const made = aws.calls.slice(before).filter(({ action }) => action === call.action);
      expect(made.length).toBeGreaterThan(0);
      expect({ trouble: index, seen: await sees(stage, ran, instance) }).toEqual({ trouble: index, seen: index < 3 ? lost : done });
      expect(ran.seconds).toBeLessThan(30);
    }
  }),
);
