import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Fn, TerraformOutput, TerraformVariable } from "cdktf";
import { ScaledConnectors, type ScaledConnectorsProps } from "../../../modules/fleet-lifecycle";
import { ZscalerStack } from "../../../stacks/zscaler-stack";
import { madeBefore } from "../../stacks/graph";
import { asText, type Block, type SynthesizedStack, synthesizeApp, type Value } from "../../stacks/synthesize";

const props: ScaledConnectorsProps = {
  name: "egress",
  provisioningUrl: "connector.zscaler.net/api/v1/provUrl?name=aws-prod",
  secret: "ZS/CC/credentials",
  vpcId: "vpc-0",
  vpcRanges: { vpc: "10.1.0.0/16" },
  zones: { a: { connectorSubnetId: "subnet-0a" }, b: { connectorSubnetId: "subnet-0b" } },
  targetGroupArns: ["arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/egress-id/0123456789abcdef"],
  tags: { Owner: "netsec" },
  fleet: {},
};

type More = { readonly [Name in keyof ScaledConnectorsProps]?: unknown };

/** A stack with connectors by the id `connectors`. */
const synthesizeFleet = (
  more: More | ((stack: ZscalerStack) => More) = {},
  look: (connectors: ScaledConnectors, stack: ZscalerStack) => void = () => {},
): SynthesizedStack =>
  synthesizeApp((app) => {
    const stack = new ZscalerStack(app, "theirs");
    new AwsProvider(stack, "aws", { region: "us-west-2" });
    const given = typeof more === "function" ? more(stack) : more;
    look(new ScaledConnectors(stack, "connectors", { ...props, ...(given as Partial<ScaledConnectorsProps>) }), stack);
  })("theirs");

