import { DataAwsIamInstanceProfile } from "@cdktf/provider-aws/lib/data-aws-iam-instance-profile";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type z } from "zod";
import { composedArn, parameterArn, partitionOf, type RoleSettings, secretArn, ServiceRole, type Statement } from "../iam";
import { existingSecurityGroup, RuledSecurityGroup } from "../security-group";
import { parametersOf } from "./marks";
import { instancePolicies } from "./role-policies";
import { type appConnectorSettings } from "./schema";
import { securityRules } from "./security-rules";

type Settings = z.output<ReturnType<typeof appConnectorSettings>>;

/** A part of the App Connectors that is made or exists. */
interface Part<Made> {
  /** Id of a security group, name of an instance profile. */
  readonly value: string;
  readonly made: Made | undefined;
  /** What must stand before an App Connector uses it. */
  readonly ready: readonly ITerraformDependable[];
}

/** The security group of the App Connectors, in the scope's `traffic`. */
export function securityGroup(
  scope: Construct,
  settings: Settings,
  { name, vpcId }: { readonly name: string; readonly vpcId: string },
): Part<RuledSecurityGroup> {
  const { existing } = settings.securityGroup;
  if (existing) {
    const lookup = existingSecurityGroup(new Construct(scope, "traffic"), { id: existing.id, vpcId, of: "App Connectors" });
    return { value: existing.id, made: undefined, ready: [lookup] };
  }
  const made = new RuledSecurityGroup(scope, "traffic", {
    name: [name, "app-connectors"],
    description: "App Connectors",
    vpcId,
    rules: () =>
      securityRules({
        ssh: settings.ssh?.allowFrom ?? {},
        applications: settings.applications,
        proxy: settings.proxy,
        dnsServers: settings.dns?.servers ?? [],
      }),
  });
  return { value: made.group.id, made, ready: made.rules };
}

/** The instance profile of the App Connectors, with its role in the scope's `role`. */
export function instanceProfile(
  scope: Construct,
  settings: Settings,
  props: {
    readonly name: string;
    /** What enrollment reads. */
    readonly enrollment: readonly Statement[];
    /** ARN of the group whose launch hook the instances complete. */
    readonly group: string | undefined;
    readonly logBucket: string | undefined;
    readonly iam: RoleSettings | undefined;
  },
): Part<ServiceRole> {
  const { existing } = settings.instanceProfile;
  if (existing) {
    const lookup = new DataAwsIamInstanceProfile(scope, "iam_instance_profile", { name: existing.name });
    return { value: existing.name, made: undefined, ready: [lookup] };
  }
  const object = (bucket: string, key: string): string => `arn:${partitionOf(scope).partition}:s3:::${bucket}/${key}`;
  const certificates = Object.values(settings.certificates);
  const role = new ServiceRole(scope, "role", {
    name: `${props.name}-zpa-hosts`,
    description: `App Connectors of ${props.name}`,
    service: "ec2",
    policies: instancePolicies({
      enrollment: props.enrollment,
      parameters: composedArn(scope, "ssm", `parameter${parametersOf(props.name)}`),
      certificates: {
        parameters: certificates.flatMap(({ parameter }) => (parameter ? [parameterArn(scope, parameter.name)] : [])),
        objects: certificates.flatMap(({ s3 }) => (s3 ? [object(s3.bucket, s3.key)] : [])),
      },
      proxySecret: settings.proxy?.secret === undefined ? undefined : secretArn(scope, settings.proxy.secret),
      group: props.group,
      logs: props.logBucket === undefined ? undefined : object(props.logBucket, `${props.name}/*`),
    }),
    iam: props.iam,
  });
  return { value: role.instanceProfile().name, made: role, ready: role.policies };
}
