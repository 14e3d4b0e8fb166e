import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import { AutoscalingPolicy, type AutoscalingPolicyTargetTrackingConfiguration } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { type LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { type ITerraformDependable, TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { explain } from "../explanation";
import { asText, present } from "../validation";
import { refreshCommand } from "./refresh-command";
import { mostHealthyPercent, type WarmPool } from "./schema";

export interface ScaledGroupProps {
  /** Name of the group, which others speak of before it is made. */
  readonly groupName: string;
  /** What its instances are, in the words of people: `connector`. */
  readonly of: string;
  readonly size: { readonly min: number; readonly max: number };
  /** Makes in the group's scope what instances are launched by. */
  readonly template: (scope: Construct) => LaunchTemplate;
  /** Subnets of the instances, one in each zone. */
  readonly subnetIds: readonly string[];
  /** @default no target groups */
  readonly targetGroupArns?: readonly string[] | undefined;
  /** Who finds instances unhealthy: EC2's status checks, or the balancer's health checks too. */
  readonly healthCheckType: "ec2" | "elb";
  readonly graceSeconds: number;
  readonly warmUpSeconds: number;
  readonly protectFromScaleIn: boolean;
  /** Seconds that instances wait at a hook. Without those of `launch` a launch waits for nothing. */
  readonly hooks: { readonly launch?: number | undefined; readonly terminate: number };
  readonly warmPool: WarmPool | undefined;
  /** The scaling policy by its name, and what it keeps the group of that name at. */
  readonly policy: { readonly name: string; readonly target: (groupName: string) => AutoscalingPolicyTargetTrackingConfiguration };
  /** How long the group may take to end its instances, such as `7800s`: longer than the longest that they can wait. */
  readonly endTime: string;
  /** Tags of the group and its instances. */
  readonly tags: Readonly<Record<string, string>>;
  /** What must stand before the first instance and outlive the last. */
  readonly dependsOn: readonly ITerraformDependable[];
}

type HookName = "launch" | "terminate";

/** All metrics of a group and its warm pool (Auto Scaling API, "EnableMetricsCollection"). */
const metrics = [
  ...["DesiredCapacity", "MinSize", "MaxSize"].map((metric) => `Group${metric}`),
  ...["InService", "Pending", "Standby", "Terminating", "Total"].flatMap((state) => [`Group${state}Instances`, `Group${state}Capacity`]),
  ...["Desired", "Warmed", "Pending", "Terminating", "Total"].map((state) => `WarmPool${state}Capacity`),
  ...["Desired", "Total"].map((state) => `GroupAndWarmPool${state}Capacity`),
];

const poolStates = { stopped: "Stopped", running: "Running" } as const;

/** An Auto Scaling group with its launch template, lifecycle hooks, warm pool, tags and scaling policy. */
export class ScaledGroup extends Construct {
  readonly template: LaunchTemplate;
  readonly group: AutoscalingGroup;
  /** The hooks by what they wait for. */
  readonly hooks: Readonly<Partial<Record<HookName, AutoscalingLifecycleHook>>>;
  readonly policy: AutoscalingPolicy;
  /** The group's tags. */
  readonly tags: AutoscalingGroupTagA;
  /** Replaces the instances of the group one by one by what its launch template now says, and waits after the first half. */
  readonly refreshCommand: string;

  constructor(scope: Construct, id: string, props: ScaledGroupProps) {
    super(scope, id);
    const { size, groupName } = props;
    const hooks = hooksOf(props.hooks);
    this.template = props.template(this);
    this.group = new AutoscalingGroup(this, "autoscaling_group", {
      name: groupName,
      minSize: size.min,
      maxSize: size.max,
      vpcZoneIdentifier: [...props.subnetIds],
      ...present({ targetGroupArns: props.targetGroupArns && [...props.targetGroupArns] }),
      launchTemplate: { id: this.template.id, version: asText(this.template.latestVersion) },
      healthCheckType: props.healthCheckType.toUpperCase(),
      healthCheckGracePeriod: props.graceSeconds,
      defaultInstanceWarmup: props.warmUpSeconds,
      protectFromScaleIn: props.protectFromScaleIn,
      instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: mostHealthyPercent },
      initialLifecycleHook: hooks.map((hook) => ({ ...hook })),
      ...(props.warmPool === undefined ? {} : { warmPool: warmPoolOf(props.warmPool) }),
      enabledMetrics: metrics,
      // An instance that waits for what is made after its group would wait for ever.
      waitForCapacityTimeout: "0",
      forceDelete: false,
      timeouts: { delete: props.endTime, update: props.endTime },
      lifecycle: {
        // Hooks are changed by the resources of their names: a change here would replace the group. The scaling policy sets the capacity.
        ignoreChanges: ["initial_lifecycle_hook", "desired_capacity", "tag"],
      },
      dependsOn: [...props.dependsOn],
    });
    explain(this.group, `A new version of the launch template replaces no ${props.of}: start an instance refresh.`);

    this.hooks = Object.fromEntries(
      hooks.map((hook) => [hook.name, new AutoscalingLifecycleHook(this, hook.name, { ...hook, autoscalingGroupName: this.group.name })]),
    );
    this.policy = new AutoscalingPolicy(this, props.policy.name, {
      name: props.policy.name,
      autoscalingGroupName: this.group.name,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: props.policy.target(this.group.name),
    });
    // Default tags of the provider do not reach a group, and blocks of it cannot be made of tags that are known only at deployment.
    const tags = TerraformIterator.fromMap(props.tags);
    this.tags = new AutoscalingGroupTagA(this, "tag", {
      forEach: tags,
      autoscalingGroupName: this.group.name,
      tag: { key: tags.key, value: tags.value as string, propagateAtLaunch: true },
    });
    this.refreshCommand = refreshCommand(groupName, props.warmUpSeconds);
  }
}

interface Hook {
  readonly name: HookName;
  readonly lifecycleTransition: string;
  readonly defaultResult: "ABANDON" | "CONTINUE";
  readonly heartbeatTimeout: number;
}

/** What an instance waits for. One that does not enroll in time is replaced; an end is not held up by a function that fails. */
const hooksOf = ({ launch, terminate }: ScaledGroupProps["hooks"]): readonly Hook[] => [
  ...(launch === undefined
    ? []
    : [
        {
          name: "launch",
          lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
          defaultResult: "ABANDON",
          heartbeatTimeout: launch,
        } as const,
      ]),
  {
    name: "terminate",
    lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
    defaultResult: "CONTINUE",
    heartbeatTimeout: terminate,
  },
];

const warmPoolOf = ({ state, min, maxPrepared, reuseOnScaleIn }: WarmPool) => ({
  poolState: poolStates[state],
  minSize: min,
  ...present({ maxGroupPreparedCapacity: maxPrepared }),
  instanceReusePolicy: { reuseOnScaleIn },
});
