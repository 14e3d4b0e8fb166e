import { createHash } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { TerraformVariable } from "cdktf";
import { FleetFunction, type FleetFunctionProps } from "../../../modules/fleet-lifecycle/fleet-function";
import { type FleetDocument, fleetDocument } from "../../../modules/fleet-lifecycle/function/document";
import { ZscalerStack } from "../../../stacks/zscaler-stack";
import { madeBefore } from "../../stacks/graph";
import { asText, type Block, type SynthesizedStack, synthesizeApp, type Value } from "../../stacks/synthesize";

const zip = join(__dirname, "../../../modules/fleet-lifecycle/dist/function.zip");
const functionAddress = "aws_lambda_function.fleet";
const account = "${data.aws_region.region.id}:${data.aws_caller_identity.caller_identity.account_id}";
const secretArn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:ZS/CC/credentials-AbCdEf";

type More = { readonly [Name in keyof FleetFunctionProps]?: unknown };

/** A stack with a `FleetFunction` by the id `fleet`, and a resource that stands for the groups. */
const synthesizeFleet = (more: More | ((stack: ZscalerStack) => More) = {}): SynthesizedStack =>
  synthesizeApp((app) => {
    const stack = new ZscalerStack(app, "theirs");
    new AwsProvider(stack, "aws", { region: "us-west-2" });
    const { ready } = new FleetFunction(stack, "fleet", {
      name: "theirs",
      groupNames: ["theirs-connectors-a", "theirs-connectors-b"],
      provisioningUrl: "connector.zscaler.net/api/v1/provUrl?name=aws-prod",
      secretArn,
      ...((typeof more === "function" ? more(stack) : more) as Partial<FleetFunctionProps>),
    });
    new CloudwatchLogGroup(stack, "group", { dependsOn: [...ready] });
  })("theirs");

const statements = (policy: Value | undefined): readonly Block[] => (JSON.parse(asText(policy)) as { Statement: Block[] }).Statement;

const documentText = (stack: SynthesizedStack): string => {
  const { environment } = stack.at(functionAddress);
  const { variables } = environment as { readonly variables: Readonly<Record<string, string>> };
  expect(Object.keys(variables)).toEqual(["FLEET_DOCUMENT"]);
  return String(variables["FLEET_DOCUMENT"]);
};

/** The document as the function takes it. */
const documentOf = (text: string): FleetDocument => fleetDocument.parse(JSON.parse(text));

const inlinePolicies = (stack: SynthesizedStack): Readonly<Record<string, readonly Block[]>> =>
  Object.fromEntries(
    Object.entries(stack.ofType("aws_iam_role_policy")).map(([address, { policy }]) => [
      address.replace("aws_iam_role_policy.fleet_role_", ""),
      statements(policy),
    ]),
  );

