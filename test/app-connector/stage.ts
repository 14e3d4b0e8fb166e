import {
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { GetParametersByPathCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientConfiguration } from "../../emulator";
import { type AppConnectorDocument } from "../../modules/app-connector/function/document";
import { type AwsProxy, startAwsProxy } from "../failover/aws-proxy";
import { type FunctionRun, runFunction } from "../failover/run-function";
import { type Certificate } from "../fleet/certificate";
import { given, type Site } from "../fleet/site";
import { makeQueues, type Queues } from "./queues";
import { customer, groupOfCodes, microtenant, startZpa, type ZpaServer } from "./zpa-server";

type Line = Readonly<Record<string, unknown>>;

/** A run of the function. */
export interface Ran {
  readonly result?: unknown;
  /** What it threw. */
  readonly error?: { readonly name: string; readonly message: string };
  readonly seconds: number;
  /** Whether it logged a line with this message. */
  readonly told: (message: string) => boolean;
  /** A metric, added up. Undefined: there is none. */
  readonly metric: (name: string) => number | undefined;
}

interface Delivered extends Ran {
  /** How many messages the function got, and how many of them are to come again. */
  readonly handed: number;
  readonly again: number;
}

/** The event of an instance that waits at its end. */
export interface Ending {
  readonly "detail-type": string;
  readonly detail: Readonly<Record<string, string>>;
}

export interface Plan {
  /** Instances in the group, besides one that stays. Default: there is no group. */
  readonly scaled?: number;
  /** Instances in none. */
  readonly fixed?: number;
  readonly document?: Partial<AppConnectorDocument>;
  /** Whether ZPA is to be left alone. */
  readonly withoutPortal?: boolean;
  /** The secret's text. Default: what ZPA takes. */
  readonly secret?: string;
  /** Of the server. Default: the site's. */
  readonly certificate?: Certificate;
}

/** A deployment at the emulator with a ZPA of its own, and its function, which speaks to the emulator by a proxy. */
export interface Stage {
  readonly document: AppConnectorDocument;
  readonly aws: AwsProxy;
  readonly zpa: ZpaServer;
  readonly queues: Queues;
  /** Instances of the group, then fixed ones. */
  readonly ids: readonly string[];
  /** Makes an App Connector of an instance. */
  readonly enroll: (instance: string, id: string) => Promise<void>;
  /** Writes a parameter of the deployment. */
  readonly put: (end: string, value: string, secure?: boolean) => Promise<void>;
  /** The ends of the names of the deployment's parameters, sorted. */
  readonly parameters: () => Promise<readonly string[]>;
  /** Lets Auto Scaling end an instance. */
  readonly end: (instance: string) => Promise<Ending>;
  /** Those of the group that wait at their end. */
  readonly waiting: () => Promise<readonly string[]>;
  /** Runs the function, always in the same process. The limit is Lambda's, in milliseconds. Default: three minutes. */
  readonly run: (event: unknown, limit?: number) => Promise<Ran>;
  /** Runs it in a process of its own. */
  readonly runApart: (event: unknown) => Promise<Ran>;
  readonly pass: () => Promise<Ran>;
  /** Does what Lambda does with the next batch of the queue. Messages that failed are shown again at once. */
  readonly deliver: (limit?: number) => Promise<Delivered>;
}

interface Play {
  readonly site: Site;
  /** The function as it was built. */
  readonly zip: string;
  readonly name: string;
  readonly plan: Plan;
  readonly act: (stage: Stage) => Promise<void>;
}

const lambdaLimit = 180_000;

export const schedule = { "detail-type": "Scheduled Event", source: "aws.events", detail: {} };

export const endingOf = (group: string, instance: string, destination = "EC2"): Ending => ({
  "detail-type": "EC2 Instance-terminate Lifecycle Action",
  detail: {
    LifecycleActionToken: "87654321-4321-4321-4321-210987654321",
    AutoScalingGroupName: group,
    LifecycleHookName: "terminate",
    EC2InstanceId: instance,
    LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
    Origin: "AutoScalingGroup",
    Destination: destination,
  },
});

export const ended = (event: Ending): Ending => ({ ...event, "detail-type": "EC2 Instance Terminate Successful" });

export const terminated = (instance: string) => ({
  "detail-type": "EC2 Instance State-change Notification",
  detail: { "instance-id": instance, state: "terminated" },
});

/** Shows instances as if they were an hour old. */
const asOld = (answer: string): string =>
  answer.replace(/<launchTime>[^<]*/g, `<launchTime>${new Date(Date.now() - 3_600_000).toISOString()}`);

/** A text as it would be in JSON, and in JSON within JSON. */
const written = (text: string): readonly string[] => {
  const within = (outer: string): string => JSON.stringify(outer).slice(1, -1);
  return [text, within(text), within(within(text))];
};

/** What a deployment has at the emulator. */
interface Made {
  readonly document: AppConnectorDocument;
  readonly queues: Queues;
  readonly ids: readonly string[];
}

async function make({ site, name, plan }: Play, zpa: ZpaServer, ec2: EC2Client): Promise<Made> {
  const { scaled = 0, fixed = 0, withoutPortal = false } = plan;
  const group = `${name}-app-connectors`;
  const tag = { Key: "zscaler-app-connectors", Value: name };
  const queues = await makeQueues(site.sqs, name);
  const SecretString = plan.secret ?? zpa.secret;
  const { ARN } = await site.secretsManager.send(new CreateSecretCommand({ Name: name, SecretString }));
  const ids: string[] = [];
  if (scaled > 0) {
    await site.autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: group,
        LaunchTemplate: { LaunchTemplateId: site.template, Version: "1" },
        MinSize: 0,
        // One that nobody ends: the emulator's instances wait for nothing in a group that shrinks to none.
        MaxSize: scaled + 1,
        DesiredCapacity: scaled + 1,
        VPCZoneIdentifier: site.subnet,
        Tags: [{ ...tag, PropagateAtLaunch: true }],
        LifecycleHookSpecificationList: [
          { LifecycleHookName: "terminate", LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", HeartbeatTimeout: 900 },
        ],
      }),
    );
    const { AutoScalingGroups = [] } = await site.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
    );
    ids.push(
      ...given(AutoScalingGroups[0]?.Instances)
        .map(({ InstanceId }) => given(InstanceId))
        .slice(0, scaled),
    );
  }
  if (fixed > 0) {
    const LaunchTemplate = { LaunchTemplateId: site.template };
    const TagSpecifications = [{ ResourceType: "instance" as const, Tags: [tag] }];
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({ LaunchTemplate, MinCount: fixed, MaxCount: fixed, TagSpecifications }),
    );
    ids.push(...Instances.map(({ InstanceId }) => given(InstanceId)));
  }
  const portal = { login: zpa.host, api: zpa.host, customer, microtenant, secret: given(ARN) };
  const document: AppConnectorDocument = {
    name,
    parameters: `/zscaler/app-connectors/${name}`,
    groups: scaled > 0 ? [group] : [],
    drainSeconds: 600,
    enrollMinutes: 20,
    agentMinutes: 15,
    queue: queues.url,
    deadLetters: queues.deadLetters,
    ...(withoutPortal ? {} : { portal, oauth: { group: groupOfCodes } }),
    ...plan.document,
  };
  return { document, queues, ids };
}

