import { type AppConnectors } from "../../../modules/app-connector";
import { madeBefore } from "../../stacks/graph";
import { type Block, type SynthesizedStack } from "../../stacks/synthesize";
import { partition, policiesOf, portal, settingsOf, synthesizeAppConnectors } from "./fixture";

const scaled = (autoScaling: object, more: object = {}): SynthesizedStack => synthesizeAppConnectors({ fleet: { autoScaling }, ...more });
const group = (stack: SynthesizedStack): Block => stack.at("aws_autoscaling_group.app_connectors_group");
const template = (stack: SynthesizedStack): Block => stack.at("aws_launch_template.app_connectors_group");
const hooks = [
  { name: "launch", lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING", default_result: "ABANDON", heartbeat_timeout: 1800 },
  { name: "terminate", lifecycle_transition: "autoscaling:EC2_INSTANCE_TERMINATING", default_result: "CONTINUE", heartbeat_timeout: 900 },
];

describe("by default", () => {
  let made: AppConnectors | undefined;
  const stack = synthesizeAppConnectors({ fleet: { autoScaling: {} }, portal, tags: { Owner: "netsec" } }, (appConnectors) => {
    made = appConnectors;
  });

  test("the template makes closed, encrypted instances with one interface, and tags all that it makes", () => {
    const { user_data, ...rest } = template(stack);
    expect(rest).toEqual({
      name_prefix: "private-app-connectors-",
      image_id: "${data.aws_ami.app_connectors.id}",
      instance_type: "m5a.xlarge",
      iam_instance_profile: { name: "${aws_iam_instance_profile.app_connectors_role.name}" },
      ebs_optimized: "true",
      network_interfaces: [
        {
          device_index: 0,
          description: "interface of private-app-connector",
          security_groups: ["${aws_security_group.app_connectors_traffic.id}"],
          associate_public_ip_address: "false",
          delete_on_termination: "true",
        },
      ],
      metadata_options: { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 2 },
      block_device_mappings: [
        {
          device_name: "${data.aws_ami.app_connectors.root_device_name}",
          ebs: { encrypted: "true", volume_size: 64, volume_type: "gp3", delete_on_termination: "true" },
        },
      ],
      tag_specifications: ["instance", "volume", "network-interface"].map((resource_type) => ({
        resource_type,
        tags: { Owner: "netsec", "zscaler-app-connectors": "private", Name: "private-app-connector" },
      })),
      tags: { Name: "private-app-connectors" },
      lifecycle: { create_before_destroy: true, ignore_changes: ["image_id"] },
    });
    expect(user_data).toBe("${base64gzip(local.app_connectors_user_data)}");
    expect(settingsOf(stack)).toMatchObject({ GROUP: "private-app-connectors", ENROLL_SECONDS: "1680" });
  });

  test("the group launches before it ends, over all zones, and takes as long as App Connectors drain", () => {
    const { depends_on, enabled_metrics, ...rest } = group(stack);
    expect(rest).toEqual({
      name: "private-app-connectors",
      min_size: 2,
      max_size: 4,
      vpc_zone_identifier: ["subnet-0a", "subnet-0b"],
      launch_template: {
        id: "${aws_launch_template.app_connectors_group.id}",
        version: "${aws_launch_template.app_connectors_group.latest_version}",
      },
      health_check_type: "EC2",
      health_check_grace_period: 300,
      default_instance_warmup: 120,
      protect_from_scale_in: false,
      instance_maintenance_policy: { min_healthy_percentage: 100, max_healthy_percentage: 110 },
      initial_lifecycle_hook: hooks,
      wait_for_capacity_timeout: "0",
      force_delete: false,
      timeouts: { delete: "2400s", update: "2400s" },
      lifecycle: { ignore_changes: ["initial_lifecycle_hook", "desired_capacity", "tag"] },
    });
    expect(depends_on).not.toEqual([]);
    expect(enabled_metrics).toContain("GroupInServiceInstances");
    const name = "${aws_autoscaling_group.app_connectors_group.name}";
    expect(Object.values(stack.ofType("aws_autoscaling_lifecycle_hook"))).toEqual(
      hooks.map((hook) => ({ ...hook, autoscaling_group_name: name })),
    );
    expect(stack.at("aws_autoscaling_group_tag.app_connectors_group_tag")["for_each"]).toEqual({
      Owner: "netsec",
      "zscaler-app-connectors": "private",
    });
    expect(stack.ofType("aws_autoscaling_notification")).toEqual({});
    expect(stack.ofType("aws_instance")).toEqual({});
    expect(stack.ofType("aws_network_interface")).toEqual({});
  });

  test("what an instance needs at its launch and its end stands before the group and outlives it", () => {
    const before = madeBefore(stack, "aws_autoscaling_group.app_connectors_group");
    const needed = stack.addresses.filter((address) =>
      /^aws_(iam_role_policy\.app_connectors_(role|upkeep)|vpc_security_group|lambda_(function|event)|cloudwatch_event|sqs_queue|cloudwatch_metric_alarm\.app_connectors_upkeep)/.test(
        address,
      ),
    );
    expect(needed.length).toBeGreaterThan(30);
    expect(needed.filter((address) => !before.has(address))).toEqual([]);
    expect([...before].filter((address) => address.startsWith("aws_autoscaling_group"))).toEqual([]);
  });

  test("people are told of a group that is too small or too busy", () => {
    const name = "${aws_autoscaling_group.app_connectors_group.name}";
    expect(stack.at("aws_cloudwatch_metric_alarm.app_connectors_alarms_below_minimum")).toMatchObject({
      namespace: "AWS/AutoScaling",
      metric_name: "GroupInServiceInstances",
      dimensions: { AutoScalingGroupName: name },
      comparison_operator: "LessThanThreshold",
      threshold: 2,
      period: 60,
      evaluation_periods: 15,
      treat_missing_data: "notBreaching",
    });
    expect(stack.at("aws_cloudwatch_metric_alarm.app_connectors_alarms_cpu")).toMatchObject({
      namespace: "AWS/EC2",
      dimensions: { AutoScalingGroupName: name },
      threshold: 85,
      period: 300,
      evaluation_periods: 6,
    });
  });

  test("all of it is at hand", () => {
    expect(made?.groupName).toBe("private-app-connectors");
    expect(made?.refreshCommand).toMatch(/^aws autoscaling start-instance-refresh --auto-scaling-group-name private-app-connectors /);
    expect(made?.group?.name).toBeDefined();
    expect(made?.launchTemplate).toBe(made?.scaledGroup?.template);
    expect(Object.keys(made?.documents ?? {})).toContain("replace");
    expect(made?.instances).toEqual({});
  });
});

test("every setting of a group reaches it", () => {
  const stack = scaled(
    {
      min: 3,
      max: 9,
      target: { networkOutBytes: 500_000_000 },
      graceSeconds: 700,
      warmUpSeconds: 300,
      launchHook: { wait: { timeoutSeconds: 3600 } },
      drainMinutes: 1440,
      protectFromScaleIn: true,
      warmPool: { state: "running", min: 1, maxPrepared: 10, reuseOnScaleIn: false },
      notifications: { create: { email: "netsec@example.com" } },
    },
    { disk: { kmsKey: "alias/disks" }, image: { rhel: { ami: "ami-0123456789abcdef0" } } },
  );
  expect(group(stack)).toMatchObject({
    min_size: 3,
    max_size: 9,
    health_check_grace_period: 700,
    default_instance_warmup: 300,
    protect_from_scale_in: true,
    timeouts: { delete: "88200s", update: "88200s" },
    warm_pool: {
      pool_state: "Running",
      min_size: 1,
      max_group_prepared_capacity: 10,
      instance_reuse_policy: { reuse_on_scale_in: false },
    },
  });
  expect(stack.at("aws_autoscaling_lifecycle_hook.app_connectors_group_launch")["heartbeat_timeout"]).toBe(3600);
  expect(settingsOf(stack)).toMatchObject({ IMAGE: "rhel", ENROLL_SECONDS: "3480" });
  expect(stack.at("aws_autoscaling_policy.app_connectors_group_target")["target_tracking_configuration"]).toEqual({
    target_value: 500_000_000,
    predefined_metric_specification: { predefined_metric_type: "ASGAverageNetworkOut" },
  });
  // Of an image that is named only the root device is looked up, and another one is a new version.
  expect(stack.at("data.aws_ami.app_connectors")).toEqual({
    filter: [{ name: "image-id", values: ["ami-0123456789abcdef0"] }],
    include_deprecated: true,
  });
  expect(template(stack)["lifecycle"]).toEqual({ create_before_destroy: true });
  expect(stack.at("aws_autoscaling_notification.app_connectors")).toMatchObject({
    group_names: ["${aws_autoscaling_group.app_connectors_group.name}"],
    topic_arn: "${aws_sns_topic.app_connectors_notifications.arn}",
  });
  // Two topics of one name would be one.
  const names = Object.values(stack.ofType("aws_sns_topic")).map(({ name }) => name);
  expect(new Set(names).size).toBe(2);
  expect(stack.at("aws_kms_grant.app_connectors_auto_scaling")["grantee_principal"]).toMatch(
    new RegExp(`^arn:${partition.replace(/[$.{}]/g, "\\$&")}:iam::.*AWSServiceRoleForAutoScaling$`),
  );
  expect([...madeBefore(stack, "aws_autoscaling_group.app_connectors_group")]).toContain("aws_kms_grant.app_connectors_auto_scaling");
});

test.each([
  ["cpuPercent", 40, "ASGAverageCPUUtilization"],
  ["networkInBytes", 1_000_000, "ASGAverageNetworkIn"],
] as const)("a group is kept at its %s", (metric, value, type) => {
  expect(
    scaled({ target: { [metric]: value } }).at("aws_autoscaling_policy.app_connectors_group_target")["target_tracking_configuration"],
  ).toEqual({ target_value: value, predefined_metric_specification: { predefined_metric_type: type } });
});

test("without a launch hook instances complete none, and may not", () => {
  const stack = scaled({ launchHook: { none: {} }, warmUpSeconds: 900 });
  expect(group(stack)["initial_lifecycle_hook"]).toEqual([hooks[1]]);
  expect(Object.keys(stack.ofType("aws_autoscaling_lifecycle_hook"))).toEqual([
    "aws_autoscaling_lifecycle_hook.app_connectors_group_terminate",
  ]);
  expect(settingsOf(stack)).not.toHaveProperty("GROUP");
  expect(settingsOf(stack)).toMatchObject({ ENROLL_SECONDS: "1800" });
  expect(policiesOf(stack, "app_connectors_role")).not.toHaveProperty("lifecycle");
});
