import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { TerraformResource, type TerraformStack, TerraformVariable } from "cdktf";
import fc from "fast-check";
import { GatewayLoadBalancer, type GatewayLoadBalancerProps } from "../../../modules/gateway-load-balancer";
import { detectionSeconds, healthCheckLimits, timeoutOf } from "../../../modules/gateway-load-balancer/schema";
import { longestDeploymentName } from "../../../modules/naming/schema";
import { resolved } from "../../../modules/validation";
import { ZscalerStack } from "../../../stacks/zscaler-stack";
import { madeBefore } from "../../stacks/graph";
import { asText, type Block, synthesizeApp, synthesizePlain, type SynthesizedStack } from "../../stacks/synthesize";

type Props = Partial<GatewayLoadBalancerProps>;

const props = {
  name: "theirs",
  vpcId: "vpc-0",
  subnetIds: { a: "subnet-0a", b: "subnet-0b" },
  zones: { a: "us-west-2a", b: "us-west-2b", c: "us-west-2c" },
  healthProbePort: 50000,
  targets: { addresses: { "a-1": { address: "10.1.0.4" }, "b-1": { address: "10.1.1.4" } } },
} satisfies GatewayLoadBalancerProps;

const byGroup = { targets: { registeredBy: "autoScaling" } } satisfies Props;

const put =
  (more: (scope: TerraformStack) => Props = () => ({})) =>
  (scope: TerraformStack): GatewayLoadBalancer =>
    new GatewayLoadBalancer(scope, "balancer", { ...props, ...more(scope) });

/** In a stack with readable addresses. */
const readable = (build: (scope: TerraformStack) => void): SynthesizedStack =>
  synthesizeApp((app) => {
    const stack = new ZscalerStack(app, "theirs");
    new AwsProvider(stack, "aws", { region: "us-west-2" });
    build(stack);
  })("theirs");

const made = (more: Props = {}): SynthesizedStack => readable(put(() => more));

const group = (more: Props = {}): Block => made(more).at("aws_lb_target_group.balancer");

test("a gateway balancer in each zone's subnet, its group, and a listener that sends the group everything", () => {
  const stack = made();
  const { lifecycle, ...balancer } = stack.at("aws_lb.balancer");
  expect(Object.keys(lifecycle as Block)).toEqual(["precondition"]);
  expect(balancer).toEqual({
    name: "theirs-gwlb",
    load_balancer_type: "gateway",
    subnets: ["subnet-0a", "subnet-0b"],
    enable_cross_zone_load_balancing: false,
    tags: { Name: "theirs-gwlb" },
  });
  expect(stack.at("aws_lb_listener.balancer")).toEqual({
    load_balancer_arn: "${aws_lb.balancer.arn}",
    default_action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.balancer.arn}" }],
    tcp_idle_timeout_seconds: 350,
  });
  expect(stack.at("aws_lb_target_group.balancer")).toEqual({
    name: "theirs-ip",
    vpc_id: "vpc-0",
    target_type: "ip",
    protocol: "GENEVE",
    port: 6081,
    health_check: {
      protocol: "HTTP",
      port: "50000",
      path: "/?cchealth",
      interval: 10,
      timeout: 5,
      healthy_threshold: 2,
      unhealthy_threshold: 3,
    },
    stickiness: { enabled: false, type: "source_ip_dest_ip_proto" },
    target_failover: [{ on_deregistration: "rebalance", on_unhealthy: "rebalance" }],
    deregistration_delay: "0",
    tags: { Name: "theirs-ip" },
    lifecycle: { create_before_destroy: true },
  });
});

