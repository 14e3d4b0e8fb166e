import { reference, wayOut } from "./graph";
import { base, samples, threeZones } from "./samples";
import { asText, synthesize } from "./synthesize";

const everything = synthesize(samples.everything);

describe("ways to the internet", () => {
  test("workloads leave by a connector of their zone, connectors by their zone's NAT gateway, NAT gateways by the internet gateway", () => {
    const stack = synthesize(base({ zones: threeZones }));
    for (const zone of threeZones) {
      expect(wayOut(stack, `aws_subnet.network_${zone}_workload`)).toEqual([
        `aws_network_interface.connectors_${zone}_1_service`,
        `aws_nat_gateway.network_${zone}_nat`,
        "aws_internet_gateway.network",
      ]);
      for (const tier of ["workload", "connector", "public"]) {
        expect(stack.at(`aws_subnet.network_${zone}_${tier}`)["availability_zone"]).toBe(`us-west-2${zone}`);
      }
      expect(reference(stack.at(`aws_nat_gateway.network_${zone}_nat`)["subnet_id"])).toBe(`aws_subnet.network_${zone}_public`);
      expect(reference(stack.at(`aws_nat_gateway.network_${zone}_nat`)["allocation_id"])).toBe(`aws_eip.network_${zone}_nat`);
    }
    expect(Object.keys(stack.ofType("aws_route"))).toHaveLength(7);
  });

  test("each zone has a table of its own for workloads and for connectors; the public tier shares one", () => {
    const stack = synthesize(base({ zones: ["a", "b"] }));
    const tables = Object.values(stack.ofType("aws_route_table_association")).map(({ route_table_id }) => reference(route_table_id));
    expect(tables.sort()).toEqual([
      "aws_route_table.network_a_connector",
      "aws_route_table.network_a_workload",
      "aws_route_table.network_b_connector",
      "aws_route_table.network_b_workload",
      "aws_route_table.network_public",
      "aws_route_table.network_public",
    ]);
  });

  test("the target of a workload route is the interface at device index 0 of an instance, in every size", () => {
    for (const size of ["small", "medium", "large"] as const) {
      const stack = synthesize(base({ connectors: { size } }));
      const [target] = wayOut(stack, "aws_subnet.network_a_workload");
      expect(stack.at("aws_instance.connectors_a_1")["network_interface"]).toContainEqual({
        device_index: 0,
        network_interface_id: `\${${asText(target)}.id}`,
      });
    }
  });

  test("a zone without connectors goes to the zone that servedBy names, and shares its connectors", () => {
    const stack = synthesize(base({ zones: threeZones, connectors: { perZone: 2, servedBy: { b: "c" } } }));
    const first = (zone: string) => wayOut(stack, `aws_subnet.network_${zone}_workload`)[0];
    expect(threeZones.map(first)).toEqual([
      "aws_network_interface.connectors_a_1_service",
      "aws_network_interface.connectors_c_2_service",
      "aws_network_interface.connectors_c_1_service",
    ]);
    expect(stack.addresses.filter((address) => /_b_(connector|public|nat|1)/.test(address))).toEqual([]);
  });

  test("the order of the zones does not decide who serves whom", () => {
    const stack = synthesize(base({ zones: ["b", "a"], connectors: { servedBy: { b: "a" } } }));
    expect(wayOut(stack, "aws_subnet.network_b_workload")).toEqual([
      "aws_network_interface.connectors_a_1_service",
      "aws_nat_gateway.network_a_nat",
      "aws_internet_gateway.network",
    ]);
  });

  test("a separate management tier has subnets of its own that lead to the zone's NAT gateway", () => {
    const stack = synthesize(base({ zones: ["a", "b"], connectors: { managementTier: "separate" } }));
    for (const zone of ["a", "b"]) {
      const subnet = reference(stack.at(`aws_network_interface.connectors_${zone}_1_management`)["subnet_id"]);
      expect(subnet).toBe(`aws_subnet.network_${zone}_management`);
      expect(wayOut(stack, subnet)).toEqual([`aws_nat_gateway.network_${zone}_nat`, "aws_internet_gateway.network"]);
      expect(reference(stack.at(`aws_network_interface.connectors_${zone}_1_service`)["subnet_id"])).toBe(
        `aws_subnet.network_${zone}_connector`,
      );
    }
  });

  test.each([
    ["connector", { tables: ["network_a_workload", "network_public"], routes: ["network_public_default", "steering_a_workload"] }],
    ["workload", { tables: ["network_a_connector", "network_public"], routes: ["network_a_connector_default", "network_public_default"] }],
  ] as const)("the route tables of the %s tier are left alone", (tier, { tables, routes }) => {
    const stack = synthesize(base({ subnets: { leaveRouteTables: [tier] } }));
    expect(Object.keys(stack.ofType("aws_route_table")).sort()).toEqual(tables.map((id) => `aws_route_table.${id}`));
    expect(Object.keys(stack.ofType("aws_route")).sort()).toEqual(routes.map((id) => `aws_route.${id}`));
    expect(Object.keys(stack.ofType("aws_route_table_association"))).not.toContain(`aws_route_table_association.network_a_${tier}`);
  });
});