const scaled = (fleet: object, more: More = {}): SynthesizedStack => synthesizeFleet({ ...more, fleet });
const group = (stack: SynthesizedStack, key = "all"): Block => stack.at(`aws_autoscaling_group.connectors_${key}`);
const template = (stack: SynthesizedStack, key = "all"): Block => stack.at(`aws_launch_template.connectors_${key}`);
const statements = (policy: Value | undefined): readonly Block[] => (JSON.parse(asText(policy)) as { Statement: Block[] }).Statement;
const account = "${data.aws_caller_identity.caller_identity.account_id}";
const partition = "${data.aws_partition.partition.partition}";
const autoScalingRole = `arn:${partition}:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;

test("a launch template makes connectors of size small, closed and encrypted, and tags all that it makes", () => {
  const { network_interfaces, user_data, ...rest } = template(synthesizeFleet());
  expect(rest).toEqual({
    name_prefix: "egress-connectors-",
    image_id: "${data.aws_ami.connectors.id}",
    instance_type: "m6i.large",
    iam_instance_profile: { name: "${aws_iam_instance_profile.connectors_role.name}" },
    ebs_optimized: "true",
    metadata_options: { http_endpoint: "enabled", http_tokens: "required" },
    private_dns_name_options: { hostname_type: "resource-name", enable_resource_name_dns_a_record: false },
    block_device_mappings: [
      {
        device_name: "${data.aws_ami.connectors.root_device_name}",
        ebs: { encrypted: "true", volume_type: "gp3", delete_on_termination: "true" },
      },
    ],
    tag_specifications: ["instance", "volume", "network-interface"].map((resource_type) => ({
      resource_type,
      tags: { Owner: "netsec", Name: "egress-connector" },
    })),
    tags: { Name: "egress-connectors" },
    lifecycle: { create_before_destroy: true, ignore_changes: ["image_id"] },
  });
  const common = { associate_public_ip_address: "false", delete_on_termination: "true" };
  expect(network_interfaces).toEqual([
    {
      ...common,
      device_index: 0,
      description: "service interface of egress-connector",
      security_groups: ["${aws_security_group.connectors_service.id}"],
    },
    {
      ...common,
      device_index: 1,
      description: "management interface of egress-connector",
      security_groups: ["${aws_security_group.connectors_management.id}"],
    },
  ]);
  const lines = [
    "[ZSCALER]",
    "CC_URL=connector.zscaler.net/api/v1/provUrl?name=aws-prod",
    "SECRET_NAME=${data.aws_secretsmanager_secret.connectors.name}",
    "HTTP_PROBE_PORT=50000",
  ];
  expect(user_data).toBe(`\${base64encode("${lines.map((line) => `${line}\\n`).join("")}")}`);
});

test("a group launches before it ends, waits for no capacity, and leaves its hooks to the resources of their names", () => {
  const stack = synthesizeFleet();
  const { depends_on, enabled_metrics, ...rest } = group(stack);
  const hooks = [
    {
      name: "launch",
      lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
      default_result: "ABANDON",
      heartbeat_timeout: 1800,
    },
    {
      name: "terminate",
      lifecycle_transition: "autoscaling:EC2_INSTANCE_TERMINATING",
      default_result: "CONTINUE",
      heartbeat_timeout: 900,
    },
  ];
  expect(depends_on).not.toEqual([]);
  expect(rest).toEqual({
    name: "egress-connectors",
    min_size: 4,
    max_size: 8,
    vpc_zone_identifier: ["subnet-0a", "subnet-0b"],
    target_group_arns: props.targetGroupArns,
    launch_template: {
      id: "${aws_launch_template.connectors_all.id}",
      version: "${aws_launch_template.connectors_all.latest_version}",
    },
    health_check_type: "EC2",
    health_check_grace_period: 900,
    default_instance_warmup: 120,
    protect_from_scale_in: false,
    instance_maintenance_policy: { min_healthy_percentage: 100, max_healthy_percentage: 110 },
    initial_lifecycle_hook: hooks,
    wait_for_capacity_timeout: "0",
    force_delete: false,
    // Longer than any hook, of 7200 s at the most.
    timeouts: { delete: "7800s", update: "7800s" },
    lifecycle: { ignore_changes: ["initial_lifecycle_hook", "desired_capacity", "tag"] },
  });
  expect(new Set(enabled_metrics as readonly Value[]).size).toBe(20);
  const name = "${aws_autoscaling_group.connectors_all.name}";
  expect(Object.values(stack.ofType("aws_autoscaling_lifecycle_hook"))).toEqual(
    hooks.map((hook) => ({ ...hook, autoscaling_group_name: name })),
  );
  expect(stack.at("aws_autoscaling_policy.connectors_all_cpu")).toEqual({
    name: "cpu",
    autoscaling_group_name: name,
    policy_type: "TargetTrackingScaling",
    target_tracking_configuration: {
      target_value: 80,
      customized_metric_specification: {
        namespace: "Zscaler/CloudConnectors",
        metric_name: "smedge_cpu_utilization",
        metric_dimension: [{ name: "AutoScalingGroupName", value: name }],
        statistic: "Average",
        unit: "Percent",
      },
    },
  });
  expect(stack.at("aws_autoscaling_group_tag.connectors_all_tag")).toEqual({
    for_each: { Owner: "netsec" },
    autoscaling_group_name: name,
    tag: { key: "${each.key}", value: "${each.value}", propagate_at_launch: true },
  });
  expect(stack.ofType("aws_autoscaling_notification")).toEqual({});
  expect(stack.ofType("aws_kms_grant")).toEqual({});
});

test("a hook's time changes the hook, and of the group only what is ignored", () => {
  const [before, after] = [scaled({}), scaled({ launchHook: { wait: { timeoutSeconds: 3600 } }, terminateHookSeconds: 1200 })];
  const changed = Object.keys(after.elements).filter((address) => JSON.stringify(after.at(address)) !== JSON.stringify(before.at(address)));
  expect(changed.sort()).toEqual([
    "aws_autoscaling_group.connectors_all",
    "aws_autoscaling_lifecycle_hook.connectors_all_launch",
    "aws_autoscaling_lifecycle_hook.connectors_all_terminate",
    // It tries events again for as long as an end waits.
    "aws_cloudwatch_event_target.connectors_fleet_terminated",
    "aws_cloudwatch_event_target.connectors_fleet_terminating",
    "aws_lambda_function_event_invoke_config.connectors_fleet",
  ]);
  const attributes = Object.keys(group(after)).filter((name) => JSON.stringify(group(after)[name]) !== JSON.stringify(group(before)[name]));
  expect(attributes).toEqual(["initial_lifecycle_hook"]);
  expect(group(after)["lifecycle"]).toMatchObject({ ignore_changes: expect.arrayContaining(["initial_lifecycle_hook"]) as unknown });
});

test("every setting of a group reaches it", () => {
  const stack = scaled({
    min: 2,
    max: 5,
    targetCpuPercent: 40,
    healthCheckType: "elb",
    graceSeconds: 700,
    warmUpSeconds: 300,
    launchHook: { wait: { timeoutSeconds: 3600 } },
    protectFromScaleIn: true,
    warmPool: { state: "running", min: 1, maxPrepared: 6, reuseOnScaleIn: false },
  });
  expect(group(stack)).toMatchObject({
    min_size: 2,
    max_size: 5,
    health_check_type: "ELB",
    health_check_grace_period: 700,
    default_instance_warmup: 300,
    protect_from_scale_in: true,
    warm_pool: {
      pool_state: "Running",
      min_size: 1,
      max_group_prepared_capacity: 6,
      instance_reuse_policy: { reuse_on_scale_in: false },
    },
  });
  expect(stack.at("aws_autoscaling_policy.connectors_all_cpu")["target_tracking_configuration"]).toMatchObject({ target_value: 40 });
  expect(group(scaled({ warmPool: {} }))["warm_pool"]).toEqual({
    pool_state: "Stopped",
    min_size: 0,
    instance_reuse_policy: { reuse_on_scale_in: true },
  });
});

test("without a launch hook only the end is waited for", () => {
  const stack = scaled({ launchHook: { none: {} }, warmUpSeconds: 900, health: { unseenMinutes: 30 } });
  expect(group(stack)["initial_lifecycle_hook"]).toMatchObject([{ name: "terminate" }]);
  expect(Object.keys(stack.ofType("aws_autoscaling_lifecycle_hook"))).toEqual(["aws_autoscaling_lifecycle_hook.connectors_all_terminate"]);
});

test("a group in each zone has a template of its own, with management subnets of their own", () => {
  const zones = {
    a: { connectorSubnetId: "subnet-0a", managementSubnetId: "subnet-1a" },
    b: { connectorSubnetId: "subnet-0b", managementSubnetId: "subnet-1b" },
    c: "served",
  };
  const stack = scaled({ groups: "perZone" }, { zones, servedBy: { c: "a" }, managementTier: "separate" });
  expect(Object.keys(stack.ofType("aws_autoscaling_group"))).toEqual(["a", "b"].map((key) => `aws_autoscaling_group.connectors_${key}`));
  for (const key of ["a", "b"]) {
    expect(group(stack, key)).toMatchObject({
      name: `egress-connectors-${key}`,
      min_size: 2,
      max_size: 4,
      vpc_zone_identifier: [`subnet-0${key}`],
      launch_template: { id: `\${aws_launch_template.connectors_${key}.id}` },
    });
    const interfaces = template(stack, key)["network_interfaces"] as readonly Block[];
    expect(interfaces.map(({ subnet_id }) => subnet_id)).toEqual([undefined, `subnet-1${key}`]);
    expect(template(stack, key)["name_prefix"]).toBe(`egress-connectors-${key}-`);
  }
  const arns = ["a", "b"].map(
    (key) =>
      `arn:${partition}:autoscaling:\${data.aws_region.region.id}:${account}:autoScalingGroup:*:autoScalingGroupName/egress-connectors-${key}`,
  );
  expect(statements(stack.at("aws_iam_role_policy.connectors_role_lifecycle")["policy"])[0]).toEqual({
    Effect: "Allow",
    Action: ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
    Resource: arns,
  });
});

test("the function looks after exactly the groups, with the connectors' secret and its key", () => {
  const stack = scaled({ groups: "perZone" }, { secretKmsKey: "alias/zscaler" });
  const { environment } = stack.at("aws_lambda_function.connectors_fleet") as { readonly environment: { readonly variables: Block } };
  expect(JSON.parse(asText(environment.variables["FLEET_DOCUMENT"]))).toMatchObject({
    groups: ["egress-connectors-a", "egress-connectors-b"],
    portal: { host: "connector.zscaler.net", secret: "${data.aws_secretsmanager_secret.connectors.arn}" },
  });
  const decrypts = Object.entries(stack.ofType("aws_iam_role_policy")).filter(([, { policy }]) =>
    asText(policy).includes("${data.aws_kms_key.connectors_secret_key.arn}"),
  );
  expect(decrypts.map(([address]) => /connectors_(fleet_)?role/.exec(address)?.[0])).toEqual(["connectors_fleet_role", "connectors_role"]);
});

test("an image that is named is not ignored, and tells the device of its root disk, also when it is deprecated", () => {
  const stack = synthesizeFleet({ ami: "ami-0123456789abcdef0" });
  expect(template(stack)).toMatchObject({ image_id: "ami-0123456789abcdef0", lifecycle: { create_before_destroy: true } });
  expect(template(stack)["lifecycle"]).not.toHaveProperty("ignore_changes");
  expect(stack.at("data.aws_ami.connectors")).toEqual({
    filter: [{ name: "image-id", values: ["ami-0123456789abcdef0"] }],
    include_deprecated: true,
  });
});

test("Auto Scaling may use a customer's key of the disks before the first launch", () => {
  const stack = synthesizeFleet({ disk: { type: "gp2", kmsKey: "alias/disks" } });
  const address = "aws_kms_grant.connectors_auto_scaling";
  expect(stack.at(address)).toMatchObject({ key_id: "${data.aws_kms_key.connectors_disk_key.arn}", grantee_principal: autoScalingRole });
  expect(template(stack)["block_device_mappings"]).toMatchObject([
    { ebs: { encrypted: "true", volume_type: "gp2", kms_key_id: "${data.aws_kms_key.connectors_disk_key.arn}" } },
  ]);
  expect(madeBefore(stack, "aws_autoscaling_group.connectors_all")).toContain(address);
});

describe("notifications", () => {
  const events = ["LAUNCH", "LAUNCH_ERROR", "TERMINATE", "TERMINATE_ERROR"].map((event) => `autoscaling:EC2_INSTANCE_${event}`);

  test("go to a topic that exists", () => {
    const arn = "arn:aws:sns:us-west-2:123456789012:fleet";
    const stack = scaled({ groups: "perZone", notifications: { topic: { arn } } });
    expect(stack.at("aws_autoscaling_notification.connectors")).toEqual({
      depends_on: [],
      group_names: ["${aws_autoscaling_group.connectors_a.name}", "${aws_autoscaling_group.connectors_b.name}"],
      notifications: events,
      topic_arn: arn,
    });
    expect(Object.keys(stack.ofType("aws_sns_topic"))).toEqual(["aws_sns_topic.connectors_fleet_topic"]);
  });

  test("go to an encrypted topic that admits Auto Scaling, before its role exists", () => {
    const stack = scaled({ notifications: { create: { email: "netsec@example.com" } } });
    const topic = "${aws_sns_topic.connectors_notifications.arn}";
    expect(stack.at("aws_autoscaling_notification.connectors")).toMatchObject({ notifications: events, topic_arn: topic });
    expect(madeBefore(stack, "aws_autoscaling_notification.connectors")).toContain("aws_sns_topic_policy.connectors_notifications");
    const admitted = {
      Effect: "Allow",
      Principal: { AWS: `arn:${partition}:iam::${account}:root` },
      Condition: { ArnEquals: { "aws:PrincipalArn": autoScalingRole } },
    };
    expect(statements(stack.at("aws_kms_key.connectors_notifications")["policy"])).toContainEqual({
      ...admitted,
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
    });
    expect(statements(stack.at("aws_sns_topic_policy.connectors_notifications")["policy"])).toContainEqual({
      ...admitted,
      Action: "sns:Publish",
      Resource: topic,
    });
    // The alarms' topic admits CloudWatch alone.
    expect(stack.at("aws_kms_key.connectors_fleet_topic")["policy"]).not.toContain("AWSServiceRoleForAutoScaling");
  });
});

test("all that a launch or an end needs stands before the group, and the group before its hooks and its policy alone", () => {
  const stack = synthesizeFleet((scope) => {
    const listener = new CloudwatchLogGroup(scope, "listener", {});
    const route = new CloudwatchLogGroup(scope, "route", {});
    return {
      after: [listener],
      zones: { ...props.zones, b: { connectorSubnetId: "subnet-0b", egress: [route] } },
      disk: { kmsKey: "alias/disks" },
      fleet: { notifications: { create: {} } },
    };
  });
  const made = "aws_autoscaling_group.connectors_all";
  const later = Object.keys(stack.elements).filter((address) => address !== made && madeBefore(stack, address).has(made));
  expect(later.sort()).toEqual([
    "aws_autoscaling_group_tag.connectors_all_tag",
    "aws_autoscaling_lifecycle_hook.connectors_all_launch",
    "aws_autoscaling_lifecycle_hook.connectors_all_terminate",
    "aws_autoscaling_notification.connectors",
    "aws_autoscaling_policy.connectors_all_cpu",
  ]);
  const before = madeBefore(stack, made);
  const rest = Object.keys(stack.elements).filter((address) => !before.has(address) && address !== made && !later.includes(address));
  // What tells people of launches.
  expect(rest.sort()).toEqual(["aws_kms_key", "aws_sns_topic", "aws_sns_topic_policy"].map((type) => `${type}.connectors_notifications`));
});

test("a refresh launches before it ends, stops after the first half, and renews what is protected", () => {
  let commands: Readonly<Record<string, string>> = {};
  synthesizeFleet({ fleet: { groups: "perZone", warmUpSeconds: 300 } }, (connectors) => {
    commands = connectors.refreshCommands;
  });
  expect(Object.keys(commands)).toEqual(["a", "b"]);
  const [, preferences = ""] =
    /^aws autoscaling start-instance-refresh --auto-scaling-group-name egress-connectors-b --preferences '([^']*)'$/.exec(
      commands["b"] ?? "",
    ) ?? [];
  expect(JSON.parse(preferences)).toEqual({
    MinHealthyPercentage: 100,
    MaxHealthyPercentage: 110,
    InstanceWarmup: 300,
    CheckpointPercentages: [50, 100],
    CheckpointDelay: 600,
    SkipMatching: true,
    ScaleInProtectedInstances: "Refresh",
  });
});

test("what is known only at deployment is passed on, in texts too", () => {
  const stack = synthesizeFleet(
    (scope) => {
      const variable = (name: string, type = "string") => new TerraformVariable(scope, name, { type });
      return {
        name: variable("name").stringValue,
        provisioningUrl: variable("url").stringValue,
        healthProbePort: variable("port", "number").numberValue,
        ami: variable("ami").stringValue,
        tags: Fn.merge([variable("own", "map(string)").value, variable("tags", "map(string)").value]) as unknown,
        fleet: {
          targetCpuPercent: variable("cpu", "number").numberValue,
          graceSeconds: variable("grace", "number").numberValue,
          warmUpSeconds: variable("warm_up", "number").numberValue,
          launchHook: { wait: { timeoutSeconds: variable("launch", "number").numberValue } },
          terminateHookSeconds: variable("terminate", "number").numberValue,
          protectFromScaleIn: variable("protect", "bool").booleanValue,
          notifications: { topic: { arn: variable("topic").stringValue } },
        },
      };
    },
    (connectors, scope) => {
      new TerraformOutput(scope, "commands", { value: connectors.refreshCommands });
    },
  );
  const variables = Object.keys(stack.file.variable ?? {});
  expect(variables).toHaveLength(13);
  expect(variables.filter((name) => !stack.text.includes(`var.${name}`))).toEqual([]);
  expect(stack.text).not.toMatch(/TfToken|e\+\d{3}/);
  expect(group(stack)).toMatchObject({
    name: "${var.name}-connectors",
    health_check_grace_period: "${var.grace}",
  });
  const tags = "merge(var.own, var.tags)";
  expect(stack.at("aws_autoscaling_group_tag.connectors_all_tag")["for_each"]).toBe(`\${${tags}}`);
  expect(template(stack)["tag_specifications"]).toMatchObject(
    ["instance", "volume", "network-interface"].map((resource_type) => ({
      resource_type,
      tags: `\${merge(${tags}, { Name = "\${var.name}-connector" })}`,
    })),
  );
  expect(asText(template(stack)["user_data"])).toContain("HTTP_PROBE_PORT=${var.port}");
  expect(asText(stack.outputs["commands"])).toMatch(/\\"InstanceWarmup\\":\$\{var\.warm_up\}/);
});

describe("mistakes are told at once, with the construct's path", () => {
  const told = (more: More): readonly string[] => {
    try {
      synthesizeFleet(more);
      return [];
    } catch (error) {
      return (error as Error).message.split("\n").map((line) => line.split(": ")[0] ?? "");
    }
  };
  const at = (...fields: readonly string[]) => fields.map((field) => `theirs/connectors.${field}`);

  test("values", () => {
    expect(
      [...told({ secret: "a secret", fleet: { min: 11, targetCpuPercent: 5, warmPool: {}, launchHook: { none: {} } } })].sort(),
    ).toEqual(at("fleet.min", "fleet.targetCpuPercent", "fleet.warmPool", "secret"));
  });

  test("what does not go together", () => {
    const zones = { ...props.zones, "lax-1a": { connectorSubnetId: "subnet-0l", managementSubnetId: "subnet-1l" }, q: "served" };
    const mistakes = { size: "large", zones, servedBy: { q: "z" }, sourceRanges: { vpc: "10.9.0.0/16" }, fleet: { max: 1 } };
    expect([...told(mistakes)].sort()).toEqual(at("fleet", "fleet.groups", "fleet.max", "servedBy.q", "sourceRanges.vpc", "zones"));
  });

  test("a zone without subnets", () => {
    expect(told({ zones: { ...props.zones, c: "served" } })).toEqual(["theirs/connectors.zones.c has no subnets for its connectors"]);
  });
});
