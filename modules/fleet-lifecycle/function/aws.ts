import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  AutoScalingClient,
  CompleteLifecycleActionCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeLifecycleHooksCommand,
  DescribeScalingActivitiesCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetInstanceHealthCommand,
  type Activity,
  type AutoScalingGroup,
} from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, GetMetricDataCommand, type GetMetricDataOutput, type MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type FleetDocument } from "./document";
import { type AwsPort, CallFailed, type LifecycleAction, type Point, type Removal, type SeenGroup, type Series } from "./ports";

const limits = { connect: 1_000, answer: 2_000, call: 5_000, firstPause: 200 };

// Retrying is done here: the SDK's own would not end with the call's time.
const configuration = { maxAttempts: 1, requestHandler: { connectionTimeout: limits.connect, requestTimeout: limits.answer } };

/** How far in the future CloudWatch takes points (CloudWatch user guide, "Publish custom metrics"): from connectors whose clock is ahead. */
const clockAhead = 2 * 60 * 60 * 1000;

/** Names of what AWS answers when it has no time for a call. */
const tooMany = /throttl|RequestLimitExceeded|TooManyRequests|RequestTimeout|Unavailable|InternalError|InternalFailure|ResourceContention/i;

const isMissing = (name: string, message: string): boolean =>
  /NotFound|DoesNotExist|NonExistent/.test(name) || (name === "ValidationError" && /not found|No active Lifecycle Action/i.test(message));

const callFailed = (error: unknown): CallFailed => {
  if (error instanceof CallFailed) return error;
  const { name, message, $metadata } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
  // Without a status there was no answer.
  const status = $metadata?.httpStatusCode ?? 500;
  const kind = isMissing(name, message) ? "missing" : status >= 500 || tooMany.test(name) ? "transient" : "refused";
  return new CallFailed(`${name}: ${message}`, kind);
};

type Options = { readonly abortSignal: AbortSignal };

/** Makes a request that ends within the limit, whatever AWS does, again and again while there is time and it could help. */
type Request = <Answer>(send: (options: Options) => Promise<Answer>) => Promise<Answer>;

/** Requests that together make up one call, and end within its time. */
const newCall = (): Request => {
  const end = Date.now() + limits.call;
  return async (send) => {
    for (let pause = limits.firstPause; ; pause *= 2) {
      const abortSignal = AbortSignal.timeout(Math.max(1, Math.min(limits.answer, end - Date.now())));
      try {
        return await send({ abortSignal });
      } catch (error) {
        const failure = callFailed(error);
        // Half of it at random, so that those who were refused together do not come again together.
        const jittered = pause * (0.5 + Math.random() / 2);
        if (failure.kind !== "transient" || Date.now() + jittered >= end) throw failure;
        await wait(jittered);
      }
    }
  };
};

/** Reads all pages of an answer. */
async function readAll<Page>(
  readPage: (token: string | undefined) => Promise<Page>,
  nextOf: (page: Page) => string | undefined,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let token: string | undefined;
  do {
    const page = await readPage(token);
    pages.push(page);
    token = nextOf(page);
  } while (token !== undefined);
  return pages;
}

const isWaitingToEnd = ({ Instances = [] }: AutoScalingGroup): boolean =>
  Instances.some(({ LifecycleState = "" }) => LifecycleState.endsWith("Terminating:Wait"));

const judgedGroup = (group: AutoScalingGroup, terminateHooks: readonly string[]): SeenGroup => ({
  name: group.AutoScalingGroupName ?? "",
  desired: group.DesiredCapacity,
  instances: (group.Instances ?? []).map(({ InstanceId = "", LifecycleState = "", HealthStatus }) => ({
    id: InstanceId,
    lifecycle: LifecycleState,
    health: HealthStatus?.toLowerCase() === "unhealthy" ? "Unhealthy" : "Healthy",
  })),
  terminateHooks,
});

// What of a series is in its label (CloudWatch user guide, "Using dynamic labels").
const dimensions = ["AutoScalingGroupName", "InstanceId", "ZsGroupId", "ZsVmId"];
const label = dimensions.map((dimension) => `\${PROP('Dim.${dimension}')}`).join("|");

