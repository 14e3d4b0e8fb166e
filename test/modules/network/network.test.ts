import { TerraformVariable } from "cdktf";
import { Network, type NetworkProps } from "../../../modules/network";
import { reference, wayOut } from "../../stacks/graph";
import { synthesizePlain } from "../../stacks/synthesize";

const props: NetworkProps = {
  name: "theirs",
  zones: { a: "us-west-2a", b: "us-west-2b" },
  tiers: { public: ["a", "b"], connector: ["a", "b"], workload: ["a", "b"] },
  vpc: { create: { cidr: "10.1.0.0/16" } },
};

const failing = (more: Partial<NetworkProps>) => () => synthesizePlain((stack) => new Network(stack, "network", { ...props, ...more }));

test("stands in a stack of cdktf's own, without YAML", () => {
  const stack = synthesizePlain((scope) => new Network(scope, "network", props));
  const connectors = Object.entries(stack.ofType("aws_subnet")).filter(([, { tags }]) => JSON.stringify(tags).includes("theirs-connector"));
  expect(connectors).toHaveLength(2);
  for (const [address, subnet] of connectors) {
    const [gateway = "", internet] = wayOut(stack, address);
    expect(internet).toMatch(/^aws_internet_gateway\.network_/);
    expect(stack.at(reference(stack.at(gateway)["subnet_id"]))["availability_zone"]).toBe(subnet["availability_zone"]);
  }
  // cdktf's ids: with a hash of the path.
  for (const address of Object.keys(stack.elements)) expect(address).toMatch(/_[0-9A-F]{8}$/);
});

test("a zone's name may be known only at deployment", () => {
  const stack = synthesizePlain((scope) => {
    const region = new TerraformVariable(scope, "region", { type: "string" });
    new Network(scope, "network", { ...props, zones: { a: `${region.stringValue}a`, b: `${region.stringValue}b` } });
  });
  const zones = Object.values(stack.ofType("aws_subnet")).map(({ availability_zone }) => availability_zone);
  expect([...new Set(zones)].sort()).toEqual(["${var.region}a", "${var.region}b"]);
});

test("a subnet is found by tier and zone; one that is not there is named", () => {
  synthesizePlain((scope) => {
    const network = new Network(scope, "network", { ...props, tiers: { ...props.tiers, workload: ["b"] } });
    expect(network.subnet("workload", "b").range).toBe("10.1.64.0/19");
    expect(Object.keys(network.tier("connector"))).toEqual(["a", "b"]);
    expect(network.tier("management")).toEqual({});
    expect(() => network.subnet("workload", "a")).toThrow(
      "theirs/network has no workload subnet in zone a: name the zone in tiers.workload",
    );
  });
});

test("all mistakes are told at once, with the construct's path", () => {
  const mistakes = failing({
    vpc: { create: { cidr: "10.1.0.7/16", secondaryCidrs: { more: "100.64.0.1/16" } } },
    nat: { perZone: { allocations: { a: "eip-1" } } },
    subnets: { ranges: { a: { workload: "10.1.0.1/24" } } },
  });
  for (const path of ["vpc.create.cidr", "vpc.create.secondaryCidrs.more", "nat.perZone.allocations.a", "subnets.ranges.a.workload"]) {
    expect(mistakes).toThrow(`theirs/network.${path}: `);
  }
});

test("subnets that do not fit are told all at once", () => {
  expect(failing({ vpc: { create: { cidr: "10.1.0.0/27" } } })).toThrow(/^theirs\/network\.vpc: 10\.1\.0\.0\/27 does not fit/);
  expect(failing({ addresses: { connector: 5000 } })).toThrow(/theirs\/network\.tiers\.connector: .*5000/);
});

test.each([
  ["a connector zone without a NAT gateway", { tiers: { ...props.tiers, public: ["a"] } }, "no NAT gateway in zone b"],
  ["a single gateway in a zone without a public subnet", { nat: { single: { zone: "c" } } }, "no public subnet in zone c"],
  ["an allocation for a zone without a gateway", { nat: { perZone: { allocations: { c: "eipalloc-0123456789abcdef0" } } } }, "zone c"],
] as const)("%s is told", (_, more, problem) => {
  expect(failing(more)).toThrow(problem);
});

test("zones go by the keys that follow the region, since others could stand for something else in an address", () => {
  expect(failing({ zones: { public: "us-west-2a" }, tiers: { connector: ["public"] } })).toThrow(
    "theirs/network.zones: public is no key of a zone",
  );
});
