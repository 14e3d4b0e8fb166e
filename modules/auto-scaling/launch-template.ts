import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Lazy, Token } from "cdktf";
import { type Construct } from "constructs";
import { explain } from "../explanation";
import { awsName } from "../naming";
import { expressionOf, isToken, present } from "../validation";

/** A network interface of each instance. */
interface LaunchedInterface {
  readonly description: string;
  readonly securityGroupIds: readonly string[];
  /** @default the subnet in which the group launches the instance */
  readonly subnetId?: string | undefined;
}

/** What an Auto Scaling group makes its instances of. */
export interface LaunchTemplateProps {
  /** Words of its name. */
  readonly name: readonly string[];
  /** Words of the name of what it launches. */
  readonly instanceName: readonly string[];
  /** What its instances are, in the words of people: `connector`. */
  readonly of: string;
  readonly instanceType: string;
  /** Image with the device of its root disk, and whether it was looked up. */
  readonly image: { readonly id: string; readonly rootDevice: string; readonly lookedUp: boolean };
  /** As base64. */
  readonly userData: string;
  readonly instanceProfile: string;
  /** The interfaces in the order of their device index. None has a public address. */
  readonly interfaces: readonly LaunchedInterface[];
  /** How far answers of instance metadata travel. @default the account's */
  readonly metadataHops?: number | undefined;
  readonly disk: { readonly type: string; readonly sizeGb?: number | undefined; readonly kmsKeyArn: string | undefined };
  /** @default the subnet's */
  readonly hostnames?: { readonly type: "resource-name" | "ip-name"; readonly aRecord: boolean } | undefined;
  readonly keyName: string | undefined;
  /** Tags of instances, volumes and interfaces. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Tags with a name among them. Tags that are known only at deployment cannot be spread. */
function named(scope: Construct, tags: Readonly<Record<string, string>>, ...words: readonly string[]): Record<string, string> {
  const name = awsName("tag", ...words);
  if (!isToken(tags)) return { ...tags, Name: name };
  return Token.asStringMap(
    Lazy.anyValue({ produce: () => `\${merge(${expressionOf(scope, Token.asString(tags))}, { Name = ${expressionOf(scope, name)} })}` }),
  );
}

/**
 * Makes the launch template of an Auto Scaling group, in the scope's `launch_template`. Each change of a setting is a new version, which the next
 * instances are launched by; those that run stay. An image that was looked up is that of the first version until the template is replaced.
 */
export function launchTemplate(scope: Construct, props: LaunchTemplateProps): LaunchTemplate {
  const { image, disk, hostnames } = props;
  // Default tags of the provider do not reach what a launch template makes.
  const tagged = (resourceType: string) => ({ resourceType, tags: named(scope, props.tags, ...props.instanceName) });
  const template = new LaunchTemplate(scope, "launch_template", {
    namePrefix: awsName("launchTemplatePrefix", ...props.name, ""),
    imageId: image.id,
    instanceType: props.instanceType,
    iamInstanceProfile: { name: props.instanceProfile },
    ...present({ keyName: props.keyName }),
    userData: props.userData,
    ebsOptimized: "true",
    networkInterfaces: props.interfaces.map(({ description, securityGroupIds, subnetId }, deviceIndex) => ({
      deviceIndex,
      description,
      securityGroups: [...securityGroupIds],
      associatePublicIpAddress: "false",
      deleteOnTermination: "true",
      ...present({ subnetId }),
    })),
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", ...present({ httpPutResponseHopLimit: props.metadataHops }) },
    ...(hostnames && { privateDnsNameOptions: { hostnameType: hostnames.type, enableResourceNameDnsARecord: hostnames.aRecord } }),
    blockDeviceMappings: [
      {
        deviceName: image.rootDevice,
        ebs: {
          encrypted: "true",
          volumeType: disk.type,
          deleteOnTermination: "true",
          ...present({ volumeSize: disk.sizeGb, kmsKeyId: disk.kmsKeyArn }),
        },
      },
    ],
    tagSpecifications: [tagged("instance"), tagged("volume"), tagged("network-interface")],
    tags: { Name: awsName("tag", ...props.name) },
    lifecycle: {
      // While it is replaced the group launches by the old one.
      createBeforeDestroy: true,
      ...(image.lookedUp ? { ignoreChanges: ["image_id"] } : {}),
    },
  });
  explain(
    template,
    image.lookedUp
      ? `The image stays that of the first version. Upgrade by replacing the template, which replaces no ${props.of}, and then by an instance refresh: terraform apply -replace=<address>.`
      : `Another image is a new version, which replaces no ${props.of}. Upgrade those that run by an instance refresh.`,
  );
  return template;
}
