import { createHash } from "node:crypto";
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeLifecycleHooksCommand,
  DescribeScalingActivitiesCommand,
  SetInstanceHealthCommand,
  type Activity,
  type AutoScalingGroup,
} from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, GetMetricDataCommand, type GetMetricDataOutput, type MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type FleetDocument } from "./document";
import { type AwsPort, type Point, type Removal, type SeenGroup, type Series } from "./ports";
import { clientConfiguration, newCall, readAll, type Request } from "../../lambda/function/aws-call";
import { CallFailed } from "../../lambda/function/call-failed";
import { lifecycleActions } from "../../lambda/function/lifecycle-action";
import { secretText } from "../../lambda/function/secret";

/** How far in the future CloudWatch takes points (CloudWatch user guide, "Publish custom metrics"): from connectors whose clock is ahead. */
const clockAhead = 2 * 60 * 60 * 1000;

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

const bodyOf = (removal: Removal): string =>
  JSON.stringify(
    removal.kind === "remove"
      ? { kind: removal.kind, instance: removal.instance, record: { group: removal.record.group, vm: removal.record.vm } }
      : { kind: removal.kind, instance: removal.instance, group: removal.group },
  );

/** The calls to Auto Scaling, CloudWatch, SQS and Secrets Manager. */
export function connectAws({ queue, portal }: Pick<FleetDocument, "queue" | "portal">): AwsPort {
  const autoScaling = new AutoScalingClient(clientConfiguration);
  const cloudWatch = new CloudWatchClient(clientConfiguration);
  const secretsManager = new SecretsManagerClient(clientConfiguration);
  // The SDK would write a line of its own to the log where the queue's URL has another host.
  const sqs = new SQSClient({ ...clientConfiguration, useQueueUrlAsEndpoint: false });

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
    ...lifecycleActions(autoScaling),
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
    secret: (arn) => secretText(secretsManager, arn),
  };
}
