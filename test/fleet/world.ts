import {
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  type Instance,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { type MetricDatum, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { type FleetDocument, type HealthRules } from "../../modules/fleet-lifecycle/function/document";
import { type PortalServer } from "./portal-server";
import { makeQueue, type RemovalQueue } from "./removal-queue";
import { given, type Site } from "./site";

/** Percent of a connector's services that are healthy, so many minutes ago. */
export type Reported = readonly [minutesAgo: number, percent: number];

export interface PlannedConnector {
  readonly reports: readonly Reported[];
  /** Minutes since it came into service. Default: 6 hours. */
  readonly serving?: number;
}

export interface WorldPlan {
  /** Connectors by name, by the last words of their group's name. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, PlannedConnector>>>>;
  /** Those of the groups that are another's. Default: none. */
  readonly foreign?: readonly string[];
  /** Groups of the deployment that do not exist. Default: none. */
  readonly missing?: readonly string[];
  readonly health?: Partial<HealthRules>;
  /** The secret's text. Default: what the portal takes. */
  readonly secret?: (text: string) => string;
}

/** The event of an instance that waits at its end. */
interface Ending {
  readonly "detail-type": string;
  readonly detail: Readonly<Record<string, string>>;
}

/** What a row leaves behind, by names of connectors. */
export interface Leftovers {
  /** Marked for Auto Scaling to replace. */
  readonly replaced: readonly string[];
  /** Waiting at their end. */
  readonly waiting: readonly string[];
  readonly ended: readonly string[];
  /** No longer in the portal. */
  readonly removed: readonly string[];
  /** Whether removals are still to be activated. */
  readonly inactive: boolean;
  /** Messages that are still to be worked off, and those that nobody could. */
  readonly queued: number;
  readonly deadLetters: number;
}

/** A deployment: groups of connectors that report, in a portal, with a queue of removals. */
export interface World {
  readonly site: Site;
  readonly document: FleetDocument;
  readonly queue: RemovalQueue;
  groupName(words: string): string;
  idOf(connector: string): string;
  /** A connector's record in the portal. */
  recordOf(connector: string): { readonly group: string; readonly vm: string };
  /** How many minutes ago an instance came into service, if that was planned. */
  readonly servingOf: (instance: string) => number | undefined;
  report(
    reports: Readonly<Record<string, readonly Reported[]>>,
    as?: { readonly group?: string; readonly record?: { readonly group: string; readonly vm: string } },
  ): Promise<void>;
  /** Lets Auto Scaling end an instance, with another one in its place if a name for it is given, and tells of it. */
  end(connector: string, next?: string): Promise<Ending>;
  leftovers(): Promise<Leftovers>;
}

const hook = "ended";

const minute = 60_000;
const usualServing = 360;
const usualHealth: HealthRules = { degraded: "keep", silentMinutes: 10, unseenMinutes: 20, mostUnhealthyPercent: 50, paused: false };

/** CloudWatch takes no more in a call. */
const mostData = 1_000;

/** The event that Auto Scaling sends when an instance waits at its end. */
export const endingOf = (group: string, instance: string, destination = "EC2"): Ending => ({
  "detail-type": "EC2 Instance-terminate Lifecycle Action",
  detail: {
    LifecycleActionToken: "87654321-4321-4321-4321-210987654321",
    AutoScalingGroupName: group,
    LifecycleHookName: hook,
    EC2InstanceId: instance,
    LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
    Origin: "AutoScalingGroup",
    Destination: destination,
  },
});

/** Makes a deployment at the emulator, and what its connectors reported until now. */
export async function buildWorld(site: Site, name: string, portal: PortalServer, plan: WorldPlan): Promise<World> {
  const { autoScaling, cloudWatch, secretsManager } = site;
  const { groups, foreign = [], missing = [], health = {}, secret: written = (text: string) => text } = plan;
  const groupName = (words: string): string => `${name}-${words}`;
  const groupNames = Object.keys(groups).map(groupName);
  const planned = Object.assign({}, ...Object.values(groups)) as Readonly<Record<string, PlannedConnector>>;
  const ids = new Map<string, string>();
  const groupOf = new Map<string, string>();

  const instances = async (): Promise<readonly (Instance & { readonly group: string })[]> => {
    const { AutoScalingGroups = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: groupNames }));
    return AutoScalingGroups.flatMap(({ AutoScalingGroupName: group = "", Instances = [] }) =>
      Instances.map((instance) => ({ ...instance, group })),
    );
  };
  for (const [words, connectors] of Object.entries(groups))
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: groupName(words),
        LaunchTemplate: { LaunchTemplateId: site.template, Version: "1" },
        MinSize: 0,
        MaxSize: 1_000,
        DesiredCapacity: Object.keys(connectors).length,
        VPCZoneIdentifier: site.subnet,
        LifecycleHookSpecificationList: [
          { LifecycleHookName: hook, LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", HeartbeatTimeout: 900 },
        ],
      }),
    );
  const launched = await instances();
  for (const [words, connectors] of Object.entries(groups)) {
    const own = launched.filter(({ group }) => group === groupName(words));
    for (const [index, connector] of Object.keys(connectors).entries()) {
      ids.set(connector, given(own[index]?.InstanceId));
      groupOf.set(connector, groupName(words));
    }
  }

  const idOf = (connector: string): string => given(ids.get(connector));
  const recordOf = (connector: string) => ({ group: "7", vm: String([...ids.keys()].indexOf(connector) + 1) });
  const inPortal = (connector: string): string => `${recordOf(connector).group}/${recordOf(connector).vm}`;
  for (const connector of ids.keys()) portal.records.add(inPortal(connector));

  const report: World["report"] = async (reports, as = {}) => {
    const now = Math.floor(Date.now() / minute) * minute;
    const data = Object.entries(reports).flatMap(([connector, all]) => {
      const { group, vm } = as.record ?? recordOf(connector);
      const dimensions = {
        AutoScalingGroupName: as.group ?? given(groupOf.get(connector)),
        InstanceId: idOf(connector),
        ZsGroupId: group,
        ZsVmId: vm,
      };
      return all.map(([ago, Value]): MetricDatum => ({
        MetricName: "cloud_connector_aggr_health",
        Dimensions: Object.entries(dimensions).map(([Name, of]) => ({ Name, Value: of })),
        Timestamp: new Date(now - ago * minute),
        Value,
        Unit: "Percent",
      }));
    });
    for (let first = 0; first < data.length; first += mostData) {
      const MetricData = data.slice(first, first + mostData);
      await cloudWatch.send(new PutMetricDataCommand({ Namespace: "Zscaler/CloudConnectors", MetricData }));
    }
  };
  await report(Object.fromEntries(Object.entries(planned).map(([connector, { reports }]) => [connector, reports])));

  const queue = await makeQueue(site.sqs, name);
  const { ARN } = await secretsManager.send(new CreateSecretCommand({ Name: name, SecretString: written(portal.secret) }));
  const document: FleetDocument = {
    name,
    groups: [...Object.keys(groups).filter((words) => !foreign.includes(words)), ...missing].map(groupName),
    health: { ...usualHealth, ...health },
    portal: { host: portal.host, secret: given(ARN) },
    queue: queue.url,
  };

  const namesOf = (some: readonly Instance[]): readonly string[] => {
    const found = some.map(({ InstanceId }) => [...ids].find(([, id]) => id === InstanceId)?.[0] ?? given(InstanceId));
    return found.sort();
  };
  return {
    site,
    document,
    queue,
    groupName,
    idOf,
    recordOf,
    servingOf: (instance) => {
      const connector = [...ids].find(([, id]) => id === instance)?.[0] ?? "";
      return connector in planned ? (planned[connector]?.serving ?? usualServing) : undefined;
    },
    report,
    end: async (connector, next) => {
      const group = given(groupOf.get(connector));
      const before = await instances();
      const command = { InstanceId: idOf(connector), ShouldDecrementDesiredCapacity: next === undefined };
      await autoScaling.send(new TerminateInstanceInAutoScalingGroupCommand(command));
      if (next !== undefined) {
        const known = before.map(({ InstanceId }) => InstanceId);
        ids.set(next, given((await instances()).find(({ InstanceId }) => !known.includes(InstanceId))?.InstanceId));
        groupOf.set(next, group);
      }
      return endingOf(group, idOf(connector));
    },
    leftovers: async () => {
      const now = await instances();
      const there = namesOf(now);
      return {
        replaced: namesOf(now.filter(({ HealthStatus }) => HealthStatus?.toLowerCase() === "unhealthy")),
        waiting: namesOf(now.filter(({ LifecycleState }) => LifecycleState === "Terminating:Wait")),
        ended: [...ids.keys()].filter((connector) => !there.includes(connector)).sort(),
        removed: Object.keys(planned)
          .filter((connector) => !portal.records.has(inPortal(connector)))
          .sort(),
        inactive: portal.hasEdits(),
        queued: await queue.length(),
        deadLetters: await queue.deadLetters(),
      };
    },
  };
}
