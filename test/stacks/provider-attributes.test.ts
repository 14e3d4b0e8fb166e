import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { ZscalerStack } from "../../stacks/zscaler-stack";
import { expectFixture } from "./fixture";
import { unknownAttributes } from "./known-attributes";
import { committedSchema, oldestProvider, schemaFromTerraform, schemaLines } from "./provider-schema";
import { allSamples, base } from "./samples";
import { synthesize, synthesizeApp } from "./synthesize";

const stacks = Object.entries({
  ...allSamples,
  "local-zone": base({ zones: ["a", "us-west-2-lax-1a"], nat: { single: { zone: "lax-1a" } } }),
}).map(([name, settings]) => [name, synthesize(settings)] as const);

// The newest provider is checked by tsc: the classes are made from it.
test.each(stacks)("provider 5.100 knows all that %s sets, ignores and reads", (_, stack) => {
  expect(unknownAttributes(committedSchema(), stack)).toEqual([]);
});

test("what the oldest provider does not know would be seen", () => {
  const stack = synthesizeApp((app) => {
    const scope = new ZscalerStack(app, "stack");
    new AwsProvider(scope, "aws").addOverride("user_agent_of", "nobody");
    const vpc = new Vpc(scope, "vpc", {
      cidrBlock: "10.1.0.0/16",
      region: "us-west-2",
      tags: { Region: new DataAwsRegion(scope, "here", {}).region },
      lifecycle: { ignoreChanges: ["region", "tags"] },
    });
    vpc.addOverride("timeouts", { create: "5m" });
    vpc.addOverride("arn", "arn");
    vpc.addOverride("depends_on", ["aws_vpc.other"]);
  })("stack");
  const schema = new Map([
    ...committedSchema(),
    ["data.aws_region", { settable: ["endpoint", "id", "name"], computed: ["description"] }] as const,
  ]);
  expect(unknownAttributes(schema, stack)).toEqual([
    "aws_vpc has no arn",
    "aws_vpc has no region",
    "aws_vpc has no region to ignore",
    "aws_vpc has no timeouts",
    "data.aws_region.here.region: data.aws_region has no region",
    "provider has no user_agent_of",
  ]);
});

test("the list of what provider 5.100 knows is the provider's own, where this machine has it", async () => {
  const schema = await schemaFromTerraform().catch((reason: unknown) => {
    if (process.env["CI"]) throw reason;
    console.info(`not compared with the provider: ${String(reason)}`);
    return undefined;
  });
  if (schema === undefined) return;
  const typeOf = (path: string): string => /^(data\.)?[^.]+/.exec(path)?.[0] ?? "";
  const types = new Set(["provider", ...stacks.flatMap(([, { elements }]) => Object.keys(elements).map(typeOf))]);
  const used = [...schema].filter(([path]) => types.has(typeOf(path)));
  expectFixture(`provider-${oldestProvider}.txt`, schemaLines(new Map(used)));
}, 60_000);