const search = (group: string, instance: string | undefined): string => {
  const ofInstance = instance === undefined ? "" : ` InstanceId="${instance}"`;
  const terms = `MetricName="cloud_connector_aggr_health" AutoScalingGroupName="${group}"${ofInstance}`;
  return `SEARCH('{Zscaler/CloudConnectors,${dimensions.join(",")}} ${terms}', 'Average', 60)`;
};

/** A page that is all that it should be. Of what is missing nobody could say whether it is bad. */
const checkedPage = (page: GetMetricDataOutput): GetMetricDataOutput => {
  const [message] = page.Messages ?? [];
  if (message) throw new CallFailed(`CloudWatch leaves something out: ${message.Code}: ${message.Value}`, "refused");
  for (const { StatusCode, Label, Messages: [reason] = [] } of page.MetricDataResults ?? []) {
    if (StatusCode === "Complete" || StatusCode === undefined) continue;
    if (StatusCode === "PartialData" && page.NextToken !== undefined) continue;
    const why = reason?.Value === undefined ? "" : `: ${reason.Value}`;
    throw new CallFailed(`CloudWatch answers ${StatusCode} for ${Label}${why}`, StatusCode === "Forbidden" ? "refused" : "transient");
  }
  return page;
};

const pointsOf = ({ Timestamps = [], Values = [] }: MetricDataResult): readonly Point[] =>
  Timestamps.flatMap((timestamp, index) => {
    const value = Values[index];
    return value === undefined ? [] : [{ at: timestamp.getTime(), value }];
  });

/** The series of a group, put together from pages. SEARCH finds words: groups whose name holds another's come along. */
function seriesOf(results: readonly MetricDataResult[], group: string): readonly Series[] {
  const byLabel = new Map<string, Point[]>();
  for (const result of results) byLabel.set(result.Label ?? "", [...(byLabel.get(result.Label ?? "") ?? []), ...pointsOf(result)]);
  return [...byLabel].flatMap(([text, points]) => {
    const [name, instance, groupId, vm, ...others] = text.split("|");
    if (!name || !instance || !groupId || !vm || others.length > 0) {
      // What stands for "nothing found" has no points.
      if (points.length === 0) return [];
      throw new CallFailed(`CloudWatch names a series ${text}, not by ${dimensions.join(", ")}`, "refused");
    }
    const once = [...new Map(points.map((point) => [point.at, point])).values()];
    return name === group ? [{ instance, record: { group: groupId, vm }, points: once }] : [];
  });
}

/**
 * The instance that an activity brings into service, such as "Launching a new EC2 instance: i-0", "Launching a new EC2 instance from warm pool: i-0" or
 * "Moving EC2 instance out of Standby: i-0". One that goes on, as it does during a warm-up, counts as of now.
 */
const arrival = ({ Description = "", StatusCode, EndTime }: Activity): readonly [instance: string, at: number] | undefined => {
  const [, instance] = /: (i-\w+)/.exec(Description) ?? [];
  if (instance === undefined || Description.startsWith("Terminating") || StatusCode === "Failed" || StatusCode === "Cancelled")
    return undefined;
  return [instance, EndTime?.getTime() ?? Date.now()];
};

const actionOf = ({ group, hook, instance, token }: LifecycleAction) => ({
  AutoScalingGroupName: group,
  LifecycleHookName: hook,
  InstanceId: instance,
  LifecycleActionToken: token,
});

const bodyOf = (removal: Removal): string =>
  JSON.stringify(
    removal.kind === "remove"
      ? { kind: removal.kind, instance: removal.instance, record: { group: removal.record.group, vm: removal.record.vm } }
      : { kind: removal.kind, instance: removal.instance, group: removal.group },
  );

