import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { DataAwsIamInstanceProfile } from "@cdktf/provider-aws/lib/data-aws-iam-instance-profile";
import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key";
import { DataAwsSecretsmanagerSecret } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret";
import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import { Fn, type ITerraformDependable, Op } from "cdktf";
import { Construct } from "constructs";
import { type z } from "zod";
import { partitionOf, type RoleSettings, ServiceRole } from "../iam";
import { judgeZoneKeys } from "../network/schema";
import { existingSecurityGroup, RuledSecurityGroup, type RuledSecurityGroupProps } from "../security-group";
import { asText, checkSettings, isToken, orToken, refusal } from "../validation";
import { Connector } from "./connector";
import { judgeServedBy, type Place, placeConnectors, serveZones } from "./placement";
import { rolePolicies } from "./role-policies";
import { connectorSettings, type ConnectorSettings, productCodes } from "./schema";
import { managementRules, serviceRules } from "./security-rules";
import { instanceTypeOf } from "./sizes";
import { judgeSourceNames } from "./source-ranges";
import { userData } from "./user-data";

const schema = connectorSettings(orToken);

/** Where the connectors of a zone stand. */
export interface ConnectorSubnets {
  readonly connectorSubnetId: string;
  /** @default the connector subnet */
  readonly managementSubnetId?: string | undefined;
  /** What must stand before a connector here can reach the internet: routes and associations. @default nothing */
  readonly egress?: readonly ITerraformDependable[];
}

export interface CloudConnectorsProps extends ConnectorSettings {
  /** First words of every AWS name. */
  readonly name: string;
  /** Zones in order: those with subnets get connectors, the others must be in `servedBy`. */
  readonly zones: Readonly<Record<string, ConnectorSubnets | "served">>;
  readonly vpcId: string;
  /** The ranges of the VPC, by name: their traffic is let into the service interfaces. */
  readonly vpcRanges: Readonly<Record<string, string>>;
  /** For the role that is made. @default path "/", no boundary */
  readonly iam?: RoleSettings | undefined;
}

/** A part of the connectors that is made or exists. */
interface Part<Made> {
  /** Id of a security group, name of an instance profile. */
  readonly value: string;
  readonly made: Made | undefined;
  /** What must stand before a connector uses it. */
  readonly ready: readonly ITerraformDependable[];
}

/**
 * Cloud Connectors of a fixed number in each zone.
 *
 * Makes an instance with its network interfaces for each connector, and for all of them a security group for service interfaces, one for
 * management interfaces, a role with its policies and an instance profile. Security groups and an instance profile that exist can take their place.
 * Looks up the secret, the marketplace image, the KMS keys named and what exists. The plan fails if an existing security group is not of the VPC.
 *
 * @throws When a setting is wrong: all mistakes at once.
 */
export class CloudConnectors extends Construct {
  /** The connectors by key, `<zone>-<number>`. */
  readonly connectors: Readonly<Record<string, Connector>>;
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
  private readonly served: Readonly<Record<string, Place>>;

  constructor(scope: Construct, id: string, props: CloudConnectorsProps) {
    super(scope, id);
    const settings = checkSettings(this, schema, props);
    const zones = Object.keys(props.zones);
    const findings = [
      ...judgeZoneKeys(zones),
      ...judgeServedBy(zones, settings.servedBy).map(({ zone, ...finding }) => ({ ...finding, at: ["servedBy", zone] })),
      ...judgeSourceNames(Object.keys(settings.sourceRanges), Object.keys(props.vpcRanges)).map(({ name, ...finding }) => ({
        ...finding,
        at: ["sourceRanges", name],
      })),
    ];
    if (findings.length > 0) throw refusal(this, findings);
    this.served = serveZones(zones, settings.servedBy, settings.perZone);

    const secret = this.secret(settings.secret);
    const profile = this.instanceProfile(settings, secret.arn, props);
    this.role = profile.made;
    const { existing } = settings.securityGroups;
    const service = this.securityGroup("service", existing?.service, {
      name: [props.name, "connector-service"],
      description: "Service interfaces of the Cloud Connectors",
      vpcId: props.vpcId,
      rules: () =>
        serviceRules({
          sources: { ...props.vpcRanges, ...settings.sourceRanges },
          healthProbePort: settings.healthProbePort,
          allPortsEgress: settings.allPortsEgress,
        }),
    });
    const management = this.securityGroup("management", existing?.management, {
      name: [props.name, "connector-management"],
      description: "Management interfaces of the Cloud Connectors",
      vpcId: props.vpcId,
      rules: () => managementRules({ ssh: settings.ssh?.allowFrom ?? {}, supportServer: settings.supportServer }),
    });
    this.serviceSecurityGroupId = service.value;
    this.serviceSecurityGroup = service.made;
    this.managementSecurityGroupId = management.value;
    this.managementSecurityGroup = management.made;

    const image = settings.ami === undefined ? { id: this.marketplaceImage(), lookedUp: true } : { id: settings.ami, lookedUp: false };
    const diskKey = settings.disk.kmsKey === undefined ? undefined : this.keyArn("disk", settings.disk.kmsKey);
    const grants = diskKey === undefined || settings.disk.grantTo === undefined ? [] : [this.diskGrant(diskKey, settings.disk.grantTo)];

    this.connectors = Object.fromEntries(
      placeConnectors(zones, settings.servedBy, settings.perZone).map(({ key, zone, number }) => {
        const subnets = props.zones[zone];
        if (subnets === undefined || subnets === "served") {
          throw new Error(`${this.node.path}.zones.${zone} has no subnets for its connectors: give them, or name its zone in servedBy`);
        }
        const zoneScope = this.node.tryFindChild(zone) ?? new Construct(this, zone);
        return [
          key,
          new Connector(zoneScope, String(number), {
            name: `${props.name}-connector-${key}`,
            key,
            zone,
            size: settings.size,
            instanceType: instanceTypeOf(settings),
            image,
            userData: userData(settings.provisioningUrl, secret.name, asText(settings.healthProbePort)),
            instanceProfile: profile.value,
            connectorSubnetId: subnets.connectorSubnetId,
            managementSubnetId: subnets.managementSubnetId ?? subnets.connectorSubnetId,
            serviceSecurityGroupIds: [service.value],
            managementSecurityGroupIds: [management.value, ...settings.managementSecurityGroups],
            disk: { type: settings.disk.type, kmsKeyArn: diskKey },
            hostnames: settings.hostnames,
            keyName: settings.ssh?.keyName,
            healthProbePort: settings.healthProbePort,
            dependsOn: [...profile.ready, ...(subnets.egress ?? []), ...grants, ...service.ready, ...management.ready],
          }),
        ];
      }),
    );
  }

