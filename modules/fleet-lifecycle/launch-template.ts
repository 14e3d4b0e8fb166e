import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Fn, Lazy, Token } from "cdktf";
import { type Construct } from "constructs";
import { explain } from "../explanation";
import { awsName } from "../naming";
import { expressionOf, isToken, present } from "../validation";

/** What an Auto Scaling group makes its connectors of. */
export interface LaunchTemplateProps {
  /** Words of its name. */
  readonly name: readonly string[];
  /** Words of the name of what it launches. */
  readonly connectorName: readonly string[];
  readonly instanceType: string;
  /** Image with the device of its root disk, and whether it was looked up. */
  readonly image: { readonly id: string; readonly rootDevice: string; readonly lookedUp: boolean };
  readonly userData: string;
  readonly instanceProfile: string;
  readonly serviceSecurityGroupIds: readonly string[];
  readonly managementSecurityGroupIds: readonly string[];
  /** Subnet of the management interfaces. @default the subnet in which the group launches the instance */
  readonly managementSubnetId: string | undefined;
  readonly disk: { readonly type: string; readonly kmsKeyArn: string | undefined };
  readonly hostnames: { readonly type: "resource-name" | "ip-name"; readonly aRecord: boolean };
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
 * connectors are launched by; those that run stay. An image that was looked up is that of the first version until the template is replaced.
 */
export function launchTemplate(scope: Construct, props: LaunchTemplateProps): LaunchTemplate {
  const { image, disk } = props;
  // Default tags of the provider do not reach what a launch template makes.
  const tagged = (resourceType: string, ...more: readonly string[]) => ({
    resourceType,
    tags: named(scope, props.tags, ...props.connectorName, ...more),
  });
  // The interfaces of a size with more than these two have no place in Zscaler's launch template. Of several none may have a public address.
  const networkInterface = (deviceIndex: number, role: string, securityGroups: readonly string[]) => ({
    deviceIndex,
    description: `${role} interface of ${props.connectorName.join("-")}`,
    securityGroups: [...securityGroups],
    associatePublicIpAddress: "false",
    deleteOnTermination: "true",
  });
  const template = new LaunchTemplate(scope, "launch_template", {
    namePrefix: awsName("launchTemplatePrefix", ...props.name, ""),
    imageId: image.id,
    instanceType: props.instanceType,
    iamInstanceProfile: { name: props.instanceProfile },
    ...present({ keyName: props.keyName }),
    userData: Fn.base64encode(props.userData),
    ebsOptimized: "true",
    networkInterfaces: [
      networkInterface(0, "service", props.serviceSecurityGroupIds),
      {
        ...networkInterface(1, "management", props.managementSecurityGroupIds),
        ...present({ subnetId: props.managementSubnetId }),
      },
    ],
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required" },
    privateDnsNameOptions: { hostnameType: props.hostnames.type, enableResourceNameDnsARecord: props.hostnames.aRecord },
    blockDeviceMappings: [
      {
        deviceName: image.rootDevice,
        ebs: {
          encrypted: "true",
          volumeType: disk.type,
          deleteOnTermination: "true",
          ...present({ kmsKeyId: disk.kmsKeyArn }),
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
      ? "The image stays that of the first version. Upgrade by replacing the template, which replaces no connector, and then by an instance refresh: terraform apply -replace=<address>."
      : "Another image is a new version, which replaces no connector. Upgrade those that run by an instance refresh.",
  );
  return template;
}
