import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, TerraformResource, type TerraformStack, TerraformVariable } from "cdktf";
import { type SteeredRoute, Steering, type SteeringProps } from "../../../modules/steering";
import { type DefaultRoute } from "../../../modules/steering/schema";
import { ZscalerStack } from "../../../stacks/zscaler-stack";
import { references } from "../../stacks/graph";
import { committedSchema } from "../../stacks/provider-schema";
import { asText, type Block, synthesizeApp, synthesizePlain, type SynthesizedStack } from "../../stacks/synthesize";

const table = "rtb-0123456789abcdef0";
const vpcId = "vpc-0123456789abcdef0";

const steered = (defaultRoute: DefaultRoute, routeTableId = table): SteeredRoute => ({
  routeTableId,
  target: { networkInterfaceId: "eni-0" },
  existing: { defaultRoute, vpcId },
});

const put =
  (props: Partial<SteeringProps> & Pick<SteeringProps, "routes">, id = "steering") =>
  (scope: TerraformStack) => {
    const after = new TerraformResource(scope, `${id}_connector`, { terraformResourceType: "aws_instance" });
    const routes = Object.fromEntries(Object.entries(props.routes).map(([name, route]) => [name, { ...route, after }]));
    return new Steering(scope, id, { movedBy: "terraform", ...props, routes });
  };

/** A stack of the project's own, whose addresses have no hash. */
const readableStack = (app: App, name: string): ZscalerStack => {
  const stack = new ZscalerStack(app, name);
  new AwsProvider(stack, "aws", { region: "us-west-2" });
  return stack;
};

const readable = (build: (stack: TerraformStack) => void): SynthesizedStack =>
  synthesizeApp((app) => {
    build(readableStack(app, "theirs"));
  })("theirs");

const steeredBy = (movedBy: SteeringProps["movedBy"], defaultRoute: DefaultRoute): SynthesizedStack =>
  readable(put({ movedBy, routes: { a_app: steered(defaultRoute) } }));

const route = (stack: SynthesizedStack): Block => stack.at("aws_route.steering_a_app");

/** The blocks of Terraform's own that cdktf has no class for. */
const blocks = (stack: SynthesizedStack, type: "import" | "removed"): readonly Block[] =>
  ((stack.file as unknown as Block)[type] ?? []) as readonly Block[];

const movers = ["terraform", "function"] as const;
const former = "terraform_data.steering_former_a_app.input";
/** What a route can have besides its table, destination and Terraform's own. */
const targets = (committedSchema().get("aws_route")?.settable ?? [])
  .filter((name) => !["id", "region", "route_table_id", "timeouts"].includes(name) && !name.startsWith("destination_"))
  .sort();
/** An egress-only gateway takes IPv6 only. */
const ipv4Targets = targets.filter((name) => name !== "egress_only_gateway_id");

const takingOver = {
  for_each: `\${{ for route in data.aws_route_table.steering_former_a_app.routes : route.cidr_block => data.aws_route_table.steering_former_a_app.route_table_id if route.cidr_block == "0.0.0.0/0" }}`,
  to: "aws_route.steering_a_app",
  id: "${each.value}_0.0.0.0/0",
};

