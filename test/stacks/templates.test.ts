import { type HaSettings } from "../../config/ha";
import { type ZpaHaSettings } from "../../config/zpa-ha";
import { HaStack } from "../../stacks/ha";
import { ZpaHaStack } from "../../stacks/zpa-ha";
import { documentOf } from "./failover-document";
import { madeBefore, reference, references, wayOut } from "./graph";
import { allSamples, ha, samples, threeZones, zpa, zpaHa } from "./samples";
import { asText, type Block, synthesize, synthesizeApp, type SynthesizedStack } from "./synthesize";

const every = Object.entries(allSamples).map(([name, settings]) => ({ name, settings, stack: synthesize(settings) }));
/** Those whose routes lead to connectors, in a VPC that is made: of parts that exist, all mixes are looked at elsewhere. */
const stacks = every.flatMap(({ name, settings: { template, network }, stack }) =>
  ["network", "gwlb", "spoke", "app-connectors"].includes(template) || !("create" in network) ? [] : [{ name, template, stack }],
);
const withZpa = stacks.filter(({ template }) => template.startsWith("zpa"));
const withFailover = stacks.filter(({ template }) => template.endsWith("ha"));

/** The addresses of a type's resources whose id begins so. */
const addressesOf = (stack: SynthesizedStack, type: string, id = ""): readonly string[] =>
  Object.keys(stack.ofType(type)).filter((address) => address.startsWith(`${type}.${id}`));

const zonesOf = (stack: SynthesizedStack, tier: string): readonly string[] =>
  addressesOf(stack, "aws_subnet").flatMap((address) => new RegExp(`^aws_subnet\\.network_(.+)_${tier}$`).exec(address)?.[1] ?? []);

const steered = (stack: SynthesizedStack): Readonly<Record<string, Block>> =>
  Object.fromEntries(Object.entries(stack.ofType("aws_route")).filter(([address]) => address.startsWith("aws_route.steering_")));

describe.each(stacks)("$name", ({ stack }) => {
  test("workloads and the resolver leave by the connector of their zone, or of the zone that serves it, and by that connector's NAT gateway", () => {
    const withConnectors = zonesOf(stack, "connector");
    for (const tier of ["workload", "resolver"]) {
      for (const zone of zonesOf(stack, tier)) {
        const home = withConnectors.includes(zone) ? zone : "a";
        expect(wayOut(stack, `aws_subnet.network_${zone}_${tier}`)).toEqual([
          expect.stringMatching(new RegExp(`^aws_network_interface\\.connectors_${home}_[12]_service$`)),
          `aws_nat_gateway.network_${home}_nat`,
          "aws_internet_gateway.network",
        ]);
      }
    }
  });

  test("a route waits for the instance to whose interface it leads", () => {
    for (const [address, { network_interface_id }] of Object.entries(steered(stack))) {
      const connector = reference(network_interface_id)
        .replace("aws_network_interface", "aws_instance")
        .replace(/_service$/, "");
      expect(madeBefore(stack, address)).toContain(connector);
    }
  });
});

describe.each(every)("$name", ({ stack }) => {
  test("nothing is open to everybody, but the resolver's interfaces where they are untracked", () => {
    const open = Object.entries(stack.ofType("aws_vpc_security_group_ingress_rule"))
      .filter(([, { cidr_ipv4, cidr_ipv6 }]) => /\/0$/.test(asText(cidr_ipv4 ?? cidr_ipv6)))
      .map(([, { security_group_id }]) => reference(security_group_id));
    const untracked = asText(stack.elements["aws_route53_resolver_endpoint.zpa_dns"]?.["name"]) !== "" && open.length > 0;
    expect(new Set(open)).toEqual(new Set(untracked ? ["aws_security_group.zpa_dns_resolver"] : []));
  });

  test("each output is described and refers to nothing of another stack", () => {
    for (const { description } of Object.values(stack.file.output ?? {})) expect(description).toMatch(/^[A-Z].{9,}/);
    expect(stack.text).not.toMatch(/cross-stack|terraform_remote_state|TfToken/);
  });
});

test("the resolver's interfaces are open only where that is asked for", () => {
  const openRules = (stack: SynthesizedStack) =>
    Object.values(stack.ofType("aws_vpc_security_group_ingress_rule")).filter(({ cidr_ipv4 }) => cidr_ipv4 === "0.0.0.0/0");
  expect(openRules(synthesize(zpa()))).toEqual([]);
  expect(
    openRules(
      synthesize(zpa({ zpa: { domains: { crm: "crm.example.com" }, endpoint: { create: { securityGroup: { untracked: {} } } } } })),
    ),
  ).not.toEqual([]);
});

