import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { type LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { type ITerraformDependable, TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { explain } from "../explanation";
import { jsonDocument } from "../iam";
import { asText, present } from "../validation";
import { launchTemplate, type LaunchTemplateProps } from "./launch-template";
import { type ScaledFleet } from "./schema";
import { longestHookSeconds, mostHealthyPercent, type SizedGroup } from "./sizing";

export interface ConnectorGroupProps {
  /** Name of the group, which others speak of before it is made. */
  readonly groupName: string;
  readonly size: Pick<SizedGroup, "min" | "max">;
  readonly fleet: ScaledFleet;
  readonly template: LaunchTemplateProps;
  /** Subnets of the service interfaces, one in each zone. */
  readonly subnetIds: readonly string[];
  readonly targetGroupArns: readonly string[];
  /** What must stand before the first instance and outlive the last. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** All metrics of a group and its warm pool (Auto Scaling API, "EnableMetricsCollection"). */
const metrics = [
  ...["DesiredCapacity", "MinSize", "MaxSize"].map((metric) => `Group${metric}`),
  ...["InService", "Pending", "Standby", "Terminating", "Total"].flatMap((state) => [`Group${state}Instances`, `Group${state}Capacity`]),
  ...["Desired", "Warmed", "Pending", "Terminating", "Total"].map((state) => `WarmPool${state}Capacity`),
  ...["Desired", "Total"].map((state) => `GroupAndWarmPool${state}Capacity`),
];

/** How long a group may take to end its instances: longer than the longest that they can wait at a hook, so that a hook's time does not change it. */
const endTime = `${longestHookSeconds + 600}s`;

const checkpointDelaySeconds = 600;

const poolStates = { stopped: "Stopped", running: "Running" } as const;

/** An Auto Scaling group of connectors, with its launch template, lifecycle hooks and scaling policy. */
export class ConnectorGroup extends Construct {
  readonly template: LaunchTemplate;
  readonly group: AutoscalingGroup;
  /** The hooks by what they wait for. */
  readonly hooks: Readonly<Partial<Record<"launch" | "terminate", AutoscalingLifecycleHook>>>;
  readonly policy: AutoscalingPolicy;
  /** The group's tags. */
  readonly tags: AutoscalingGroupTagA;
  /** Replaces the connectors of the group one by one by what its launch template now says, and waits after the first half. */
  readonly refreshCommand: string;

  constructor(scope: Construct, id: string, props: ConnectorGroupProps) {
    super(scope, id);
    const { fleet, size, groupName } = props;
    const hooks = hooksOf(fleet);
    this.template = launchTemplate(this, props.template);
    this.group = new AutoscalingGroup(this, "autoscaling_group", {
      name: groupName,
      minSize: size.min,
      maxSize: size.max,
      vpcZoneIdentifier: [...props.subnetIds],
      targetGroupArns: [...props.targetGroupArns],
      launchTemplate: { id: this.template.id, version: asText(this.template.latestVersion) },
      healthCheckType: fleet.healthCheckType.toUpperCase(),
      healthCheckGracePeriod: fleet.graceSeconds,
      defaultInstanceWarmup: fleet.warmUpSeconds,
      protectFromScaleIn: fleet.protectFromScaleIn,
      instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: mostHealthyPercent },
      initialLifecycleHook: hooks.map((hook) => ({ ...hook })),
      ...(fleet.warmPool === undefined ? {} : { warmPool: warmPoolOf(fleet.warmPool) }),
      enabledMetrics: metrics,
      // An instance that waits for what is made after its group would wait for ever.
      waitForCapacityTimeout: "0",
      forceDelete: false,
      timeouts: { delete: endTime, update: endTime },
      lifecycle: {
        // Hooks are changed by the resources of their names: a change here would replace the group. The scaling policy sets the capacity.
        ignoreChanges: ["initial_lifecycle_hook", "desired_capacity", "tag"],
      },
      dependsOn: [...props.dependsOn],
    });
    explain(this.group, "A new version of the launch template replaces no connector: start an instance refresh.");

    this.hooks = Object.fromEntries(
      hooks.map((hook) => [hook.name, new AutoscalingLifecycleHook(this, hook.name, { ...hook, autoscalingGroupName: this.group.name })]),
    );
    this.policy = new AutoscalingPolicy(this, "cpu", {
      name: "cpu",
      autoscalingGroupName: this.group.name,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        targetValue: fleet.targetCpuPercent,
        customizedMetricSpecification: {
          namespace: "Zscaler/CloudConnectors",
          metricName: "smedge_cpu_utilization",
          metricDimension: [{ name: "AutoScalingGroupName", value: this.group.name }],
          statistic: "Average",
          unit: "Percent",
        },
      },
    });
    // Default tags of the provider do not reach a group, and blocks of it cannot be made of tags that are known only at deployment.
    const tags = TerraformIterator.fromMap(props.template.tags);
    this.tags = new AutoscalingGroupTagA(this, "tag", {
      forEach: tags,
      autoscalingGroupName: this.group.name,
      tag: { key: tags.key, value: tags.value as string, propagateAtLaunch: true },
    });
    this.refreshCommand = refreshCommand(groupName, fleet.warmUpSeconds);
  }
}

interface Hook {
  readonly name: "launch" | "terminate";
  readonly lifecycleTransition: string;
  readonly defaultResult: "ABANDON" | "CONTINUE";
  readonly heartbeatTimeout: number;
}

/** What an instance waits for. A connector that does not enroll in time is replaced; an end is not held up by a function that fails. */
const hooksOf = ({ launchHook, terminateHookSeconds }: ScaledFleet): readonly Hook[] => [
  ...(launchHook.wait
    ? [
        {
          name: "launch",
          lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
          defaultResult: "ABANDON",
          heartbeatTimeout: launchHook.wait.timeoutSeconds,
        } as const,
      ]
    : []),
  {
    name: "terminate",
    lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
    defaultResult: "CONTINUE",
    heartbeatTimeout: terminateHookSeconds,
  },
];

const warmPoolOf = ({ state, min, maxPrepared, reuseOnScaleIn }: NonNullable<ScaledFleet["warmPool"]>) => ({
  poolState: poolStates[state],
  minSize: min,
  ...present({ maxGroupPreparedCapacity: maxPrepared }),
  instanceReusePolicy: { reuseOnScaleIn },
});

/** The command that starts an instance refresh of a group. */
function refreshCommand(groupName: string, warmUpSeconds: number): string {
  const preferences = jsonDocument({
    MinHealthyPercentage: 100,
    MaxHealthyPercentage: mostHealthyPercent,
    InstanceWarmup: warmUpSeconds,
    CheckpointPercentages: [50, 100],
    CheckpointDelay: checkpointDelaySeconds,
    SkipMatching: true,
    // They are protected from scaling in, not from being renewed. By default a refresh would wait for them, and fail.
    ScaleInProtectedInstances: "Refresh",
  });
  return `aws autoscaling start-instance-refresh --auto-scaling-group-name ${groupName} --preferences '${preferences}'`;
}