describe.each(movers)("moved by %s", (movedBy) => {
  const ignored = movedBy === "function" ? { ignore_changes: targets } : {};
  const toConnector = {
    route_table_id: table,
    destination_cidr_block: "0.0.0.0/0",
    network_interface_id: "eni-0",
    depends_on: ["aws_instance.steering_connector"],
  };

  test("create: the route is made where there is none; the plan fails where there is one", () => {
    const stack = steeredBy(movedBy, "create");
    const { lifecycle, ...rest } = route(stack);
    expect(rest).toEqual(toConnector);
    expect(lifecycle).toEqual({
      ...ignored,
      precondition: [{ condition: `\${${former} == ""}`, error_message: expect.any(String) as string }],
    });
    expect(JSON.stringify(lifecycle)).toContain(
      `Route table ${table} has a default route already, to \${${former}}. Say defaultRoute: takeOver to have it steered`,
    );
    expect([blocks(stack, "import"), blocks(stack, "removed")]).toEqual([[], []]);
  });

  test("takeOver: the route is imported where there is one, leads to the connector, and is not destroyed before it is given back", () => {
    const stack = steeredBy(movedBy, "takeOver");
    expect(route(stack)).toEqual({ ...toConnector, lifecycle: { ...ignored, prevent_destroy: true } });
    expect(blocks(stack, "import")).toEqual([takingOver]);
    expect(blocks(stack, "removed")).toEqual([]);
  });

  test("restore: the route leads to its former target, whatever Terraform or a function did, and depends on no connector", () => {
    const stack = steeredBy(movedBy, "restore");
    const { lifecycle, route_table_id, destination_cidr_block, ...led } = route(stack);
    expect([route_table_id, destination_cidr_block]).toEqual([table, "0.0.0.0/0"]);
    expect(Object.keys(led).sort()).toEqual(ipv4Targets);
    expect(lifecycle).toEqual({
      prevent_destroy: true,
      precondition: [
        { condition: `\${${former} != ""}`, error_message: expect.any(String) as string },
        { condition: `\${${former} != "unknown"}`, error_message: expect.any(String) as string },
      ],
    });
    expect(JSON.stringify(lifecycle)).toContain(`Route table ${table} had no default route before it was steered`);
    expect(JSON.stringify(lifecycle)).toContain(
      `What the default route of route table ${table} led to before is of a kind that cannot be restored`,
    );
    expect(JSON.stringify(route(stack))).not.toMatch(/eni-0|aws_instance/);
    expect(blocks(stack, "import")).toEqual([takingOver]);
  });

  test("forget: Terraform drops the route and leaves it as it is, and nothing is looked up any more", () => {
    const stack = steeredBy(movedBy, "forget");
    expect(Object.keys(stack.elements)).toEqual(["aws_instance.steering_connector"]);
    expect(blocks(stack, "removed")).toEqual([{ from: "aws_route.steering_a_app", lifecycle: [{ destroy: false }] }]);
    expect(blocks(stack, "import")).toEqual([]);
  });

  test("a route of a table that is made has no safeguards", () => {
    const stack = readable(put({ movedBy, routes: { a_app: { routeTableId: table, target: { networkInterfaceId: "eni-0" } } } }));
    expect(route(stack)).toEqual({ ...toConnector, ...(movedBy === "function" ? { lifecycle: ignored } : {}) });
    expect(Object.keys(stack.elements)).toHaveLength(2);
  });
});

describe("a table that exists can lead to a Gateway Load Balancer endpoint", () => {
  const led = (defaultRoute: DefaultRoute) =>
    readable(put({ routes: { a_app: { ...steered(defaultRoute), target: { vpcEndpointId: "vpce-0123456789abcdef0" } } } }));

  test.each(["create", "takeOver"] as const)("%s", (defaultRoute) => {
    const { vpc_endpoint_id, ...rest } = route(led(defaultRoute));
    expect(vpc_endpoint_id).toBe("vpce-0123456789abcdef0");
    expect({ ...rest, network_interface_id: "eni-0" }).toEqual(route(steeredBy("terraform", defaultRoute)));
    expect(blocks(led(defaultRoute), "import")).toEqual(defaultRoute === "create" ? [] : [takingOver]);
  });

  test("restore and forget: nothing of it is left", () => {
    for (const defaultRoute of ["restore", "forget"] as const) {
      expect(led(defaultRoute).elements).toEqual(steeredBy("terraform", defaultRoute).elements);
      expect(led(defaultRoute).text).not.toContain("vpce-0123456789abcdef0");
    }
  });
});

