import { TerraformVariable } from "cdktf";
import { madeBefore, wayOut } from "./graph";
import { base, ha, network, threeZones } from "./samples";
import { type Block, synthesize, type SynthesizedStack } from "./synthesize";

const types = (stack: SynthesizedStack): readonly string[] =>
  [...new Set(Object.keys(stack.elements).map((address) => address.split(".").slice(0, -1).join(".")))].sort();

const routes = (stack: SynthesizedStack): Readonly<Record<string, Block>> =>
  Object.fromEntries(Object.entries(stack.ofType("aws_route")).filter(([address]) => address.startsWith("aws_route.steering_")));

const existing = { id: "vpc-0123456789abcdef0", cidr: "10.20.0.0/16" };
const gateways = { a: "nat-0123456789abcdef0", b: "nat-0123456789abcdef1" };

test("makes a VPC with public and workload subnets, and nothing that belongs to connectors", () => {
  const stack = synthesize(network({ zones: ["a", "b"] }));
  expect(types(stack)).toEqual([
    "aws_default_security_group",
    "aws_eip",
    "aws_internet_gateway",
    "aws_nat_gateway",
    "aws_route",
    "aws_route_table",
    "aws_route_table_association",
    "aws_subnet",
    "aws_vpc",
  ]);
  expect(Object.keys(stack.ofType("aws_subnet"))).toEqual(
    ["a_public", "a_workload", "b_public", "b_workload"].map((id) => `aws_subnet.network_${id}`),
  );
});

test("workloads leave by the NAT gateway of their zone", () => {
  const stack = synthesize(network({ zones: threeZones }));
  for (const zone of threeZones) {
    expect(wayOut(stack, `aws_subnet.network_${zone}_workload`)).toEqual([
      `aws_nat_gateway.network_${zone}_nat`,
      "aws_internet_gateway.network",
    ]);
  }
});

test("one NAT gateway serves all zones where that is asked for", () => {
  const stack = synthesize(network({ zones: threeZones, nat: { single: { zone: "b" } } }));
  for (const zone of threeZones) expect(wayOut(stack, `aws_subnet.network_${zone}_workload`)[0]).toBe("aws_nat_gateway.network_b_nat");
});

describe("grows into a template with connectors", () => {
  const settings = { zones: ["a", "b"], testHosts: {} };
  const small = synthesize(network(settings));

  test.each([
    ["base", synthesize(base(settings))],
    ["ha", synthesize(ha(settings))],
  ])("%s has all of it, under the same addresses", (_, grown) => {
    const steered = Object.keys(routes(small));
    expect(steered).toEqual(["aws_route.steering_a_workload", "aws_route.steering_b_workload"]);
    for (const [address, { depends_on, ...block }] of Object.entries(small.elements)) {
      const { depends_on: later, ...same } = grown.at(address);
      if (!steered.includes(address)) expect(same).toEqual(block);
      // Where a route leads can be changed in place; another table or destination would be another route.
      const { route_table_id, destination_cidr_block } = block;
      expect(same).toMatchObject(address.startsWith("aws_route.") ? { route_table_id, destination_cidr_block } : {});
      expect(later ?? []).toEqual(expect.arrayContaining([...((depends_on ?? []) as readonly string[])]));
    }
    for (const route of steered) {
      expect(grown.at(route)).toHaveProperty("network_interface_id");
      expect(grown.at(route)).not.toHaveProperty("nat_gateway_id");
    }
    expect(Object.keys(grown.outputs)).toEqual(expect.arrayContaining(Object.keys(small.outputs)));
  });
});

describe("routes", () => {
  test("are Terraform's: nothing of them is ignored", () => {
    for (const route of Object.values(routes(synthesize(network())))) expect(route).not.toHaveProperty("lifecycle");
  });

  test("are none without NAT gateways, and none in tables that are left alone", () => {
    expect(routes(synthesize(network({ nat: { none: {} } })))).toEqual({});
    const left = synthesize(network({ subnets: { leaveRouteTables: ["workload"] } }));
    expect(routes(left)).toEqual({});
    expect(Object.keys(left.ofType("aws_nat_gateway"))).toEqual(["aws_nat_gateway.network_a_nat"]);
  });
});