describe("targets", () => {
  test("by address: each connector's is registered, once its instance stands", () => {
    const stack = readable(
      put((scope) => ({
        targets: {
          addresses: {
            "a-1": { address: "10.1.0.4", after: new TerraformResource(scope, "connector", { terraformResourceType: "aws_instance" }) },
            "b-10": { address: "10.1.1.4" },
          },
        },
      })),
    );
    expect(stack.ofType("aws_lb_target_group_attachment")).toEqual({
      "aws_lb_target_group_attachment.balancer_targets_a_1": {
        target_group_arn: "${aws_lb_target_group.balancer.arn}",
        target_id: "10.1.0.4",
        depends_on: ["aws_instance.connector"],
      },
      "aws_lb_target_group_attachment.balancer_targets_b_10": {
        target_group_arn: "${aws_lb_target_group.balancer.arn}",
        target_id: "10.1.1.4",
      },
    });
  });

  test("by instance: none is registered here, and the group is another", () => {
    const stack = made(byGroup);
    expect(stack.ofType("aws_lb_target_group_attachment")).toEqual({});
    expect(stack.at("aws_lb_target_group.balancer")).toMatchObject({ name: "theirs-id", target_type: "instance" });
  });
});

test.each<[Props, Block]>([
  [{ stickiness: "5-tuple" }, { stickiness: { enabled: false, type: "source_ip_dest_ip_proto" } }],
  [{ stickiness: "3-tuple" }, { stickiness: { enabled: true, type: "source_ip_dest_ip_proto" } }],
  [{ stickiness: "2-tuple" }, { stickiness: { enabled: true, type: "source_ip_dest_ip" } }],
  [{ onFailure: "keep" }, { target_failover: [{ on_deregistration: "no_rebalance", on_unhealthy: "no_rebalance" }] }],
  [{ deregistrationDelaySeconds: 60 }, { deregistration_delay: "60" }],
  [{ healthProbePort: 50001 }, { health_check: { ...(group()["health_check"] as Block), port: "50001" } }],
  [
    { healthCheck: { intervalSeconds: 5, timeoutSeconds: 3, healthyThreshold: 4, unhealthyThreshold: 2 } },
    {
      health_check: { ...(group()["health_check"] as Block), interval: 5, timeout: 3, healthy_threshold: 4, unhealthy_threshold: 2 },
    },
  ],
])("%j changes the target group alone, and that alone of it", (more, changed) => {
  const [before, after] = [made(), made(more)];
  expect(after.elements).toEqual({
    ...before.elements,
    "aws_lb_target_group.balancer": { ...before.at("aws_lb_target_group.balancer"), ...changed },
  });
});

test.each<[Props, string, Block]>([
  [{ crossZone: true }, "aws_lb.balancer", { enable_cross_zone_load_balancing: true }],
  [{ tcpIdleTimeoutSeconds: 6000 }, "aws_lb_listener.balancer", { tcp_idle_timeout_seconds: 6000 }],
  [{ endpointService: { acceptance: true } }, "aws_vpc_endpoint_service.balancer", { acceptance_required: true }],
])("%j changes %s alone", (more, address, changed) => {
  const [before, after] = [made(), made(more)];
  expect(after.elements).toEqual({ ...before.elements, [address]: { ...before.at(address), ...changed } });
});

