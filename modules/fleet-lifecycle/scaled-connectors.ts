import { type AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { type AutoscalingNotification } from "@cdktf/provider-aws/lib/autoscaling-notification";
import { type KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import { type LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type AlarmTopic } from "../alarms";
import { autoScalingDiskGrant, groupArn, groupNotifications, rootDeviceOf, type ScaledGroup } from "../auto-scaling";
import { connectorParts, type ConnectorPartsProps, type ConnectorSubnets } from "../cloud-connector";
import {
  connectorZones,
  type FleetConnectorSettings,
  fleetConnectorSettings,
  instanceTypeOf,
  judgeServedBy,
  judgeSourceNames,
} from "../cloud-connector/schema";
import { type ServiceRole } from "../iam";
import { awsName } from "../naming";
import { judgeZoneKeys } from "../network/schema";
import { type RuledSecurityGroup } from "../security-group";
import { checkSettings, orToken, refusal } from "../validation";
import { connectorGroup } from "./connector-group";
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
  readonly connectorGroups: Readonly<Record<string, ScaledGroup>>;
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
      groupArns: names.map((name) => groupArn(this, name)),
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
    this.diskGrant = parts.diskKeyArn === undefined ? undefined : autoScalingDiskGrant(this, parts.diskKeyArn);
    const before = [...parts.ready, ...this.fleet.ready, ...(this.diskGrant ? [this.diskGrant] : []), ...(props.after ?? [])];
    const subnetsOf = (zone: string): ConnectorSubnets => {
      const subnets = props.zones[zone];
      if (subnets === undefined || subnets === "served") {
        throw new Error(`${this.node.path}.zones.${zone} has no subnets for its connectors: give them, or name its zone in servedBy`);
      }
      return subnets;
    };

    const groupOf = (group: SizedGroup): ScaledGroup => {
      const subnets = group.zones.map(subnetsOf);
      return connectorGroup(this, group.key, {
        groupName: this.groupNames[group.key] ?? "",
        size: group,
        fleet: settings.fleet,
        template: {
          name: words(group),
          instanceName: [props.name, "connector", ...(group.key === "all" ? [] : [group.key])],
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
    const told = groupNotifications(this, {
      name: [props.name, "connectors"],
      groupNames: Object.values(this.groups).map(({ name }) => name),
      settings: notifications,
    });
    this.notification = told.notification;
    this.notificationTopic = told.topic;
  }
}

const eachOf = <Part>(groups: Readonly<Record<string, ScaledGroup>>, part: (group: ScaledGroup) => Part): Readonly<Record<string, Part>> =>
  Object.fromEntries(Object.entries(groups).map(([key, group]) => [key, part(group)]));
