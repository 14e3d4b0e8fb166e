import { type AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingNotification } from "@cdktf/provider-aws/lib/autoscaling-notification";
import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import { type LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { AlarmTopic } from "../alarms";
import { connectorParts, type ConnectorPartsProps, type ConnectorSubnets } from "../cloud-connector";
import {
  connectorZones,
  type FleetConnectorSettings,
  fleetConnectorSettings,
  instanceTypeOf,
  judgeServedBy,
  judgeSourceNames,
} from "../cloud-connector/schema";
import { explain } from "../explanation";
import { callerIdentityOf, composedArn, partitionOf, type ServiceRole } from "../iam";
import { awsName } from "../naming";
import { judgeZoneKeys } from "../network/schema";
import { type RuledSecurityGroup } from "../security-group";
import { checkSettings, orToken, refusal } from "../validation";
import { ConnectorGroup } from "./connector-group";
import { FleetFunction } from "./fleet-function";
import { judgeFleet } from "./judge-fleet";
import { type AutoScalingSettings, autoScalingSettings } from "./schema";
import { groupsOf, type SizedGroup } from "./sizing";

const schema = fleetConnectorSettings(orToken).safeExtend({ fleet: autoScalingSettings(orToken) });

export interface ScaledConnectorsProps extends FleetConnectorSettings, Omit<ConnectorPartsProps, "groupArns"> {
  readonly fleet: AutoScalingSettings;
  /** Zones in order: those with subnets get connectors, the others must be in `servedBy`. */
  readonly zones: Readonly<Record<string, ConnectorSubnets | "served">>;
  /** ARNs of the target groups, by instance, that get the connectors. */
  readonly targetGroupArns: readonly string[];
  /** Tags of the groups, and of the instances, volumes and interfaces that they make: the provider's default tags do not reach these. @default none */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** What must stand before the first connector and outlive the last, such as the balancer's listener. @default nothing */
  readonly after?: readonly ITerraformDependable[] | undefined;
}

/**
 * Cloud Connectors of size small in Auto Scaling groups, with the function that looks after them.
 *
 * Makes for each group, one over all zones or one in each, a launch template, the group with its lifecycle hooks, warm pool, tags and notifications, and a
 * policy that keeps the connectors' CPU at its target; and for all of them a `FleetFunction`, a security group for service interfaces, one for
 * management interfaces, a role with its policies and an instance profile. Security groups and an instance profile that exist can take their place.
 * Grants Auto Scaling the use of a customer's KMS key. Looks up the secret, the image, the KMS keys named and what exists.
 *
 * A group has at most 10 connectors, as in Zscaler's template. Groups do not wait for their connectors, and nothing replaces connectors that run:
 * `refreshCommands` do. What an instance needs at its launch and its end stands before its group and outlives it.
 *
 * @throws When a setting is wrong: all mistakes at once. When the fleet function's code is not built.
 */
export class ScaledConnectors extends Construct {
  /** All that is made for each group, by its key: `all`, or the key of its zone. */
  readonly connectorGroups: Readonly<Record<string, ConnectorGroup>>;
  /** The groups by key. */
  readonly groups: Readonly<Record<string, AutoscalingGroup>>;
  /** The launch templates by the key of their group. */
  readonly launchTemplates: Readonly<Record<string, LaunchTemplate>>;
  /** Names of the groups by key. */
  readonly groupNames: Readonly<Record<string, string>>;
  /** For each group, the command that replaces its connectors one by one by what its launch template now says. */
  readonly refreshCommands: Readonly<Record<string, string>>;
  readonly fleet: FleetFunction;
  /** The role, if it is made. */
  readonly role: ServiceRole | undefined;
  /** The security group of the service interfaces, made or existing. */
  readonly serviceSecurityGroupId: string;
  /** The security group of the management interfaces, made or existing. */
  readonly managementSecurityGroupId: string;
  /** The security group of the service interfaces, if it is made. */
  readonly serviceSecurityGroup: RuledSecurityGroup | undefined;
  /** The security group of the management interfaces, if it is made. */
  readonly managementSecurityGroup: RuledSecurityGroup | undefined;
  /** What lets Auto Scaling use the customer's key of the disks, where there is one. */
  readonly diskGrant: KmsGrant | undefined;
  readonly notification: AutoscalingNotification | undefined;
  /** The topic of the notifications, where it is made here. */
  readonly notificationTopic: AlarmTopic | undefined;

  constructor(scope: Construct, id: string, props: ScaledConnectorsProps) {
    super(scope, id);
    const settings = checkSettings(this, schema, props);
    const zones = Object.keys(props.zones);
    const withConnectors = connectorZones(zones, settings.servedBy);
    const ownManagement = Object.values(props.zones).some((zone) => zone !== "served" && zone.managementSubnetId !== undefined);
    const findings = [
      ...judgeZoneKeys(zones),
      ...judgeServedBy(zones, settings.servedBy).map(({ zone, ...finding }) => ({ ...finding, at: ["servedBy", zone] })),
      ...judgeSourceNames(Object.keys(settings.sourceRanges), Object.keys(props.vpcRanges)).map(({ name, ...finding }) => ({
        ...finding,
        at: ["sourceRanges", name],
      })),
      ...judgeFleet({
        fleet: { autoScaling: settings.fleet },
        zones: withConnectors,
        size: settings.size,
        managementTier: ownManagement ? "separate" : settings.managementTier,
        pinned: 0,
      }).map(({ at: [kind, ...at], ...finding }) => ({ ...finding, at: kind === "autoScaling" ? ["fleet", ...at] : ["zones"] })),
    ];
    if (findings.length > 0) throw refusal(this, findings);

    const groups = groupsOf(settings.fleet, withConnectors);
    const words = (group: SizedGroup): readonly string[] => [props.name, "connectors", ...(group.key === "all" ? [] : [group.key])];
    this.groupNames = Object.fromEntries(groups.map((group) => [group.key, awsName("group", ...words(group))]));
    const names = Object.values(this.groupNames);

    const parts = connectorParts(this, settings, {
      ...props,
      groupArns: names.map((name) => composedArn(this, "autoscaling", `autoScalingGroup:*:autoScalingGroupName/${name}`)),
    });
    this.role = parts.profile.made;
    this.serviceSecurityGroupId = parts.service.value;
    this.serviceSecurityGroup = parts.service.made;
    this.managementSecurityGroupId = parts.management.value;
    this.managementSecurityGroup = parts.management.made;
    const rootDevice = parts.image.rootDevice ?? rootDeviceOf(this, parts.image.id);

    this.fleet = new FleetFunction(this, "fleet", {
      ...settings.fleet,
      name: props.name,
      groupNames: names,
      provisioningUrl: settings.provisioningUrl,
      secretArn: parts.secretArn,
      secretKmsKeyArn: parts.secretKeyArn,
      iam: props.iam,
    });
    this.diskGrant = parts.diskKeyArn === undefined ? undefined : diskGrant(this, parts.diskKeyArn);
    const before = [...parts.ready, ...this.fleet.ready, ...(this.diskGrant ? [this.diskGrant] : []), ...(props.after ?? [])];
    const subnetsOf = (zone: string): ConnectorSubnets => {
      const subnets = props.zones[zone];
      if (subnets === undefined || subnets === "served") {
        throw new Error(`${this.node.path}.zones.${zone} has no subnets for its connectors: give them, or name its zone in servedBy`);
      }
      return subnets;
    };

    const groupOf = (group: SizedGroup): ConnectorGroup => {
      const subnets = group.zones.map(subnetsOf);
      return new ConnectorGroup(this, group.key, {
        groupName: this.groupNames[group.key] ?? "",
        size: group,
        fleet: settings.fleet,
        template: {
          name: words(group),
          connectorName: [props.name, "connector", ...(group.key === "all" ? [] : [group.key])],
          instanceType: instanceTypeOf(settings),
          image: { ...parts.image, rootDevice },
          userData: parts.userData,
          instanceProfile: parts.profile.value,
          serviceSecurityGroupIds: [parts.service.value],
          managementSecurityGroupIds: [parts.management.value, ...settings.managementSecurityGroups],
          managementSubnetId: subnets[0]?.managementSubnetId,
          disk: { type: settings.disk.type, kmsKeyArn: parts.diskKeyArn },
          hostnames: settings.hostnames,
          keyName: settings.ssh?.keyName,
          tags: props.tags ?? {},
        },
        subnetIds: subnets.map(({ connectorSubnetId }) => connectorSubnetId),
        targetGroupArns: props.targetGroupArns,
        dependsOn: [...before, ...subnets.flatMap(({ egress = [] }) => egress)],
      });
    };
    this.connectorGroups = Object.fromEntries(groups.map((group) => [group.key, groupOf(group)]));
    this.groups = eachOf(this.connectorGroups, ({ group }) => group);
    this.launchTemplates = eachOf(this.connectorGroups, ({ template }) => template);
    this.refreshCommands = eachOf(this.connectorGroups, ({ refreshCommand }) => refreshCommand);

    const { notifications } = settings.fleet;
    if (notifications === undefined) return;
    this.notificationTopic = notifications.topic
      ? undefined
      : new AlarmTopic(this, "notifications", {
          name: [props.name, "connectors"],
          email: notifications.create?.email,
          publisher: autoScalingRole(this),
        });
    this.notification = new AutoscalingNotification(this, "autoscaling_notification", {
      groupNames: Object.values(this.groups).map(({ name }) => name),
      notifications: ["EC2_INSTANCE_LAUNCH", "EC2_INSTANCE_LAUNCH_ERROR", "EC2_INSTANCE_TERMINATE", "EC2_INSTANCE_TERMINATE_ERROR"].map(
        (event) => `autoscaling:${event}`,
      ),
      topicArn: notifications.topic?.arn ?? this.notificationTopic?.topic.arn ?? "",
      dependsOn: this.notificationTopic ? [this.notificationTopic.policy] : [],
    });
  }
}

const eachOf = <Part>(
  groups: Readonly<Record<string, ConnectorGroup>>,
  part: (group: ConnectorGroup) => Part,
): Readonly<Record<string, Part>> => Object.fromEntries(Object.entries(groups).map(([key, group]) => [key, part(group)]));

/** The device of the root disk of an image that is named. A deprecated one still launches instances. */
const rootDeviceOf = (scope: Construct, imageId: string): string =>
  new DataAwsAmi(scope, "ami", { filter: [{ name: "image-id", values: [imageId] }], includeDeprecated: true }).rootDeviceName;

/** ARN of the role by which Auto Scaling itself acts in the account. AWS makes it with the account's first group. */
const autoScalingRole = (scope: Construct): string =>
  `arn:${partitionOf(scope).partition}:iam::${callerIdentityOf(scope).accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;

/** What Auto Scaling needs of a customer's key (Auto Scaling user guide, "Required AWS KMS key policy for use with encrypted volumes"). */
function diskGrant(scope: Construct, keyId: string): KmsGrant {
  const grant = new KmsGrant(scope, "auto_scaling", {
    keyId,
    granteePrincipal: autoScalingRole(scope),
    operations: [
      "CreateGrant",
      "Decrypt",
      "DescribeKey",
      "Encrypt",
      "GenerateDataKey",
      "GenerateDataKeyWithoutPlaintext",
      "ReEncryptFrom",
      "ReEncryptTo",
    ],
  });
  explain(
    grant,
    "The role is there once the account had an Auto Scaling group. In a new account: aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com",
  );
  return grant;
}