const told = (more: More): readonly string[] => {
  try {
    synthesizeFleet(more);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
};

describe("by default", () => {
  const stack = synthesizeFleet();

  test("the function runs outside of a VPC with what it needs", () => {
    const { environment, depends_on, ...lambda } = stack.at(functionAddress);
    const content = fs.readFileSync(zip);
    expect(lambda).toEqual({
      function_name: "theirs-fleet",
      description: "Looks after the connectors of theirs",
      role: "${aws_iam_role.fleet_role.arn}",
      filename: `\${path.module}/assets/fleet_code/${createHash("md5").update(content).digest("hex").toUpperCase()}/function.zip`,
      source_code_hash: createHash("sha256").update(content).digest("base64"),
      handler: "index.handler",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      memory_size: 256,
      timeout: 180,
      dead_letter_config: { target_arn: "${aws_sqs_queue.fleet_dead_letters.arn}" },
    });
    expect(environment).toBeDefined();
    expect(depends_on).toBeDefined();
  });

  test("the function is told all there is to know, in its environment", () => {
    expect(documentOf(documentText(stack))).toEqual({
      name: "theirs",
      groups: ["theirs-connectors-a", "theirs-connectors-b"],
      health: { degraded: "keep", silentMinutes: 10, unseenMinutes: 20, mostUnhealthyPercent: 50, paused: false },
      portal: { host: "connector.zscaler.net", secret: secretArn },
      queue: "${aws_sqs_queue.fleet_removals.url}",
    });
  });

  test("its log is kept for 30 days; removals wait in order, are tried five times and are kept for 14 days, as failed events are", () => {
    expect(stack.at("aws_cloudwatch_log_group.fleet")).toEqual({ name: "/aws/lambda/theirs-fleet", retention_in_days: 30 });
    const kept = { sqs_managed_sse_enabled: true, message_retention_seconds: 1209600 };
    expect(stack.ofType("aws_sqs_queue")).toEqual({
      "aws_sqs_queue.fleet_dead_letters": { name: "theirs-fleet-dead-letters", ...kept },
      "aws_sqs_queue.fleet_removals_dead_letters": { name: "theirs-fleet-removals-dead-letters.fifo", fifo_queue: true, ...kept },
      "aws_sqs_queue.fleet_removals": {
        name: "theirs-fleet-removals.fifo",
        fifo_queue: true,
        content_based_deduplication: false,
        // 6 x 180 s.
        visibility_timeout_seconds: 1080,
        redrive_policy: '{"deadLetterTargetArn":"${aws_sqs_queue.fleet_removals_dead_letters.arn}","maxReceiveCount":5}',
        ...kept,
      },
    });
  });

  test("Lambda takes removals from the queue ten at a time, and returns only those that failed", () => {
    const { depends_on, ...mapping } = stack.at("aws_lambda_event_source_mapping.fleet");
    expect(depends_on).toBeDefined();
    expect(mapping).toEqual({
      event_source_arn: "${aws_sqs_queue.fleet_removals.arn}",
      function_name: "${aws_lambda_function.fleet.arn}",
      batch_size: 10,
      function_response_types: ["ReportBatchItemFailures"],
      scaling_config: { maximum_concurrency: 2 },
    });
  });

  test("the role may do what the function does, and no more", () => {
    expect(inlinePolicies(stack)).toEqual({
      groups: [
        {
          Effect: "Allow",
          Action: ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat", "autoscaling:SetInstanceHealth"],
          Resource: ["a", "b"].map(
            (zone) =>
              `arn:\${data.aws_partition.partition.partition}:autoscaling:${account}:autoScalingGroup:*:autoScalingGroupName/theirs-connectors-${zone}`,
          ),
        },
      ],
      observe: [
        {
          Effect: "Allow",
          Action: [
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeLifecycleHooks",
            "autoscaling:DescribeScalingActivities",
            "cloudwatch:GetMetricData",
          ],
          Resource: "*",
        },
      ],
      secret: [{ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn }],
      removals: [
        {
          Effect: "Allow",
          Action: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage"],
          Resource: "${aws_sqs_queue.fleet_removals.arn}",
        },
      ],
      log: [
        { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "${aws_cloudwatch_log_group.fleet.arn}:*" },
      ],
      dead_letters: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "${aws_sqs_queue.fleet_dead_letters.arn}" }],
    });
    for (const type of ["aws_iam_policy", "aws_iam_role_policy_attachment"]) expect(stack.ofType(type)).toEqual({});
    expect(statements(stack.at("aws_iam_role.fleet_role")["assume_role_policy"])).toEqual([
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "${data.aws_service_principal.fleet_role.name}" } },
    ]);
    expect(stack.at("data.aws_service_principal.fleet_role")["service_name"]).toBe("lambda");
  });

  test("it is started each minute, and when an instance of its groups ends; only an end is tried again", () => {
    const age = { maximum_event_age_in_seconds: 900 };
    const ending = (detailType: string) => ({
      source: ["aws.autoscaling"],
      "detail-type": [detailType],
      detail: { AutoScalingGroupName: ["theirs-connectors-a", "theirs-connectors-b"] },
    });
    const expected = {
      schedule: {
        on: { schedule_expression: "rate(1 minute)" },
        retry: { maximum_event_age_in_seconds: 60, maximum_retry_attempts: 0 },
      },
      terminating: {
        on: { event_pattern: ending("EC2 Instance-terminate Lifecycle Action") },
        retry: { ...age, maximum_retry_attempts: 185 },
      },
      terminated: { on: { event_pattern: ending("EC2 Instance Terminate Successful") }, retry: { ...age, maximum_retry_attempts: 185 } },
    };
    expect(Object.keys(stack.ofType("aws_cloudwatch_event_rule")).sort()).toEqual(
      Object.keys(expected)
        .map((id) => `aws_cloudwatch_event_rule.fleet_${id}`)
        .sort(),
    );
    for (const [id, { on, retry }] of Object.entries(expected)) {
      const { name, description, event_pattern, ...rule } = stack.at(`aws_cloudwatch_event_rule.fleet_${id}`);
      expect(name).toBe(`theirs-fleet-${id}`);
      expect(description).toMatch(/theirs/);
      expect(event_pattern === undefined ? rule : { event_pattern: JSON.parse(asText(event_pattern)) as unknown }).toEqual(on);
      expect(stack.at(`aws_cloudwatch_event_target.fleet_${id}`)).toMatchObject({
        rule: `\${aws_cloudwatch_event_rule.fleet_${id}.name}`,
        arn: "${aws_lambda_function.fleet.arn}",
        retry_policy: retry,
      });
      expect(stack.at(`aws_lambda_permission.fleet_${id}`)).toEqual({
        statement_id: id,
        action: "lambda:InvokeFunction",
        function_name: "${aws_lambda_function.fleet.function_name}",
        principal: "events.amazonaws.com",
        source_arn: `\${aws_cloudwatch_event_rule.fleet_${id}.arn}`,
      });
    }
    expect(stack.at("aws_lambda_function_event_invoke_config.fleet")).toEqual({
      function_name: "${aws_lambda_function.fleet.function_name}",
      maximum_retry_attempts: 2,
      ...age,
    });
  });

  test("people are told of all that goes wrong", () => {
    const topic = ["${aws_sns_topic.fleet_topic.arn}"];
    const own = (metric: string, statistic: string, more: object = {}) => ({
      namespace: "Zscaler/FleetLifecycle",
      metric_name: metric,
      dimensions: { Deployment: "theirs" },
      statistic,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      evaluation_periods: 1,
      treat_missing_data: "notBreaching",
      ...more,
    });
    const lambda = (metric: string) => ({ ...own(metric, "Sum"), namespace: "AWS/Lambda", dimensions: { FunctionName: "theirs-fleet" } });
    const queue = (id: string) => ({
      ...own("ApproximateNumberOfMessagesVisible", "Maximum"),
      namespace: "AWS/SQS",
      dimensions: { QueueName: `\${aws_sqs_queue.fleet_${id}.name}` },
    });
    const tellsEnd = { ok_actions: topic };
    const expected = {
      unhealthy: own("Unhealthy", "Maximum", tellsEnd),
      degraded: own("Degraded", "Maximum", tellsEnd),
      held_back: own("HeldBack", "Maximum", tellsEnd),
      removal_failures: own("RemovalFailures", "Sum"),
      unidentified_connectors: own("UnidentifiedConnectors", "Sum"),
      failed_calls: own("FailedCalls", "Sum"),
      heartbeat: own("Heartbeat", "Sum", {
        comparison_operator: "LessThanThreshold",
        evaluation_periods: 3,
        treat_missing_data: "breaching",
        ...tellsEnd,
      }),
      errors: lambda("Errors"),
      throttles: lambda("Throttles"),
      dead_letters: queue("dead_letters"),
      removals_dead_letters: queue("removals_dead_letters"),
    };
    expect(stack.ofType("aws_cloudwatch_metric_alarm")).toEqual(
      Object.fromEntries(
        Object.entries(expected).map(([id, alarm]) => [
          `aws_cloudwatch_metric_alarm.fleet_alarms_${id}`,
          {
            alarm_name: `theirs-fleet-${id.replaceAll("_", "-")}`,
            alarm_description: expect.stringMatching(/^[A-Z].*\.$/) as unknown,
            period: 60,
            threshold: 1,
            alarm_actions: topic,
            depends_on: ["aws_sns_topic_policy.fleet_topic"],
            ...alarm,
          },
        ]),
      ),
    );
    expect(stack.at("aws_sns_topic.fleet_topic")).toEqual({ name: "theirs-fleet", kms_master_key_id: "${aws_kms_key.fleet_topic.arn}" });
  });

  test("birth: what the function needs stands before it, all of it before what starts it, and that before the groups", () => {
    const before = madeBefore(stack, functionAddress);
    const needed = ["aws_iam_role", "aws_iam_role_policy", "aws_sqs_queue", "aws_cloudwatch_log_group"]
      .flatMap((type) => Object.keys(stack.ofType(type)))
      .filter((address) => address !== "aws_cloudwatch_log_group.group");
    expect(needed).toHaveLength(1 + 6 + 3 + 1);
    for (const address of needed) expect([address, before.has(address)]).toEqual([address, true]);

    const starters = [...Object.keys(stack.ofType("aws_cloudwatch_event_target")), "aws_lambda_event_source_mapping.fleet"];
    expect(starters).toHaveLength(4);
    for (const starter of starters) {
      const first = madeBefore(stack, starter);
      for (const address of [
        functionAddress,
        ...(starter.startsWith("aws_cloudwatch_event_target.")
          ? [starter.replace("_cloudwatch_event_target.", "_lambda_permission.")]
          : []),
        "aws_lambda_function_event_invoke_config.fleet",
        ...Object.keys(stack.ofType("aws_cloudwatch_metric_alarm")),
      ]) {
        expect([starter, address, first.has(address)]).toEqual([starter, address, true]);
      }
    }

    const beforeGroups = madeBefore(stack, "aws_cloudwatch_log_group.group");
    const made = Object.keys(stack.elements).filter((address) => address.includes(".fleet"));
    expect(made).toHaveLength(3 * 3 + 1 + 11 + 3 + 3 + 1 + 6 + 3 + 1);
    for (const address of made) expect([address, beforeGroups.has(address)]).toEqual([address, true]);
  });
});

