import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { DataAwsIamInstanceProfile } from "@cdktf/provider-aws/lib/data-aws-iam-instance-profile";
import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import { Fn, type ITerraformDependable, Op } from "cdktf";
import { Construct } from "constructs";
import { type z } from "zod";
import { existingKeyArn, existingSecret, partitionOf, type RoleSettings, ServiceRole } from "../iam";
import { existingSecurityGroup, RuledSecurityGroup, type RuledSecurityGroupProps } from "../security-group";
import { asText } from "../validation";
import { rolePolicies } from "./role-policies";
import { type fleetConnectorSettings, productCodes } from "./schema";
import { managementRules, serviceRules } from "./security-rules";
import { userData } from "./user-data";

type Settings = z.output<ReturnType<typeof fleetConnectorSettings>>;

export interface ConnectorPartsProps {
  /** First words of every AWS name. */
  readonly name: string;
  readonly vpcId: string;
  /** The ranges of the VPC, by name: their traffic is let into the service interfaces. */
  readonly vpcRanges: Readonly<Record<string, string>>;
  /** ARNs of the Auto Scaling groups whose lifecycle actions the connectors complete. @default none */
  readonly groupArns?: readonly string[] | undefined;
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

/** What all connectors of a deployment share. */
export interface ConnectorParts {
  readonly service: Part<RuledSecurityGroup>;
  readonly management: Part<RuledSecurityGroup>;
  readonly profile: Part<ServiceRole>;
  /** Image, and whether it was looked up: a newer one must not replace a connector that runs. The device of its root disk, where that is known. */
  readonly image: { readonly id: string; readonly lookedUp: boolean; readonly rootDevice: string | undefined };
  readonly userData: string;
  readonly diskKeyArn: string | undefined;
  /** ARN of the secret with which connectors enroll. */
  readonly secretArn: string;
  /** ARN of the key that encrypts the secret, if it is not the account's default. */
  readonly secretKeyArn: string | undefined;
  /** What must stand before the first boot, besides the way to the internet. */
  readonly ready: readonly ITerraformDependable[];
}

/**
 * Makes what all connectors of a deployment share, in the scope: two security groups, a role with its policies and an instance profile, unless they
 * exist. Looks up the secret, the marketplace image, the KMS keys named and what exists.
 */
export function connectorParts(scope: Construct, settings: Settings, props: ConnectorPartsProps): ConnectorParts {
  const secret = existingSecret(scope, settings.secret);
  const secretKeyArn = settings.secretKmsKey === undefined ? undefined : existingKeyArn(scope, "secret", settings.secretKmsKey);
  const profile = instanceProfile(scope, settings, { secretArn: secret.arn, secretKeyArn }, props);
  const { existing } = settings.securityGroups;
  const service = securityGroup(scope, "service", existing?.service, {
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
  const management = securityGroup(scope, "management", existing?.management, {
    name: [props.name, "connector-management"],
    description: "Management interfaces of the Cloud Connectors",
    vpcId: props.vpcId,
    rules: () => managementRules({ ssh: settings.ssh?.allowFrom ?? {}, supportServer: settings.supportServer }),
  });
  const diskKeyArn = settings.disk.kmsKey === undefined ? undefined : existingKeyArn(scope, "disk", settings.disk.kmsKey);
  const grants =
    diskKeyArn === undefined || settings.disk.grantTo === undefined ? [] : [diskGrant(scope, diskKeyArn, settings.disk.grantTo)];
  return {
    service,
    management,
    profile,
    image: imageOf(scope, settings.ami),
    userData: userData(settings.provisioningUrl, secret.name, asText(settings.healthProbePort)),
    diskKeyArn,
    secretArn: secret.arn,
    secretKeyArn,
    ready: [...profile.ready, ...grants, ...service.ready, ...management.ready],
  };
}

function instanceProfile(
  scope: Construct,
  { instanceProfile: { existing }, cloudTags }: Settings,
  secret: { readonly secretArn: string; readonly secretKeyArn: string | undefined },
  { name, groupArns, iam }: ConnectorPartsProps,
): Part<ServiceRole> {
  if (existing) {
    const lookup = new DataAwsIamInstanceProfile(scope, "iam_instance_profile", { name: existing.name });
    return { value: existing.name, made: undefined, ready: [lookup] };
  }
  const role = new ServiceRole(scope, "role", {
    name: `${name}-connectors`,
    description: "Zscaler Cloud Connectors",
    service: "ec2",
    policies: rolePolicies({ ...secret, cloudTags, groupArns }),
    iam,
  });
  return { value: role.instanceProfile().name, made: role, ready: role.policies };
}

function securityGroup(
  scope: Construct,
  id: "service" | "management",
  existing: string | undefined,
  props: RuledSecurityGroupProps,
): Part<RuledSecurityGroup> {
  if (existing !== undefined) {
    const lookup = existingSecurityGroup(new Construct(scope, id), { id: existing, vpcId: props.vpcId, of: `${id} interfaces` });
    return { value: existing, made: undefined, ready: [lookup] };
  }
  const made = new RuledSecurityGroup(scope, id, props);
  return { value: made.group.id, made, ready: made.rules };
}

function imageOf(scope: Construct, named: string | undefined): ConnectorParts["image"] {
  if (named !== undefined) return { id: named, lookedUp: false, rootDevice: undefined };
  const { partition } = partitionOf(scope);
  const image = new DataAwsAmi(scope, "ami", {
    owners: ["aws-marketplace"],
    mostRecent: true,
    filter: [
      {
        name: "product-code",
        values: [Fn.conditional(Op.eq(partition, "aws-cn"), productCodes.china, productCodes.commercial) as string],
      },
    ],
  });
  return { id: image.id, lookedUp: true, rootDevice: image.rootDeviceName };
}

/** What EBS does with a customer's key on behalf of who launches an instance. */
function diskGrant(scope: Construct, keyId: string, granteePrincipal: string): KmsGrant {
  return new KmsGrant(scope, "disk", {
    keyId,
    granteePrincipal,
    operations: ["CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"],
  });
}
