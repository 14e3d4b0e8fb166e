import { TerraformVariable } from "cdktf";
import { overlaps, parseRange } from "../../../modules/addressing";
import { Network, type NetworkProps } from "../../../modules/network";
import { references } from "../../stacks/graph";
import { asText, type Block, synthesizePlain, type SynthesizedStack } from "../../stacks/synthesize";

const id = (kind: string, digit: string): string => `${kind}-0${digit.repeat(15)}0`;
const vpcId = id("vpc", "1");
const existing = { id: vpcId, cidr: "10.20.0.0/16" };
const internetGateway = { existing: { id: id("igw", "1") } };
const gateways = { a: id("nat", "a"), b: id("nat", "b") };
/** Ids of a zone's subnets, all different. */
const ofZone = (zone: "a" | "b") => ({
  public: id("subnet", zone),
  connector: id("subnet", zone === "a" ? "c" : "d"),
  workload: id("subnet", zone === "a" ? "e" : "f"),
});

const props = {
  name: "theirs",
  zones: { a: "us-west-2a", b: "us-west-2b" },
  tiers: { public: ["a", "b"], connector: ["a", "b"], workload: ["a", "b"] },
  vpc: { existing },
} as const satisfies NetworkProps;

/** Subnets and NAT gateways exist too: there is nothing to make. */
const allExisting = {
  vpc: { existing },
  nat: { existing: { gateways } },
  subnets: { existing: { a: ofZone("a"), b: ofZone("b") } },
} as const;

/** Connector subnets are made, and leave by gateways that exist. */
const connectorsMade = { tiers: { connector: ["a", "b"] }, nat: { existing: { gateways } } } as const;

const networkWith = (more: Partial<NetworkProps>): SynthesizedStack =>
  synthesizePlain((stack) => new Network(stack, "network", { ...props, ...more }));

const failing = (more: Partial<NetworkProps>) => () => networkWith(more);

const resources = (stack: SynthesizedStack): readonly string[] =>
  Object.keys(stack.elements).filter((address) => !address.startsWith("data."));

/** The types of what is made. */
const madeTypes = (stack: SynthesizedStack): readonly string[] =>
  [...new Set(resources(stack).map((address) => address.split(".")[0] ?? ""))].sort();

interface Postcondition extends Block {
  readonly condition: string;
  readonly error_message: string;
}

const postconditionsOf = (element: Block | undefined): readonly Postcondition[] =>
  ((element?.["lifecycle"] as Block | undefined)?.["postcondition"] ?? []) as readonly Postcondition[];

/** The checks of the data sources of a type, the one that has this attribute first. */
const checks = (stack: SynthesizedStack, type: string, attribute = ""): readonly Postcondition[] =>
  postconditionsOf(
    Object.values(stack.ofType(`data.${type}`)).find((element) => attribute === "" || JSON.stringify(element).includes(attribute)),
  );

const conditions = (found: readonly Postcondition[]): readonly string[] => found.map(({ condition }) => condition);
const message = (found: readonly Postcondition[], index = 0): string => found[index]?.error_message ?? "";