describe("health checks", () => {
  const between = ([least, most]: readonly [number, number]) => fc.integer({ min: least, max: most });
  const { intervalSeconds, threshold, timeoutSeconds } = healthCheckLimits;
  const check = fc.record({
    intervalSeconds: between(intervalSeconds),
    healthyThreshold: between(threshold),
    unhealthyThreshold: between(threshold),
  });

  test("a death goes unseen for the interval times the threshold: 30 seconds by default, 10 at the fastest", () => {
    synthesizePlain((scope) => {
      expect(put()(scope).detectionSeconds).toBe(30);
    });
    fc.assert(
      fc.property(check, (given) => {
        expect(detectionSeconds(given)).toBe(given.intervalSeconds * given.unhealthyThreshold);
        expect(detectionSeconds(given)).toBeGreaterThanOrEqual(10);
      }),
    );
    expect(detectionSeconds({ intervalSeconds: intervalSeconds[0], unhealthyThreshold: threshold[0] })).toBe(10);
  });

  test("a time-out that is not given is 5 seconds, and 4 for checks 5 seconds apart", () => {
    expect(timeoutOf({ intervalSeconds: 5 })).toBe(4);
    for (const interval of [6, 10, 300]) expect(timeoutOf({ intervalSeconds: interval })).toBe(5);
    expect(timeoutOf({ intervalSeconds: 30, timeoutSeconds: 29 })).toBe(29);
  });

  test("a check within the limits is made", () => {
    fc.assert(
      fc.property(check, (given) => {
        const { interval, timeout, unhealthy_threshold, healthy_threshold } = group({ healthCheck: given })["health_check"] as {
          readonly [attribute: string]: number;
        };
        expect([interval, healthy_threshold, unhealthy_threshold]).toEqual(Object.values(given));
        expect(timeout).toBe(timeoutOf(given));
      }),
      { numRuns: 15 },
    );
  });

  test("a check outside the limits is refused, each value by itself", () => {
    const outside = ([least, most]: readonly [number, number]) =>
      fc.oneof(fc.integer({ min: -1000, max: least - 1 }), fc.integer({ min: most + 1, max: 10_000 }));
    const wrong = fc.oneof(
      fc.record({ intervalSeconds: outside(intervalSeconds) }),
      fc.record({ timeoutSeconds: outside(timeoutSeconds) }),
      fc.record({ healthyThreshold: outside(threshold) }),
      fc.record({ unhealthyThreshold: outside(threshold) }),
    );
    fc.assert(
      fc.property(wrong, (given) => {
        expect(() => made({ healthCheck: given })).toThrow(`theirs/balancer.healthCheck.${Object.keys(given).join()}: Too `);
      }),
      { numRuns: 30 },
    );
  });

  test("a time-out that is no shorter than the interval is refused", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 120 }), fc.integer({ min: 0, max: 60 }), (interval, more) => {
        const timeout = Math.min(interval + more, 120);
        expect(() => made({ healthCheck: { intervalSeconds: interval, timeoutSeconds: timeout } })).toThrow(
          `theirs/balancer.healthCheck.timeoutSeconds: ${timeout} is not shorter than the interval, ${interval}; a check ends before the next begins`,
        );
      }),
      { numRuns: 15 },
    );
  });
});

describe("the endpoint service", () => {
  const principals = (more: Props = {}) => made(more).at("aws_vpc_endpoint_service.balancer")["allowed_principals"];
  const root = (account: string) => `arn:\${data.aws_partition.partition.partition}:iam::${account}:root`;
  const own = root("${data.aws_caller_identity.caller_identity.account_id}");

  test("leads to the balancer, without acceptance, for this account in whatever partition it is", () => {
    expect(made().at("aws_vpc_endpoint_service.balancer")).toEqual({
      acceptance_required: false,
      gateway_load_balancer_arns: ["${aws_lb.balancer.arn}"],
      allowed_principals: [own],
      tags: { Name: "theirs-gwlb" },
    });
  });

  test("is for this account, then for the principals given", () => {
    const role = "arn:aws:iam::123456789012:role/deployer";
    expect(principals({ endpointService: { allowedPrincipals: [role, "${var.spoke}"] } })).toEqual([own, role, "${var.spoke}"]);
  });

  test("keeps no subnet by a lookup where a module's caller could put that off", () => {
    expect(readable((scope) => void put(() => ({ keepsSubnets: false }))(scope)).at("aws_lb.balancer")).not.toHaveProperty("lifecycle");
  });
});