describe("in a VPC that exists", () => {
  const made = (settings: Parameters<typeof network>[0]) => synthesize(network({ zones: ["a", "b"], network: { existing }, ...settings }));

  test("workload subnets that are asked for lead to the NAT gateways that exist", () => {
    const stack = made({ nat: { existing: { gateways } }, subnets: { workloads: "perZone" } });
    expect(types(stack).filter((type) => !type.startsWith("data."))).toEqual([
      "aws_route",
      "aws_route_table",
      "aws_route_table_association",
      "aws_subnet",
    ]);
    expect(Object.values(routes(stack)).map(({ nat_gateway_id }) => nat_gateway_id)).toEqual([gateways.a, gateways.b]);
    expect(stack.outputs["nat_gateway_ids"]).toEqual(gateways);
  });

  test("workload subnets that exist keep their ways out, and get no NAT gateway", () => {
    const settings = {
      network: { existing: { ...existing, internetGateway: { existing: { id: "igw-0123456789abcdef0" } } } },
      subnets: { workloads: "perZone", existing: { a: { workload: "subnet-0123456789abcdef0" } } },
      testHosts: {},
    } as const;
    const stack = made(settings);
    expect(Object.keys(routes(stack))).toEqual(["aws_route.steering_b_workload"]);
    expect(Object.keys(stack.ofType("aws_nat_gateway"))).toEqual(["aws_nat_gateway.network_b_nat"]);
    expect(stack.at("aws_instance.test_hosts_a")["subnet_id"]).toBe("subnet-0123456789abcdef0");
    expect(stack.outputs["workload_subnet_ids"]).toEqual({
      a: "subnet-0123456789abcdef0",
      b: "${aws_subnet.network_b_workload.id}",
    });
    expect(stack.outputs["workload_route_table_ids"]).toEqual({ b: "${aws_route_table.network_b_workload.id}" });
  });

  test("nothing is made where nothing is asked for", () => {
    const stack = made({});
    expect(types(stack)).toEqual(["data.aws_vpc"]);
    expect(Object.keys(stack.outputs).sort()).toEqual(["nat_gateway_addresses", "nat_gateway_ids", "vpc_id", "vpc_ranges", "zones"]);
  });
});

test("test hosts start once their way out is there, with a bastion in a public subnet", () => {
  const bastion = { allowFrom: { home: "198.51.100.7/32" }, keyName: "operators" };
  const stack = synthesize(network({ zones: ["a", "b"], testHosts: { bastion } }));
  for (const zone of ["a", "b"]) {
    const before = madeBefore(stack, `aws_instance.test_hosts_${zone}`);
    expect(before).toContain(`aws_route.steering_${zone}_workload`);
    expect(before).toContain(`aws_route_table_association.network_${zone}_workload`);
  }
  expect(stack.at("aws_instance.test_hosts_bastion")["subnet_id"]).toBe("${aws_subnet.network_a_public.id}");
  expect(madeBefore(stack, "aws_instance.test_hosts_bastion")).toContain("aws_route.network_public_default");
  // Without NAT gateways a public subnet is made for the bastion alone.
  const alone = synthesize(network({ nat: { none: {} }, testHosts: { bastion } }));
  expect(Object.keys(alone.ofType("aws_subnet"))).toEqual(["aws_subnet.network_a_public", "aws_subnet.network_a_workload"]);
});

test("outputs tell the network, and nothing of connectors", () => {
  const { outputs, file } = synthesize(network());
  expect(outputs).toEqual({
    zones: { a: "us-west-2a" },
    vpc_id: "${aws_vpc.network.id}",
    vpc_ranges: { vpc: "10.1.0.0/16" },
    public_subnet_ids: { a: "${aws_subnet.network_a_public.id}" },
    public_route_table_ids: { a: "${aws_route_table.network_public.id}" },
    workload_subnet_ids: { a: "${aws_subnet.network_a_workload.id}" },
    workload_route_table_ids: { a: "${aws_route_table.network_a_workload.id}" },
    nat_gateway_ids: { a: "${aws_nat_gateway.network_a_nat.id}" },
    nat_gateway_addresses: { a: "${aws_nat_gateway.network_a_nat.public_ip}" },
  });
  for (const { description } of Object.values(file.output ?? {})) expect(description).not.toMatch(/connector/i);
});

test("values may be known only at deployment", () => {
  const stack = synthesize(
    (scope) => {
      const variable = (name: string) => new TerraformVariable(scope, name, { type: "string" }).stringValue;
      return network({
        region: variable("region"),
        network: { existing: { ...existing, id: variable("vpc") } },
        nat: { existing: { gateways: { a: variable("nat") } } },
        subnets: { workloads: "perZone" },
      });
    },
    "egress",
    "network",
  );
  expect(stack.at("aws_subnet.network_a_workload")).toMatchObject({ vpc_id: "${var.vpc}", availability_zone: "${var.region}a" });
  expect(stack.at("aws_route.steering_a_workload")["nat_gateway_id"]).toBe("${var.nat}");
});

test("a zone without a way out is told with its place", () => {
  const wrong = () =>
    synthesize(
      network({
        zones: ["a", "b"],
        nat: { existing: { gateways: { a: gateways.a } } },
        network: { existing },
        subnets: { workloads: "perZone" },
      }),
    );
  expect(wrong).toThrow("egress.nat.existing.gateways: the workloads of zone b have no NAT gateway; name the gateway that serves the zone");
});