describe("what exists is only looked up", () => {
  test("where everything exists, nothing is made", () => {
    for (const more of [{}, { vpc: { existing: { ...existing, internetGateway, taken: ["10.20.0.0/16"] } } }]) {
      expect(resources(networkWith({ ...allExisting, ...more }))).toEqual([]);
    }
  });

  test("subnets that are made come with their own tables and routes, and with nothing else", () => {
    expect(madeTypes(networkWith(connectorsMade))).toEqual(["aws_route", "aws_route_table", "aws_route_table_association", "aws_subnet"]);
  });

  test("made beside what exists, nothing names a subnet that exists but the gateway that stands in it", () => {
    const made = networkWith({ vpc: { existing }, subnets: { existing: { a: ofZone("a"), b: { public: id("subnet", "b") } } } });
    const naming = resources(made).filter((address) => JSON.stringify(made.at(address)).includes("subnet-0"));
    expect(naming.map((address) => address.split(".")[0])).toEqual(["aws_nat_gateway", "aws_nat_gateway"]);
    expect(Object.values(made.ofType("aws_nat_gateway")).map(({ subnet_id }) => subnet_id)).toEqual([id("subnet", "a"), id("subnet", "b")]);
    const subnets = Object.values(made.ofType("aws_subnet")).map(({ availability_zone, vpc_id }) => [availability_zone, vpc_id]);
    expect(subnets).toEqual([
      ["us-west-2b", vpcId],
      ["us-west-2b", vpcId],
    ]);
  });

  test.each<[string, Partial<NetworkProps["vpc"]["existing"]>, string]>([
    ["lockDefaultSecurityGroup", { lockDefaultSecurityGroup: true }, "aws_default_security_group"],
    ["flowLogs", { flowLogs: {} }, "aws_flow_log"],
    ["namespace", { namespace: "egress" }, "aws_ec2_tag"],
    ["internetGateway.create", { internetGateway: { create: {} } }, "aws_internet_gateway"],
  ])("%s is for those who ask for it", (_, choice, type) => {
    const made = networkWith({ ...allExisting, vpc: { existing: { ...existing, ...choice } } });
    expect(madeTypes(made)).toContain(type);
    expect(Object.values(made.ofType(type))).toEqual([
      expect.objectContaining({ [type === "aws_ec2_tag" ? "resource_id" : "vpc_id"]: vpcId }),
    ]);
    expect(madeTypes(made).filter((other) => other !== type && !/^aws_(iam_|cloudwatch_log)/.test(other))).toEqual([]);
  });

  test("the tag of the namespace is the only one that the VPC gets", () => {
    const made = networkWith({ ...allExisting, vpc: { existing: { ...existing, namespace: "egress" } } });
    expect(Object.values(made.ofType("aws_ec2_tag"))).toEqual([{ resource_id: vpcId, key: "zs:namespace", value: "egress" }]);
  });

  test("further ranges are there already: none is associated", () => {
    const secondaryCidrs = { more: "100.64.0.0/16" };
    const made = networkWith({ ...connectorsMade, vpc: { existing: { ...existing, secondaryCidrs, taken: ["10.20.0.0/16"] } } });
    expect(madeTypes(made)).not.toContain("aws_vpc_ipv4_cidr_block_association");
    expect(Object.values(made.ofType("aws_subnet")).map(({ vpc_id }) => vpc_id)).toEqual([vpcId, vpcId]);
  });
});

describe("ways out", () => {
  const defaultRoutes = (stack: SynthesizedStack) =>
    Object.fromEntries(
      Object.values(stack.ofType("aws_route")).map((route) => {
        const [table = ""] = references(route["route_table_id"]);
        return [asText((stack.at(table)["tags"] as Block)["Name"]), route];
      }),
    );

  test("subnets that are made lead to the gateway that serves their zone", () => {
    const routes = defaultRoutes(networkWith({ ...connectorsMade, tiers: { connector: ["a", "b"], management: ["b"], workload: ["a"] } }));
    expect(
      Object.entries(routes).map(([name, { destination_cidr_block, nat_gateway_id }]) => [name, destination_cidr_block, nat_gateway_id]),
    ).toEqual([
      ["theirs-connector-a", "0.0.0.0/0", gateways.a],
      ["theirs-connector-b", "0.0.0.0/0", gateways.b],
      ["theirs-management-b", "0.0.0.0/0", gateways.b],
    ]);
  });

  test("one gateway may serve every zone", () => {
    const routes = defaultRoutes(networkWith({ ...connectorsMade, nat: { existing: { gateways: { a: gateways.a, b: gateways.a } } } }));
    expect(Object.values(routes).map(({ nat_gateway_id }) => nat_gateway_id)).toEqual([gateways.a, gateways.a]);
  });

  test("a gateway is found by the zone that it serves, with the address from which its traffic comes", () => {
    synthesizePlain((scope) => {
      const { natGateways } = new Network(scope, "network", { ...props, ...connectorsMade });
      expect([natGateways.idFor("a"), natGateways.idFor("b"), natGateways.find("c")]).toEqual([gateways.a, gateways.b, undefined]);
      expect(natGateways.made).toEqual({});
      expect(Object.keys(natGateways.all)).toEqual(["a", "b"]);
    });
  });

  test("tables that are left alone need no gateway", () => {
    const nat = { existing: { gateways: {} } };
    expect(madeTypes(networkWith({ ...connectorsMade, nat, subnets: { leaveRouteTables: ["connector"] } }))).toEqual(["aws_subnet"]);
  });

  test.each([
    ["exists", internetGateway, id("igw", "1")],
    ["is made", { create: {} }, expect.stringMatching(/^\$\{aws_internet_gateway\.[\w-]+\.id\}$/) as string],
  ])("public subnets that are made lead to the internet gateway that %s", (_, choice, expected) => {
    const made = networkWith({ vpc: { existing: { ...existing, internetGateway: choice } } });
    expect(defaultRoutes(made)["theirs-public"]?.["gateway_id"]).toEqual(expected);
    expect(Object.values(made.ofType("aws_nat_gateway"))).toHaveLength(2);
  });

  test("gateways that are made wait for the internet gateway where that is made too", () => {
    const waiting = (choice: typeof internetGateway | { readonly create: Readonly<Record<string, never>> }) =>
      Object.values(networkWith({ vpc: { existing: { ...existing, internetGateway: choice } } }).ofType("aws_nat_gateway")).map(
        ({ depends_on }) => depends_on,
      );
    expect(waiting({ create: {} })).toEqual(Array(2).fill([expect.stringMatching(/^aws_internet_gateway\./)]));
    expect(waiting(internetGateway)).toEqual([[], []]);
  });
});

