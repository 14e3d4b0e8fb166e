import { Instance } from "@cdktf/provider-aws/lib/instance";
import { NetworkInterface } from "@cdktf/provider-aws/lib/network-interface";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { explain } from "../explanation";
import { awsName } from "../naming";
import { asText, present } from "../validation";
import { type InterfaceRole, type Size, sizes } from "./sizes";

/** The names that AWS gives instances in its own DNS. */
interface Hostnames {
  /** Of the instance's id, or of its address. */
  readonly type: "resource-name" | "ip-name";
  /** Whether the instance's name resolves to its address. */
  readonly aRecord: boolean;
}

export interface ConnectorProps {
  readonly name: string;
  readonly key: string;
  readonly zone: string;
  readonly size: Size;
  readonly instanceType: string;
  /** Image, and whether it was looked up: a newer one must not replace a connector that runs. */
  readonly image: { readonly id: string; readonly lookedUp: boolean };
  readonly userData: string;
  readonly instanceProfile: string;
  readonly connectorSubnetId: string;
  readonly managementSubnetId: string;
  readonly serviceSecurityGroupIds: readonly string[];
  readonly managementSecurityGroupIds: readonly string[];
  readonly disk: { readonly type: string; readonly kmsKeyArn: string | undefined };
  readonly hostnames: Hostnames;
  readonly keyName: string | undefined;
  readonly healthProbePort: number;
  /** What must stand before the first boot: the role's policies and the way to the internet. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** One Cloud Connector: an instance and its network interfaces. */
export class Connector extends Construct {
  /** `<zone>-<number>`. */
  readonly key: string;
  /** Key of its zone. */
  readonly zone: string;
  readonly instance: Instance;
  readonly interfaces: Readonly<Partial<Record<InterfaceRole, NetworkInterface>>>;
  /** Device index 0: the target of routes and health probes. */
  readonly serviceInterface: NetworkInterface;
  /** Device index 1. */
  readonly managementInterface: NetworkInterface;
  /** Answers 200 while the connector takes traffic. */
  readonly healthProbeUrl: string;

  constructor(scope: Construct, id: string, props: ConnectorProps) {
    super(scope, id);
    this.key = props.key;
    this.zone = props.zone;
    const interfaceFor = (role: InterfaceRole) =>
      new NetworkInterface(this, role, {
        subnetId: role === "management" ? props.managementSubnetId : props.connectorSubnetId,
        securityGroups: [...(role === "management" ? props.managementSecurityGroupIds : props.serviceSecurityGroupIds)],
        // An interface that forwards other hosts' packets must not check that it is their source or destination.
        sourceDestCheck: role === "management",
        description: `${role.replace("_", " ")} interface of ${props.name}`,
        tags: { Name: awsName("tag", props.name, role) },
      });
    this.serviceInterface = interfaceFor("service");
    this.managementInterface = interfaceFor("management");
    const ordered = sizes[props.size].interfaces.map((role: InterfaceRole) => ({
      role,
      networkInterface: role === "service" ? this.serviceInterface : role === "management" ? this.managementInterface : interfaceFor(role),
    }));
    this.interfaces = Object.fromEntries(ordered.map(({ role, networkInterface }) => [role, networkInterface]));
    this.healthProbeUrl = `http://${this.serviceInterface.privateIp}:${asText(props.healthProbePort)}/?cchealth`;

    this.instance = new Instance(this, "instance", {
      ami: props.image.id,
      instanceType: props.instanceType,
      iamInstanceProfile: props.instanceProfile,
      ...present({ keyName: props.keyName }),
      userData: props.userData,
      ebsOptimized: true,
      networkInterface: ordered.map(({ networkInterface }, deviceIndex) => ({
        deviceIndex,
        networkInterfaceId: networkInterface.id,
      })),
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required" },
      privateDnsNameOptions: {
        hostnameType: props.hostnames.type,
        enableResourceNameDnsARecord: props.hostnames.aRecord,
      },
      rootBlockDevice: {
        encrypted: true,
        volumeType: props.disk.type,
        deleteOnTermination: true,
        ...present({ kmsKeyId: props.disk.kmsKeyArn }),
        tags: { Name: awsName("tag", props.name) },
      },
      tags: { Name: awsName("tag", props.name) },
      lifecycle: {
        // A connector reads its user data and its key pair once, and is upgraded by replacing it on purpose.
        ignoreChanges: [...(props.image.lookedUp ? ["ami"] : []), "key_name", "private_dns_name_options", "user_data"],
      },
      dependsOn: [...props.dependsOn],
    });
    explain(
      this.instance,
      "A connector reads its user data once. Upgrade by replacing it on purpose, one connector at a time: terraform apply -replace=<address>.",
    );
    explain(this.serviceInterface, "Forwards other hosts' packets, so it must not check that it is their source or destination.");
  }
}
