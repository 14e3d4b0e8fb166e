import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { TerraformOutput, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { ZscalerStack } from "../../stacks/zscaler-stack";
import { synthesizeApp } from "./synthesize";

const nested = (scope: Construct, ...ids: readonly string[]): Construct =>
  ids.reduce((outer, id) => {
    const inner = outer.node.tryFindChild(id);
    return inner instanceof Construct ? inner : new Construct(outer, id);
  }, scope);

const synthesize = (build: (stack: ZscalerStack) => void) =>
  synthesizeApp((app) => {
    const stack = new ZscalerStack(app, "stack");
    new AwsProvider(stack, "aws");
    build(stack);
  })("stack");

const vpc = (scope: Construct, id: string) => new Vpc(scope, id, { cidrBlock: "10.1.0.0/16" });

describe("an address is the ids of the construct path", () => {
  test.each([
    ["joined by _", ["network", "a"], "main", "aws_vpc.network_a_main"],
    ["without a last one that repeats the type", ["network", "a"], "vpc", "aws_vpc.network_a"],
    ["even if the last one is all there is", [], "vpc", "aws_vpc.vpc"],
    ["with one that repeats the type further up", ["vpc"], "main", "aws_vpc.vpc_main"],
    ["with _ for what Terraform does not take", ["network.b"], "m n", "aws_vpc.network_b_m_n"],
  ])("%s", (_, scopes, id, address) => {
    expect(synthesize((stack) => vpc(nested(stack, ...scopes), id)).addresses).toEqual([address]);
  });

  test("in references too", () => {
    const stack = synthesize((scope) => new InternetGateway(scope, "gateway", { vpcId: vpc(nested(scope, "network"), "vpc").id }));
    expect(stack.at("aws_internet_gateway.gateway")["vpc_id"]).toBe("${aws_vpc.network.id}");
  });
});

describe("two elements with one address", () => {
  const collision = (build: (stack: ZscalerStack) => void): string => {
    try {
      return synthesize(build).text;
    } catch (error) {
      return (error as Error).message;
    }
  };

  test("are an error that names both paths", () => {
    const message = collision((stack) => {
      vpc(nested(stack, "network", "a"), "b");
      vpc(nested(stack, "network"), "a_b");
    });
    expect(message).toContain("stack/network/a/b and stack/network/a_b have one Terraform address");
    expect(message).toContain("aws_vpc.network_a_b");
  });

  test("are an error among data sources", () => {
    const message = collision((stack) => {
      new DataAwsVpc(nested(stack, "a"), "b", {});
      new DataAwsVpc(stack, "a_b", {});
    });
    expect(message).toContain("stack/a/b and stack/a_b have one Terraform address");
  });

  test("are an error among variables", () => {
    const message = collision((stack) => {
      new TerraformVariable(nested(stack, "a"), "b", { type: "string" });
      new TerraformVariable(stack, "a_b", { type: "number" });
    });
    expect(message).toContain("stack/a/b and stack/a_b have one Terraform address");
  });

  test("are an error among outputs", () => {
    const message = collision((stack) => {
      new TerraformOutput(stack, "id", { value: "one" });
      stack.addOutputs({ id: { value: "two", description: "Another" } });
    });
    expect(message).toContain("stack/id and stack/output/id have one Terraform address");
  });

  test("are none where the types differ, or one is looked up", () => {
    const stack = synthesize((scope) => {
      const made = vpc(nested(scope, "a"), "b");
      new DataAwsVpc(nested(scope, "a_b"), "vpc", {});
      new InternetGateway(nested(scope, "a_b"), "internet_gateway", { vpcId: made.id });
    });
    expect(stack.addresses).toEqual(["aws_internet_gateway.a_b", "aws_vpc.a_b", "data.aws_vpc.a_b"]);
  });
});

test("outputs go by the names given", () => {
  const stack = synthesize((scope) => {
    scope.addOutputs({ first: { value: { a: 1 }, description: "The first" } });
    scope.addOutputs({ second: { value: vpc(scope, "vpc").id, description: "The second" } });
  });
  expect(stack.file.output).toEqual({
    first: { value: { a: 1 }, description: "The first" },
    second: { value: "${aws_vpc.vpc.id}", description: "The second" },
  });
});