describe("the plan fails where something is not as said", () => {
  test("the ranges of the VPC", () => {
    const found = checks(
      networkWith({ ...allExisting, vpc: { existing: { ...existing, secondaryCidrs: { more: "100.64.0.0/16" } } } }),
      "aws_vpc",
    );
    expect(conditions(found)).toEqual([
      '${self.cidr_block == "10.20.0.0/16"}',
      '${contains(self.cidr_block_associations[*].cidr_block, "100.64.0.0/16")}',
    ]);
    expect(message(found)).toMatch(/^The first range of VPC \$\{self\.id\} is \$\{self\.cidr_block\}, not 10\.20\.0\.0\/16\. Give /);
    expect(message(found, 1)).toMatch(/^VPC \$\{self\.id\} has the ranges \$\{join.*\}, and 100\.64\.0\.0\/16 is not among them\. Give /);
  });

  test("DNS names in the VPC, where interface endpoints need them", () => {
    const dns = (more: Partial<NetworkProps>) => checks(networkWith({ ...allExisting, ...more }), "aws_vpc").slice(1);
    expect(conditions(dns({ privateEndpoints: ["ssm"] }))).toEqual(["${self.enable_dns_support && self.enable_dns_hostnames}"]);
    expect(message(dns({ privateEndpoints: ["ssm"] }))).toMatch(
      /^VPC \$\{self\.id\} lacks DNS .* Switch both on, or leave privateEndpoints out\.$/,
    );
    expect(dns({ privateEndpoints: ["s3"] })).toEqual([]);
    expect(dns({})).toEqual([]);
  });

  test("the VPC and the zone of each subnet", () => {
    const stack = networkWith(allExisting);
    for (const [zone, subnets] of Object.entries({ a: ofZone("a"), b: ofZone("b") })) {
      for (const [tier, subnetId] of Object.entries(subnets)) {
        const found = checks(stack, "aws_subnet", subnetId);
        expect(conditions(found)).toEqual([`\${self.vpc_id == "${vpcId}"}`, `\${self.availability_zone == "us-west-2${zone}"}`]);
        expect(message(found)).toBe(
          `Subnet \${self.id} (${tier} of zone ${zone}) is in VPC \${self.vpc_id}, not in ${vpcId}. Give a subnet of that VPC.`,
        );
        expect(message(found, 1)).toMatch(
          new RegExp(
            `^Subnet \\$\\{self\\.id\\} \\(${tier} of zone ${zone}\\) is in \\$\\{self\\.availability_zone\\}, not in us-west-2${zone}\\. Give `,
          ),
        );
      }
    }
  });

  test("the VPC of an internet gateway", () => {
    const found = checks(networkWith({ vpc: { existing: { ...existing, internetGateway } } }), "aws_internet_gateway");
    expect(conditions(found)).toEqual([`\${contains(self.attachments[*].vpc_id, "${vpcId}")}`]);
    expect(message(found)).toMatch(/^Internet gateway \$\{self\.internet_gateway_id\} is not attached to VPC vpc-01{15}0\. Give /);
  });

  test("the VPC, kind and state of a NAT gateway", () => {
    const found = checks(networkWith(connectorsMade), "aws_nat_gateway", gateways.b);
    expect(conditions(found)[0]).toBe(`\${self.vpc_id == "${vpcId}"}`);
    expect(conditions(found)[1]).toMatch(/^\$\{self\.connectivity_type .* && self\.state == "available"\}$/);
    expect(message(found)).toMatch(/^NAT gateway \$\{self\.id\} \(zone b\) is in VPC \$\{self\.vpc_id\}, not in vpc-01{15}0\. Give /);
    expect(message(found, 1)).toMatch(/^NAT gateway \$\{self\.id\} \(zone b\) is .*\$\{self\.state\}\. Give /);
  });

  /** The check of the subnet in which the gateway of each zone stands. */
  const standing = (served: Readonly<Record<string, string>>) => {
    const stack = networkWith({ ...connectorsMade, nat: { existing: { gateways: served } } });
    return Object.values(stack.ofType("data.aws_subnet")).map(postconditionsOf);
  };

  test("the zone of a NAT gateway: one that it serves", () => {
    const there = (zone: string) => `self.availability_zone == "us-west-2${zone}"`;
    const [a = [], b = []] = standing(gateways);
    const elsewhere = (zone: "a" | "b", other: "a" | "b") => `("${gateways[other]}" == "${gateways[zone]}" && ${there(other)})`;
    const both = (one: string, other: string) => [`\${${one} || ${other}}`];
    expect([conditions(a), conditions(b)]).toEqual([both(there("a"), elsewhere("a", "b")), both(elsewhere("b", "a"), there("b"))]);
    expect(message(a)).toMatch(
      /^NAT gateway nat-0a{15}0 \(zone a\) is in \$\{self\.availability_zone\}, .* Give a gateway of us-west-2a, or let this one serve its own zone too\.$/,
    );
    expect(standing({ a: gateways.a, b: gateways.a }).map(conditions)).toEqual(Array(2).fill(both(there("a"), there("b"))));
  });

  test("the way to the internet of what stands in a public subnet", () => {
    const leadsOut = '${anytrue([for route in self.routes : route.cidr_block == "0.0.0.0/0" && startswith(route.gateway_id, "igw-")])}';
    const inGateways = Object.values(networkWith(connectorsMade).ofType("data.aws_route_table"));
    const inSubnets = Object.values(networkWith({ subnets: allExisting.subnets }).ofType("data.aws_route_table"));
    for (const [index, found] of [...inGateways, ...inSubnets].entries()) {
      expect(conditions(postconditionsOf(found))).toEqual([leadsOut]);
      const what = index < 2 ? "NAT gateway nat-0" : "The public tier of zone";
      expect(message(postconditionsOf(found))).toMatch(
        new RegExp(
          `^${what}.* is in subnet .*, whose route table \\$\\{self\\.route_table_id\\} has no default route to an internet gateway\\. Add `,
        ),
      );
      // A subnet without an association uses the main table.
      expect(found["route_table_id"]).toMatch(
        /^\$\{coalesce\(one\(data\.aws_route_tables\.([\w-]+)\.ids\), data\.aws_vpc\.[\w-]+\.main_route_table_id\)\}$/,
      );
    }
    expect([inGateways.length, inSubnets.length]).toEqual([2, 2]);
  });

  test("each lookup has a check or is used by one", () => {
    const stack = networkWith({ ...allExisting, vpc: { existing: { ...existing, internetGateway } } });
    for (const [address, element] of Object.entries(stack.elements)) {
      const isUsed = Object.values(stack.elements).some((other) => references(other).includes(address));
      expect([address, isUsed || postconditionsOf(element).length > 0]).toEqual([address, true]);
      for (const { error_message } of postconditionsOf(element)) expect(error_message).toMatch(/\. (?:Give|Add) .*\.$/);
    }
  });
});