describe.each(withZpa)("DNS of $name", ({ stack }) => {
  test("the resolver has an address in a subnet of each zone", () => {
    const subnets = references(stack.at("aws_route53_resolver_endpoint.zpa_dns")["ip_address"]);
    expect(subnets).toEqual(zonesOf(stack, "resolver").map((zone) => `aws_subnet.network_${zone}_resolver`));
    expect(subnets.length).toBeGreaterThanOrEqual(2);
  });

  test("the VPC's queries go to the resolver once the routes of the resolver and of the workloads are there, and stop before these go", () => {
    const associations = addressesOf(stack, "aws_route53_resolver_rule_association");
    const routes = Object.keys(steered(stack));
    const tables = [
      ...zonesOf(stack, "resolver").map((zone) => `${zone}_resolver`),
      ...zonesOf(stack, "workload").map((zone) => `${zone}_workload`),
    ];
    expect(associations.length).toBeGreaterThan(0);
    for (const association of associations) {
      const before = madeBefore(stack, association);
      for (const route of routes) expect(before).toContain(route);
      for (const table of tables) expect(before).toContain(`aws_route_table_association.network_${table}`);
    }
  });
});

test("the resolver stands in two zones also when connectors stand in one", () => {
  const stack = synthesize(allSamples["zpa-one-zone-with-connectors"]);
  expect(zonesOf(stack, "connector")).toEqual(["a"]);
  expect(zonesOf(stack, "resolver")).toEqual(["a", "b"]);
  expect(wayOut(stack, "aws_subnet.network_b_resolver")).toEqual(wayOut(stack, "aws_subnet.network_a_resolver"));
});

test("a Local Zone has neither a resolver subnet nor the function", () => {
  const zones = ["a", "b", "us-west-2-lax-1a"];
  const stack = synthesize(zpaHa({ zones }));
  expect(zonesOf(stack, "resolver")).toEqual(["a", "b"]);
  expect(zonesOf(stack, "connector")).toEqual(["a", "b", "lax-1a"]);
  expect(references((stack.at("aws_lambda_function.failover")["vpc_config"] as Block)["subnet_ids"])).toEqual([
    "aws_subnet.network_a_connector",
    "aws_subnet.network_b_connector",
  ]);
  expect(documentOf(stack).routes).toHaveLength(5);
});

test("without failover Terraform moves routes and ignores nothing", () => {
  for (const { stack } of stacks.filter((each) => !withFailover.includes(each))) {
    for (const route of Object.values(steered(stack))) expect(route).not.toHaveProperty("lifecycle");
    expect(stack.ofType("aws_lambda_function")).toEqual({});
  }
});

