import { TerraformResource, TerraformVariable } from "cdktf";
import { type SteeredRoute, Steering, type SteeringProps } from "../../../modules/steering";
import { committedSchema } from "../../stacks/provider-schema";
import { type Block, synthesizePlain } from "../../stacks/synthesize";

const target = { routeTableId: "rtb-0", target: { networkInterfaceId: "eni-0" } };

/** The routes, as synthesized in a stack of cdktf's own. */
const routesOf = (
  movedBy: SteeringProps["movedBy"],
  routes: (variable: string) => Readonly<Record<string, Omit<SteeredRoute, "after">>>,
): readonly Block[] => {
  const stack = synthesizePlain((scope) => {
    const after = new TerraformResource(scope, "connector", { terraformResourceType: "aws_instance" });
    const given = routes(new TerraformVariable(scope, "destination", { type: "string" }).stringValue);
    const steering = new Steering(scope, "steering", {
      movedBy,
      routes: Object.fromEntries(Object.entries(given).map(([name, route]) => [name, { ...route, after }])),
    });
    expect(Object.keys(steering.routes)).toEqual(Object.keys(given));
  });
  return Object.values(stack.ofType("aws_route"));
};

test("a route is the default route unless it names a destination, leads to the interface given, and waits for its instance", () => {
  expect(routesOf("terraform", () => ({ a_workload: target }))).toEqual([
    { route_table_id: "rtb-0", destination_cidr_block: "0.0.0.0/0", network_interface_id: "eni-0", depends_on: ["aws_instance.connector"] },
  ]);
});

test.each([
  [{ networkInterfaceId: "eni-0" }, { network_interface_id: "eni-0" }],
  [{ vpcEndpointId: "vpce-0" }, { vpc_endpoint_id: "vpce-0" }],
  [{ natGatewayId: "nat-0" }, { nat_gateway_id: "nat-0" }],
])("a route to %j has that target and no other", (target, expected) => {
  for (const movedBy of ["terraform", "function"] as const) {
    const [route = {}] = routesOf(movedBy, () => ({ a: { routeTableId: "rtb-0", target } }));
    expect(Object.fromEntries(Object.entries(route).filter(([name]) => /_id$/.test(name) && name !== "route_table_id"))).toEqual(expected);
  }
});

test.each([
  ["203.0.113.0/24", { destination_cidr_block: "203.0.113.0/24" }],
  ["2001:db8::/32", { destination_ipv6_cidr_block: "2001:db8::/32" }],
  ["pl-0123456789abcdef0", { destination_prefix_list_id: "pl-0123456789abcdef0" }],
])("a route to %s says so by the attribute of its kind", (destination, expected) => {
  const [route = {}] = routesOf("terraform", () => ({ pinned: { ...target, destination } }));
  expect(Object.fromEntries(Object.entries(route).filter(([name]) => name.startsWith("destination_")))).toEqual(expected);
});

test("the kind of a destination that is a variable is left to Terraform", () => {
  const [route] = routesOf("terraform", (destination) => ({ pinned: { ...target, destination } }));
  expect(route).toMatchObject({
    destination_cidr_block: '${(startswith(var.destination, "pl-") || strcontains(var.destination, ":")) ? null : var.destination}',
    destination_ipv6_cidr_block: '${strcontains(var.destination, ":") ? var.destination : null}',
    destination_prefix_list_id: '${startswith(var.destination, "pl-") ? var.destination : null}',
  });
});

describe("who moves a route", () => {
  // What a route can have besides its table, destination and Terraform's own id is a target.
  const targets = (settable: readonly string[]) =>
    settable.filter((name) => !["id", "region", "route_table_id", "timeouts"].includes(name) && !name.startsWith("destination_")).sort();

  test("Terraform: no attribute is ignored", () => {
    expect(routesOf("terraform", () => ({ a: target }))[0]).not.toHaveProperty("lifecycle");
  });

  test("a function: every target that the oldest provider knows is ignored, and nothing else", () => {
    const [route] = routesOf("function", () => ({ a: target }));
    const ignored = targets(committedSchema().get("aws_route")?.settable ?? []);
    expect(ignored).toContain("nat_gateway_id");
    expect(route?.["lifecycle"]).toEqual({ ignore_changes: ignored });
  });
});
