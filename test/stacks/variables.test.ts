import { TerraformVariable } from "cdktf";
import { type BaseSettings } from "../../config/base";
import { type ZpaHaSettings } from "../../config/zpa-ha";
import { type ZscalerStack } from "../../stacks/zscaler-stack";
import { zpaHa } from "./samples";
import { asText, synthesize } from "./synthesize";

/** Every kind of value that may be known only at deployment, as a Terraform variable. */
const withVariables = (stack: ZscalerStack): BaseSettings => {
  const variable = (name: string, type = "string") => new TerraformVariable(stack, name, { type });
  return {
    template: "base",
    region: variable("region").stringValue,
    zones: ["a", "b"],
    network: { create: { cidr: "10.1.0.0/16", namespace: variable("namespace").stringValue } },
    nat: { perZone: { allocations: { a: variable("allocation").stringValue } } },
    connectors: {
      provisioningUrl: variable("url").stringValue,
      secret: variable("secret").stringValue,
      secretKmsKey: variable("secret_key").stringValue,
      instanceType: variable("instance_type").stringValue,
      ami: variable("ami").stringValue,
      disk: { kmsKey: variable("disk_key").stringValue, grantTo: variable("grantee").stringValue },
      ssh: { keyName: variable("key_name").stringValue, allowFrom: { office: variable("office").stringValue } },
      supportServer: variable("support").stringValue,
      managementSecurityGroups: [variable("group").stringValue],
      sourceRanges: { spoke: variable("spoke").stringValue },
      healthProbePort: variable("port", "number").numberValue,
    },
    testHosts: { instanceType: variable("host_type").stringValue },
    iam: { path: variable("path").stringValue, permissionsBoundary: variable("boundary").stringValue },
    tags: { Owner: variable("owner").stringValue },
  };
};

test("each value that may be a variable reaches Terraform as one, in texts too", () => {
  const stack = synthesize(withVariables);
  const variables = Object.keys(stack.file.variable ?? {});
  expect(variables).toHaveLength(20);
  expect(variables.filter((name) => !stack.text.includes(`var.${name}`))).toEqual([]);
  // What a token looks like to who takes it for a text or a number.
  expect(stack.text).not.toMatch(/TfToken|e\+\d{3}/);
  expect(asText(stack.at("aws_instance.connectors_a_1")["user_data"]).split("\n")).toEqual([
    "[ZSCALER]",
    "CC_URL=${var.url}",
    "SECRET_NAME=${data.aws_secretsmanager_secret.connectors.name}",
    "HTTP_PROBE_PORT=${var.port}",
    "",
  ]);
  expect(stack.at("data.aws_secretsmanager_secret.connectors")).toEqual({
    arn: '${startswith(var.secret, "arn:") ? var.secret : null}',
    name: '${startswith(var.secret, "arn:") ? null : var.secret}',
  });
  expect(stack.at("aws_subnet.network_b_workload")["availability_zone"]).toBe("${var.region}b");
});

/** Every kind of value of ZPA and failover that may be known only at deployment, as a Terraform variable. */
const zpaHaWithVariables = (stack: ZscalerStack): ZpaHaSettings => {
  const variable = (name: string, type = "string") => new TerraformVariable(stack, name, { type });
  return zpaHa({
    connectors: { healthProbePort: variable("port", "number").numberValue },
    zpa: {
      domains: { crm: variable("domain").stringValue, wiki: "wiki.example.org" },
      existingRules: { partner: variable("rule").stringValue },
      systemDomains: { zscaler: variable("system_domain").stringValue },
      targets: [variable("target").stringValue],
      associateVpcs: {
        spoke: { id: variable("vpc").stringValue, steeredBy: { transitGateway: { id: variable("transit_gateway").stringValue } } },
      },
    },
    failover: {
      alarms: { create: { email: variable("email").stringValue } },
      pinned: { partner: { destination: variable("destination").stringValue, connector: "a-1" } },
      runtime: variable("runtime").stringValue as "nodejs22.x",
      architecture: variable("architecture").stringValue as "arm64",
      memory: variable("memory", "number").numberValue,
      logRetentionDays: variable("retention", "number").numberValue as 30,
      reservedConcurrency: variable("concurrency", "number").numberValue,
    },
  });
};

test("so does each of ZPA and failover, but for what only says that a VPC is steered", () => {
  const stack = synthesize(zpaHaWithVariables, "egress", "zpa-ha");
  const variables = Object.keys(stack.file.variable ?? {});
  expect(variables).toHaveLength(14);
  expect(variables.filter((name) => !stack.text.includes(`var.${name}`))).toEqual(["transit_gateway"]);
  expect(stack.text).not.toMatch(/TfToken|e\+\d{3}/);
});

test("an alarm topic and a VPC endpoint may be variables too", () => {
  const stack = synthesize(
    (scope) => {
      const variable = (name: string) => new TerraformVariable(scope, name, { type: "string" }).stringValue;
      return zpaHa({
        zpa: {
          domains: { crm: "crm.example.com" },
          associateVpcs: { spoke: { id: "vpc-0123456789abcdef0", steeredBy: { endpoint: { id: variable("endpoint") } } } },
        },
        failover: { alarms: { topic: { arn: variable("topic") } } },
      });
    },
    "egress",
    "zpa-ha",
  );
  expect(stack.outputs["alarm_topic_arn"]).toBe("${var.topic}");
  for (const { alarm_actions } of Object.values(stack.ofType("aws_cloudwatch_metric_alarm")))
    expect(alarm_actions).toEqual(["${var.topic}"]);
});