describe("zones", () => {
  test("are told by their ids, of those with a subnet only", () => {
    const stack = readable((scope) => {
      const balancer = put()(scope);
      expect(Object.entries(balancer.zoneIds).map(([zone, id]) => [zone, resolved(balancer, id)])).toEqual([
        ["a", "${data.aws_availability_zone.balancer_zones_a.zone_id}"],
        ["b", "${data.aws_availability_zone.balancer_zones_b.zone_id}"],
      ]);
    });
    expect(stack.ofType("data.aws_availability_zone")).toEqual({
      "data.aws_availability_zone.balancer_zones_a": { name: "us-west-2a" },
      "data.aws_availability_zone.balancer_zones_b": { name: "us-west-2b" },
    });
  });

  describe("cannot be removed", () => {
    const removed = (given: string) =>
      `setsubtract(flatten([for balancer in data.aws_lb.balancer_standing : tolist(balancer.subnets)]), [${given}])`;

    test("the plan fails where the balancer stands in more subnets than are given", () => {
      const given = removed('"subnet-0a", "subnet-0b"');
      expect(made().at("aws_lb.balancer")["lifecycle"]).toEqual({
        precondition: [
          {
            condition: `\${length(${given}) == 0}`,
            error_message: `Gateway Load Balancer theirs-gwlb stands in \${join(", ", ${given})} too, and AWS takes no subnet from it. Give the subnets that it has, and further zones only. To be rid of a zone, make a second deployment without it and lead the routes there.`,
          },
        ],
      });
    });

    test("the balancer that stands is looked up by its whole name, if it is there, and by nothing that the change touches", () => {
      const stack = made();
      expect(stack.at("data.aws_lbs.balancer")).toEqual({});
      expect(stack.at("data.aws_lb.balancer_standing")).toEqual({
        arn: "${each.value}",
        for_each: '${toset([for arn in data.aws_lbs.balancer.arns : arn if strcontains(arn, ":loadbalancer/gwy/theirs-gwlb/")])}',
      });
    });

    test("subnets and the name may be made, or known, at deployment only", () => {
      const stack = readable(
        put((scope) => ({
          name: new TerraformVariable(scope, "prefix", { type: "string" }).stringValue,
          subnetIds: { a: new Subnet(scope, "subnet", { vpcId: "vpc-0" }).id, b: "subnet-0b" },
        })),
      );
      expect(JSON.stringify(stack.at("aws_lb.balancer")["lifecycle"])).toContain(
        JSON.stringify(`\${length(${removed('aws_subnet.subnet.id, "subnet-0b"')}) == 0}`),
      );
      expect(stack.at("data.aws_lb.balancer_standing")["for_each"]).toContain('strcontains(arn, ":loadbalancer/gwy/${var.prefix}-gwlb/")');
    });
  });

  test.each<[Props, string]>([
    [{ subnetIds: {} }, "theirs/balancer.subnetIds: no subnet is given; give one in each zone"],
    [
      { subnetIds: { a: "subnet-0a", "lax-1a": "subnet-0l" } },
      "theirs/balancer.subnetIds.lax-1a: lax-1a is a Local Zone, which has no Gateway Load Balancer and no endpoint of one; leave it out: the endpoint of another zone serves it",
    ],
    [
      { subnetIds: { d: "subnet-0d" } },
      "theirs/balancer.zones: zone d has a subnet and no name; give the name that this account has for it",
    ],
  ])("%j is refused", (more, message) => {
    expect(() => made(more)).toThrow(message);
  });
});

test("all mistakes are told at once, with the construct's path", () => {
  const mistakes = () =>
    made({
      subnetIds: { d: "subnet-0d", "lax-1a": "subnet-0l" },
      healthCheck: { intervalSeconds: 4, timeoutSeconds: 5 },
      deregistrationDelaySeconds: 3601,
      tcpIdleTimeoutSeconds: 59,
      stickiness: "4-tuple" as "5-tuple",
      endpointService: { allowedPrincipals: ["123456789012"] },
    });
  for (const prop of [
    "zones",
    "subnetIds.lax-1a",
    "healthCheck.intervalSeconds",
    "healthCheck.timeoutSeconds",
    "deregistrationDelaySeconds",
    "tcpIdleTimeoutSeconds",
    "stickiness",
    "endpointService.allowedPrincipals.0",
  ]) {
    expect(mistakes).toThrow(`theirs/balancer.${prop}: `);
  }
});

