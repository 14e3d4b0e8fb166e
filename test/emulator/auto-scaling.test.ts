import {
  AutoScalingClient,
  CompleteLifecycleActionCommand,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DeleteNotificationConfigurationCommand,
  DeletePolicyCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeLifecycleHooksCommand,
  DescribeNotificationConfigurationsCommand,
  DescribePoliciesCommand,
  DescribeScalingActivitiesCommand,
  DisableMetricsCollectionCommand,
  EnableMetricsCollectionCommand,
  PutLifecycleHookCommand,
  PutNotificationConfigurationCommand,
  PutScalingPolicyCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetInstanceHealthCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
  type AutoScalingGroup,
  type CreateAutoScalingGroupCommandInput,
  type Instance,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { clientConfiguration, startEmulator, type Emulator } from "../../emulator";

const region = "us-west-2";
const given = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error("the emulator answered without a value that AWS always gives");
  return value;
};

let emulator: Emulator;
let autoScaling: AutoScalingClient;
let ec2: EC2Client;
let balancing: ElasticLoadBalancingV2Client;
let subnets: readonly [string, string];
let securityGroup: string;
let template: string;
let targets: string;

beforeAll(async () => {
  emulator = await startEmulator();
  const configuration = clientConfiguration({ endpoint: emulator.endpoint, region });
  [autoScaling, ec2, balancing] = [
    new AutoScalingClient(configuration),
    new EC2Client(configuration),
    new ElasticLoadBalancingV2Client(configuration),
  ];
  const VpcId = given((await ec2.send(new CreateVpcCommand({ CidrBlock: "10.1.0.0/16" }))).Vpc?.VpcId);
  const subnet = async (range: string, zone: string): Promise<string> => {
    const made = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: range, AvailabilityZone: `${region}${zone}` }));
    return given(made.Subnet?.SubnetId);
  };
  subnets = [await subnet("10.1.1.0/24", "a"), await subnet("10.1.2.0/24", "b")];
  const group = await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: "service", Description: "service" }));
  securityGroup = given(group.GroupId);
  const Ebs = { VolumeType: "gp3" as const };
  const data = {
    ImageId: "ami-12c6146b",
    InstanceType: "m6i.large" as const,
    UserData: Buffer.from("one").toString("base64"),
    BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs }],
    NetworkInterfaces: [0, 1].map((DeviceIndex) => ({ DeviceIndex, Groups: [securityGroup], DeleteOnTermination: true })),
  };
  const made = await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: "connectors", LaunchTemplateData: data }));
  template = given(made.LaunchTemplate?.LaunchTemplateId);
  const later = { ...data, InstanceType: "m6i.xlarge" as const, UserData: Buffer.from("two").toString("base64") };
  await ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: template, LaunchTemplateData: later }));
  const protocol = { Protocol: "GENEVE" as const, Port: 6081, TargetType: "instance" as const };
  const targetGroup = await balancing.send(new CreateTargetGroupCommand({ Name: "connectors", VpcId, ...protocol }));
  targets = given(targetGroup.TargetGroups?.[0]?.TargetGroupArn);
}, 180_000);
afterAll(() => emulator.stop());

const create = async (name: string, more: Partial<CreateAutoScalingGroupCommandInput> = {}): Promise<void> => {
  const LaunchTemplate = { LaunchTemplateId: template, Version: "2" };
  const size = { MinSize: 2, MaxSize: 4, VPCZoneIdentifier: subnets.join(",") };
  await autoScaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName: name, LaunchTemplate, ...size, ...more }));
};
const found = async (name: string): Promise<AutoScalingGroup> => {
  const { AutoScalingGroups } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
  return given(AutoScalingGroups?.[0]);
};
const instances = async (name: string): Promise<readonly Instance[]> => given((await found(name)).Instances);
const states = async (name: string): Promise<readonly (string | undefined)[]> =>
  (await instances(name)).map(({ LifecycleState }) => LifecycleState).sort();
const activities = async (name: string) =>
  given((await autoScaling.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name }))).Activities);
const registered = async (): Promise<readonly (string | undefined)[]> => {
  const { TargetHealthDescriptions = [] } = await balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targets }));
  return TargetHealthDescriptions.map(({ Target }) => Target?.Id).sort();
};
const ids = (some: readonly Instance[]): readonly string[] => some.map(({ InstanceId }) => given(InstanceId)).sort();

