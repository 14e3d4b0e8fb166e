import { GwlbStack } from "../../stacks/gwlb";
import { documentOf } from "./failover-document";
import { madeBefore, reference, references } from "./graph";
import { gwlb, gwlbSamples } from "./samples";
import { asText, type Block, synthesize, synthesizeApp, type SynthesizedStack } from "./synthesize";

const stacks = Object.entries(gwlbSamples).map(([name, settings]) => ({ name, settings, stack: synthesize(settings) }));
const scaled = stacks.filter(({ settings }) => settings.fleet?.autoScaling !== undefined);
const fixed = stacks.filter((each) => !scaled.includes(each));

const addressesOf = (stack: SynthesizedStack, type: string, id = ""): readonly string[] =>
  Object.keys(stack.ofType(type)).filter((address) => address.startsWith(`${type}.${id}`));

const zonesWith = (stack: SynthesizedStack, tier: string): readonly string[] =>
  addressesOf(stack, "aws_route_table").flatMap(
    (address) => new RegExp(`^aws_route_table\\.network_(.+)_${tier}$`).exec(address)?.[1] ?? [],
  );

describe.each(stacks)("$name", ({ stack, settings }) => {
  const endpoints = addressesOf(stack, "aws_vpc_endpoint", "endpoints_").map((address) =>
    address.replace("aws_vpc_endpoint.endpoints_", ""),
  );

  test("workloads and the resolver are led to the endpoint of their zone, or of the zone that serves it", () => {
    const routes = addressesOf(stack, "aws_route", "steering_").filter((address) => /_(workload|resolver)$/.test(address));
    const tables = ["workload", "resolver"].flatMap((tier) => zonesWith(stack, tier).map((zone) => `${zone}_${tier}`));
    expect(routes.map((address) => address.replace("aws_route.steering_", "")).sort()).toEqual([...tables].sort());
    for (const table of tables) {
      const zone = table.replace(/_(workload|resolver)$/, "");
      const home = settings.connectors.servedBy?.[zone] ?? zone;
      const route = stack.at(`aws_route.steering_${table}`);
      expect(reference(route["vpc_endpoint_id"])).toBe(`aws_vpc_endpoint.endpoints_${home}`);
      expect(route["route_table_id"]).toBe(`\${aws_route_table.network_${table}.id}`);
      expect(route).toMatchObject({ destination_cidr_block: "0.0.0.0/0" });
    }
  });

  test("the balancer and an endpoint stand in each zone with connectors, and in no other", () => {
    const given: readonly string[] = settings.zones ?? ["a", "b"];
    expect(endpoints).toEqual(given.filter((zone) => settings.connectors.servedBy?.[zone] === undefined));
    expect(stack.at("aws_lb.balancer")["subnets"]).toHaveLength(endpoints.length);
    for (const zone of endpoints) {
      expect(stack.at(`aws_vpc_endpoint.endpoints_${zone}`)).toMatchObject({
        service_name: "${aws_vpc_endpoint_service.balancer.service_name}",
        vpc_endpoint_type: "GatewayLoadBalancer",
      });
    }
  });

  test("an endpoint can be used once the balancer listens", () => {
    for (const zone of endpoints) expect(madeBefore(stack, `aws_vpc_endpoint.endpoints_${zone}`)).toContain("aws_lb_listener.balancer");
  });

  test("the balancer asks for the health that connectors tell on their port", () => {
    const port = settings.connectors.healthProbePort ?? 50000;
    expect(stack.at("aws_lb_target_group.balancer")).toMatchObject({
      port: 6081,
      protocol: "GENEVE",
      health_check: { port: String(port), path: "/?cchealth", protocol: "HTTP" },
    });
    expect(stack.text).toContain(`HTTP_PROBE_PORT=${port}`);
  });

  test("outputs tell the service, its zones by id, and how long a death goes unseen", () => {
    const { unhealthyThreshold = 3, intervalSeconds = 10 } = settings.balancer?.healthCheck ?? {};
    expect(stack.outputs).toMatchObject({
      endpoint_service_name: "${aws_vpc_endpoint_service.balancer.service_name}",
      failure_detection_seconds: unhealthyThreshold * intervalSeconds,
    });
    expect(references(stack.outputs["endpoint_service_zone_ids"])).toEqual(
      endpoints.map((zone) => `data.aws_availability_zone.balancer_zones_${zone}`),
    );
  });
});

