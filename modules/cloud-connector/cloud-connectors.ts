import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type ServiceRole } from "../iam";
import { judgeZoneKeys } from "../network/schema";
import { type RuledSecurityGroup } from "../security-group";
import { checkSettings, orToken, refusal } from "../validation";
import { Connector } from "./connector";
import { connectorParts, type ConnectorPartsProps } from "./parts";
import { judgeServedBy, type Place, placeConnectors, serveZones } from "./placement";
import { connectorSettings, type ConnectorSettings } from "./schema";
import { instanceTypeOf } from "./sizes";
import { judgeSourceNames } from "./source-ranges";

const schema = connectorSettings(orToken);

/** Where the connectors of a zone stand. */
export interface ConnectorSubnets {
  readonly connectorSubnetId: string;
  /** @default the connector subnet */
  readonly managementSubnetId?: string | undefined;
  /** What must stand before a connector here can reach the internet: routes and associations. @default nothing */
  readonly egress?: readonly ITerraformDependable[];
}

export interface CloudConnectorsProps extends ConnectorSettings, Omit<ConnectorPartsProps, "groupArns"> {
  /** Zones in order: those with subnets get connectors, the others must be in `servedBy`. */
  readonly zones: Readonly<Record<string, ConnectorSubnets | "served">>;
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

    const parts = connectorParts(this, settings, props);
    this.role = parts.profile.made;
    this.serviceSecurityGroupId = parts.service.value;
    this.serviceSecurityGroup = parts.service.made;
    this.managementSecurityGroupId = parts.management.value;
    this.managementSecurityGroup = parts.management.made;

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
            image: parts.image,
            userData: parts.userData,
            instanceProfile: parts.profile.value,
            connectorSubnetId: subnets.connectorSubnetId,
            managementSubnetId: subnets.managementSubnetId ?? subnets.connectorSubnetId,
            serviceSecurityGroupIds: [parts.service.value],
            managementSecurityGroupIds: [parts.management.value, ...settings.managementSecurityGroups],
            disk: { type: settings.disk.type, kmsKeyArn: parts.diskKeyArn },
            hostnames: settings.hostnames,
            keyName: settings.ssh?.keyName,
            healthProbePort: settings.healthProbePort,
            dependsOn: [...parts.ready, ...(subnets.egress ?? [])],
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
}