test("a group keeps its settings, when it is made and when it is changed", async () => {
  const settings = { DefaultInstanceWarmup: 120, HealthCheckGracePeriod: 0, TerminationPolicies: ["OldestLaunchTemplate"] };
  const InstanceMaintenancePolicy = { MinHealthyPercentage: 100, MaxHealthyPercentage: 110 };
  await create("settings", { MinSize: 0, ...settings, InstanceMaintenancePolicy });
  expect(await found("settings")).toMatchObject({ ...settings, InstanceMaintenancePolicy });
  const removed = { MinHealthyPercentage: -1, MaxHealthyPercentage: -1 };
  const AutoScalingGroupName = "settings";
  const later = { DefaultInstanceWarmup: 60, TerminationPolicies: ["Default"] };
  await autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, ...later, InstanceMaintenancePolicy: removed }));
  expect(await found("settings")).toMatchObject({ ...later, HealthCheckGracePeriod: 0 });
  expect((await found("settings")).InstanceMaintenancePolicy).toBeUndefined();
});

test("a group's metrics are switched on and off one by one", async () => {
  await create("metrics", { MinSize: 0 });
  const enabled = async () => (await found("metrics")).EnabledMetrics?.map(({ Metric }) => Metric);
  const group = { AutoScalingGroupName: "metrics", Granularity: "1Minute" };
  await autoScaling.send(new EnableMetricsCollectionCommand({ ...group, Metrics: ["GroupMinSize", "GroupMaxSize"] }));
  await autoScaling.send(new EnableMetricsCollectionCommand({ ...group, Metrics: ["GroupTotalInstances"] }));
  await autoScaling.send(new DisableMetricsCollectionCommand({ ...group, Metrics: ["GroupMinSize"] }));
  expect(await enabled()).toEqual(["GroupMaxSize", "GroupTotalInstances"]);
});

test("a group's notifications are kept by topic", async () => {
  const group = { AutoScalingGroupName: "notified" };
  const topic = (name: string): string => `arn:aws:sns:${region}:123456789012:${name}`;
  const [launch, end] = ["autoscaling:EC2_INSTANCE_LAUNCH", "autoscaling:EC2_INSTANCE_TERMINATE"];
  await create("notified", { MinSize: 0 });
  const put = async (TopicARN: string, NotificationTypes: string[]) =>
    autoScaling.send(new PutNotificationConfigurationCommand({ ...group, TopicARN, NotificationTypes }));
  await put(topic("one"), [launch]);
  await put(topic("two"), [launch]);
  await put(topic("one"), [launch, end]);
  await autoScaling.send(new DeleteNotificationConfigurationCommand({ ...group, TopicARN: topic("two") }));
  const of = async (names: string[]) =>
    (await autoScaling.send(new DescribeNotificationConfigurationsCommand({ AutoScalingGroupNames: names }))).NotificationConfigurations;
  expect((await of(["notified"]))?.map(({ TopicARN, NotificationType }) => [TopicARN, NotificationType])).toEqual([
    [topic("one"), launch],
    [topic("one"), end],
  ]);
  expect(await of(["another"])).toEqual([]);
});

test("groups have policies of one name, which end with them", async () => {
  const target = { TargetValue: 80, CustomizedMetricSpecification: { MetricName: "cpu", Namespace: "N", Statistic: "Average" as const } };
  const policy = (group: string) => ({ AutoScalingGroupName: group, PolicyName: "cpu" });
  const kept = async (group: string) =>
    (await autoScaling.send(new DescribePoliciesCommand({ AutoScalingGroupName: group }))).ScalingPolicies;
  for (const group of ["first", "second", "third"]) {
    await create(group, { MinSize: 0 });
    const tracking = { PolicyType: "TargetTrackingScaling", TargetTrackingConfiguration: target };
    await autoScaling.send(new PutScalingPolicyCommand({ ...policy(group), ...tracking }));
  }
  expect(await kept("first")).toMatchObject([{ Enabled: true, TargetTrackingConfiguration: { TargetValue: 80 } }]);
  expect((await kept("first"))?.[0]?.PredictiveScalingConfiguration).toBeUndefined();
  await autoScaling.send(new DeletePolicyCommand(policy("second")));
  await autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: "third", ForceDelete: true }));
  expect([await kept("first"), await kept("second"), await kept("third")].map((found) => found?.length)).toEqual([1, 0, 0]);
});