describe("the former target", () => {
  test.each(["create", "takeOver", "restore"] as const)("is looked up and kept as it first was: %s", (defaultRoute) => {
    const stack = steeredBy("terraform", defaultRoute);
    const kept = stack.at("terraform_data.steering_former_a_app");
    expect(kept["lifecycle"]).toEqual({ ignore_changes: ["input"] });
    expect(references(kept["input"])).toEqual(["data.aws_route_table.steering_former_a_app"]);
    expect(stack.at("data.aws_route_table.steering_former_a_app")["route_table_id"]).toBe(table);
  });

  test("is what the default route leads to, of any kind that Terraform can lead back to", () => {
    const input = asText(steeredBy("terraform", "takeOver").at("terraform_data.steering_former_a_app")["input"]);
    const [, list = ""] =
      /^\$\{join\("", \[for route in [\w.]+ : try\(coalesce\((.*)\), "unknown"\) if route\.cidr_block == "0\.0\.0\.0\/0"\]\)\}$/.exec(
        input,
      ) ?? [];
    expect(list.split(", ").sort()).toEqual(ipv4Targets.map((name) => `route.${name}`));
  });

  test.each([
    ["igw-0123456789abcdef0", "gateway_id"],
    ["vgw-0123456789abcdef0", "gateway_id"],
    ["nat-0123456789abcdef0", "nat_gateway_id"],
    ["eni-0123456789abcdef0", "network_interface_id"],
    ["tgw-0123456789abcdef0", "transit_gateway_id"],
    ["vpce-0123456789abcdef0", "vpc_endpoint_id"],
    ["pcx-0123456789abcdef0", "vpc_peering_connection_id"],
    ["lgw-0123456789abcdef0", "local_gateway_id"],
    ["cagw-0123456789abcdef0", "carrier_gateway_id"],
    ["arn:aws:networkmanager::123456789012:core-network/core-network-0123456789abcdef0", "core_network_arn"],
    ["arn:aws-us-gov:networkmanager::123456789012:core-network/core-network-0123456789abcdef0", "core_network_arn"],
  ])("%s is restored by %s alone", (id, attribute) => {
    const restored = route(steeredBy("terraform", "restore"));
    const set = ipv4Targets.filter((name) => {
      const [, condition = ""] = /^\$\{(.+) \? terraform_data\.steering_former_a_app\.input : null\}$/.exec(asText(restored[name])) ?? [];
      const tests = condition
        .split(" || ")
        .map((each) => /^startswith\(terraform_data\.steering_former_a_app\.input, "([^"]+)"\)$/.exec(each)?.[1]);
      expect(tests).not.toContain(undefined);
      return tests.some((prefix) => prefix !== undefined && id.startsWith(prefix));
    });
    expect(set).toEqual([attribute]);
  });

  test("is told for the routes that are taken over or restored, with the addresses that they are taken over at", () => {
    const routes = { a: steered("create"), b: steered("takeOver"), c: steered("restore"), d: steered("forget") };
    for (const imports of [true, false]) {
      const stack = readable((scope) => {
        const steering = put({ routes, imports })(scope);
        expect(Object.keys(steering.routes)).toEqual(["a", "b", "c"]);
        expect(steering.formerTargets).toEqual({
          b: "${terraform_data.steering_former_b.input}",
          c: "${terraform_data.steering_former_c.input}",
        });
        expect(steering.takenOver).toEqual({ b: "aws_route.steering_b", c: "aws_route.steering_c" });
      });
      // A module's caller writes the import blocks; the blocks that drop something are the module's own.
      expect(blocks(stack, "import").map(({ to }) => to)).toEqual(imports ? ["aws_route.steering_b", "aws_route.steering_c"] : []);
      expect(blocks(stack, "removed").map(({ from }) => from)).toEqual(["aws_route.steering_d"]);
    }
  });
});

const lookup = (existing: SteeredRoute["existing"]): Block =>
  readable(put({ routes: { a_app: { ...steered("create"), existing } } })).at("data.aws_route_table.steering_former_a_app");

test("the plan fails where the table is that of connectors", () => {
  const targetSubnetIds = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
  const ofConnectors = 'setintersection(self.associations[*].subnet_id, ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"])';
  expect(lookup({ defaultRoute: "create", targetSubnetIds })["lifecycle"]).toEqual({
    postcondition: [
      {
        condition: `\${length(${ofConnectors}) == 0}`,
        error_message: expect.stringContaining(`\${join(", ", ${ofConnectors})}`) as string,
      },
    ],
  });
});