describe("subnets that are made", () => {
  const rangeOf = (text: string) => {
    const parsed = parseRange(text);
    if (!("range" in parsed)) throw new Error(`${text} is no range`);
    return parsed.range;
  };
  const planned = (stack: SynthesizedStack): readonly string[] =>
    Object.values(stack.ofType("aws_subnet")).map(({ cidr_block }) => asText(cidr_block));

  test.each<[string, readonly string[]]>([
    ["the lower half", ["10.20.0.0/17"]],
    ["scattered ranges", ["10.20.0.0/20", "10.20.33.0/24", "10.20.192.0/18", "10.20.128.7/32"]],
  ])("lie beside what is taken: %s", (_, taken) => {
    const ranges = planned(networkWith({ ...connectorsMade, vpc: { existing: { ...existing, taken } } }));
    expect(ranges).toHaveLength(2);
    for (const range of ranges) {
      expect(overlaps(rangeOf(range), rangeOf("10.20.0.0/16"))).toBe(true);
      expect(taken.filter((other) => overlaps(rangeOf(range), rangeOf(other)))).toEqual([]);
    }
  });

  test("lie as in a VPC that is made where nothing is taken, and do not move for those that exist", () => {
    const tiers = { connector: ["a", "b"], workload: ["a", "b"] };
    const nat = { none: {} };
    const made = planned(networkWith({ tiers, nat, vpc: { create: { cidr: "10.20.0.0/16" } } }));
    expect(planned(networkWith({ tiers, nat }))).toEqual(made);
    const [, workloadA, ...ofB] = made;
    expect(planned(networkWith({ tiers, nat, subnets: { existing: { a: { connector: id("subnet", "a") } } } }))).toEqual([
      workloadA,
      ...ofB,
    ]);
  });

  test("are parts of the first range where that is a variable, but for those in a further one", () => {
    const withRange = (taken: readonly string[]) =>
      planned(
        synthesizePlain((stack) => {
          const range = new TerraformVariable(stack, "vpc_cidr", { type: "string" }).stringValue;
          const vpc = { existing: { ...existing, secondaryCidrs: { more: "100.64.0.0/18" }, taken } };
          new Network(stack, "network", { ...props, ...connectorsMade, vpc, range });
        }),
      );
    expect(withRange([])).toEqual(Array(2).fill(expect.stringMatching(/^\$\{cidrsubnet\(var\.vpc_cidr, \d+, \d+\)\}$/)));
    expect(withRange(["10.20.0.0/16"])).toEqual(Array(2).fill(expect.stringMatching(/^100\.64\.\d+\.\d+\/\d+$/)));
  });
});

