import { rmSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { DescribeAutoScalingGroupsCommand, AutoScalingClient, DescribeLifecycleHooksCommand } from "@aws-sdk/client-auto-scaling";
import {
  DescribeInstanceAttributeCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeVolumesCommand,
  EC2Client,
  type Instance,
} from "@aws-sdk/client-ec2";
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { clientConfiguration, type Emulator, startEmulator } from "../../emulator";
import { nameOf, observeVpc, wayOut } from "./observed-vpc";
import { type Configuration, Project, type Ran } from "./project";
import { idsInRegion } from "./region";

/** Two App Connectors in the VPC of a deployment of the same file. */
const beside = (region: string): string =>
  [
    "defaults:",
    `  region: ${region}`,
    "deployments:",
    "  apps:",
    "    template: app-connectors",
    "    network: { deployment: egress }",
    "    subnets: { ranges: { a: { connector: 10.21.146.0/24 }, b: { connector: 10.21.147.0/24 } } }",
    "    appConnectors:",
    "      enrollment: { key: { secretsManager: { secret: ZS/AC/provisioning-key } } }",
    "      applications: { ranges: { crm: { range: 10.0.0.0/8, tcp: [443, 8000-8100], icmp: true } } }",
    "      addresses: { a-1: 10.21.146.10 }",
    "  egress:",
    "    template: network",
    "    zones: [a, b]",
    "    network: { create: { cidr: 10.21.0.0/16 } }",
    "",
  ].join("\n");

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
}, 300_000);

afterAll(async () => {
  await emulator.stop();
  expect(emulator.complaints()).toBe("");
});

async function succeeds(running: Promise<Ran>): Promise<string> {
  const { code, output } = await running;
  if (code !== 0) throw new Error(output);
  return output;
}

async function expectNoChanges(configuration: Pick<Configuration, "plan">): Promise<void> {
  const { code, output } = await configuration.plan();
  expect(output).toContain("No changes.");
  expect(code).toBe(0);
}

async function userDataOf(ec2: EC2Client, { InstanceId }: Instance): Promise<string> {
  const { UserData } = await ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute: "userData" }));
  return gunzipSync(Buffer.from(UserData?.Value ?? "", "base64")).toString();
}

/** The statements of a role's inline policies, by the role's first words. */
async function statementsOf(iam: IAMClient, prefix: string): Promise<readonly { readonly Action: unknown; readonly Resource: unknown }[]> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const role = Roles.find(({ RoleName = "" }) => RoleName.startsWith(prefix));
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: role?.RoleName }));
  const documents = await Promise.all(
    PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName: role?.RoleName, PolicyName }))),
  );
  return documents.flatMap(
    ({ PolicyDocument = "" }) =>
      (
        JSON.parse(decodeURIComponent(PolicyDocument)) as {
          readonly Statement: readonly { readonly Action: unknown; readonly Resource: unknown }[];
        }
      ).Statement,
  );
}

/** What stands in the VPC `egress`, as AWS calls show it. */
async function expectAppConnectors(region: string): Promise<void> {
  const configuration = clientConfiguration({ endpoint: emulator.endpoint, region });
  const [ec2, iam, lambda] = [new EC2Client(configuration), new IAMClient(configuration), new LambdaClient(configuration)];
  const vpc = await observeVpc(emulator.endpoint, region, "egress");
  const instances = vpc.instances.filter(({ Tags = [] }) =>
    Tags.some(({ Key, Value }) => Key === "zscaler-app-connectors" && Value === "apps"),
  );
  expect(instances.map(nameOf).sort()).toEqual(["apps-app-connector-a-1", "apps-app-connector-b-1"]);
  for (const instance of instances) {
    const zone = instance.Placement?.AvailabilityZone ?? "";
    expect(wayOut(vpc, instance.SubnetId)).toEqual([`available NAT gateway in ${zone}`, "internet gateway"]);
    expect(instance.PublicIpAddress).toBeUndefined();
    expect(instance.MetadataOptions?.HttpTokens).toBe("required");
  }
  expect(instances.map(({ PrivateIpAddress }) => PrivateIpAddress)).toContain("10.21.146.10");

  const groups = [...new Set(instances.flatMap(({ SecurityGroups = [] }) => SecurityGroups.map(({ GroupId }) => GroupId ?? "")))];
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: groups }] }),
  );
  expect(SecurityGroupRules.filter(({ IsEgress }) => !IsEgress)).toEqual([]);
  expect(
    SecurityGroupRules.map(({ IpProtocol, FromPort, ToPort, CidrIpv4 }) => `${IpProtocol} ${FromPort}-${ToPort} ${CidrIpv4}`).sort(),
  ).toEqual(["icmp -1--1 10.0.0.0/8", "tcp 443-443 0.0.0.0/0", "tcp 443-443 10.0.0.0/8", "tcp 8000-8100 10.0.0.0/8"]);

  const [first] = instances;
  if (!first) throw new Error("no instance");
  const userData = await userDataOf(ec2, first);
  expect(userData).toContain("KEY_SOURCE=ZS/AC/provisioning-key");
  expect(userData).toContain("zscaler-enroll.service");
  const volumes = instances.flatMap(({ BlockDeviceMappings = [] }) => BlockDeviceMappings.map(({ Ebs }) => Ebs?.VolumeId ?? ""));
  const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: volumes }));
  expect(Volumes.map(({ Size, Encrypted }) => ({ Size, Encrypted }))).toEqual(Array(2).fill({ Size: 64, Encrypted: true }));

  const statements = await statementsOf(iam, "apps-zpa-hosts");
  const readers = statements.filter(({ Action }) => /GetSecretValue|GetParameter/.test(JSON.stringify(Action)));
  expect(JSON.stringify(readers)).toContain(":secret:ZS/AC/provisioning-key-??????");
  for (const { Resource } of readers) expect(Resource).not.toBe("*");

  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "apps-app-connectors" }));
  expect(JSON.parse(Environment?.Variables?.["APP_CONNECTOR_DOCUMENT"] ?? "")).toMatchObject({
    name: "apps",
    parameters: "/zscaler/app-connectors/apps",
    groups: [],
  });
  for (const client of [ec2, iam, lambda]) client.destroy();
}

