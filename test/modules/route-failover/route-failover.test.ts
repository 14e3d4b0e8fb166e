import { createHash } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { TerraformVariable } from "cdktf";
import { readDocument } from "../../../modules/route-failover/function/configuration";
import { madeBefore, references } from "../../stacks/graph";
import { asText, type Block, type SynthesizedStack, type Value } from "../../stacks/synthesize";
import { type Given, synthesizeFailover } from "./fixture";

const zip = join(__dirname, "../../../modules/route-failover/dist/function.zip");
const functionAddress = "aws_lambda_function.failover";

const statements = (policy: Value | undefined): readonly Block[] => (JSON.parse(asText(policy)) as { Statement: Block[] }).Statement;

const idOf = (kind: string, address: string): string => `${kind}-${createHash("sha256").update(address).digest("hex").slice(0, 17)}`;

/** The text with the values that Terraform would have, in the regions and partitions with the longest names. */
const deployed = (text: string): string =>
  text
    .replaceAll("${data.aws_partition.partition.partition}", "aws-us-gov")
    .replaceAll("${data.aws_region.region.id}", "ap-southeast-99")
    .replaceAll("${data.aws_caller_identity.caller_identity.account_id}", "123456789012")
    .replace(/\$\{aws_route_table\.(\w+)\.id\}/g, (_, address: string) => idOf("rtb", address))
    .replace(/\$\{aws_instance\.([\w-]+)\.id\}/g, (_, address: string) => idOf("i", address))
    .replace(/\$\{aws_network_interface\.([\w-]+)\.id\}/g, (_, address: string) => idOf("eni", address))
    .replace(/\$\{aws_network_interface\.[\w-]+\.private_ip\}/g, "255.255.255.255");

const variables = (stack: SynthesizedStack): Readonly<Record<string, string>> => {
  const { environment } = stack.at(functionAddress);
  return (environment as { readonly variables: Readonly<Record<string, string>> }).variables;
};

/** The document as the function reads it once Terraform has filled in what it knows. */
const documentOf = (stack: SynthesizedStack) => {
  const parameters = Object.values(stack.ofType("aws_ssm_parameter")).map(
    ({ name, value }) => [asText(name), deployed(asText(value))] as const,
  );
  const environment = Object.fromEntries(Object.entries(variables(stack)).map(([name, value]) => [name, deployed(value)]));
  return readDocument(environment, (path) =>
    Promise.resolve(Object.fromEntries(parameters.filter(([name]) => name.startsWith(`${path}/`)))),
  );
};

