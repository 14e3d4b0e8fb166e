import { join } from "node:path";
import { type FleetDocument } from "../../modules/fleet-lifecycle/function/document";
import { type AwsProxy, startAwsProxy } from "../failover/aws-proxy";
import { type FunctionRun, runFunction } from "../failover/run-function";
import { type PortalServer, startPortal } from "./portal-server";
import { type Site } from "./site";
import { buildWorld, type Leftovers, type World, type WorldPlan } from "./world";

const zip = join(__dirname, "../../modules/fleet-lifecycle/dist/function.zip");

type Line = Readonly<Record<string, unknown>>;

/** A run of the function. */
export interface Ran {
  readonly result?: unknown;
  /** What it threw. */
  readonly error?: { readonly name: string; readonly message: string };
  readonly seconds: number;
  /** Whether it logged a line with this message. */
  readonly told: (message: string) => boolean;
  /** A metric of the deployment, or of one of its groups. */
  readonly metric: (name: string, group?: string) => unknown;
}

export interface Delivered extends Ran {
  /** How many messages the function got, and how many of them are to come again. */
  readonly handed: number;
  readonly again: number;
}

interface Invocation {
  readonly event: unknown;
  /** Lambda's limit, in milliseconds. Default: a minute, which is less than the real one. */
  readonly limit?: number;
}

/** A process of the function, which takes one event after the other. */
interface LambdaProcess {
  run(invocation: Invocation): Promise<Ran>;
}

/** A world with its portal running, and the function in it, which speaks to the emulator by a proxy of its own. */
export interface Stage {
  readonly world: World;
  readonly aws: AwsProxy;
  readonly portal: PortalServer;
  /** Starts one more process. */
  readonly start: (document?: FleetDocument) => LambdaProcess;
  /** Runs the function, always in the same process. */
  readonly run: (event: unknown) => Promise<Ran>;
  readonly pass: () => Promise<Ran>;
  /** Does what Lambda does with the next batch of the queue. Messages that failed are shown again at once. */
  readonly deliver: (limit?: number, most?: number) => Promise<Delivered>;
}

export const schedule = { "detail-type": "Scheduled Event", source: "aws.events", detail: {} };

export interface Played {
  readonly leftovers: Leftovers;
  readonly runs: readonly Ran[];
  /** The AWS actions that the function called, such as `autoscaling:SetInstanceHealth`, in the order of the calls. */
  readonly actions: readonly string[];
  /** How often it called the portal. */
  readonly portalCalls: number;
}

export interface Play {
  readonly site: Site;
  readonly name: string;
  readonly plan: WorldPlan;
  readonly act: (stage: Stage) => Promise<void>;
}

const usualLimit = 60_000;

/** The emulator's instances came into service when they were made for the row: they show the time that is planned. */
const withPlannedTimes =
  ({ servingOf }: World) =>
  (answer: string): string =>
    answer.replace(/<member>(?:(?!<\/member>).)*<\/member>/gs, (activity) => {
      const [, instance = ""] = /Launching a new EC2 instance: (i-\w+)/.exec(activity) ?? [];
      const serving = servingOf(instance);
      if (serving === undefined) return activity;
      return activity.replace(/<EndTime>.*?<\/EndTime>/, `<EndTime>${new Date(Date.now() - serving * 60_000).toISOString()}</EndTime>`);
    });

/** A text as it would be in JSON, and in JSON within JSON. */
const written = (text: string): readonly string[] => {
  const within = (outer: string): string => JSON.stringify(outer).slice(1, -1);
  return [text, within(text), within(within(text))];
};

/** Sets a stage, lets something happen on it, and clears it. What must never happen is an error, whatever the row is about. */
export async function play({ site, name, plan, act }: Play): Promise<Played> {
  const portal = await startPortal(site.certificate);
  const aws = await startAwsProxy(site.emulator.endpoint);
  const processes: FunctionRun[] = [];
  const runs: Ran[] = [];
  try {
    const world = await buildWorld(site, name, portal, plan);
    aws.rewrite({ action: "DescribeScalingActivities" }, { answer: withPlannedTimes(world) });
    const account = { ...site.emulator.environment(site.region), AWS_ENDPOINT_URL: aws.endpoint };

    const start: Stage["start"] = (document = world.document) => {
      const environment = {
        ...account,
        AWS_LAMBDA_FUNCTION_NAME: `${name}-fleet`,
        NODE_EXTRA_CA_CERTS: site.authority,
        FLEET_DOCUMENT: JSON.stringify(document),
      };
      let process: FunctionRun | undefined;
      return {
        run: async ({ event, limit = usualLimit }) => {
          const started = Date.now();
          const before = process?.logs.length ?? 0;
          const finished = process
            ? process.invokeAgain({ event, limit })
            : (process = runFunction({ environment, zip, event, limit })).finished;
          if (!processes.includes(process)) processes.push(process);
          const outcome = await finished;
          const lines: readonly Line[] = process.logs.slice(before);
          const ran: Ran = {
            ...outcome,
            seconds: (Date.now() - started) / 1000,
            told: (message) => lines.some((line) => line["message"] === message),
            metric: (metric, group) => lines.find((line) => metric in line && line["Group"] === group)?.[metric],
          };
          runs.push(ran);
          return ran;
        },
      };
    };
    const own = start();
    const deliver: Stage["deliver"] = async (limit = usualLimit, most = 10) => {
      const messages = await world.queue.receive(most);
      const ran = await own.run({ event: { Records: messages }, limit });
      const { batchItemFailures = [] } = (ran.result ?? {}) as { batchItemFailures?: readonly { readonly itemIdentifier: string }[] };
      const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      await world.queue.delete(messages.filter(({ messageId }) => !failed.includes(messageId)));
      await world.queue.showAgain(messages.filter(({ messageId }) => failed.includes(messageId)));
      return { ...ran, handed: messages.length, again: failed.length };
    };
    await act({
      world,
      aws,
      portal,
      start,
      run: (event) => own.run({ event }),
      pass: () => own.run({ event: schedule }),
      deliver,
    });

    const complaints = processes.map((process) => process.complaints());
    expect(complaints.join("")).toBe("");
    expect(runs.filter(({ error }) => error !== undefined && /^(Sandbox|Runtime)\./.test(error.name))).toEqual([]);
    expect(portal.openSessions()).toBe(0);
    const told = JSON.stringify([processes.map(({ logs }) => logs), runs, aws.calls.map(({ parameters }) => parameters)]);
    const secrets = [...portal.secrets, ...portal.cookies].flatMap(written);
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
    return {
      leftovers: await world.leftovers(),
      runs,
      actions: aws.calls.map(({ service, action }) => `${service}:${action}`),
      portalCalls: portal.calls.length,
    };
  } catch (error) {
    const told = processes.map(({ logs }, index) => `process ${index + 1}:\n${logs.map((line) => JSON.stringify(line)).join("\n")}`);
    throw new Error([error instanceof Error ? error.message : String(error), ...told].join("\n"), { cause: error });
  } finally {
    for (const each of [...processes, aws, portal]) await each.stop();
  }
}
