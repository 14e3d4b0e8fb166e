import { appConnectorDocument, type AppConnectorDocument } from "../../../modules/app-connector/function/document";
import { asText, type SynthesizedStack } from "../../stacks/synthesize";
import { allow, arn, groupArn, policiesOf, portal, synthesizeAppConnectors } from "./fixture";

const address = "aws_lambda_function.app_connectors_upkeep";
const parameters = arn("ssm", "parameter/zscaler/app-connectors/private");
const removals = "${aws_sqs_queue.app_connectors_upkeep_removals.arn}";
const removalsDeadLetters = "${aws_sqs_queue.app_connectors_upkeep_removals_dead_letters.arn}";
const oauth = { oauth: { group: { existing: { id: "72058304855015425" } } } };

/** The document as the function takes it. */
const documentOf = (stack: SynthesizedStack): AppConnectorDocument => {
  const { variables } = stack.at(address)["environment"] as { readonly variables: Readonly<Record<string, string>> };
  expect(Object.keys(variables)).toEqual(["APP_CONNECTOR_DOCUMENT"]);
  return appConnectorDocument.parse(JSON.parse(variables["APP_CONNECTOR_DOCUMENT"] ?? ""));
};

const patterns = (stack: SynthesizedStack): unknown =>
  Object.fromEntries(
    Object.entries(stack.ofType("aws_cloudwatch_event_rule")).map(([rule, { event_pattern, schedule_expression }]) => [
      rule.replace(/^.*upkeep_/, ""),
      schedule_expression ?? (JSON.parse(asText(event_pattern)) as unknown),
    ]),
  );

const alarms = (stack: SynthesizedStack): readonly string[] =>
  Object.keys(stack.ofType("aws_cloudwatch_metric_alarm"))
    .flatMap((alarm) => /upkeep_alarms_(.+)/.exec(alarm)?.[1] ?? [])
    .sort();

const always = ["not_enrolled", "no_agent", "failed_calls", "heartbeat", "errors", "throttles", "dead_letters", "removals_dead_letters"];

const plain = {
  name: "private",
  parameters: "/zscaler/app-connectors/private",
  groups: [],
  drainSeconds: 0,
  enrollMinutes: 30,
  agentMinutes: 30,
  queue: "${aws_sqs_queue.app_connectors_upkeep_removals.url}",
  deadLetters: "${aws_sqs_queue.app_connectors_upkeep_removals_dead_letters.url}",
};

describe("for a fixed number, without the ZPA API", () => {
  const stack = synthesizeAppConnectors();

  test("it looks each minute and at each instance that ends", () => {
    expect(documentOf(stack)).toEqual(plain);
    expect(patterns(stack)).toEqual({
      schedule: "rate(1 minute)",
      terminated: {
        source: ["aws.ec2"],
        "detail-type": ["EC2 Instance State-change Notification"],
        detail: { state: ["terminated"] },
      },
    });
    expect(alarms(stack)).toEqual([...always].sort());
  });

  test("it may look, read and delete its own parameters, and no more", () => {
    expect(policiesOf(stack, "app_connectors_upkeep_role")).toEqual({
      observe: [allow(["ec2:DescribeInstances", "ssm:DescribeInstanceInformation"], "*")],
      parameters: [allow(["ssm:DeleteParameter", "ssm:GetParameter", "ssm:GetParametersByPath"], `${parameters}/*`)],
      unknown_app_connectors: [allow("sqs:SendMessage", removalsDeadLetters)],
      removals: [allow(["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage"], removals)],
      log: [allow(["logs:CreateLogStream", "logs:PutLogEvents"], "${aws_cloudwatch_log_group.app_connectors_upkeep.arn}:*")],
      dead_letters: [allow("sqs:SendMessage", "${aws_sqs_queue.app_connectors_upkeep_dead_letters.arn}")],
    });
  });

  test("removals wait in a standard queue, and go to its dead letters after five failures", () => {
    expect(stack.at("aws_sqs_queue.app_connectors_upkeep_removals")).toEqual({
      name: "private-app-connectors-removals",
      visibility_timeout_seconds: 1080,
      redrive_policy: JSON.stringify({ deadLetterTargetArn: removalsDeadLetters, maxReceiveCount: 5 }),
      sqs_managed_sse_enabled: true,
      message_retention_seconds: 1_209_600,
    });
    expect(stack.at("aws_lambda_event_source_mapping.app_connectors_upkeep")).toMatchObject({
      event_source_arn: removals,
      function_response_types: ["ReportBatchItemFailures"],
    });
    expect(stack.at(address)).toMatchObject({
      function_name: "private-app-connectors",
      timeout: 180,
      dead_letter_config: { target_arn: "${aws_sqs_queue.app_connectors_upkeep_dead_letters.arn}" },
    });
    expect(stack.at(address)).not.toHaveProperty("vpc_config");
  });
});

