import { TerraformVariable } from "cdktf";
import { type BaseSettings } from "../../config/base";
import { type ZscalerStack } from "../../stacks/zscaler-stack";
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