test.concurrent(
  "App Connectors in the VPC of another deployment, deployed by cdktf: in subnets of their own, by its NAT gateways, and nothing is left",
  async () => {
    const region = "eu-west-2";
    const before = await idsInRegion(emulator.endpoint, region);
    const project = await Project.create(emulator, "apps", region, beside(region));
    try {
      await succeeds(project.deployByCdktf("egress", "apps"));
      await expectAppConnectors(region);
      await expectNoChanges(project.configuration(join("cdktf.out/stacks", "apps")));
      await succeeds(project.destroyByCdktf("egress", "apps"));
      expect(await idsInRegion(emulator.endpoint, region)).toEqual(before);
    } finally {
      rmSync(project.folder, { recursive: true, force: true });
    }
  },
  600_000,
);

const scaled = (region: string): string =>
  [
    "deployments:",
    "  fleet:",
    "    template: app-connectors",
    `    region: ${region}`,
    "    network: { create: { cidr: 10.22.0.0/16 } }",
    "    fleet: { autoScaling: { min: 2, max: 4, warmPool: {}, notifications: { create: {} } } }",
    "    portal: { vanityDomain: acme, customerId: '72058304855015424', secret: ZS/CC/credentials }",
    "    appConnectors:",
    "      enrollment: { oauth: { group: { existing: { id: '72058304855015425' } } } }",
    "      applications: { any: {} }",
    "    tags: { Owner: netsec }",
    "",
  ].join("\n");

test.concurrent(
  "an Auto Scaling group of App Connectors: its hooks, instances and tags; the root configuration in HCL takes it on, and ends it",
  async () => {
    const region = "us-west-2";
    const before = await idsInRegion(emulator.endpoint, region);
    const project = await Project.create(emulator, "fleet", region, scaled(region));
    const client = new AutoScalingClient(clientConfiguration({ endpoint: emulator.endpoint, region }));
    try {
      await succeeds(project.deploy());
      const vpc = await observeVpc(emulator.endpoint, region, "fleet");
      expect(new Set(vpc.instances.map(({ Placement }) => Placement?.AvailabilityZone))).toEqual(new Set([`${region}a`, `${region}b`]));
      for (const { Tags = [] } of vpc.instances) {
        expect(Tags).toEqual(
          expect.arrayContaining([
            { Key: "Owner", Value: "netsec" },
            { Key: "zscaler-app-connectors", Value: "fleet" },
          ]),
        );
      }
      const { AutoScalingGroups: [group] = [] } = await client.send(new DescribeAutoScalingGroupsCommand({}));
      expect(group).toMatchObject({ MinSize: 2, MaxSize: 4, Instances: [{}, {}] });
      const { LifecycleHooks = [] } = await client.send(
        new DescribeLifecycleHooksCommand({ AutoScalingGroupName: group?.AutoScalingGroupName }),
      );
      expect(
        LifecycleHooks.map(({ LifecycleHookName, DefaultResult, HeartbeatTimeout }) => [
          LifecycleHookName,
          DefaultResult,
          HeartbeatTimeout,
        ]).sort(),
      ).toEqual([
        ["launch", "ABANDON", 1800],
        ["terminate", "CONTINUE", 900],
      ]);
      await expectNoChanges(project);

      const written = await project.writeHcl("terraform", "--as", "root");
      await succeeds(written.run("init", "-input=false", "-no-color"));
      await expectNoChanges(written);
      await succeeds(written.apply("-destroy"));
      expect(await idsInRegion(emulator.endpoint, region)).toEqual(before);
    } finally {
      client.destroy();
      rmSync(project.folder, { recursive: true, force: true });
    }
  },
  600_000,
);
