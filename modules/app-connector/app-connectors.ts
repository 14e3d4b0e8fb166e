import { type AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { type AutoscalingNotification } from "@cdktf/provider-aws/lib/autoscaling-notification";
import { type CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { type Instance } from "@cdktf/provider-aws/lib/instance";
import { type KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import { type LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { type NetworkInterface } from "@cdktf/provider-aws/lib/network-interface";
import { type SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { type SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import { Fn, type ITerraformDependable, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { type z } from "zod";
import { type AlarmTopic, raiseAlarms } from "../alarms";
import { autoScalingDiskGrant, groupArn, groupNotifications, type ScaledGroup } from "../auto-scaling";
import { existingKeyArn, type RoleSettings, type ServiceRole } from "../iam";
import { awsName } from "../naming";
import { judgeZoneKeys } from "../network/schema";
import { type RuledSecurityGroup } from "../security-group";
import { checkSettings, orToken, refusal } from "../validation";
import { groupAlarms, instanceAlarms } from "./alarms";
import { AppConnector } from "./app-connector";
import { AppConnectorFunction } from "./app-connector-function";
import { appConnectorGroup } from "./app-connector-group";
import { type BootSettings } from "./boot/boot-settings";
import { judgeUserData, userData } from "./boot/user-data";
import { enrollmentOf } from "./enrollment";
import { imageOf } from "./image";
import { parametersOf } from "./marks";
import { OperationsDocuments } from "./operations";
import { instanceProfile, securityGroup } from "./parts";
import {
  appConnectorFleetSettings,
  type AppConnectorFleetSettings,
  appConnectorGroupOf,
  appConnectorSettings,
  type AppConnectorSettings,
  fixedKeys,
  instanceTypeOf,
  judgeAppConnectorFleet,
  operationsSettings,
  type OperationsSettings,
  portalSettings,
  type PortalSettings,
} from "./schema";
import { plus, secondsOf } from "./times";
import { type AppConnectorGroup, type ProvisioningKey } from "./zpa";

const schema = appConnectorSettings(orToken).safeExtend({
  fleet: appConnectorFleetSettings(orToken),
  portal: portalSettings(orToken).optional(),
  operations: operationsSettings(orToken),
});
type Settings = z.output<typeof schema>;

/** Where the App Connectors of a zone stand. */
export interface AppConnectorSubnet {
  /** A subnet whose traffic leaves by a NAT gateway, and by no connector: App Connectors take no certificates but Zscaler's own. */
  readonly subnetId: string;
  /** What must stand before an App Connector here can reach the internet: routes and associations. @default nothing */
  readonly egress?: readonly ITerraformDependable[] | undefined;
}

export interface AppConnectorsProps extends AppConnectorSettings {
  /** The deployment's name: first words of every AWS name, and the value of the tag `zscaler-app-connectors` of its instances. */
  readonly name: string;
  readonly vpcId: string;
  /** Zones in order. */
  readonly zones: Readonly<Record<string, AppConnectorSubnet>>;
  /** @default one App Connector in each zone */
  readonly fleet?: AppConnectorFleetSettings | undefined;
  /** How the ZPA API is reached. @default App Connectors that end stay in ZPA */
  readonly portal?: PortalSettings | undefined;
  /** @default alarms go to a topic that is made */
  readonly operations?: OperationsSettings | undefined;
  /** Tags of the group, and of the instances, volumes and interfaces that it makes: the provider's default tags do not reach these. @default none */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** @default path "/", no boundary */
  readonly iam?: RoleSettings | undefined;
}

/**
 * App Connectors of ZPA, each of which enrolls itself: a fixed number in each zone, or an Auto Scaling group over all zones.
 *
 * Makes for a fixed number an instance with its network interface for each App Connector; for a group its launch template, the group with its
 * lifecycle hooks, warm pool, tags and notifications, and a policy that keeps it at its target. For both it makes a security group, a role with its
 * policies and an instance profile, an `AppConnectorFunction`, alarms, and documents of Systems Manager for what is done in operation. A security
 * group and an instance profile that exist can take their place. Makes in ZPA a group, and a key that it keeps in Secrets Manager, where it is asked
 * to. Grants Auto Scaling the use of a customer's KMS key. Looks up the image, the KMS keys named and what exists.
 *
 * What an instance needs at its launch and its end stands before it and outlives it. Nothing replaces instances that run: `refreshCommand` does in a
 * group, and `terraform apply -replace=<address>` elsewhere.
 *
 * @throws When a setting is wrong: all mistakes at once. When the function's code is not built.
 */
export class AppConnectors extends Construct {
  /** The App Connectors of a fixed number by key, `<zone>-<number>`. */
  readonly appConnectors: Readonly<Record<string, AppConnector>>;
  /** Their instances by key. */
  readonly instances: Readonly<Record<string, Instance>>;
  /** Their network interfaces by key. */
  readonly interfaces: Readonly<Record<string, NetworkInterface>>;
  /** All that is made for the group, where there is one. */
  readonly scaledGroup: ScaledGroup | undefined;
  readonly group: AutoscalingGroup | undefined;
  readonly launchTemplate: LaunchTemplate | undefined;
  readonly groupName: string | undefined;
  /** Replaces the App Connectors of the group one by one by what its launch template now says. */
  readonly refreshCommand: string | undefined;
  /** The instances' role, if it is made. */
  readonly role: ServiceRole | undefined;
  /** The security group, made or existing. */
  readonly securityGroupId: string;
  /** The security group, if it is made. */
  readonly securityGroup: RuledSecurityGroup | undefined;
  readonly function: AppConnectorFunction;
  readonly alarmTopicArn: string;
  /** What is told of the instances, besides what the function tells. */
  readonly alarms: Readonly<Record<string, CloudwatchMetricAlarm>>;
  /** The group in ZPA, where it is made. */
  readonly appConnectorGroup: AppConnectorGroup | undefined;
  /** The key in ZPA, where it is made. */
  readonly provisioningKey: ProvisioningKey | undefined;
  /** The secret with the key, where that is made. */
  readonly keySecret: SecretsmanagerSecret | undefined;
  readonly operations: OperationsDocuments;
  /** The documents of Systems Manager by procedure. */
  readonly documents: Readonly<Record<string, SsmDocument>>;
  /** What lets Auto Scaling use the customer's key of the disks, where there is one. */
  readonly diskGrant: KmsGrant | undefined;
  readonly notification: AutoscalingNotification | undefined;
  /** The topic of the notifications, where it is made here. */
  readonly notificationTopic: AlarmTopic | undefined;

  constructor(scope: Construct, id: string, props: AppConnectorsProps) {
    super(scope, id);
    const settings = checkSettings(this, schema, props);
    const { fleet, operations, enrollment, addresses, portal } = settings;
    const zones = Object.keys(props.zones);
    const findings = [
      ...judgeZoneKeys(zones),
      ...judgeAppConnectorFleet({ fleet, zones, enrollment, addresses, portal: portal !== undefined }).map(({ at, ...finding }) => ({
        ...finding,
        // The settings of the App Connectors are props of their own here.
        at: at[0] === "appConnectors" ? at.slice(1) : at,
      })),
    ];
    if (findings.length > 0) throw refusal(this, findings);

    const { autoScaling } = fleet;
    this.groupName = autoScaling && awsName("group", props.name, "app-connectors");
    const waiting = autoScaling?.launchHook.wait;
    const times = {
      // The hook began to wait before the instance could.
      enrollSeconds: waiting ? plus(waiting.timeoutSeconds, -120) : operations.enrollMinutes * 60,
      drainSeconds: secondsOf(autoScaling?.drainMinutes ?? 0),
    };

    const group = this.groupName === undefined ? undefined : groupArn(this, this.groupName);
    const enrolled = enrollmentOf(this, enrollment, props);
    this.appConnectorGroup = enrolled.appConnectorGroup;
    this.provisioningKey = enrolled.provisioningKey;
    this.keySecret = enrolled.keySecret;
    const traffic = securityGroup(this, settings, props);
    this.securityGroupId = traffic.value;
    this.securityGroup = traffic.made;
    const profile = instanceProfile(this, settings, {
      name: props.name,
      enrollment: enrolled.statements,
      group: waiting && group,
      logBucket: operations.logBucket,
      iam: props.iam,
    });
    this.role = profile.made;
    const diskKeyArn = settings.disk.kmsKey === undefined ? undefined : existingKeyArn(this, "disk", settings.disk.kmsKey);
    this.diskGrant = diskKeyArn !== undefined && autoScaling ? autoScalingDiskGrant(this, diskKeyArn) : undefined;

    this.function = new AppConnectorFunction(this, "upkeep", {
      name: props.name,
      groupName: this.groupName,
      drainSeconds: times.drainSeconds,
      operations,
      portal,
      oauthGroupId: enrolled.oauthGroupId,
      iam: props.iam,
    });
    this.alarmTopicArn = this.function.alarmTopicArn;
    this.operations = new OperationsDocuments(this, "operations", {
      name: props.name,
      groupArn: group,
      ...times,
      logBucket: operations.logBucket,
      iam: props.iam,
    });
    this.documents = this.operations.documents;

    const text = userData(
      bootSettings(settings, { ...times, name: props.name, enrollment: enrolled.boot, group: waiting && this.groupName }),
    );
    const tooLong = judgeUserData(text);
    if (tooLong) throw refusal(this, [{ ...tooLong, at: [] }]);

    const { image } = settings;
    const made = {
      deployment: props.name,
      instanceType: instanceTypeOf(settings),
      image: imageOf(this, image.rhel ? "rhel" : "zscaler", (image.rhel ?? image.zscaler)?.ami),
      // Inside an expression its quotation marks would end it.
      packedUserData: Fn.base64gzip(new TerraformLocal(this, "user_data", text).asString),
      instanceProfile: profile.value,
      securityGroupId: traffic.value,
      disk: { ...settings.disk, kmsKeyArn: diskKeyArn },
      keyName: settings.ssh?.keyName,
    };
    const before = [
      ...profile.ready,
      ...traffic.ready,
      ...enrolled.ready,
      ...this.function.ready,
      ...(this.diskGrant ? [this.diskGrant] : []),
    ];
    this.appConnectors = Object.fromEntries(
      Object.entries(props.zones).flatMap(([zone, { subnetId, egress = [] }]) =>
        fixedKeys([zone], fleet.fixed?.perZone ?? 0).map((key, index) => [
          key,
          new AppConnector(childOf(this, zone), String(index + 1), {
            ...made,
            key,
            zone,
            subnetId,
            address: addresses[key],
            dependsOn: [...before, ...egress],
          }),
        ]),
      ),
    );
    this.instances = eachOf(this.appConnectors, ({ instance }) => instance);
    this.interfaces = eachOf(this.appConnectors, ({ networkInterface }) => networkInterface);
    this.scaledGroup =
      autoScaling &&
      appConnectorGroup(this, "group", {
        ...made,
        groupName: this.groupName ?? "",
        scaling: autoScaling,
        drainSeconds: times.drainSeconds,
        subnetIds: eachOf(props.zones, ({ subnetId }) => subnetId),
        tags: props.tags ?? {},
        dependsOn: [...before, ...Object.values(props.zones).flatMap(({ egress = [] }) => egress)],
      });
    this.group = this.scaledGroup?.group;
    this.launchTemplate = this.scaledGroup?.template;
    this.refreshCommand = this.scaledGroup?.refreshCommand;

    const alarms =
      autoScaling && this.group
        ? groupAlarms({ name: this.group.name, min: appConnectorGroupOf(autoScaling, zones).min }, operations)
        : instanceAlarms(
            eachOf(this.instances, ({ id }) => id),
            operations,
          );
    this.alarms = raiseAlarms(this, { name: [props.name, "app-connectors"], topic: { topic: { arn: this.alarmTopicArn } }, alarms }).alarms;
    if (this.group === undefined || autoScaling?.notifications === undefined) return;
    const told = groupNotifications(this, {
      name: [props.name, "app-connectors-launches"],
      groupNames: [this.group.name],
      settings: autoScaling.notifications,
    });
    this.notification = told.notification;
    this.notificationTopic = told.topic;
  }
}

const childOf = (scope: Construct, id: string): Construct => {
  const child = scope.node.tryFindChild(id);
  return child instanceof Construct ? child : new Construct(scope, id);
};

const eachOf = <Whole, Part>(wholes: Readonly<Record<string, Whole>>, part: (whole: Whole) => Part): Readonly<Record<string, Part>> =>
  Object.fromEntries(Object.entries(wholes).map(([key, whole]) => [key, part(whole)]));

/** What the instances are told. */
const bootSettings = (
  settings: Settings,
  given: {
    readonly name: string;
    readonly enrollment: BootSettings["enrollment"];
    readonly group: string | undefined;
    readonly enrollSeconds: number;
  },
): BootSettings => ({
  parameters: parametersOf(given.name),
  image: settings.image.rhel ? "rhel" : "zscaler",
  enrollment: given.enrollment,
  group: given.group,
  enrollSeconds: given.enrollSeconds,
  updatePackages: settings.updatePackages,
  proxy: settings.proxy,
  dnsServers: settings.dns?.servers ?? [],
  routes: Object.values(settings.routes),
  tcpKeepalive: settings.tcpKeepalive,
  certificates: Object.values(settings.certificates).flatMap(({ parameter, s3 }): BootSettings["certificates"] => {
    if (parameter) return [{ parameter }];
    return s3 ? [{ s3 }] : [];
  }),
});
