import { Instance } from "@cdktf/provider-aws/lib/instance";
import { NetworkInterface } from "@cdktf/provider-aws/lib/network-interface";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { explain } from "../explanation";
import { awsName } from "../naming";
import { present } from "../validation";
import { type Image } from "./image";
import { metadataHops, tagKey } from "./marks";

/** What App Connectors of a deployment are made of. */
export interface Made {
  readonly instanceType: string;
  readonly image: Image;
  /** Packed by gzip, in Base64. */
  readonly packedUserData: string;
  readonly instanceProfile: string;
  readonly securityGroupId: string;
  readonly disk: { readonly sizeGb: number; readonly type: string; readonly kmsKeyArn: string | undefined };
  readonly keyName: string | undefined;
}

export interface AppConnectorProps extends Made {
  /** The deployment's name. */
  readonly deployment: string;
  /** `<zone>-<number>`. */
  readonly key: string;
  /** Key of its zone. */
  readonly zone: string;
  readonly subnetId: string;
  /** @default one that AWS finds */
  readonly address: string | undefined;
  /** What must stand before the first boot and outlive the instance. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** One App Connector of a fixed number: an instance and its network interface, which keeps its address when the instance is replaced. */
export class AppConnector extends Construct {
  /** `<zone>-<number>`. */
  readonly key: string;
  /** Key of its zone. */
  readonly zone: string;
  readonly instance: Instance;
  readonly networkInterface: NetworkInterface;

  constructor(scope: Construct, id: string, props: AppConnectorProps) {
    super(scope, id);
    this.key = props.key;
    this.zone = props.zone;
    const name = awsName("tag", props.deployment, "app-connector", props.key);
    const { image, disk } = props;
    this.networkInterface = new NetworkInterface(this, "network_interface", {
      subnetId: props.subnetId,
      securityGroups: [props.securityGroupId],
      ...(props.address === undefined ? {} : { privateIps: [props.address] }),
      description: `Interface of ${name}`,
      tags: { Name: name },
    });
    this.instance = new Instance(this, "instance", {
      ami: image.id,
      instanceType: props.instanceType,
      iamInstanceProfile: props.instanceProfile,
      ...present({ keyName: props.keyName }),
      userDataBase64: props.packedUserData,
      ebsOptimized: true,
      networkInterface: [{ deviceIndex: 0, networkInterfaceId: this.networkInterface.id }],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: metadataHops },
      rootBlockDevice: {
        encrypted: true,
        volumeSize: disk.sizeGb,
        volumeType: disk.type,
        deleteOnTermination: true,
        ...present({ kmsKeyId: disk.kmsKeyArn }),
        tags: { Name: name },
      },
      tags: { Name: name, [tagKey]: props.deployment },
      lifecycle: {
        // User data and a key pair are read once, and an App Connector is upgraded by replacing it on purpose.
        ignoreChanges: [...(image.lookedUp ? ["ami"] : []), "key_name", "user_data_base64"],
      },
      dependsOn: [...props.dependsOn],
    });
    explain(
      this.instance,
      "User data is read once. Upgrade by replacing instances on purpose, one at a time: terraform apply -replace=<address>. Each new one enrolls anew.",
    );
  }
}