describe("for a group, with the ZPA API and codes", () => {
  const stack = synthesizeAppConnectors({
    fleet: { autoScaling: { drainMinutes: 60 } },
    portal: { ...portal, cloud: "beta", microtenantId: "216196257331281920", secretKmsKey: "alias/secrets" },
    enrollment: oauth,
    operations: { enrollMinutes: 20, agentMinutes: 15, runtime: "nodejs20.x", memory: 512, logRetentionDays: 90, reservedConcurrency: 5 },
  });
  const secret = "${data.aws_secretsmanager_secret.app_connectors_upkeep.arn}";

  test("it is told of all of it", () => {
    expect(documentOf(stack)).toEqual({
      ...plain,
      groups: ["private-app-connectors"],
      drainSeconds: 3600,
      enrollMinutes: 20,
      agentMinutes: 15,
      portal: {
        login: "acme.zsloginbeta.net",
        api: "api.beta.zsapi.net",
        customer: "72058304855015424",
        microtenant: "216196257331281920",
        secret,
      },
      oauth: { group: "72058304855015425" },
    });
    expect(stack.at("data.aws_secretsmanager_secret.app_connectors_upkeep")).toEqual({ name: "ZS/ZPA/api" });
    expect(stack.at(address)).toMatchObject({ runtime: "nodejs20.x", memory_size: 512, reserved_concurrent_executions: 5 });
    expect(stack.at("aws_cloudwatch_log_group.app_connectors_upkeep")["retention_in_days"]).toBe(90);
  });

  test("the ends of the group's instances alone start it", () => {
    const detail = { AutoScalingGroupName: ["private-app-connectors"] };
    const source = ["aws.autoscaling"];
    expect(patterns(stack)).toEqual({
      schedule: "rate(1 minute)",
      terminating: { source, "detail-type": ["EC2 Instance-terminate Lifecycle Action"], detail },
      terminated: { source, "detail-type": ["EC2 Instance Terminate Successful"], detail },
    });
  });

  test("it may hold back and let go the group's instances, and read its one secret", () => {
    expect(policiesOf(stack, "app_connectors_upkeep_role")).toMatchObject({
      group: [allow(["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"], groupArn)],
      secret: [
        allow("secretsmanager:GetSecretValue", secret),
        allow("kms:Decrypt", "${data.aws_kms_key.app_connectors_upkeep_secret_key.arn}"),
      ],
    });
  });

  test("each metric that somebody has to act on has its alarm", () => {
    expect(alarms(stack)).toEqual(
      [...always, "unknown_app_connectors", "removal_failures", "expired_codes", "registration_failures"].sort(),
    );
    const own = Object.values(stack.ofType("aws_cloudwatch_metric_alarm")).filter(({ namespace }) => namespace === "Zscaler/AppConnectors");
    for (const { dimensions } of own) expect(dimensions).toEqual({ Deployment: "private" });
    const told = own.map(({ metric_name, statistic, comparison_operator }) => [metric_name, [statistic, comparison_operator]]);
    const seen = (statistic: string) => [statistic, "GreaterThanOrEqualToThreshold"];
    expect(Object.fromEntries(told)).toEqual({
      NotEnrolled: seen("Maximum"),
      NoAgent: seen("Maximum"),
      UnknownAppConnectors: seen("Sum"),
      RemovalFailures: seen("Sum"),
      ExpiredCodes: seen("Sum"),
      RegistrationFailures: seen("Sum"),
      FailedCalls: seen("Sum"),
      Heartbeat: ["Sum", "LessThanThreshold"],
    });
  });
});