describe.each(withFailover)("failover of $name", ({ stack }) => {
  const { routes, connectors } = documentOf(stack);
  const targets = [
    "carrier_gateway_id",
    "core_network_arn",
    "egress_only_gateway_id",
    "gateway_id",
    "local_gateway_id",
    "nat_gateway_id",
    "network_interface_id",
    "transit_gateway_id",
    "vpc_endpoint_id",
    "vpc_peering_connection_id",
  ];

  test("Terraform ignores every target of the routes to connectors, and of no other route", () => {
    for (const [address, route] of Object.entries(stack.ofType("aws_route"))) {
      if (address in steered(stack)) expect(route["lifecycle"]).toEqual({ ignore_changes: targets });
      else expect(route).not.toHaveProperty("lifecycle");
    }
  });

  test("the function is told exactly the routes that Terraform makes, each with the connector to which Terraform made it lead", () => {
    const told = routes.map(({ table, destination, home }) => `${table} ${destination} -> ${connectors[home]?.interface}`);
    const made = Object.values(steered(stack)).map(
      ({ route_table_id, destination_cidr_block, destination_ipv6_cidr_block, destination_prefix_list_id, network_interface_id }) =>
        `${asText(route_table_id)} ${asText(destination_cidr_block ?? destination_ipv6_cidr_block ?? destination_prefix_list_id)} -> ${asText(network_interface_id)}`,
    );
    expect([...told].sort()).toEqual([...made].sort());
    expect(new Set(told).size).toBe(told.length);
  });

  test("the function is told whose traffic a route carries, and a NAT gateway for that of workloads only: their connector's", () => {
    for (const { table, tier, natGateway } of routes) {
      const zone = /network_(.+)_(?:workload|resolver)\.id/.exec(table)?.[1] ?? "";
      expect(table).toBe(`\${aws_route_table.network_${zone}_${tier}.id}`);
      const home = zonesOf(stack, "connector").includes(zone) ? zone : "a";
      expect(natGateway).toBe(tier === "workload" ? `\${aws_nat_gateway.network_${home}_nat.id}` : undefined);
    }
  });

  test("the function is told every connector, at the address of its service interface", () => {
    expect(Object.keys(connectors)).toEqual(Object.keys(stack.outputs["connectors"] as Block));
    for (const [key, connector] of Object.entries(connectors)) {
      const id = `connectors_${key.replace("-", "_")}`;
      expect(connector).toEqual({
        zone: key.split("-")[0],
        instance: `\${aws_instance.${id}.id}`,
        interface: `\${aws_network_interface.${id}_service.id}`,
        address: `\${aws_network_interface.${id}_service.private_ip}`,
      });
    }
  });

  test("the function stands in each connector subnet, once its routes and its way to AWS are there", () => {
    const zones = zonesOf(stack, "connector");
    const { subnet_ids } = stack.at("aws_lambda_function.failover")["vpc_config"] as Block;
    expect(references(subnet_ids)).toEqual(zones.map((zone) => `aws_subnet.network_${zone}_connector`));
    const before = madeBefore(stack, "aws_lambda_function.failover");
    for (const route of addressesOf(stack, "aws_route", "steering_")) expect(before).toContain(route);
    for (const zone of zones) {
      expect(before).toContain(`aws_route.network_${zone}_connector_default`);
      expect(before).toContain(`aws_route_table_association.network_${zone}_connector`);
    }
    for (const endpoint of addressesOf(stack, "aws_vpc_endpoint")) expect(before).toContain(endpoint);
    // By itself, not only because the connectors wait for it too.
    const named = stack.at("aws_lambda_function.failover")["depends_on"];
    const wayToAws = [...zones.map((zone) => `aws_route.network_${zone}_connector_default`), ...addressesOf(stack, "aws_vpc_endpoint")];
    expect(named).toEqual(expect.arrayContaining(wayToAws));
  });

  test("what starts the function comes after it and after its permission, and so goes before them", () => {
    const rules = addressesOf(stack, "aws_cloudwatch_event_target");
    expect(rules.length).toBeGreaterThanOrEqual(2);
    for (const target of rules) expect(madeBefore(stack, target)).toContain("aws_lambda_function.failover");
  });

  test("probes reach the port on which connectors answer", () => {
    const { port } = documentOf(stack).probe;
    expect(stack.text).toContain(`HTTP_PROBE_PORT=${port}\\n`);
    const probing = Object.values(stack.ofType("aws_vpc_security_group_egress_rule")).filter(
      ({ referenced_security_group_id }) => referenced_security_group_id === "${aws_security_group.connectors_service.id}",
    );
    expect(probing.map(({ from_port, to_port }) => [from_port, to_port])).toEqual([[port, port]]);
  });
});

test("each workload table has a route to each pinned destination, and no other table has", () => {
  const pinned = { partner: { destination: "203.0.113.0/24", connector: "b-1" } };
  const stack = synthesize(zpaHa({ zones: threeZones, connectors: { servedBy: { c: "a" } }, failover: { pinned } }));
  const pins = Object.entries(steered(stack)).filter(([, { destination_cidr_block }]) => destination_cidr_block === "203.0.113.0/24");
  expect(pins.map(([address, { network_interface_id }]) => [address, reference(network_interface_id)])).toEqual(
    threeZones.map((zone) => [`aws_route.steering_${zone}_workload_partner`, "aws_network_interface.connectors_b_1_service"]),
  );
  const told = documentOf(stack).routes.filter(({ destination }) => destination === "203.0.113.0/24");
  expect(told.map(({ home, natGateway }) => [home, natGateway])).toEqual([
    ["b-1", "${aws_nat_gateway.network_a_nat.id}"],
    ["b-1", "${aws_nat_gateway.network_b_nat.id}"],
    ["b-1", "${aws_nat_gateway.network_a_nat.id}"],
  ]);
});

