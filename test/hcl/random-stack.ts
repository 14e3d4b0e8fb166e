import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Route } from "@cdktf/provider-aws/lib/route";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { TerraformIterator, TerraformOutput, type TerraformResource, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import fc from "fast-check";
import { jsonDocument } from "../../modules/iam";
import { ZscalerStack } from "../../stacks/zscaler-stack";
import { built } from "./samples";
import { nasty, nastyKeys, templates, values } from "./strings";

const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const record = <Model extends object>(model: { [Key in keyof Model]: fc.Arbitrary<Model[Key]> }) => fc.record(model, { requiredKeys: [] });
const list = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.array(arbitrary, { minLength: 1, maxLength: 3 });
const port = fc.integer({ min: 0, max: 65535 });
const tags = fc.dictionary(fc.oneof(fc.constantFrom("Name", "zs:namespace", "for"), nastyKeys), templates, {
  maxKeys: 3,
  noNullPrototype: true,
});

const lifecycle = record({
  createBeforeDestroy: fc.boolean(),
  ignoreChanges: fc.constantFrom<string[]>(["tags"], ["tags", 'tags["a b"]'], ["root_block_device[0].encrypted"]),
  precondition: list(fc.record({ condition: fc.constant("${var.name != null}"), errorMessage: templates })),
});

const instance = record({
  ami: templates,
  ebsOptimized: fc.boolean(),
  userData: templates,
  vpcSecurityGroupIds: list(templates),
  tags,
  metadataOptions: record({ httpTokens: nasty, httpPutResponseHopLimit: port }),
  ebsBlockDevice: list(fc.record({ deviceName: templates, encrypted: fc.boolean(), tags })),
  rootBlockDevice: record({ volumeSize: port, tags }),
  timeouts: record({ create: fc.constant("10m") }),
});

const group = record({
  name: nasty,
  description: nasty,
  ingress: fc.oneof(fc.constant([]), list(record({ fromPort: port, toPort: port, protocol: fc.constant("tcp"), cidrBlocks: list(nasty) }))),
  tags,
});

const targetGroup = record({
  name: nasty,
  port,
  healthCheck: record({ port: templates, interval: port, enabled: fc.boolean() }),
  targetFailover: list(fc.record({ onDeregistration: nasty, onUnhealthy: nasty })),
});

const launchTemplate = record({
  name: nasty,
  networkInterfaces: list(record({ securityGroups: list(nasty), ipv4Prefixes: fc.constant([]), subnetId: templates })),
  instanceRequirements: fc.record({ memoryMib: fc.record({ min: port }), vcpuCount: fc.record({ min: port }) }),
  tagSpecifications: list(record({ resourceType: nasty, tags })),
});

const image = record({ owners: list(nasty), filter: list(fc.record({ name: nasty, values: list(templates) })) });

const resource = fc.record({
  kind: fc.oneof(
    fc.record({ type: fc.constant("instance" as const), config: instance }),
    fc.record({ type: fc.constant("group" as const), config: group }),
    fc.record({ type: fc.constant("targetGroup" as const), config: targetGroup }),
    fc.record({ type: fc.constant("launchTemplate" as const), config: launchTemplate }),
    fc.record({ type: fc.constant("image" as const), config: image }),
    fc.record({ type: fc.constant("route" as const), config: fc.record({ routeTableId: templates }) }),
  ),
  lifecycle: maybe(lifecycle),
  repeated: fc.constantFrom("once", "counted", "iterated"),
  aliased: fc.boolean(),
  after: fc.boolean(),
  part: fc.constantFrom(undefined, "network", "zpa-dns"),
});

const plan = fc.record({
  resources: fc.array(resource, { maxLength: 6 }),
  variables: fc.array(
    fc.record({
      type: fc.constantFrom("string", "map(any)", "object({ a = string, b = list(number) })"),
      description: maybe(nasty),
      nullable: maybe(fc.boolean()),
      sensitive: maybe(fc.boolean()),
      fallback: values,
    }),
    { maxLength: 3 },
  ),
  outputs: fc.array(fc.record({ value: fc.oneof(values, fc.dictionary(nastyKeys, nasty).map(jsonDocument)), description: nasty }), {
    maxLength: 3,
  }),
});

type Resource = typeof resource extends fc.Arbitrary<infer Value> ? Value : never;

function build(
  stack: ZscalerStack,
  { resources, variables, outputs }: typeof plan extends fc.Arbitrary<infer Value> ? Value : never,
): void {
  new AwsProvider(stack, "aws", { region: "us-west-2", defaultTags: [{ tags: { a: "b" } }] });
  const alias = new AwsProvider(stack, "other", { alias: "other", region: "us-east-1" });
  const before: TerraformResource[] = [];
  for (const [index, { kind, part, ...options }] of resources.entries()) {
    const scope = part === undefined ? stack : (stack.node.tryFindChild(part) ?? new Construct(stack, part));
    const made = add(scope, `made_${index}`, kind, {
      ...(options.lifecycle ? { lifecycle: options.lifecycle } : {}),
      ...(options.aliased ? { provider: alias } : {}),
      ...(options.repeated === "counted" ? { count: 2 } : {}),
      ...(options.repeated === "iterated" ? { forEach: TerraformIterator.fromMap({ a: "b" }) } : {}),
      ...(options.after ? { dependsOn: before } : {}),
    });
    if (made) before.push(made);
  }
  for (const [index, { fallback, ...config }] of variables.entries()) {
    const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
    new TerraformVariable(stack, `variable_${index}`, given).addOverride("default", fallback);
  }
  for (const [index, { value, description }] of outputs.entries()) {
    new TerraformOutput(stack, `output_${index}`, { value: "", description }).addOverride("value", value);
  }
}

function add(scope: Construct, id: string, { type, config }: Resource["kind"], meta: object): TerraformResource | undefined {
  const props = { ...config, ...meta } as never;
  switch (type) {
    case "instance":
      return new Instance(scope, id, props);
    case "group":
      return new SecurityGroup(scope, id, props);
    case "targetGroup":
      return new LbTargetGroup(scope, id, props);
    case "launchTemplate":
      return new LaunchTemplate(scope, id, props);
    case "route":
      return new Route(scope, id, props);
    case "image":
      new DataAwsAmi(scope, id, props);
      return undefined;
  }
}

/** Stacks of all that the writer knows, with texts that break writers. */
export const randomStacks = plan.map((planned) =>
  built((app) => {
    const stack = new ZscalerStack(app, "random");
    build(stack, planned);
    return stack;
  }),
);