const hook = (LifecycleHookName: string, transition: string, seconds: number) => ({
  LifecycleHookName,
  LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}`,
  HeartbeatTimeout: seconds,
});

test("a group is made with its hooks, which keep what an update leaves out", async () => {
  await create("hooked", {
    MinSize: 0,
    LifecycleHookSpecificationList: [{ ...hook("end", "TERMINATING", 900), DefaultResult: "CONTINUE" }],
  });
  const group = { AutoScalingGroupName: "hooked" };
  await autoScaling.send(new PutLifecycleHookCommand({ ...group, LifecycleHookName: "end", HeartbeatTimeout: 600 }));
  const [kept, ...more] = given((await autoScaling.send(new DescribeLifecycleHooksCommand(group))).LifecycleHooks);
  expect(kept).toMatchObject({ ...hook("end", "TERMINATING", 600), DefaultResult: "CONTINUE" });
  expect([kept?.RoleARN, kept?.NotificationTargetARN, more]).toEqual([undefined, undefined, []]);
});

test("a group launches the version it names, with its interfaces, over all subnets, and tells of it", async () => {
  await create("launched", { MinSize: 4 });
  const made = await instances("launched");
  expect(made.map(({ AvailabilityZone }) => AvailabilityZone).sort()).toEqual(["a", "a", "b", "b"].map((zone) => `${region}${zone}`));
  expect(made.map(({ LaunchTemplate }) => LaunchTemplate?.Version)).toEqual(["2", "2", "2", "2"]);
  const [id] = ids(made);
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [given(id)] }));
  const { InstanceType, NetworkInterfaces = [] } = given(Reservations?.[0]?.Instances?.[0]);
  expect(InstanceType).toBe("m6i.xlarge");
  expect(NetworkInterfaces.map(({ Groups, SubnetId }) => [Groups?.[0]?.GroupId, SubnetId])).toEqual([
    [securityGroup, NetworkInterfaces[0]?.SubnetId],
    [securityGroup, NetworkInterfaces[0]?.SubnetId],
  ]);
  const told = await activities("launched");
  expect(told.map(({ Description }) => Description).sort()).toEqual(ids(made).map((id) => `Launching a new EC2 instance: ${id}`));
  expect(told.every(({ StatusCode, EndTime }) => StatusCode === "Successful" && EndTime instanceof Date)).toBe(true);
  const first = { AutoScalingGroupName: "launched", MaxRecords: 3 };
  const { NextToken } = await autoScaling.send(new DescribeScalingActivitiesCommand(first));
  const { Activities } = await autoScaling.send(new DescribeScalingActivitiesCommand({ ...first, NextToken }));
  expect([...told.slice(3)]).toEqual(Activities);
});

test("targets are what is in service", async () => {
  await create("targets", { TargetGroupARNs: [targets], MinSize: 3 });
  const before = ids(await instances("targets"));
  expect(await registered()).toEqual(before);
  const AutoScalingGroupName = "targets";
  await autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 1, MaxSize: 1, DesiredCapacity: 1 }));
  expect(await registered()).toEqual(ids(await instances("targets")));
  await autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 0, MaxSize: 0, DesiredCapacity: 0 }));
  expect(await registered()).toEqual([]);
});

describe("an instance that ends at a hook", () => {
  const group = "waits";
  const action = (InstanceId: string, LifecycleHookName = "end") => ({ AutoScalingGroupName: group, LifecycleHookName, InstanceId });
  const end = async (InstanceId: string, smaller: boolean) =>
    autoScaling.send(new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: smaller }));
  const complete = async (InstanceId: string, name?: string) =>
    autoScaling.send(new CompleteLifecycleActionCommand({ ...action(InstanceId, name), LifecycleActionResult: "CONTINUE" }));
  let one: string;
  let two: string;

  beforeAll(async () => {
    await create(group, { TargetGroupARNs: [targets], LifecycleHookSpecificationList: [hook("end", "TERMINATING", 900)] });
    [one, two] = ids(await instances(group)) as [string, string];
  });

  test("waits, out of its target group, with another in its place", async () => {
    expect((await end(one, false)).Activity?.StatusCode).toBe("MidLifecycleAction");
    expect(await states(group)).toEqual(["InService", "InService", "Terminating:Wait"]);
    expect((await instances(group)).find(({ InstanceId }) => InstanceId === one)?.LifecycleState).toBe("Terminating:Wait");
    expect(await registered()).not.toContain(one);
    expect(await registered()).toHaveLength(2);
  });

  test("takes heartbeats, ends when it is completed, and what was called is told", async () => {
    await autoScaling.send(new RecordLifecycleActionHeartbeatCommand({ ...action(one), LifecycleActionToken: "token" }));
    expect(await states(group)).toContain("Terminating:Wait");
    await complete(one);
    expect(await states(group)).toEqual(["InService", "InService"]);
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [one] }));
    expect(Reservations?.[0]?.Instances?.[0]?.State?.Name).toBe("terminated");
    const told = (await activities(group)).find(({ Description }) => Description === `Terminating EC2 instance: ${one}`);
    expect(told).toMatchObject({ StatusCode: "Successful", EndTime: expect.any(Date) as Date });
    expect(JSON.parse(given(told?.Details))).toEqual({
      calls: [
        { call: "RecordLifecycleActionHeartbeat", ...action(one), LifecycleActionToken: "token" },
        { call: "CompleteLifecycleAction", ...action(one), LifecycleActionResult: "CONTINUE" },
      ],
    });
  });

  test("is refused another completion, and a heartbeat where none waits", async () => {
    const message = "No active Lifecycle Action found";
    await expect(complete(one)).rejects.toMatchObject({ name: "ValidationError", message: expect.stringContaining(message) as string });
    await expect(complete(two)).rejects.toThrow(message);
    await expect(autoScaling.send(new RecordLifecycleActionHeartbeatCommand(action(two)))).rejects.toThrow(message);
  });

  test("waits for every hook, and makes the group smaller if that is asked", async () => {
    await autoScaling.send(new PutLifecycleHookCommand({ AutoScalingGroupName: group, ...hook("other", "TERMINATING", 60) }));
    await autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: group, MinSize: 1 }));
    await end(two, true);
    await complete(two, "other");
    expect(await states(group)).toEqual(["InService", "Terminating:Wait"]);
    await complete(two);
    expect(await states(group)).toEqual(["InService"]);
  });

  test("is not chosen when the group shrinks, and goes with the group", async () => {
    await autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: group, DesiredCapacity: 3 }));
    const [three = ""] = ids(await instances(group));
    await end(three, false);
    await autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: group, DesiredCapacity: 1 }));
    expect(await states(group)).toEqual(["InService", "Terminating:Wait"]);
    await autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: group, MinSize: 0, MaxSize: 0, DesiredCapacity: 0 }));
    expect(await states(group)).toEqual([]);
  });
});

test("without a hook an instance ends at once", async () => {
  await create("ends");
  const [one = ""] = ids(await instances("ends"));
  const ended = await autoScaling.send(
    new TerminateInstanceInAutoScalingGroupCommand({ InstanceId: one, ShouldDecrementDesiredCapacity: false }),
  );
  expect(ended.Activity?.StatusCode).toBe("Successful");
  expect(await states("ends")).toEqual(["InService", "InService"]);
  expect(ids(await instances("ends"))).not.toContain(one);
});

test("an instance is marked unhealthy, and one of no group is refused", async () => {
  await create("health");
  const [one = ""] = ids(await instances("health"));
  const mark = async (InstanceId: string) =>
    autoScaling.send(new SetInstanceHealthCommand({ InstanceId, HealthStatus: "Unhealthy", ShouldRespectGracePeriod: false }));
  await mark(one);
  const marked = (await instances("health")).map(({ InstanceId, HealthStatus }) => [InstanceId, HealthStatus]);
  expect(marked.sort()).toEqual(ids(await instances("health")).map((id) => [id, id === one ? "Unhealthy" : "Healthy"]));
  const refusal = { name: "ValidationError", message: expect.stringContaining("No managed instance found") as string };
  await expect(mark("i-0123456789abcdef0")).rejects.toMatchObject(refusal);
  const end = { InstanceId: "i-0123456789abcdef0", ShouldDecrementDesiredCapacity: false };
  await expect(autoScaling.send(new TerminateInstanceInAutoScalingGroupCommand(end))).rejects.toMatchObject(refusal);
});
