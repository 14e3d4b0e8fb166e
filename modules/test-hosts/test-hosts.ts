import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Instance, type InstanceConfig } from "@cdktf/provider-aws/lib/instance";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type RoleSettings, ServiceRole } from "../iam";
import { awsName } from "../naming";
import { anywhere, RuledSecurityGroup, type SecurityRule } from "../security-group";
import { checkSettings, orToken, present } from "../validation";
import { testHostSettings, type TestHostSettings } from "./schema";
import { trustCertificate } from "./trust-certificate";

const schema = testHostSettings(orToken);

const amazonLinux = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

const allOut: SecurityRule = {
  id: "all_out",
  direction: "out",
  protocol: "all",
  peer: anywhere,
  description: "Everything, to be tried",
};

const ssh = { direction: "in", protocol: "tcp", ports: [22, 22] } as const;

export interface TestHostsProps extends TestHostSettings {
  /** First words of every AWS name. */
  readonly name: string;
  readonly vpcId: string;
  /** The workload subnet in which each zone's host stands, by zone. */
  readonly workloadSubnetIds: Readonly<Record<string, string>>;
  /** Where a bastion stands: a subnet that leads to an internet gateway. Needed for a bastion only. */
  readonly publicSubnetId?: string | undefined;
  /** What must stand before a host starts, so that its first steps reach AWS. @default nothing */
  readonly after?: readonly ITerraformDependable[];
  /** @default path "/", no boundary */
  readonly iam?: RoleSettings | undefined;
}

/**
 * Hosts that try out a deployment: an Amazon Linux 2023 instance in each zone's workload subnet and, where asked for, a bastion.
 *
 * Login is Session Manager. Makes the instances, their role and profile, and a security group for each kind of host.
 *
 * @throws When a setting is wrong: all mistakes at once.
 */
export class TestHosts extends Construct {
  /** The workload hosts by zone. */
  readonly hosts: Readonly<Record<string, Instance>>;
  readonly bastion?: Instance;

  constructor(scope: Construct, id: string, props: TestHostsProps) {
    super(scope, id);
    const { instanceType, rootCertificate, bastion } = checkSettings(this, schema, props);
    const role = new ServiceRole(this, "role", {
      name: `${props.name}-test-hosts`,
      description: "Hosts that try out Zscaler Cloud Connectors",
      service: "ec2",
      managedPolicies: ["AmazonSSMManagedInstanceCore"],
      iam: props.iam,
    });
    const common = {
      ami: new DataAwsSsmParameter(this, "image", { name: amazonLinux }).insecureValue,
      instanceType,
      iamInstanceProfile: role.instanceProfile().name,
      ...present({ keyName: bastion?.keyName }),
      dependsOn: [...role.policies, ...(props.after ?? [])],
    };

    const sshToWorkloads: SecurityRule[] = [];
    if (bastion) {
      if (props.publicSubnetId === undefined) throw new Error(`${this.node.path}.publicSubnetId: a bastion needs a public subnet`);
      const { group, rules } = new RuledSecurityGroup(this, "bastion", {
        name: [props.name, "bastion"],
        description: "Bastion",
        vpcId: props.vpcId,
        rules: () => [
          ...Object.entries(bastion.allowFrom).map(
            ([name, range]) => ({ ...ssh, id: `ssh_from_${name}`, peer: { range }, description: `SSH from ${name}` }) as const,
          ),
          allOut,
        ],
      });
      sshToWorkloads.push({ ...ssh, id: "ssh_from_bastion", peer: { group: group.id }, description: "SSH from the bastion" });
      this.bastion = this.host("bastion", awsName("tag", props.name, "bastion"), {
        ...common,
        subnetId: props.publicSubnetId,
        associatePublicIpAddress: true,
        vpcSecurityGroupIds: [group.id],
        dependsOn: [...common.dependsOn, ...rules],
      });
    }

    const workload = new RuledSecurityGroup(this, "workload", {
      name: [props.name, "workload"],
      description: "Workload test hosts",
      vpcId: props.vpcId,
      rules: (group) => [
        { id: "all_from_hosts", direction: "in", protocol: "all", peer: { group }, description: "Test hosts among themselves" },
        ...sshToWorkloads,
        allOut,
      ],
    });
    this.hosts = Object.fromEntries(
      Object.entries(props.workloadSubnetIds).map(([zone, subnetId]) => [
        zone,
        this.host(zone, awsName("tag", props.name, "workload", zone), {
          ...common,
          subnetId,
          vpcSecurityGroupIds: [workload.group.id],
          dependsOn: [...common.dependsOn, ...workload.rules],
          ...(rootCertificate === undefined ? {} : { userData: trustCertificate(rootCertificate), userDataReplaceOnChange: true }),
        }),
      ]),
    );
  }

  private host(id: string, name: string, config: InstanceConfig): Instance {
    const scope = this.node.tryFindChild(id) ?? new Construct(this, id);
    return new Instance(scope, "instance", {
      ...config,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required" },
      rootBlockDevice: { encrypted: true, volumeType: "gp3", tags: { Name: name } },
      tags: { Name: name },
      // A newer Amazon Linux must not replace a host that runs.
      lifecycle: { ignoreChanges: ["ami"] },
    });
  }
}