  /**
   * The connector that takes a zone's traffic: one of the zone, or of the zone that serves it.
   *
   * @throws When no connector serves the zone.
   */
  serving(zone: string): Connector {
    const connector = this.connectors[this.served[zone]?.key ?? ""];
    if (!connector) throw new Error(`${this.node.path} has no connector that serves zone ${zone}: name the zone that does in servedBy`);
    return connector;
  }

  private instanceProfile(
    { instanceProfile: { existing }, secretKmsKey, cloudTags }: z.output<typeof schema>,
    secretArn: string,
    { name, iam }: CloudConnectorsProps,
  ): Part<ServiceRole> {
    if (existing) {
      const lookup = new DataAwsIamInstanceProfile(this, "iam_instance_profile", { name: existing.name });
      return { value: existing.name, made: undefined, ready: [lookup] };
    }
    const role = new ServiceRole(this, "role", {
      name: `${name}-connectors`,
      description: "Zscaler Cloud Connectors",
      service: "ec2",
      policies: rolePolicies({
        secretArn,
        secretKeyArn: secretKmsKey === undefined ? undefined : this.keyArn("secret", secretKmsKey),
        cloudTags,
      }),
      iam,
    });
    return { value: role.instanceProfile().name, made: role, ready: role.policies };
  }

  private securityGroup(
    id: "service" | "management",
    existing: string | undefined,
    props: RuledSecurityGroupProps,
  ): Part<RuledSecurityGroup> {
    if (existing !== undefined) {
      const lookup = existingSecurityGroup(new Construct(this, id), { id: existing, vpcId: props.vpcId, of: `${id} interfaces` });
      return { value: existing, made: undefined, ready: [lookup] };
    }
    const made = new RuledSecurityGroup(this, id, props);
    return { value: made.group.id, made, ready: made.rules };
  }

  private secret(nameOrArn: string): DataAwsSecretsmanagerSecret {
    if (!isToken(nameOrArn)) {
      return new DataAwsSecretsmanagerSecret(
        this,
        "secretsmanager_secret",
        nameOrArn.startsWith("arn:") ? { arn: nameOrArn } : { name: nameOrArn },
      );
    }
    const isArn = Fn.startswith(nameOrArn, "arn:");
    return new DataAwsSecretsmanagerSecret(this, "secretsmanager_secret", {
      arn: Fn.conditional(isArn, nameOrArn, null) as string,
      name: Fn.conditional(isArn, null, nameOrArn) as string,
    });
  }

  private keyArn(id: string, key: string): string {
    return new DataAwsKmsKey(this, `${id}_key`, { keyId: key }).arn;
  }

  private marketplaceImage(): string {
    const { partition } = partitionOf(this);
    return new DataAwsAmi(this, "ami", {
      owners: ["aws-marketplace"],
      mostRecent: true,
      filter: [
        {
          name: "product-code",
          values: [Fn.conditional(Op.eq(partition, "aws-cn"), productCodes.china, productCodes.commercial) as string],
        },
      ],
    }).id;
  }

  /** What EBS does with a customer's key on behalf of who launches an instance. */
  private diskGrant(keyId: string, granteePrincipal: string): KmsGrant {
    return new KmsGrant(this, "disk", {
      keyId,
      granteePrincipal,
      operations: ["CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"],
    });
  }
}