describe("NAT gateways", () => {
  test("a zone with an allocation takes it, and makes no address", () => {
    const stack = synthesize(base({ zones: ["a", "b"], nat: { perZone: { allocations: { b: "eipalloc-0123456789abcdef0" } } } }));
    expect(Object.keys(stack.ofType("aws_eip"))).toEqual(["aws_eip.network_a_nat"]);
    expect(stack.at("aws_nat_gateway.network_b_nat")["allocation_id"]).toBe("eipalloc-0123456789abcdef0");
  });

  test("a single one serves all zones", () => {
    const stack = synthesize(base({ zones: ["a", "b"], nat: { single: { zone: "b", allocation: "eipalloc-0123456789abcdef0" } } }));
    expect(Object.keys(stack.ofType("aws_nat_gateway"))).toEqual(["aws_nat_gateway.network_b_nat"]);
    expect(stack.ofType("aws_eip")).toEqual({});
    for (const zone of ["a", "b"]) {
      expect(wayOut(stack, `aws_subnet.network_${zone}_connector`)).toEqual([
        "aws_nat_gateway.network_b_nat",
        "aws_internet_gateway.network",
      ]);
    }
  });

  test("without any, the connector tables have no default route", () => {
    const stack = synthesize(base({ nat: { none: {} } }));
    expect({ ...stack.ofType("aws_nat_gateway"), ...stack.ofType("aws_eip") }).toEqual({});
    expect(wayOut(stack, "aws_subnet.network_a_connector")).toEqual([]);
    expect(stack.elements).toHaveProperty(["aws_route_table.network_a_connector"]);
  });

  test("a Local Zone's address comes from its own network border group", () => {
    const stack = synthesize(base({ zones: ["a", "us-west-2-lax-1a"] }));
    expect(stack.at("aws_subnet.network_lax-1a_connector")["availability_zone"]).toBe("us-west-2-lax-1a");
    expect(stack.at("aws_eip.network_lax-1a_nat")["network_border_group"]).toBe('${trimsuffix("us-west-2-lax-1a", "a")}');
    expect(stack.at("aws_eip.network_a_nat")).not.toHaveProperty("network_border_group");
  });
});

