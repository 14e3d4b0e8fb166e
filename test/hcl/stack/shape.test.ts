import { BedrockGuardrail } from "@cdktf/provider-aws/lib/bedrock-guardrail";
import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3TablesTable } from "@cdktf/provider-aws/lib/s3tables-table";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { TerraformOutput, TerraformStack } from "cdktf";
import { shapeOf } from "../../../hcl/stack/shape";
import { built, jsonOf } from "../samples";

const stack = built((app) => new TerraformStack(app, "shapes"));

test("blocks and arguments are told apart, whether they are set or not", () => {
  const shape = shapeOf(new Instance(stack, "instance", { ami: "ami-1", rootBlockDevice: { tags: { a: "b" } }, tags: { a: "b" } }));
  expect(shape.get("metadata_options")).toBe("block");
  expect(shape.get("root_block_device.tags")).toBe("argument");
  expect(shape.get("ebs_block_device")).toBe("block");
  expect(shape.get("timeouts")).toBe("block");
  expect(shape.get("ami")).toBe("argument");
  expect(shape.get("tags")).toBe("argument");
  expect(shape.get("volume_tags")).toBe("argument");
  expect(shape.get("no_such_thing")).toBeUndefined();
});

test("a list of objects can be an argument", () => {
  for (const ingress of [[], [{ fromPort: 1, toPort: 2, protocol: "tcp" }]]) {
    const shape = shapeOf(new SecurityGroup(stack, `group${ingress.length}`, { ingress }));
    expect(shape.get("ingress")).toBe("argument");
    expect(shape.get("timeouts")).toBe("block");
  }
});

test("so can one within a block", () => {
  const shape = shapeOf(
    new BedrockGuardrail(stack, "guardrail", {
      name: "a",
      blockedInputMessaging: "b",
      blockedOutputsMessaging: "c",
      contentPolicyConfig: [
        { tierConfig: [{ tierName: "CLASSIC" }], filtersConfig: [{ type: "HATE", inputStrength: "LOW", outputStrength: "LOW" }] },
      ],
    }),
  );
  expect(shape.get("content_policy_config")).toBe("block");
  expect(shape.get("content_policy_config.filters_config")).toBe("block");
  expect(shape.get("content_policy_config.tier_config")).toBe("argument");
});

test("of an object that is neither known to be a block nor an argument, neither is said", () => {
  const table = new S3TablesTable(stack, "table", { format: "ICEBERG", name: "a", namespace: "b", tableBucketArn: "c" });
  expect(shapeOf(table).get("encryption_configuration")).toBe("unclear");
});

test("blocks within single blocks, of providers and of data sources are known", () => {
  const template = new LaunchTemplate(stack, "template", {
    instanceRequirements: { memoryMib: { min: 1 }, vcpuCount: { min: 1 } },
    networkInterfaces: [{ securityGroups: ["a"], ipv4Prefixes: [] }],
  });
  expect(shapeOf(template).get("instance_requirements.memory_mib")).toBe("block");
  expect(shapeOf(template).get("network_interfaces.ipv4_prefixes")).toBe("argument");
  expect(shapeOf(new AwsProvider(stack, "aws", { defaultTags: [{ tags: { a: "b" } }] })).get("default_tags")).toBe("block");
  expect(shapeOf(new DataAwsAmi(stack, "ami", { filter: [{ name: "a", values: ["b"] }] })).get("filter.values")).toBe("argument");
});

test("an element that cdktf does not describe has no shape", () => {
  expect(shapeOf(new TerraformOutput(stack, "output", { value: 1 })).get("value")).toBe("argument");
  expect(shapeOf(stack as never).size).toBe(0);
});

test("looking changes nothing", () => {
  const before = JSON.stringify(jsonOf(stack));
  for (const element of stack.node.children) shapeOf(element as never);
  expect(JSON.stringify(jsonOf(stack))).toBe(before);
});