test("ids may be known only at deployment: conditions and messages hold the variables", () => {
  const stack = synthesizePlain((scope) => {
    const variable = (name: string) => new TerraformVariable(scope, name, { type: "string" }).stringValue;
    new Network(scope, "network", {
      ...props,
      zones: { a: `${variable("region")}a`, b: "us-west-2b" },
      vpc: {
        existing: {
          ...existing,
          id: variable("vpc"),
          internetGateway: { existing: { id: variable("gateway") } },
          namespace: variable("space"),
        },
      },
      nat: { existing: { gateways: { a: variable("nat_a"), b: variable("nat_b") } } },
      subnets: { existing: { a: { public: variable("public"), connector: variable("connector") } } },
    });
  });
  expect(Object.values(stack.ofType("data.aws_vpc"))).toMatchObject([{ id: "${var.vpc}" }]);
  const [connector, outer] = [checks(stack, "aws_subnet", "var.connector"), checks(stack, "aws_internet_gateway")];
  expect(conditions(connector)).toEqual(["${self.vpc_id == var.vpc}", '${self.availability_zone == "${var.region}a"}']);
  expect(message(connector)).toContain("not in ${var.vpc}. ");
  expect(message(connector, 1)).toContain("not in ${var.region}a. ");
  expect(conditions(outer)).toEqual(["${contains(self.attachments[*].vpc_id, var.vpc)}"]);
  expect(conditions(checks(stack, "aws_nat_gateway", "var.nat_a"))[0]).toBe("${self.vpc_id == var.vpc}");
  const zones = Object.values(stack.ofType("data.aws_subnet")).flatMap((element) => conditions(postconditionsOf(element)));
  expect(zones).toContain(
    '${self.availability_zone == "${var.region}a" || (var.nat_b == var.nat_a && self.availability_zone == "us-west-2b")}',
  );
  expect(Object.values(stack.ofType("aws_ec2_tag"))).toEqual([{ resource_id: "${var.vpc}", key: "zs:namespace", value: "${var.space}" }]);
  const targets = Object.values(stack.ofType("aws_route")).map(({ gateway_id, nat_gateway_id }) => gateway_id ?? nat_gateway_id);
  expect(targets.sort()).toEqual(["${var.gateway}", "${var.nat_b}"]);
  // cdktf's placeholders would be text to Terraform.
  expect(stack.text).not.toMatch(/TfToken/);
});