test("without NAT gateways, and with one for all, the function is told so", () => {
  const natGateways = (settings: HaSettings) => documentOf(synthesize(settings)).routes.map(({ natGateway }) => natGateway);
  expect(natGateways(ha({ nat: { none: {} }, privateEndpoints: ["ec2", "ssm"] }))).toEqual([undefined, undefined]);
  const single = "${aws_nat_gateway.network_b_nat.id}";
  expect(natGateways(ha({ nat: { single: { zone: "b" } } }))).toEqual([single, single]);
});

test("the settings of the failover reach the function", () => {
  expect(documentOf(synthesize(allSamples["ha-everything"]))).toMatchObject({
    name: "egress",
    probe: { port: 8080, intervalSeconds: 3, timeoutSeconds: 2 },
    deadAfter: 3,
    aliveAfter: 5,
    holdDown: { firstSeconds: 30, longestSeconds: 600 },
    allDead: { policy: "bypass", onProbesAlone: true },
    drained: ["b-2"],
    paused: true,
  });
});

test("outputs name the resolver, the function, its log and its alarms", () => {
  const { outputs } = synthesize(
    zpaHa({ zpa: { domains: { crm: "crm.example.com" }, existingRules: { partner: "rslvr-rr-0123456789abcdef0" } } }),
  );
  expect(outputs).toMatchObject({
    resolver_endpoint_id: "${aws_route53_resolver_endpoint.zpa_dns.id}",
    resolver_subnet_ids: { a: "${aws_subnet.network_a_resolver.id}", b: "${aws_subnet.network_b_resolver.id}" },
    resolver_route_table_ids: { a: "${aws_route_table.network_a_resolver.id}", b: "${aws_route_table.network_b_resolver.id}" },
    failover_function_name: "${aws_lambda_function.failover.function_name}",
    failover_log_group: "${aws_cloudwatch_log_group.failover.name}",
    alarm_topic_arn: "${aws_sns_topic.failover_topic.arn}",
  });
  expect(outputs["resolver_rule_ids"]).toMatchObject({
    crm: "${aws_route53_resolver_rule.zpa_dns_forward_crm.id}",
    partner: "rslvr-rr-0123456789abcdef0",
    zscaler_net: "${aws_route53_resolver_rule.zpa_dns_system_zscaler_net.id}",
  });
  expect(Object.keys(synthesize(samples["one-zone"]).outputs).filter((name) => /resolver|failover|alarm/.test(name))).toEqual([]);
});

test("two deployments of one template share nothing, and each names its own function", () => {
  const stack = synthesizeApp((app) => {
    new ZpaHaStack(app, "north", () => zpaHa());
    new ZpaHaStack(app, "south", () => zpaHa());
  });
  expect(stack("north").addresses).toEqual(stack("south").addresses);
  expect(stack("north").text).not.toContain("south");
  expect(stack("south").text).not.toMatch(/north|cross-stack|terraform_remote_state/);
});

test("every construct gives its resources, so that what it has no setting for can be overridden", () => {
  const stack = synthesizeApp((app) => {
    const { zpaDns, failover } = new ZpaHaStack(app, "egress", () => zpaHa());
    zpaDns.endpoint?.addOverride("protocols", ["Do53"]);
    failover?.function.addOverride("tracing_config", { mode: "Active" });
  })("egress");
  expect(stack.at("aws_route53_resolver_endpoint.zpa_dns")["protocols"]).toEqual(["Do53"]);
  expect(stack.at("aws_lambda_function.failover")["tracing_config"]).toEqual({ mode: "Active" });
});

test.each(every)("names of the longest deployment fit into AWS: $name", ({ name }) => {
  const longest = "a-deployment-of-26-letters";
  const stack = synthesize(allSamples[name as keyof typeof allSamples], longest);
  for (const role of Object.values(stack.ofType("aws_iam_role"))) expect(asText(role["name_prefix"]).length).toBeLessThanOrEqual(38);
});

test("a TypeScript caller's settings are checked as a file's are, all at once", () => {
  const settings: ZpaHaSettings = zpaHa({
    zones: ["a"],
    zpa: { domains: { crm: "CRM.example.com" } },
    failover: { drained: ["z-1"], pinned: { all: { destination: "0.0.0.0/0", connector: "a-1" } } },
  });
  const synthesized = () => synthesizeApp((app) => new HaStack(app, "egress", () => settings as unknown as HaSettings));
  expect(synthesized).toThrow(/template/);
  const wrong = () => synthesize(settings);
  for (const said of [
    /zones: the resolver endpoint needs addresses in two zones/,
    /zones: failover needs two zones/,
    /capital letters/,
    /default route/,
  ])
    expect(wrong).toThrow(said);
});