/** The calls to Auto Scaling, CloudWatch, SQS and Secrets Manager. */
export function connectAws({ queue, portal }: Pick<FleetDocument, "queue" | "portal">): AwsPort {
  const autoScaling = new AutoScalingClient(configuration);
  const cloudWatch = new CloudWatchClient(configuration);
  const secretsManager = new SecretsManagerClient(configuration);
  // The SDK would write a line of its own to the log where the queue's URL has another host.
  const sqs = new SQSClient({ ...configuration, useQueueUrlAsEndpoint: false });

  const terminateHooks = async (request: Request, AutoScalingGroupName: string | undefined): Promise<readonly string[]> => {
    const { LifecycleHooks = [] } = await request((options) =>
      autoScaling.send(new DescribeLifecycleHooksCommand({ AutoScalingGroupName }), options),
    );
    return LifecycleHooks.filter(({ LifecycleTransition = "" }) => LifecycleTransition.endsWith("_TERMINATING")).map(
      ({ LifecycleHookName = "" }) => LifecycleHookName,
    );
  };

  return {
    groups: async (names) => {
      const request = newCall();
      const pages = await readAll(
        (NextToken) => {
          const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [...names], MaxRecords: 100, NextToken });
          return request((options) => autoScaling.send(command, options));
        },
        ({ NextToken }) => NextToken,
      );
      const found = pages
        .flatMap(({ AutoScalingGroups = [] }) => AutoScalingGroups)
        .filter(({ AutoScalingGroupName = "" }) => names.includes(AutoScalingGroupName));
      // Hooks matter only to those who wait.
      return Promise.all(
        found.map(async (group) =>
          judgedGroup(group, isWaitingToEnd(group) ? await terminateHooks(request, group.AutoScalingGroupName) : []),
        ),
      );
    },
    series: async (group, since, instance) => {
      const request = newCall();
      const pages = await readAll(
        (NextToken) => {
          const command = new GetMetricDataCommand({
            MetricDataQueries: [{ Id: "health", Expression: search(group, instance), Label: label }],
            StartTime: new Date(since),
            EndTime: new Date(Date.now() + clockAhead),
            ScanBy: "TimestampDescending",
            NextToken,
          });
          return request(async (options) => checkedPage(await cloudWatch.send(command, options)));
        },
        ({ NextToken }) => NextToken,
      );
      const found = seriesOf(
        pages.flatMap(({ MetricDataResults = [] }) => MetricDataResults),
        group,
      );
      return instance === undefined ? found : found.filter((each) => each.instance === instance);
    },
    inServiceSince: async (AutoScalingGroupName) => {
      const command = new DescribeScalingActivitiesCommand({ AutoScalingGroupName, MaxRecords: 100 });
      const { Activities = [] } = await newCall()((options) => autoScaling.send(command, options));
      const arrivals = Activities.flatMap((activity) => {
        const found = arrival(activity);
        return found ? [found] : [];
      });
      // The last one of an instance stays in the map.
      return new Map(arrivals.sort(([, one], [, other]) => one - other));
    },
    markUnhealthy: async (InstanceId) => {
      const command = new SetInstanceHealthCommand({ InstanceId, HealthStatus: "Unhealthy", ShouldRespectGracePeriod: true });
      await newCall()((options) => autoScaling.send(command, options));
    },
    heartbeat: async (action) => {
      const command = new RecordLifecycleActionHeartbeatCommand(actionOf(action));
      await newCall()((options) => autoScaling.send(command, options));
    },
    complete: async (action) => {
      const command = new CompleteLifecycleActionCommand({ ...actionOf(action), LifecycleActionResult: "CONTINUE" });
      try {
        await newCall()((options) => autoScaling.send(command, options));
      } catch (error) {
        if (!(error instanceof CallFailed && error.kind === "missing")) throw error;
      }
    },
    queue: async (removal) => {
      const MessageBody = bodyOf(removal);
      const command = new SendMessageCommand({
        QueueUrl: queue,
        MessageBody,
        MessageGroupId: removal.kind === "remove" ? portal.host : removal.instance,
        // An instance that enrolled twice has two records to remove.
        MessageDeduplicationId: createHash("sha256").update(MessageBody).digest("hex"),
      });
      await newCall()((options) => sqs.send(command, options));
    },
    secret: async (SecretId) => {
      const { SecretString } = await newCall()((options) => secretsManager.send(new GetSecretValueCommand({ SecretId }), options));
      if (SecretString === undefined) throw new CallFailed(`the secret ${SecretId} holds no text`, "refused");
      return SecretString;
    },
  };
}