describe("VPC", () => {
  test("has DNS, tells its namespace and locks its default security group", () => {
    expect(everything.at("aws_vpc.network")).toEqual({
      cidr_block: "10.1.0.0/16",
      enable_dns_hostnames: true,
      enable_dns_support: true,
      tags: { Name: "egress", "zs:namespace": "egress" },
    });
    expect(everything.at("aws_default_security_group.network")).toMatchObject({
      vpc_id: "${aws_vpc.network.id}",
      ingress: [],
      egress: [],
    });
  });

  test("has no namespace and keeps its default security group where that is asked for", () => {
    const stack = synthesize(base({ network: { create: { cidr: "10.1.0.0/16", lockDefaultSecurityGroup: false } } }));
    expect(stack.at("aws_vpc.network")["tags"]).toEqual({ Name: "egress" });
    expect(stack.ofType("aws_default_security_group")).toEqual({});
  });

  test("subnets in a further range wait for its association", () => {
    expect(everything.at("aws_vpc_ipv4_cidr_block_association.network_secondary_more")["cidr_block"]).toBe("100.64.0.0/16");
    expect(everything.at("aws_subnet.network_c_workload")).toMatchObject({
      cidr_block: "100.64.0.0/20",
      vpc_id: "${aws_vpc_ipv4_cidr_block_association.network_secondary_more.vpc_id}",
    });
    expect(everything.at("aws_subnet.network_a_workload")["vpc_id"]).toBe("${aws_vpc.network.id}");
  });

  test("logs its flows only if asked, to a log group of its own, by a role that writes only there", () => {
    expect(synthesize(base()).ofType("aws_flow_log")).toEqual({});
    expect(everything.at("aws_cloudwatch_log_group.network_flow_logs")).toMatchObject({
      name: "/zscaler/egress/flow-logs",
      retention_in_days: 90,
    });
    expect(everything.at("aws_flow_log.network_flow_logs")).toMatchObject({
      vpc_id: "${aws_vpc.network.id}",
      traffic_type: "ALL",
      log_destination: "${aws_cloudwatch_log_group.network_flow_logs.arn}",
      iam_role_arn: "${aws_iam_role.network_flow_logs_role.arn}",
      depends_on: ["aws_iam_role_policy.network_flow_logs_role_write"],
    });
    expect(JSON.parse(asText(everything.at("aws_iam_role_policy.network_flow_logs_role_write")["policy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: ["${aws_cloudwatch_log_group.network_flow_logs.arn}", "${aws_cloudwatch_log_group.network_flow_logs.arn}:*"],
        },
      ],
    });
  });
});

describe("private endpoints", () => {
  test("there are none by default", () => {
    expect(synthesize(base()).ofType("aws_vpc_endpoint")).toEqual({});
  });

  test("interface endpoints stand in the connector subnet of each zone and answer HTTPS from the VPC's ranges", () => {
    expect(everything.at("aws_vpc_endpoint.network_private_endpoints_kms")).toMatchObject({
      vpc_endpoint_type: "Interface",
      private_dns_enabled: true,
      service_name: "${data.aws_vpc_endpoint_service.network_private_endpoints_kms.service_name}",
      subnet_ids: ["${aws_subnet.network_a_connector.id}", "${aws_subnet.network_b_connector.id}"],
      security_group_ids: ["${aws_security_group.network_private_endpoints_guard.id}"],
    });
    const rules = Object.values(everything.ofType("aws_vpc_security_group_ingress_rule"))
      .filter(({ security_group_id }) => security_group_id === "${aws_security_group.network_private_endpoints_guard.id}")
      .map(({ ip_protocol, from_port, to_port, cidr_ipv4 }) => [ip_protocol, from_port, to_port, cidr_ipv4]);
    expect(rules).toEqual([
      ["tcp", 443, 443, "100.64.0.0/16"],
      ["tcp", 443, 443, "10.1.0.0/16"],
    ]);
  });

  test("the S3 gateway is on the tables of connectors and management only: workloads' S3 traffic stays inspected", () => {
    expect(everything.at("aws_vpc_endpoint.network_private_endpoints_s3")).toMatchObject({
      vpc_endpoint_type: "Gateway",
      route_table_ids: [
        "${aws_route_table.network_a_connector.id}",
        "${aws_route_table.network_b_connector.id}",
        "${aws_route_table.network_a_management.id}",
        "${aws_route_table.network_b_management.id}",
      ],
    });
  });

  test("the S3 gateway alone needs no security group", () => {
    const stack = synthesize(base({ privateEndpoints: ["s3"] }));
    expect(Object.keys(stack.ofType("aws_vpc_endpoint"))).toEqual(["aws_vpc_endpoint.network_private_endpoints_s3"]);
    expect(Object.keys(stack.ofType("aws_security_group"))).not.toContain("aws_security_group.network_private_endpoints_guard");
  });
});
