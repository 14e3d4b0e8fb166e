import { Fn, type ITerraformDependable, TerraformLocal } from "cdktf";
import { type Construct } from "constructs";
import { launchTemplate, rootDeviceOf, ScaledGroup } from "../auto-scaling";
import { asText, isToken } from "../validation";
import { type Made } from "./app-connector";
import { metadataHops, tagKey } from "./marks";
import { type AppConnectorFleet } from "./schema";
import { appConnectorGroupOf } from "./sizing";
import { plus } from "./times";

type Scaling = NonNullable<AppConnectorFleet["autoScaling"]>;

export interface AppConnectorGroupProps extends Made {
  /** The deployment's name. */
  readonly deployment: string;
  /** Name of the group, which others speak of before it is made. */
  readonly groupName: string;
  readonly scaling: Scaling;
  /** How long App Connectors that end keep their sessions. */
  readonly drainSeconds: number;
  /** Subnets by zone. */
  readonly subnetIds: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** What must stand before the first instance and outlive the last. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Zscaler's advice ("App Connector Deployment Guide for Amazon Web Services"). */
const advisedCpuPercent = 50;

/** Time for the function to see that an end waits, and to delete what has drained. It is told of waiting for as long by heartbeats. */
const terminateHookSeconds = 900;

/** Makes the Auto Scaling group of App Connectors, over all zones, with its launch template, lifecycle hooks and scaling policy. */
export function appConnectorGroup(scope: Construct, id: string, props: AppConnectorGroupProps): ScaledGroup {
  const { deployment, scaling, image } = props;
  const tags = marked(scope, props.tags, deployment);
  const rootDevice = image.rootDevice ?? rootDeviceOf(scope, image.id);
  const of = "App Connector";
  return new ScaledGroup(scope, id, {
    ...scaling,
    of,
    groupName: props.groupName,
    size: appConnectorGroupOf(scaling, Object.keys(props.subnetIds)),
    template: (group) =>
      launchTemplate(group, {
        name: [deployment, "app-connectors"],
        instanceName: [deployment, "app-connector"],
        of,
        instanceType: props.instanceType,
        image: { ...image, rootDevice },
        userData: props.packedUserData,
        instanceProfile: props.instanceProfile,
        interfaces: [{ description: `interface of ${deployment}-app-connector`, securityGroupIds: [props.securityGroupId] }],
        metadataHops,
        disk: props.disk,
        keyName: props.keyName,
        tags,
      }),
    subnetIds: Object.values(props.subnetIds),
    healthCheckType: "ec2",
    hooks: { launch: scaling.launchHook.wait?.timeoutSeconds, terminate: terminateHookSeconds },
    policy: { name: "target", target: () => targetOf(scaling.target) },
    warmPool: scaling.warmPool,
    endTime: `${asText(plus(props.drainSeconds, 1800))}s`,
    tags,
    dependsOn: props.dependsOn,
  });
}

/** Tags with that of the deployment. Those that are known only at deployment cannot be spread. */
function marked(scope: Construct, tags: Readonly<Record<string, string>>, deployment: string): Readonly<Record<string, string>> {
  const mark = { [tagKey]: deployment };
  if (!isToken(tags)) return { ...tags, ...mark };
  return Fn.merge([tags, new TerraformLocal(scope, "tags", mark).asStringMap]) as Record<string, string>;
}

const targetOf = ({ cpuPercent, networkInBytes, networkOutBytes }: Scaling["target"]) => {
  const tracked = (predefinedMetricType: string, targetValue: number) => ({
    targetValue,
    predefinedMetricSpecification: { predefinedMetricType },
  });
  if (networkInBytes !== undefined) return tracked("ASGAverageNetworkIn", networkInBytes);
  if (networkOutBytes !== undefined) return tracked("ASGAverageNetworkOut", networkOutBytes);
  return tracked("ASGAverageCPUUtilization", cpuPercent ?? advisedCpuPercent);
};