test("the plan fails where the table is in another VPC, if that is known", () => {
  expect(lookup({ defaultRoute: "create", vpcId })["lifecycle"]).toEqual({
    postcondition: [
      {
        condition: `\${self.vpc_id == "${vpcId}"}`,
        error_message: `Route table \${self.route_table_id} is in VPC \${self.vpc_id}, not in ${vpcId}. Give a table of that VPC.`,
      },
    ],
  });
  expect(lookup({ defaultRoute: "create" })).not.toHaveProperty("lifecycle");
});

test("tables and VPCs may be known only at deployment", () => {
  const stack = readable((scope) => {
    const variable = (name: string) => new TerraformVariable(scope, name, { type: "string" }).stringValue;
    const given = { ...steered("create", variable("table")), existing: { defaultRoute: "create", vpcId: variable("vpc") } } as const;
    put({ routes: { a_app: given } })(scope);
  });
  expect(route(stack)["route_table_id"]).toBe("${var.table}");
  expect(JSON.stringify(route(stack)["lifecycle"])).toContain("Route table ${var.table} has a default route already");
  expect(JSON.stringify(stack.at("data.aws_route_table.steering_former_a_app"))).toContain("${self.vpc_id == var.vpc}");
  expect(stack.text).not.toContain("TfToken");
});

describe("in a stack of cdktf's own, whose addresses have a hash", () => {
  const plain = (defaultRoute: DefaultRoute) => synthesizePlain(put({ routes: { a_app: steered(defaultRoute) } }));

  test("a route is taken over, and dropped, at the address that it has", () => {
    const [taken, forgotten] = [plain("takeOver"), plain("forget")];
    const [address = ""] = Object.keys(taken.ofType("aws_route"));
    expect(address).toMatch(/^aws_route\.steering_a_app_[0-9A-F]{8}$/);
    expect(blocks(taken, "import").map(({ to }) => to)).toEqual([address]);
    expect(blocks(forgotten, "removed").map(({ from }) => from)).toEqual([address]);
  });

  test("what is told of the former target names what is looked up", () => {
    const stack = plain("restore");
    const [kept = ""] = Object.keys(stack.ofType("terraform_data"));
    const [lookup = ""] = Object.keys(stack.ofType("data.aws_route_table"));
    expect(asText(stack.at(kept)["input"])).toContain(`in ${lookup}.routes :`);
    expect(asText(blocks(stack, "import")[0]?.["for_each"])).toContain(`in ${lookup}.routes :`);
    expect(asText(Object.values(stack.ofType("aws_route"))[0]?.["nat_gateway_id"])).toContain(`${kept}.input`);
  });
});

test("two of them in one stack each have their blocks, and another stack has none of them", () => {
  const stacks = synthesizeApp((app) => {
    const [one, other] = [readableStack(app, "one"), readableStack(app, "other")];
    put({ routes: { a: steered("takeOver"), b: steered("forget") } }, "north")(one);
    put({ routes: { a: steered("takeOver"), b: steered("forget") } }, "south")(one);
    put({ routes: { a: steered("create") } }, "north")(other);
  });
  expect(blocks(stacks("one"), "import").map(({ to }) => to)).toEqual(["aws_route.north_a", "aws_route.south_a"]);
  expect(blocks(stacks("one"), "removed").map(({ from }) => from)).toEqual(["aws_route.north_b", "aws_route.south_b"]);
  expect([blocks(stacks("other"), "import"), blocks(stacks("other"), "removed")]).toEqual([[], []]);
});

test("only a default route is taken over or given back", () => {
  const building = (destination: string) => () => readable(put({ routes: { pinned: { ...steered("takeOver"), destination } } }));
  expect(building("203.0.113.0/24")).toThrow(
    "theirs/steering.routes.pinned: existing is about the default route, and this one leads to 203.0.113.0/24",
  );
  expect(building("0.0.0.0/0")).not.toThrow();
});