const told = (given: Given): readonly string[] => {
  try {
    synthesizeFailover(given);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
};

describe("by default", () => {
  const stack = synthesizeFailover();

  test("the function runs in the VPC with what it needs", () => {
    const { environment, depends_on, ...lambda } = stack.at(functionAddress);
    const content = fs.readFileSync(zip);
    expect(lambda).toEqual({
      function_name: "theirs-route-failover",
      description: "Moves routes of theirs off connectors that die, and home again",
      role: "${aws_iam_role.failover_role.arn}",
      filename: `\${path.module}/assets/failover_code/${createHash("md5").update(content).digest("hex").toUpperCase()}/function.zip`,
      source_code_hash: createHash("sha256").update(content).digest("base64"),
      handler: "index.handler",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      memory_size: 256,
      timeout: 130,
      vpc_config: { subnet_ids: ["subnet-0a", "subnet-0b"], security_group_ids: ["${aws_security_group.failover_guard.id}"] },
      dead_letter_config: { target_arn: "${aws_sqs_queue.failover_dead_letters.arn}" },
    });
    expect(environment).toBeDefined();
    expect(depends_on).toBeDefined();
  });

  test("the function is told all there is to know, in its environment", async () => {
    expect(Object.keys(variables(stack))).toEqual(["FAILOVER_DOCUMENT"]);
    const connector = (key: string, zone: string) => ({
      zone,
      instance: idOf("i", `connector_${key}`),
      interface: idOf("eni", `interface_${key}`),
      address: "255.255.255.255",
    });
    expect(await documentOf(stack)).toEqual({
      name: "theirs",
      probe: { port: 50000, intervalSeconds: 2, timeoutSeconds: 1.2 },
      deadAfter: 2,
      aliveAfter: 10,
      holdDown: { firstSeconds: 20, longestSeconds: 900 },
      allDead: { policy: "hold" },
      drained: [],
      paused: false,
      history: "/zscaler/theirs/route-failover/history",
      connectors: {
        "a-1": connector("a-1", "a"),
        "b-1": connector("b-1", "b"),
      },
      routes: [
        { table: idOf("rtb", "table_0"), destination: "0.0.0.0/0", home: "a-1", tier: "workload", natGateway: "nat-0a-1" },
        { table: idOf("rtb", "table_1"), destination: "0.0.0.0/0", home: "b-1", tier: "workload", natGateway: "nat-0b-1" },
      ],
    });
  });

  test("its log is kept for 30 days, its failed events for 14, and its memory is its own", () => {
    expect(Object.values(stack.ofType("aws_cloudwatch_log_group"))).toEqual([
      { name: "/aws/lambda/theirs-route-failover", retention_in_days: 30 },
    ]);
    expect(Object.values(stack.ofType("aws_sqs_queue"))).toEqual([
      { name: "theirs-route-failover-dead-letters", sqs_managed_sse_enabled: true, message_retention_seconds: 1209600 },
    ]);
    expect(Object.values(stack.ofType("aws_ssm_parameter"))).toEqual([
      {
        name: "/zscaler/theirs/route-failover/history",
        description: expect.any(String) as unknown,
        type: "String",
        value: "{}",
        lifecycle: { ignore_changes: ["value"] },
      },
    ]);
  });

  test("the role may do what the function does, and no more", () => {
    const inline = Object.entries(stack.ofType("aws_iam_role_policy")).map(([address, { policy }]) => [
      address.replace("aws_iam_role_policy.failover_role_", ""),
      statements(policy),
    ]);
    const interfaces = {
      Action: [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
      ],
      Resource: "*",
    };
    const account = "${data.aws_region.region.id}:${data.aws_caller_identity.caller_identity.account_id}";
    const functionArn = `arn:\${data.aws_partition.partition.partition}:lambda:${account}:function:theirs-route-failover`;
    expect(Object.fromEntries(inline)).toEqual({
      describe: [
        { Effect: "Allow", Action: ["ec2:DescribeInstanceStatus", "ec2:DescribeInstances", "ec2:DescribeRouteTables"], Resource: "*" },
      ],
      history: [
        { Effect: "Allow", Action: ["ssm:GetParameter", "ssm:PutParameter"], Resource: "${aws_ssm_parameter.failover_history.arn}" },
      ],
      interfaces: [
        { Effect: "Allow", ...interfaces },
        { Effect: "Deny", ...interfaces, Condition: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } } },
      ],
      log: [
        { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "${aws_cloudwatch_log_group.failover.arn}:*" },
      ],
      dead_letters: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "${aws_sqs_queue.failover_dead_letters.arn}" }],
    });
    const [attached, ...more] = Object.entries(stack.ofType("aws_iam_policy"));
    expect(more).toEqual([]);
    expect(attached?.[0]).toBe("aws_iam_policy.failover_role_routes_1");
    expect(statements(attached?.[1]["policy"])).toEqual([
      {
        Effect: "Allow",
        Action: "ec2:ReplaceRoute",
        Resource: [0, 1].map(
          (table) => `arn:\${data.aws_partition.partition.partition}:ec2:${account}:route-table/\${aws_route_table.table_${table}.id}`,
        ),
      },
    ]);
    expect(statements(stack.at("aws_iam_role.failover_role")["assume_role_policy"])).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "${data.aws_service_principal.failover_role.name}" },
      },
    ]);
    expect(stack.at("data.aws_service_principal.failover_role")["service_name"]).toBe("lambda");
  });

  test("it reaches the connectors' health probes and AWS, and nothing reaches it", () => {
    expect(stack.ofType("aws_vpc_security_group_ingress_rule")).toEqual({});
    expect(Object.values(stack.ofType("aws_vpc_security_group_egress_rule"))).toEqual([
      expect.objectContaining({ ip_protocol: "tcp", from_port: 50000, to_port: 50000, referenced_security_group_id: "sg-0" }),
      expect.objectContaining({ ip_protocol: "tcp", from_port: 443, to_port: 443, cidr_ipv4: "0.0.0.0/0" }),
    ]);
    expect(stack.at("aws_security_group.failover_guard")["vpc_id"]).toBe("vpc-0");
  });

  test("it is started each minute, and when a connector's instance ends; an event that is a minute old is dropped", () => {
    const age = { maximum_event_age_in_seconds: 60, maximum_retry_attempts: 0 };
    const rules = stack.ofType("aws_cloudwatch_event_rule");
    expect(Object.keys(rules).sort()).toEqual([
      "aws_cloudwatch_event_rule.failover_instances_1",
      "aws_cloudwatch_event_rule.failover_schedule",
    ]);
    expect(stack.at("aws_cloudwatch_event_rule.failover_schedule")).toMatchObject({ schedule_expression: "rate(1 minute)" });
    expect(JSON.parse(asText(stack.at("aws_cloudwatch_event_rule.failover_instances_1")["event_pattern"]))).toEqual({
      source: ["aws.ec2"],
      "detail-type": ["EC2 Instance State-change Notification"],
      detail: {
        "instance-id": ["${aws_instance.connector_a-1.id}", "${aws_instance.connector_b-1.id}"],
        state: ["shutting-down", "terminated", "stopping", "stopped"],
      },
    });
    for (const id of ["schedule", "instances_1"]) {
      expect(stack.at(`aws_cloudwatch_event_target.failover_${id}`)).toMatchObject({
        rule: `\${aws_cloudwatch_event_rule.failover_${id}.name}`,
        arn: "${aws_lambda_function.failover.arn}",
        retry_policy: age,
      });
      expect(stack.at(`aws_lambda_permission.failover_${id}`)).toEqual({
        statement_id: id,
        action: "lambda:InvokeFunction",
        function_name: "${aws_lambda_function.failover.function_name}",
        principal: "events.amazonaws.com",
        source_arn: `\${aws_cloudwatch_event_rule.failover_${id}.arn}`,
      });
    }
    expect(stack.at("aws_lambda_function_event_invoke_config.failover")).toEqual({
      function_name: "${aws_lambda_function.failover.function_name}",
      ...age,
    });
  });

  test("CloudWatch of this account may publish alarms to an encrypted topic, and nobody else", () => {
    const account = "${data.aws_caller_identity.caller_identity.account_id}";
    const fromAlarms = {
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    };
    expect(stack.at("aws_sns_topic.failover_topic")).toEqual({
      name: "theirs-route-failover",
      kms_master_key_id: "${aws_kms_key.failover_topic.arn}",
    });
    expect(stack.at("aws_sns_topic_policy.failover_topic")["arn"]).toBe("${aws_sns_topic.failover_topic.arn}");
    expect(statements(stack.at("aws_sns_topic_policy.failover_topic")["policy"])).toEqual([
      { ...fromAlarms, Action: "sns:Publish", Resource: "${aws_sns_topic.failover_topic.arn}" },
    ]);
    expect(stack.at("aws_kms_key.failover_topic")["enable_key_rotation"]).toBe(true);
    expect(statements(stack.at("aws_kms_key.failover_topic")["policy"])).toEqual([
      {
        Effect: "Allow",
        Principal: { AWS: `arn:\${data.aws_partition.partition.partition}:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      { ...fromAlarms, Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" },
    ]);
    expect(stack.ofType("aws_sns_topic_subscription")).toEqual({});
  });

  test("people are told of all that goes wrong", () => {
    const topic = ["${aws_sns_topic.failover_topic.arn}"];
    const own = (metric: string, statistic: string, more: object = {}) => ({
      namespace: "Zscaler/RouteFailover",
      metric_name: metric,
      dimensions: { Deployment: "theirs" },
      statistic,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      evaluation_periods: 1,
      treat_missing_data: "notBreaching",
      ...more,
    });
    const lambda = (metric: string) => ({
      ...own(metric, "Sum"),
      namespace: "AWS/Lambda",
      dimensions: { FunctionName: "theirs-route-failover" },
    });
    const silence = { comparison_operator: "LessThanThreshold", evaluation_periods: 3, treat_missing_data: "breaching", ok_actions: topic };
    const expected = {
      failovers: own("Failovers", "Sum"),
      failed_replacements: own("FailedReplacements", "Sum"),
      foreign_routes: own("ForeignRoutes", "Maximum"),
      missing_routes: own("MissingRoutes", "Maximum"),
      all_dead: own("AllDead", "Maximum", { ok_actions: topic }),
      heartbeat: own("Heartbeat", "Sum", silence),
      errors: lambda("Errors"),
      throttles: lambda("Throttles"),
      dead_letters: {
        ...own("ApproximateNumberOfMessagesVisible", "Maximum"),
        namespace: "AWS/SQS",
        dimensions: { QueueName: "${aws_sqs_queue.failover_dead_letters.name}" },
      },
    };
    const alarms = Object.entries(stack.ofType("aws_cloudwatch_metric_alarm")).map(([address, alarm]) => [
      address.replace("aws_cloudwatch_metric_alarm.failover_alarms_", ""),
      alarm,
    ]);
    expect(Object.fromEntries(alarms)).toEqual(
      Object.fromEntries(
        Object.entries(expected).map(([id, alarm]) => [
          id,
          {
            alarm_name: `theirs-route-failover-${id.replaceAll("_", "-")}`,
            alarm_description: expect.stringMatching(/^[A-Z].*\.$/) as unknown,
            period: 60,
            threshold: 1,
            alarm_actions: topic,
            depends_on: ["aws_sns_topic_policy.failover_topic"],
            ...alarm,
          },
        ]),
      ),
    );
  });

  test("birth: what the function needs stands before it, and what starts it comes last; death is the other way round", () => {
    const before = madeBefore(stack, functionAddress);
    const needed = [
      "aws_iam_role_policy",
      "aws_iam_policy",
      "aws_iam_role_policy_attachment",
      "aws_cloudwatch_log_group",
      "aws_sqs_queue",
      "aws_ssm_parameter",
      "aws_vpc_security_group_egress_rule",
      "aws_instance",
      "aws_route",
    ].flatMap((type) => Object.keys(stack.ofType(type)));
    expect(needed).toHaveLength(5 + 1 + 1 + 1 + 1 + 1 + 2 + 2 + 2);
    for (const address of needed) expect([address, before.has(address)]).toEqual([address, true]);

    const targets = Object.keys(stack.ofType("aws_cloudwatch_event_target"));
    for (const target of targets) {
      const first = madeBefore(stack, target);
      const own = target.replace("aws_cloudwatch_event_target.", "");
      for (const address of [
        functionAddress,
        `aws_lambda_permission.${own}`,
        "aws_lambda_function_event_invoke_config.failover",
        ...Object.keys(stack.ofType("aws_cloudwatch_metric_alarm")),
      ]) {
        expect([target, address, first.has(address)]).toEqual([target, address, true]);
      }
    }
    for (const element of Object.values(stack.elements)) {
      expect(references(element).filter((address) => targets.includes(address))).toEqual([]);
    }
  });
});

test("settings reach the function", async () => {
  const stack = synthesizeFailover({
    connectors: ["a-1", "a-2", "b-1"],
    more: {
      probe: { intervalSeconds: 3, timeoutSeconds: 2 },
      deadAfter: 3,
      aliveAfter: 5,
      holdDown: { firstSeconds: 10, longestSeconds: 100 },
      allDead: { bypass: { onProbesAlone: true } },
      drained: ["a-2"],
      paused: true,
      runtime: "nodejs20.x",
      architecture: "x86_64",
      memory: 512,
      logRetentionDays: 90,
      reservedConcurrency: 5,
      iam: { path: "/network/", permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" },
    },
  });
  expect(await documentOf(stack)).toMatchObject({
    probe: { port: 50000, intervalSeconds: 3, timeoutSeconds: 2 },
    deadAfter: 3,
    aliveAfter: 5,
    holdDown: { firstSeconds: 10, longestSeconds: 100 },
    allDead: { policy: "bypass", onProbesAlone: true },
    drained: ["a-2"],
    paused: true,
  });
  expect(stack.at(functionAddress)).toMatchObject({
    runtime: "nodejs20.x",
    architectures: ["x86_64"],
    memory_size: 512,
    reserved_concurrent_executions: 5,
  });
  expect(stack.at("aws_cloudwatch_log_group.failover")["retention_in_days"]).toBe(90);
  expect(stack.at("aws_iam_role.failover_role")).toMatchObject({
    path: "/network/",
    permissions_boundary: "arn:aws:iam::123456789012:policy/boundary",
  });
  expect(stack.at("aws_iam_policy.failover_role_routes_1")["path"]).toBe("/network/");
});

test("the function is told what routes led to before, where they led to something", async () => {
  const formers = ["igw-0", "", undefined];
  const more: Given["more"] = {
    routes: Object.fromEntries(
      formers.map((formerTarget, index) => [
        `table_${index}`,
        { routeTableId: `rtb-${index}`, destination: "0.0.0.0/0", home: "a-1", tier: "workload", formerTarget },
      ]),
    ),
  };
  const { routes } = await documentOf(synthesizeFailover({ more }));
  expect(routes.map(({ table, former }) => [table, former])).toEqual([
    ["rtb-0", "igw-0"],
    ["rtb-1", undefined],
    ["rtb-2", undefined],
  ]);
  const known = synthesizeFailover({
    more: (scope) => ({
      routes: {
        theirs: {
          routeTableId: "rtb-0",
          destination: "0.0.0.0/0",
          home: "a-1",
          tier: "workload",
          formerTarget: new TerraformVariable(scope, "former", {}).stringValue,
        },
      },
    }),
  });
  expect((await documentOf(known)).routes).toMatchObject([{ former: "${var.former}" }]);
});

test("alarms go by e-mail, or to a topic that exists", () => {
  const mailed = synthesizeFailover({ more: { alarms: { create: { email: "netsec@example.com" } } } });
  expect(mailed.at("aws_sns_topic_subscription.failover_topic_email")).toEqual({
    topic_arn: "${aws_sns_topic.failover_topic.arn}",
    protocol: "email",
    endpoint: "netsec@example.com",
  });
  const arn = "arn:aws:sns:us-west-2:123456789012:alarms";
  const theirs = synthesizeFailover({ more: { alarms: { topic: { arn } } } });
  for (const type of ["aws_sns_topic", "aws_sns_topic_policy", "aws_kms_key"]) expect(theirs.ofType(type)).toEqual({});
  const alarms = Object.values(theirs.ofType("aws_cloudwatch_metric_alarm"));
  expect(alarms).toHaveLength(9);
  for (const alarm of alarms) expect(alarm).toMatchObject({ alarm_actions: [arn] });
});

describe.each([
  [1, 1, 0],
  [30, 1, 2],
  [100, 2, 5],
  [300, 5, 11],
])("with %d route tables", (tables, policies, parameters) => {
  const stack = synthesizeFailover({ tables });

  test("the function reads every route and connector", async () => {
    const { connectors, routes } = await documentOf(stack);
    expect(Object.keys(connectors)).toEqual(["a-1", "b-1"]);
    expect(new Set(routes.map(({ table }) => table)).size).toBe(tables);
  });

  test("AWS takes the environment and the parameters, and the function has them when it is born", () => {
    const environment = JSON.stringify(
      Object.fromEntries(Object.entries(variables(stack)).map(([name, value]) => [name, deployed(value)])),
    );
    expect(environment.length).toBeLessThanOrEqual(4096);
    const document = Object.entries(stack.ofType("aws_ssm_parameter")).filter(([address]) => address.includes("failover_document_"));
    expect(document).toHaveLength(parameters);
    const before = madeBefore(stack, functionAddress);
    for (const [address, { value, type, lifecycle }] of document) {
      expect(deployed(asText(value)).length).toBeLessThanOrEqual(4096);
      expect({ type, lifecycle }).toEqual({ type: "String", lifecycle: { create_before_destroy: true } });
      expect(before.has(address)).toBe(true);
    }
    const documentPolicy = stack.elements["aws_iam_role_policy.failover_role_document"];
    if (parameters === 0) {
      expect(documentPolicy).toBeUndefined();
      return;
    }
    const path = "arn:aws-us-gov:ssm:ap-southeast-99:123456789012:parameter/zscaler/theirs/route-failover/document";
    expect(statements(deployed(asText(documentPolicy?.["policy"])))).toEqual([
      { Effect: "Allow", Action: "ssm:GetParametersByPath", Resource: [path, `${path}/*`] },
    ]);
    expect(variables(stack)).toEqual({ FAILOVER_DOCUMENT_PATH: "/zscaler/theirs/route-failover/document" });
  });

  test("it may move each route, by policies that IAM takes", () => {
    const texts = Object.values(stack.ofType("aws_iam_policy")).map(({ policy }) => deployed(asText(policy)));
    expect(texts).toHaveLength(policies);
    for (const text of texts) expect(text.length).toBeLessThanOrEqual(6144);
    const arns = texts.flatMap((text) => statements(text).flatMap(({ Resource }) => Resource as readonly string[]));
    expect(new Set(arns).size).toBe(tables);
    expect(arns).toHaveLength(tables);
    expect(Object.keys(stack.ofType("aws_iam_role_policy_attachment"))).toHaveLength(policies);
  });
});

test("a table with several routes is named once in the role", () => {
  const destinations = ["0.0.0.0/0", "203.0.113.0/24", "2001:db8::/32", "pl-0123456789abcdef0"];
  const stack = synthesizeFailover({
    more: (scope) => {
      const table = scope.node.findChild("table_0");
      if (!(table instanceof RouteTable)) throw new Error("table_0 is no route table");
      // Each time another token.
      expect(table.id).not.toBe(table.id);
      const route = (destination: string) => ({ routeTableId: table.id, destination, home: "a-1", tier: "resolver" as const });
      return { routes: Object.fromEntries(destinations.map((destination, index) => [`route_${index}`, route(destination)])) };
    },
  });
  const [statement] = statements(stack.at("aws_iam_policy.failover_role_routes_1")["policy"]);
  expect(statement?.["Resource"]).toHaveLength(1);
  expect(variables(stack)["FAILOVER_DOCUMENT"]?.match(/aws_route_table.table_0.id/g)).toHaveLength(4);
  // A resolver's routes are never bypassed.
  expect(variables(stack)["FAILOVER_DOCUMENT"]).not.toContain("natGateway");
});

test("200 connectors: EventBridge takes the patterns, and each instance is in one", () => {
  const stack = synthesizeFailover({ connectors: Array.from({ length: 200 }, (_, index) => `a-${index + 1}`), tables: 1 });
  const patterns = Object.entries(stack.ofType("aws_cloudwatch_event_rule"))
    .filter(([, { event_pattern }]) => event_pattern !== undefined)
    .map(([, { event_pattern }]) => deployed(asText(event_pattern)));
  expect(patterns).toHaveLength(3);
  for (const pattern of patterns) expect(pattern.length).toBeLessThanOrEqual(2048);
  expect(new Set(patterns.flatMap((pattern) => pattern.match(/\bi-[0-9a-f]{17}/g) ?? [])).size).toBe(200);
});

test("a name and a port that are known only at deployment are passed on", () => {
  const stack = synthesizeFailover({
    more: (scope) => {
      const name = new TerraformVariable(scope, "name", { type: "string" });
      const port = new TerraformVariable(scope, "port", { type: "number" });
      const memory = new TerraformVariable(scope, "memory", { type: "number" });
      const topic = new TerraformVariable(scope, "topic", { type: "string" });
      return {
        name: name.stringValue,
        healthProbePort: port.numberValue,
        memory: memory.numberValue,
        alarms: { topic: { arn: topic.stringValue } },
      };
    },
  });
  expect(stack.at(functionAddress)).toMatchObject({ function_name: "${var.name}-route-failover", memory_size: "${var.memory}" });
  expect(variables(stack)["FAILOVER_DOCUMENT"]).toContain('"probe":{"intervalSeconds":2,"port":${var.port},"timeoutSeconds":1.2}');
  expect(variables(stack)["FAILOVER_DOCUMENT"]).toContain('"history":"/zscaler/${var.name}/route-failover/history"');
  expect(stack.at("aws_vpc_security_group_egress_rule.failover_guard_health_probes_out")["from_port"]).toBe("${var.port}");
  expect(stack.at("aws_cloudwatch_metric_alarm.failover_alarms_heartbeat")).toMatchObject({
    dimensions: { Deployment: "${var.name}" },
    ok_actions: ["${var.topic}"],
  });
});

describe("mistakes are told at once, with the construct's path", () => {
  test("values", () => {
    const lines = told({ more: { deadAfter: 0, memory: 1, alarms: { create: { email: "netsec" } }, probe: { intervalSeconds: 1 } } });
    expect(lines.map((line) => line.split(": ")[0]).sort()).toEqual([
      "theirs/failover.alarms.create.email",
      "theirs/failover.deadAfter",
      "theirs/failover.memory",
      "theirs/failover.probe.timeoutSeconds",
    ]);
  });

  test("names of connectors that are not there, and routes that are there twice", () => {
    const route = { routeTableId: "rtb-0", destination: "0.0.0.0/0", home: "a-1", tier: "workload" as const };
    const lines = told({
      more: {
        routes: { one: route, two: { ...route, home: "c-1" }, three: { ...route, routeTableId: "rtb-1" } },
        drained: ["a-1", "d-1"],
        pinned: { partner: { destination: "203.0.113.0/24", connector: "e-1" } },
        subnetIds: {},
      },
    });
    expect(lines).toEqual([
      "theirs/failover.subnetIds: subnetIds is empty; give a subnet for the function",
      "theirs/failover.routes.two.home: there is no connector c-1; use one of a-1, b-1",
      "theirs/failover.drained.1: there is no connector d-1; use one of a-1, b-1",
      "theirs/failover.pinned.partner.connector: there is no connector e-1; use one of a-1, b-1",
      "theirs/failover.routes.two: this is the same route as one; leave one out",
    ]);
  });

  test("nothing to watch and nothing to move", () => {
    expect(told({ more: { connectors: {}, routes: {} } })).toEqual([
      "theirs/failover.connectors: connectors is empty; give a connector to watch",
      "theirs/failover.routes: routes is empty; give a route to move",
    ]);
  });
});

test("function code that is not built is told with the command that builds it", () => {
  const exists = jest.spyOn(fs, "existsSync").mockImplementation((path) => path !== zip);
  try {
    expect(told({}).join()).toBe("theirs/failover needs its function's code, modules/route-failover/dist/function.zip: run npm run build");
  } finally {
    exists.mockRestore();
  }
});