describe("refused", () => {
  test("all wrong ids, at once", () => {
    const mistakes = failing({
      vpc: { existing: { id: "vpc-1", cidr: "10.20.0.0/16", internetGateway: { existing: { id: "igw-1" } } } },
      nat: { existing: { gateways: { a: "nat-1" } } },
      subnets: { existing: { a: { connector: "subnet-1" } } },
    });
    for (const [path, what] of [
      ["vpc.existing.id", "vpc-1 is no id of a VPC; give one such as vpc-0123456789abcdef0"],
      ["vpc.existing.internetGateway.existing.id", "igw-1 is no id of an internet gateway; "],
      ["nat.existing.gateways.a", "nat-1 is no id of a NAT gateway; "],
      ["subnets.existing.a.connector", "subnet-1 is no id of a subnet; "],
    ] as const) {
      expect(mistakes).toThrow(`theirs/network.${path}: ${what}`);
    }
  });

  test("parts that exist in a VPC that is made", () => {
    const mistakes = failing({ ...allExisting, vpc: { create: { cidr: "10.1.0.0/16" } } });
    for (const path of ["subnets.existing.a.public", "subnets.existing.b.workload"]) {
      expect(mistakes).toThrow(`theirs/network.${path}: a VPC that is made has no subnets that exist; name the VPC that has them`);
    }
    expect(mistakes).toThrow("theirs/network.nat.existing: a VPC that is made has no NAT gateways that exist; ");
  });

  test("parts that nothing would use", () => {
    const mistakes = failing({
      ...connectorsMade,
      nat: { existing: { gateways: { ...gateways, c: id("nat", "c") } } },
      subnets: { existing: { a: { workload: id("subnet", "a") }, c: { connector: id("subnet", "c") } } },
    });
    expect(mistakes).toThrow(
      "theirs/network.subnets.existing.a.workload: there is no workload tier in zone a; name the zone in tiers.workload",
    );
    expect(mistakes).toThrow("theirs/network.subnets.existing.c.connector: there is no connector tier in zone c; ");
    expect(mistakes).toThrow("theirs/network.nat.existing.gateways.c: zone c is not among the zones; use one of a, b");
  });

  test.each<[string, Partial<NetworkProps>, string]>([
    ["a zone without a gateway", { ...connectorsMade, nat: { existing: { gateways: { a: gateways.a } } } }, "no NAT gateway in zone b"],
    [
      "public subnets that are made, without an internet gateway",
      {},
      "vpc.existing.internetGateway: public subnets are made, and need one",
    ],
    [
      "a range outside the VPC",
      { vpc: { existing: { ...existing, taken: ["10.21.0.0/20"] } } },
      "theirs/network.vpc.existing.taken.0: 10.21.0.0/20 does not lie in the VPC",
    ],
    [
      "a VPC without room",
      { vpc: { existing: { ...existing, taken: ["10.20.0.0/16"] } } },
      "theirs/network.vpc.existing.taken: no address of the VPC is free",
    ],
    ["no choice", { vpc: { existing: { ...existing, internetGateway: {} } } }, "vpc.existing.internetGateway: no choice is made; "],
  ])("%s", (_, more, problem) => {
    expect(failing(more)).toThrow(problem);
  });
});