test("settings reach the function", () => {
  const key = "arn:aws:kms:us-west-2:123456789012:key/0";
  const topic = "arn:aws:sns:us-west-2:123456789012:alarms";
  const health = { degraded: "replace", silentMinutes: 15, unseenMinutes: 30, mostUnhealthyPercent: 25, paused: true };
  const stack = synthesizeFleet({
    health,
    terminateHookSeconds: 3600,
    secretKmsKeyArn: key,
    alarms: { topic: { arn: topic } },
    runtime: "nodejs20.x",
    architecture: "x86_64",
    memory: 512,
    logRetentionDays: 90,
    reservedConcurrency: 5,
    iam: { path: "/network/", permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" },
  });
  expect(documentOf(documentText(stack)).health).toEqual(health);
  expect(stack.at(functionAddress)).toMatchObject({
    runtime: "nodejs20.x",
    architectures: ["x86_64"],
    memory_size: 512,
    reserved_concurrent_executions: 5,
  });
  expect(stack.at("aws_cloudwatch_log_group.fleet")["retention_in_days"]).toBe(90);
  expect(stack.at("aws_iam_role.fleet_role")).toMatchObject({
    path: "/network/",
    permissions_boundary: "arn:aws:iam::123456789012:policy/boundary",
  });
  expect(inlinePolicies(stack)["secret"]).toEqual([
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
    { Effect: "Allow", Action: "kms:Decrypt", Resource: key },
  ]);
  for (const type of ["aws_sns_topic", "aws_kms_key"]) expect(stack.ofType(type)).toEqual({});
  for (const alarm of Object.values(stack.ofType("aws_cloudwatch_metric_alarm"))) expect(alarm["alarm_actions"]).toEqual([topic]);
});

test.each([
  [30, 900],
  [900, 900],
  [7200, 7200],
])("an instance that waits %d s for its event has it tried for %d s", (terminateHookSeconds, seconds) => {
  const stack = synthesizeFleet({ terminateHookSeconds });
  expect(stack.at("aws_lambda_function_event_invoke_config.fleet")["maximum_event_age_in_seconds"]).toBe(seconds);
  for (const id of ["terminating", "terminated"]) {
    expect(stack.at(`aws_cloudwatch_event_target.fleet_${id}`)).toMatchObject({ retry_policy: { maximum_event_age_in_seconds: seconds } });
  }
});

test("what is known only at deployment is passed on", () => {
  const stack = synthesizeFleet((scope) => {
    const variable = (name: string, type: string) => new TerraformVariable(scope, name, { type });
    const name = variable("name", "string").stringValue;
    return {
      name,
      groupNames: [`${name}-connectors`],
      provisioningUrl: variable("url", "string").stringValue,
      secretArn: variable("secret", "string").stringValue,
      health: { paused: variable("paused", "bool").value as unknown },
      terminateHookSeconds: variable("wait", "number").numberValue,
      memory: variable("memory", "number").numberValue,
    };
  });
  expect(stack.at(functionAddress)).toMatchObject({ function_name: "${var.name}-fleet", memory_size: "${var.memory}" });
  const text = documentText(stack);
  expect(text).toContain('"paused":${var.paused}');
  const deployed = text.replace("${var.paused}", "true").replace('${element(split("/", var.url), 0)}', "connector.zscaler.net");
  expect(documentOf(deployed)).toEqual({
    name: "${var.name}",
    groups: ["${var.name}-connectors"],
    health: { degraded: "keep", silentMinutes: 10, unseenMinutes: 20, mostUnhealthyPercent: 50, paused: true },
    portal: { host: "connector.zscaler.net", secret: "${var.secret}" },
    queue: "${aws_sqs_queue.fleet_removals.url}",
  });
  expect(stack.at("aws_sqs_queue.fleet_removals")["name"]).toBe("${var.name}-fleet-removals.fifo");
  expect(inlinePolicies(stack)["groups"]?.[0]?.["Resource"]).toEqual([
    expect.stringMatching(/:autoScalingGroup:\*:autoScalingGroupName\/\$\{var\.name\}-connectors$/),
  ]);
  expect(stack.at("aws_lambda_function_event_invoke_config.fleet")["maximum_event_age_in_seconds"]).toBe("${max(900, var.wait)}");
  expect(stack.at("aws_cloudwatch_metric_alarm.fleet_alarms_heartbeat")["dimensions"]).toEqual({ Deployment: "${var.name}" });
});

describe("mistakes are told at once, with the construct's path", () => {
  test("values", () => {
    const lines = told({
      health: { silentMinutes: 1 },
      memory: 1,
      terminateHookSeconds: 10,
      alarms: { create: { email: "netsec" } },
      provisioningUrl: "https://connector.zscaler.net/api/v1/provUrl?name=aws-prod",
    });
    expect(lines.map((line) => line.split(": ")[0]).sort()).toEqual([
      "theirs/fleet.alarms.create.email",
      "theirs/fleet.health.silentMinutes",
      "theirs/fleet.memory",
      "theirs/fleet.provisioningUrl",
      "theirs/fleet.terminateHookSeconds",
    ]);
  });

  test("nothing to look after", () => {
    expect(told({ groupNames: [] })).toEqual(["theirs/fleet.groupNames: groupNames is empty; give the name of an Auto Scaling group"]);
  });
});

test("names fit what AWS takes, for the longest name of a deployment", () => {
  expect(told({ name: "e".repeat(26) })).toEqual([]);
});
