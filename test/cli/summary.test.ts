import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { summarize } from "../../cli/summary";
import { readSynthesizedStack, type SynthesizedResource, type SynthesizedStack } from "../../cli/synthesized-stack";
import { HaStack } from "../../stacks/ha";
import { ZpaHaStack } from "../../stacks/zpa-ha";
import { ha, zpaHa } from "../stacks/samples";

const synthesized = (build: (app: App) => void): SynthesizedStack => {
  const outdir = mkdtempSync(join(tmpdir(), "summary-"));
  try {
    const app = new App({ outdir });
    build(app);
    app.synth();
    return readSynthesizedStack(outdir, "egress");
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

const pinned = { partner: { destination: "203.0.113.0/24", connector: "b-1" } };

/** The lines below a title. */
const section = (text: string, title: string): readonly string[] =>
  (text.split("\n\n").find((part) => part.startsWith(title)) ?? "")
    .split("\n")
    .slice(1)
    .map((line) => line.trim());

describe("zpa-ha", () => {
  const stack = synthesized((app) => new ZpaHaStack(app, "egress", () => zpaHa({ failover: { pinned } })));

  test("shows where each tier's default route leads, not where a pinned destination does, in whatever order they are", () => {
    for (const resources of [stack.resources, [...stack.resources].reverse()]) {
      expect(section(summarize({ ...stack, resources }), "Zone a")).toEqual([
        "public     10.1.32.0/22    -> internet gateway",
        "connector  10.1.36.0/22    -> NAT gateway of zone a",
        "workload   10.1.0.0/19     -> connector a-1",
        "resolver   10.1.40.0/22    -> connector a-1",
      ]);
    }
  });

  test("shows what moves routes and who hears of it", () => {
    expect(section(summarize(stack), "Route failover")).toEqual([
      "function   egress-route-failover",
      "may move   6 routes",
      "alarms to  egress-route-failover",
    ]);
  });

  test("shows the endpoint and the domains that it forwards", () => {
    const deployed = new Map([["aws_route53_resolver_endpoint.zpa_dns", { id: "rslvr-out-0" }]]);
    expect(section(summarize(stack, deployed), "ZPA DNS")).toEqual(["endpoint  egress-zpa       rslvr-out-0", "crm       crm.example.com"]);
  });
});

test("a stack without DNS of ZPA does not speak of it, and a topic that exists is shown as it was named", () => {
  const arn = "arn:aws:sns:us-west-2:123456789012:alarms";
  const text = summarize(synthesized((app) => new HaStack(app, "egress", () => ha({ failover: { alarms: { topic: { arn } } } }))));
  expect(section(text, "Route failover")).toContain(`alarms to  ${arn}`);
  expect(text).not.toContain("ZPA");
});

/** A stack of resources, each by its type and construct path. */
const made = (...resources: readonly (readonly [type: string, path: string, attributes?: SynthesizedResource["attributes"]])[]) => ({
  name: "hub",
  folder: "",
  resources: resources.map(([type, path, attributes = {}]) => {
    const ids = path.split("/");
    return { address: `${type}.${ids.join("_")}`, type, path: ids, attributes };
  }),
});

const workloads = (table: string) =>
  [
    ["aws_subnet", "network/a/workload/subnet", { availability_zone: "us-west-2a", cidr_block: "10.1.0.0/19" }],
    [
      "aws_route_table_association",
      "network/a/workload/association",
      { subnet_id: "${aws_subnet.network_a_workload_subnet.id}", route_table_id: table },
    ],
  ] as const;
const endpoints = [
  ["aws_vpc_endpoint", "endpoints/a"],
  ["aws_vpc_endpoint", "endpoints/b"],
  ["aws_vpc_endpoint", "network/s3"],
] as const;
const ids = new Map(["a", "b"].map((zone) => [`aws_vpc_endpoint.endpoints_${zone}`, { id: `vpce-0${zone}` }]));
const route = { route_table_id: "rtb-0a", destination_cidr_block: "0.0.0.0/0" };

describe("gwlb", () => {
  const stack = made(
    ...workloads("rtb-0a"),
    ...endpoints,
    ["aws_route", "steering/a_workload", { ...route, vpc_endpoint_id: "${aws_vpc_endpoint.endpoints_a.id}" }],
    [
      "aws_route",
      "pinned/partner_a",
      {
        route_table_id: "rtb-0a",
        destination_cidr_block: "203.0.113.0/24",
        network_interface_id: "${aws_network_interface.connectors_a_1_service.id}",
        lifecycle: { ignore_changes: ["network_interface_id"] },
      },
    ],
    ["aws_lambda_function", "failover/lambda_function", { function_name: "hub-route-failover" }],
    ["aws_lb", "balancer/lb", { name: "hub-gwlb" }],
    ["aws_lb_target_group", "balancer/lb_target_group", { name: "hub-ip", health_check: { interval: 10, unhealthy_threshold: 3 } }],
    ["aws_vpc_endpoint_service", "balancer/vpc_endpoint_service"],
    ["aws_launch_template", "connectors/all/launch_template", { name_prefix: "hub-connectors-" }],
    [
      "aws_autoscaling_group",
      "connectors/all/autoscaling_group",
      { name: "hub-group", min_size: 4, max_size: 8, launch_template: { id: "${aws_launch_template.connectors_all_launch_template.id}" } },
    ],
    ["aws_lambda_function", "connectors/fleet/lambda_function", { function_name: "hub-fleet" }],
    ["aws_cloudwatch_metric_alarm", "connectors/fleet/alarms/errors", { alarm_actions: ["${aws_sns_topic.connectors_fleet_topic.arn}"] }],
    ["aws_sns_topic", "connectors/fleet/topic", { name: "hub-fleet-alarms" }],
  );
  const serviceName = "com.amazonaws.vpce.us-west-2.vpce-svc-0";
  const deployed = new Map<string, Readonly<Record<string, string>>>([
    ...ids,
    ["aws_vpc_endpoint_service.balancer_vpc_endpoint_service", { service_name: serviceName }],
    ["aws_launch_template.connectors_all_launch_template", { name: "hub-connectors-2026" }],
  ]);

  test("shows that workloads are led to the endpoint of their zone", () => {
    expect(section(summarize(stack, deployed), "Zone a")).toEqual(["workload  10.1.0.0/19    -> endpoint of zone a vpce-0a"]);
  });

  test("shows the balancer, by what name others reach it, and how long a death goes unseen", () => {
    expect(section(summarize(stack, deployed), "Gateway Load Balancer")).toEqual([
      "balancer           hub-gwlb",
      `endpoint service   ${serviceName}`,
      "failure detection  30 s = 10 s x 3",
    ]);
  });

  test("does not speak of the name of the endpoint service before AWS has given it", () => {
    expect(section(summarize(stack), "Gateway Load Balancer")).toEqual([
      "balancer           hub-gwlb",
      "failure detection  30 s = 10 s x 3",
    ]);
  });

  test("shows the Gateway Load Balancer endpoints, and no other", () => {
    expect(section(summarize(stack, deployed), "Endpoints")).toEqual(["a  vpce-0a", "b  vpce-0b"]);
  });

  test("shows the groups in place of connectors, and what looks after them", () => {
    const text = summarize(stack, deployed);
    expect(text).not.toContain("Cloud Connectors");
    expect(section(text, "Auto Scaling")).toEqual(["hub-group  4 to 8 connectors  hub-connectors-2026"]);
    expect(section(text, "Fleet function")).toEqual(["function   hub-fleet", "alarms to  hub-fleet-alarms"]);
  });

  test("counts the routes that a function moves, and not those that lead to endpoints", () => {
    expect(section(summarize(stack, deployed), "Route failover")).toContain("may move   1 routes");
  });
});

test("a spoke shows its endpoints, and how many rules of the hub it has", () => {
  const stack = made(
    ...endpoints,
    ["aws_route53_resolver_rule_association", "zpa_dns/crm", { resolver_rule_id: "rslvr-rr-0" }],
    ["aws_route53_resolver_rule_association", "zpa_dns/erp", { resolver_rule_id: "rslvr-rr-1" }],
  );
  const text = summarize(stack, ids);
  expect(section(text, "Endpoints")).toEqual(["a  vpce-0a", "b  vpce-0b"]);
  expect(section(text, "ZPA DNS")).toEqual(["associated  2 rules"]);
  expect(text).not.toMatch(/Balancer|Auto Scaling|function/);
});

test("zones whose names are known only once they are deployed are told apart", () => {
  const subnet = (zone: string) => ["aws_subnet", `network/${zone}/workload/subnet`, { availability_zone: "${local.name}" }] as const;
  const stack = made(subnet("az1"), subnet("az2"));
  expect(summarize(stack)).toMatch(/^Zone az1\n.*\n\nZone az2\n/m);
  const deployed = new Map([["aws_subnet.network_az1_workload_subnet", { availability_zone: "us-west-2b" }]]);
  expect(summarize(stack, deployed)).toContain("Zone az1 (us-west-2b)");
});

test("the accounts with which rules are shared are shown", () => {
  const stack = made(
    ["aws_route53_resolver_rule", "zpa_dns/forward/crm", { rule_type: "FORWARD", domain_name: "crm.example.com" }],
    ["aws_route53_resolver_rule_association", "zpa_dns/hub_crm"],
    ["aws_ram_principal_association", "zpa_dns/share/123456789012", { principal: "123456789012" }],
    ["aws_ram_principal_association", "zpa_dns/share/210987654321", { principal: "210987654321" }],
  );
  expect(section(summarize(stack), "ZPA DNS")).toEqual(["crm          crm.example.com", "shared with  123456789012 210987654321"]);
});
