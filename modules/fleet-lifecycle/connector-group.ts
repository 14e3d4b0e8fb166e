import { Fn, type ITerraformDependable } from "cdktf";
import { type Construct } from "constructs";
import { launchTemplate, type LaunchTemplateProps, ScaledGroup } from "../auto-scaling";
import { longestHookSeconds } from "../auto-scaling/schema";
import { type ScaledFleet } from "./schema";
import { type SizedGroup } from "./sizing";

export interface ConnectorGroupProps {
  /** Name of the group, which others speak of before it is made. */
  readonly groupName: string;
  readonly size: Pick<SizedGroup, "min" | "max">;
  readonly fleet: ScaledFleet;
  readonly template: Omit<LaunchTemplateProps, "of" | "interfaces"> & {
    readonly serviceSecurityGroupIds: readonly string[];
    readonly managementSecurityGroupIds: readonly string[];
    /** Subnet of the management interfaces. @default the subnet in which the group launches the instance */
    readonly managementSubnetId: string | undefined;
  };
  /** Subnets of the service interfaces, one in each zone. */
  readonly subnetIds: readonly string[];
  readonly targetGroupArns: readonly string[];
  /** What must stand before the first instance and outlive the last. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** How long a group may take to end its instances: longer than the longest that they can wait at a hook, so that a hook's time does not change it. */
const endTime = `${longestHookSeconds + 600}s`;

/** Makes an Auto Scaling group of connectors, with its launch template, lifecycle hooks and scaling policy. */
export function connectorGroup(scope: Construct, id: string, { fleet, template, ...props }: ConnectorGroupProps): ScaledGroup {
  const { serviceSecurityGroupIds, managementSecurityGroupIds, managementSubnetId, userData, ...launched } = template;
  const description = (role: string): string => `${role} interface of ${template.instanceName.join("-")}`;
  return new ScaledGroup(scope, id, {
    ...fleet,
    ...props,
    of: "connector",
    template: (group) =>
      launchTemplate(group, {
        ...launched,
        of: "connector",
        userData: Fn.base64encode(userData),
        // The interfaces of a size with more than these two have no place in Zscaler's launch template. Of several none may have a public address.
        interfaces: [
          { description: description("service"), securityGroupIds: serviceSecurityGroupIds },
          { description: description("management"), securityGroupIds: managementSecurityGroupIds, subnetId: managementSubnetId },
        ],
      }),
    hooks: { launch: fleet.launchHook.wait?.timeoutSeconds, terminate: fleet.terminateHookSeconds },
    policy: {
      name: "cpu",
      target: (groupName) => ({
        targetValue: fleet.targetCpuPercent,
        customizedMetricSpecification: {
          namespace: "Zscaler/CloudConnectors",
          metricName: "smedge_cpu_utilization",
          metricDimension: [{ name: "AutoScalingGroupName", value: groupName }],
          statistic: "Average",
          unit: "Percent",
        },
      }),
    },
    warmPool: fleet.warmPool,
    endTime,
    tags: template.tags,
  });
}
