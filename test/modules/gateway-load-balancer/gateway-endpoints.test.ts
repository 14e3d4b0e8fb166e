import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformResource, type TerraformStack, TerraformVariable } from "cdktf";
import { GatewayEndpoints, type GatewayEndpointsProps } from "../../../modules/gateway-load-balancer";
import { ZscalerStack } from "../../../stacks/zscaler-stack";
import { type Block, synthesizeApp, synthesizePlain, type SynthesizedStack } from "../../stacks/synthesize";

type Props = Partial<GatewayEndpointsProps>;

const serviceName = "com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0";
const props = {
  name: "theirs",
  vpcId: "vpc-0",
  serviceName,
  subnetIds: { a: "subnet-0a", b: "subnet-0b" },
} satisfies GatewayEndpointsProps;
const names = { a: "us-west-2a", b: "us-west-2b" };

const put =
  (more: (scope: TerraformStack) => Props = () => ({})) =>
  (scope: TerraformStack): GatewayEndpoints =>
    new GatewayEndpoints(scope, "endpoints", { ...props, ...more(scope) });

/** In a stack with readable addresses. */
const made = (more: (scope: TerraformStack) => Props = () => ({})): SynthesizedStack =>
  synthesizeApp((app) => {
    const stack = new ZscalerStack(app, "theirs");
    new AwsProvider(stack, "aws", { region: "us-west-2" });
    put(more)(stack);
  })("theirs");

/** The check of an endpoint. */
const check = (stack: SynthesizedStack, zone: string): Block => {
  const { precondition } = stack.at(`aws_vpc_endpoint.endpoints_${zone}`)["lifecycle"] as { readonly precondition: readonly Block[] };
  expect(precondition).toHaveLength(1);
  return precondition[0] ?? {};
};

test("an endpoint in each zone, and nothing else", () => {
  const endpoint = (zone: string) => ({
    vpc_id: "vpc-0",
    service_name: serviceName,
    vpc_endpoint_type: "GatewayLoadBalancer",
    subnet_ids: [`subnet-0${zone}`],
    tags: { Name: `theirs-endpoint-${zone}` },
  });
  expect(made().elements).toEqual({ "aws_vpc_endpoint.endpoints_a": endpoint("a"), "aws_vpc_endpoint.endpoints_b": endpoint("b") });
});

test("endpoints are made before those that they replace only where that is asked for", () => {
  const lifecycle = (more: Props) => made(() => more).at("aws_vpc_endpoint.endpoints_a")["lifecycle"];
  expect(lifecycle({})).toBeUndefined();
  expect(lifecycle({ createBeforeDestroy: true })).toEqual({ create_before_destroy: true });
});

test("endpoints are made after what they lead to", () => {
  const stack = made((scope) => ({
    after: ["listener", "target"].map((id) => new TerraformResource(scope, id, { terraformResourceType: "aws_lb_listener" })),
  }));
  for (const { depends_on } of Object.values(stack.ofType("aws_vpc_endpoint"))) {
    expect(depends_on).toEqual(["aws_lb_listener.listener", "aws_lb_listener.target"]);
  }
});

test("a zone's traffic has the endpoint of that zone, or none", () => {
  synthesizePlain((scope) => {
    const endpoints = put()(scope);
    expect(endpoints.endpointFor("b")).toBe(endpoints.endpoints["b"]);
    expect(endpoints.endpointFor("b").subnetIdsInput).toEqual(["subnet-0b"]);
    expect(() => endpoints.endpointFor("c")).toThrow(
      "theirs/endpoints has no endpoint in zone c, only in a, b: give the zone a subnet, or name one of these",
    );
  });
});

describe("the plan fails where the service is not in an endpoint's zone", () => {
  test("as AWS tells it, by this account's names of zones", () => {
    const stack = made(() => ({ checkZones: { names, supported: "askService" } }));
    expect(stack.at("data.aws_vpc_endpoint_service.endpoints")).toEqual({ service_name: serviceName });
    expect(stack.at("data.aws_availability_zone.endpoints_zones_b")).toEqual({ name: "us-west-2b" });
    const supported = "tolist(data.aws_vpc_endpoint_service.endpoints.availability_zones)";
    const id = "${data.aws_availability_zone.endpoints_zones_b.zone_id}";
    expect(check(stack, "b")).toEqual({
      condition: `\${contains(${supported}, "us-west-2b")}`,
      error_message: `Endpoint service ${serviceName} is not in us-west-2b (${id}), where the endpoint of zone b is to stand, only in \${join(", ", ${supported})}. Give zone b no endpoint and name the zone that serves it, or have the service's owner add ${id}: ids mean the same zone in every account, names do not.`,
    });
    expect(check(stack, "a")["condition"]).toBe(`\${contains(${supported}, "us-west-2a")}`);
  });

  test("as its owner tells it, by the ids of zones", () => {
    const stack = made(() => ({ checkZones: { names, supported: { zoneIds: ["usw2-az1", "usw2-az2"] } } }));
    expect(stack.ofType("data.aws_vpc_endpoint_service")).toEqual({});
    for (const zone of ["a", "b"]) {
      const { condition, error_message } = check(stack, zone);
      expect(condition).toBe(`\${contains(["usw2-az1", "usw2-az2"], data.aws_availability_zone.endpoints_zones_${zone}.zone_id)}`);
      expect(error_message).toContain(`only in \${join(", ", ["usw2-az1", "usw2-az2"])}.`);
    }
  });

  test("also where all is known only at deployment", () => {
    const stack = made((scope) => {
      const variable = (name: string) => new TerraformVariable(scope, name, { type: "string" }).stringValue;
      const supported = { zoneIds: new TerraformVariable(scope, "supported", { type: "list(string)" }).listValue };
      return {
        name: variable("prefix"),
        vpcId: variable("vpc"),
        serviceName: variable("service"),
        subnetIds: { az1: variable("subnet") },
        checkZones: { names: { az1: variable("zone") }, supported },
      };
    });
    expect(check(stack, "az1")).toMatchObject({
      condition: "${contains(var.supported, data.aws_availability_zone.endpoints_zones_az1.zone_id)}",
      error_message: expect.stringMatching(/^Endpoint service \$\{var\.service\} is not in \$\{var\.zone\} \(/) as string,
    });
    expect(stack.at("aws_vpc_endpoint.endpoints_az1")).toMatchObject({
      vpc_id: "${var.vpc}",
      service_name: "${var.service}",
      subnet_ids: ["${var.subnet}"],
      tags: { Name: "${var.prefix}-endpoint-az1" },
    });
    expect(stack.text).not.toMatch(/TfToken|TOKEN\[/);
  });
});

test("no subnet is refused", () => {
  expect(() => made(() => ({ subnetIds: {} }))).toThrow("theirs/endpoints.subnetIds: no subnet is given; give one in each zone");
});

test("all zones that cannot be are told at once", () => {
  const mistakes = () =>
    made(() => ({
      subnetIds: { a: "subnet-0a", c: "subnet-0c", d: "subnet-0d", "lax-1a": "subnet-0l" },
      checkZones: { names, supported: "askService" },
    }));
  expect(mistakes).toThrow(
    [
      "theirs/endpoints.checkZones.names: zone c has a subnet and no name; give the name that this account has for it",
      "theirs/endpoints.checkZones.names: zone d has a subnet and no name; give the name that this account has for it",
      "theirs/endpoints.subnetIds.lax-1a: lax-1a is a Local Zone, which has no Gateway Load Balancer and no endpoint of one; leave it out: the endpoint of another zone serves it",
    ].join("\n"),
  );
});