/** Sets a stage, lets something happen on it, and clears it. What must never happen is an error. Answers with the AWS actions of the function. */
export async function play(staged: Play): Promise<readonly string[]> {
  const { site, zip, plan, act } = staged;
  const configuration = clientConfiguration({ endpoint: site.emulator.endpoint, region: site.region });
  const [ec2, ssm] = [new EC2Client(configuration), new SSMClient(configuration)];
  const zpa = await startZpa(plan.certificate ?? site.certificate);
  const aws = await startAwsProxy(site.emulator.endpoint);
  const processes: FunctionRun[] = [];
  const codes: string[] = [];
  const runs: Ran[] = [];
  try {
    const { document, queues, ids } = await make(staged, zpa, ec2);
    const [group = ""] = document.groups;
    aws.rewrite({ action: "DescribeInstances" }, { answer: asOld });

    const start = (event: unknown, limit: number): FunctionRun => {
      const environment = {
        ...site.emulator.environment(site.region),
        AWS_ENDPOINT_URL: aws.endpoint,
        NODE_EXTRA_CA_CERTS: site.authority,
        APP_CONNECTOR_DOCUMENT: JSON.stringify(document),
      };
      const started = runFunction({ environment, zip, event, limit });
      processes.push(started);
      return started;
    };
    const newProcess = (): Stage["run"] => {
      let process: FunctionRun | undefined;
      return async (event, limit = lambdaLimit) => {
        const started = Date.now();
        const before = process?.logs.length ?? 0;
        const outcome = process ? process.invokeAgain({ event, limit }) : (process = start(event, limit)).finished;
        const ended = await outcome;
        const lines: readonly Line[] = process.logs.slice(before);
        const ran: Ran = {
          ...ended,
          seconds: (Date.now() - started) / 1000,
          told: (message) => lines.some((line) => line["message"] === message),
          metric: (metric) => {
            const values = lines.flatMap((line) => (metric in line ? [Number(line[metric])] : []));
            return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
          },
        };
        runs.push(ran);
        return ran;
      };
    };
    const put: Stage["put"] = async (end, Value, secure = false) => {
      if (secure) codes.push(Value);
      const Type = secure ? "SecureString" : "String";
      await ssm.send(new PutParameterCommand({ Name: `${document.parameters}/${end}`, Value, Type, Overwrite: true }));
    };
    const run = newProcess();
    const deliver: Stage["deliver"] = async (limit) => {
      const messages = await queues.receive();
      const ran = await run({ Records: messages }, limit);
      const { batchItemFailures = [] } = (ran.result ?? {}) as { batchItemFailures?: readonly { readonly itemIdentifier: string }[] };
      const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      await queues.delete(messages.filter(({ messageId }) => !failed.includes(messageId)));
      await queues.showAgain(messages.filter(({ messageId }) => failed.includes(messageId)));
      return { ...ran, handed: messages.length, again: failed.length };
    };
    await act({
      document,
      aws,
      zpa,
      queues,
      ids,
      put,
      run,
      deliver,
      enroll: async (instance, id) => {
        await put(`ids/${instance}`, id);
        zpa.add(id);
      },
      parameters: async () => {
        const { Parameters = [] } = await ssm.send(
          new GetParametersByPathCommand({ Path: document.parameters, Recursive: true, MaxResults: 10 }),
        );
        return Parameters.map(({ Name = "" }) => Name.replace(`${document.parameters}/`, "")).sort();
      },
      end: async (InstanceId) => {
        const command = new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true });
        await site.autoScaling.send(command);
        return endingOf(group, InstanceId);
      },
      waiting: async () => {
        const names = { AutoScalingGroupNames: [group] };
        const { AutoScalingGroups = [] } = await site.autoScaling.send(new DescribeAutoScalingGroupsCommand(names));
        const waiting = AutoScalingGroups[0]?.Instances?.filter(({ LifecycleState }) => LifecycleState === "Terminating:Wait") ?? [];
        return waiting.map(({ InstanceId = "" }) => InstanceId);
      },
      runApart: (event) => newProcess()(event),
      pass: () => run(schedule),
    });

    expect(processes.map((process) => process.complaints()).join("")).toBe("");
    expect(runs.filter(({ error }) => error !== undefined && /^(Sandbox|Runtime)\./.test(error.name))).toEqual([]);
    const told = JSON.stringify([processes.map(({ logs }) => logs), runs, aws.calls.map(({ parameters }) => parameters)]);
    const secrets = [...zpa.secrets, ...zpa.tokens, ...codes].flatMap(written);
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
    return aws.calls.map(({ service, action }) => `${service}:${action}`);
  } catch (error) {
    const told = processes.map(({ logs }, index) => `process ${index + 1}:\n${logs.map((line) => JSON.stringify(line)).join("\n")}`);
    throw new Error([error instanceof Error ? error.message : String(error), ...told].join("\n"), { cause: error });
  } finally {
    for (const each of [...processes, aws, zpa]) await each.stop();
    for (const client of [ec2, ssm]) client.destroy();
  }
}