describe.each(fixed)("fixed connectors of $name", ({ stack, settings }) => {
  const connectors = Object.keys(stack.outputs["connectors"] as Block);

  test("each is a target, by the address of its service interface", () => {
    const attachments = addressesOf(stack, "aws_lb_target_group_attachment");
    expect(attachments).toHaveLength(connectors.length);
    expect(attachments.map((address) => asText(stack.at(address)["target_id"])).sort()).toEqual(
      connectors.map((key) => `\${aws_network_interface.connectors_${key.replace("-", "_")}_service.private_ip}`).sort(),
    );
    expect(stack.at("aws_lb_target_group.balancer")["target_type"]).toBe("ip");
  });

  test("pinned destinations lead to their connector's service interface, and the function is told these routes and no other", () => {
    const pinned = Object.entries(settings.failover?.pinned ?? {});
    const routes = addressesOf(stack, "aws_route", "pinned_");
    const tables = addressesOf(stack, "aws_route", "steering_").filter((address) => !address.endsWith("_resolver"));
    if (pinned.length === 0) {
      expect(routes).toEqual([]);
      expect(stack.ofType("aws_lambda_function")).toEqual({});
      return;
    }
    expect(routes).toHaveLength(pinned.length * tables.length);
    for (const [name, { connector }] of pinned) {
      for (const route of routes.filter((address) => address.endsWith(`_workload_${name}`))) {
        expect(reference(stack.at(route)["network_interface_id"])).toBe(
          `aws_network_interface.connectors_${connector.replace("-", "_")}_service`,
        );
        expect(stack.at(route)["lifecycle"]).toBeDefined();
      }
    }
    expect(documentOf(stack).routes).toHaveLength(routes.length);
    for (const address of tables) expect(stack.at(address)).not.toHaveProperty("lifecycle");
  });
});

describe.each(scaled)("Auto Scaling of $name", ({ stack }) => {
  const groups = addressesOf(stack, "aws_autoscaling_group");

  test("a group registers its instances with the balancer", () => {
    expect(groups.length).toBeGreaterThan(0);
    for (const group of groups) {
      expect(stack.at(group)["target_group_arns"]).toEqual(["${aws_lb_target_group.balancer.arn}"]);
      expect(stack.at(group)).toMatchObject({ wait_for_capacity_timeout: "0" });
    }
    expect(stack.at("aws_lb_target_group.balancer")["target_type"]).toBe("instance");
    expect(addressesOf(stack, "aws_instance", "connectors_")).toEqual([]);
  });

  test("a group is made last and goes first: what its instances need at their launch and end stands before it", () => {
    const needed = [
      ...["aws_iam_role_policy", "aws_security_group", "aws_vpc_security_group_egress_rule", "aws_iam_instance_profile"],
      ...["aws_lambda_function", "aws_lambda_permission", "aws_cloudwatch_event_target", "aws_lambda_event_source_mapping"],
      ...["aws_sqs_queue", "aws_cloudwatch_log_group", "aws_launch_template", "aws_lambda_function_event_invoke_config"],
    ].flatMap((type) => addressesOf(stack, type, "connectors_").filter((address) => address.startsWith(`${type}.`)));
    expect(needed.length).toBeGreaterThan(15);
    for (const group of groups) {
      const before = madeBefore(stack, group);
      const own = (address: string): boolean => !/^aws_launch_template\./.test(address);
      expect(needed.filter((address) => own(address) && !before.has(address))).toEqual([]);
      expect(before).toContain(group.replace("aws_autoscaling_group", "aws_launch_template"));
      expect(before).toContain("aws_lb_listener.balancer");
      const standing = zonesWith(stack, "connector");
      const over = standing.filter((zone) => group.endsWith("_all") || group.endsWith(`_${zone}`));
      expect(over.length).toBeGreaterThan(0);
      for (const zone of over) expect(before).toContain(`aws_route.network_${zone}_connector_default`);
    }
  });

  test("nothing but what belongs to a group comes after it", () => {
    const after = Object.keys(stack.elements).filter((address) => groups.some((group) => madeBefore(stack, address).has(group)));
    expect(after.filter((address) => !/^aws_autoscaling_(lifecycle_hook|policy|group_tag|notification)\./.test(address))).toEqual([]);
  });
});

test("every part gives its resources, so that what it has no setting for can be overridden", () => {
  const stack = synthesizeApp((app) => {
    const { balancer, endpoints } = new GwlbStack(app, "egress", () => gwlb());
    balancer.loadBalancer.addOverride("enable_deletion_protection", true);
    endpoints.endpointFor("a").addOverride("auto_accept", true);
  })("egress");
  expect(stack.at("aws_lb.balancer")["enable_deletion_protection"]).toBe(true);
  expect(stack.at("aws_vpc_endpoint.endpoints_a")["auto_accept"]).toBe(true);
});

test("names of the longest deployment fit into AWS", () => {
  const longest = "a-deployment-of-26-letters";
  for (const settings of [gwlbSamples.gwlb, gwlbSamples["asg-everything"]]) {
    const stack = synthesize(settings, longest);
    for (const type of ["aws_lb", "aws_lb_target_group"])
      for (const { name } of Object.values(stack.ofType(type))) expect(asText(name).length).toBeLessThanOrEqual(32);
  }
});