test.each([props, byGroup])("the longest deployment name gives names that AWS takes: %#", (more) => {
  const name = "e".repeat(longestDeploymentName);
  const stack = made({ ...more, name });
  const names = ["aws_lb.balancer", "aws_lb_target_group.balancer"].map((address) => asText(stack.at(address)["name"]));
  for (const made of names) expect([made.startsWith(`${name}-`), made.length <= 32]).toEqual([true, true]);
  expect(() => made({ ...more, name: "e".repeat(28) })).toThrow("a load balancer name takes 32");
  expect(() => made({ ...more, name: "internal-egress" })).toThrow("internal-egress-gwlb is not what a load balancer name may be");
});

test("what waits for it has the listener and every target before it", () => {
  const stack = readable((scope) => {
    const { ready } = put()(scope);
    new TerraformResource(scope, "endpoint", { terraformResourceType: "aws_vpc_endpoint", dependsOn: [...ready] });
  });
  const before = madeBefore(stack, "aws_vpc_endpoint.endpoint");
  expect([...before].sort()).toEqual([
    "aws_lb.balancer",
    "aws_lb_listener.balancer",
    "aws_lb_target_group.balancer",
    "aws_lb_target_group_attachment.balancer_targets_a_1",
    "aws_lb_target_group_attachment.balancer_targets_b_1",
    "data.aws_lb.balancer_standing",
    "data.aws_lbs.balancer",
  ]);
});

test("everything that it makes is within reach", () => {
  synthesizePlain((scope) => {
    const balancer = put()(scope);
    expect(Object.keys(balancer.attachments)).toEqual(["a-1", "b-1"]);
    expect(balancer.loadBalancer.nameInput).toBe("theirs-gwlb");
    expect(balancer.targetGroup.nameInput).toBe("theirs-ip");
    expect(balancer.listener.tcpIdleTimeoutSecondsInput).toBe(350);
    expect(balancer.endpointService.acceptanceRequiredInput).toBe(false);
    expect(resolved(balancer, balancer.serviceName)).toMatch(/^\$\{aws_vpc_endpoint_service\.balancer_\w+\.service_name\}$/);
  });
});

test("in a stack of cdktf's own, whose addresses have a hash, the balancer that stands is compared with the right one", () => {
  const stack = synthesizePlain(put());
  const [standing = ""] = Object.keys(stack.ofType("data.aws_lb"));
  const [all = ""] = Object.keys(stack.ofType("data.aws_lbs"));
  expect(all).toMatch(/^data\.aws_lbs\.balancer_lbs_\w+$/);
  expect(stack.at(standing)["for_each"]).toContain(`in ${all}.arns :`);
  expect(JSON.stringify(Object.values(stack.ofType("aws_lb")))).toContain(`in ${standing} :`);
});

test("values may be Terraform variables", () => {
  const stack = readable(
    put((scope) => {
      const variable = (name: string) => new TerraformVariable(scope, name, { type: "string" });
      return {
        name: variable("prefix").stringValue,
        vpcId: variable("vpc").stringValue,
        subnetIds: { a: variable("subnet").stringValue },
        zones: { a: variable("zone").stringValue },
        healthProbePort: variable("port").numberValue,
        deregistrationDelaySeconds: variable("delay").numberValue,
        tcpIdleTimeoutSeconds: variable("idle").numberValue,
        targets: { addresses: { "a-1": { address: variable("address").stringValue } } },
        endpointService: { allowedPrincipals: [variable("principal").stringValue] },
      };
    }),
  );
  const passed = Object.keys(stack.file.variable ?? {});
  expect(passed).toHaveLength(9);
  expect(passed.filter((name) => !stack.text.includes(`\${var.${name}}`))).toEqual([]);
  expect(stack.text).not.toContain("TfToken");
  expect(stack.at("aws_lb_target_group.balancer")).toMatchObject({
    name: "${var.prefix}-ip",
    deregistration_delay: "${var.delay}",
    health_check: { port: "${var.port}" },
  });
});
