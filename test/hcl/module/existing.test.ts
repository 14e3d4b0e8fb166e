import { isObject, type Json, type JsonObject } from "../../../hcl/syntax/json";
import { base, ha, network, zpa } from "../../stacks/samples";
import { synthesize } from "../../stacks/synthesize";
import { parseHcl } from "../normalize";
import { type ModuleFiles } from "../../../hcl";
import { filesOf, type Settings, terraformFiles } from "./modules";

const at = (value: Json | undefined, ...path: readonly string[]): JsonObject => {
  const found = path.reduce<Json | undefined>((json, step) => (json !== undefined && isObject(json) ? json[step] : undefined), value);
  return found !== undefined && isObject(found) ? found : {};
};

/** A module's own configuration. */
const parsed = (files: ModuleFiles): Promise<JsonObject> =>
  parseHcl(
    terraformFiles(files)
      .map(([, text]) => text)
      .join("\n"),
  );

/** What the example gives the module, whose name is egress. */
const exampleCall = async (files: ModuleFiles): Promise<JsonObject> => {
  const [call = {}] = at(await parseHcl(String(files["examples/complete/main.tf"])), "module")["egress"] as readonly JsonObject[];
  return call;
};

const id = (kind: string, digit: string) => `${kind}-0${digit.repeat(15)}0`;
const existing = { id: id("vpc", "1"), cidr: "10.20.0.0/16" };

/** Route tables in every state, and of each further kind of part some that exist. */
const settings = ha({
  zones: ["a", "b"],
  network: { existing },
  nat: { existing: { gateways: { a: id("nat", "a"), b: id("nat", "b") } } },
  subnets: { existing: { a: { connector: id("subnet", "a"), workload: id("subnet", "c") } } },
  connectors: {
    securityGroups: { existing: { service: id("sg", "1"), management: id("sg", "2") } },
    instanceProfile: { existing: { name: "zscaler-connectors" } },
  },
  steering: {
    routeTables: {
      a: { app: { id: id("rtb", "a"), defaultRoute: "takeOver" }, new: { id: id("rtb", "b") } },
      b: { app: { id: id("rtb", "c"), defaultRoute: "restore" }, done: { id: id("rtb", "d"), defaultRoute: "forget" } },
    },
  },
});

const moduleFiles = filesOf(settings);
const rootFiles = filesOf(settings, { kind: "root" });
let moduleFile: JsonObject;
let rootFile: JsonObject;
beforeAll(async () => {
  moduleFile = await parsed(moduleFiles);
  rootFile = await parsed(rootFiles);
});

const takingOver = (lookup: string, to: string) => ({
  for_each: `\${{ for route in ${lookup}.routes : route.cidr_block => ${lookup}.route_table_id if route.cidr_block == "0.0.0.0/0" }}`,
  to,
  id: "${each.value}_0.0.0.0/0",
});

const takenOver = [
  { name: "a_app", table: id("rtb", "a") },
  { name: "b_app", table: id("rtb", "c") },
];

describe("routes that are taken over", () => {
  test("a module has no import blocks, which Terraform refuses there; its example has them, for the tables that it gives the module", async () => {
    const files = filesOf(settings, { name: "egress-prod" });
    for (const [, text] of terraformFiles(files)) expect(text).not.toMatch(/^import /m);
    expect(Object.keys(files)).not.toContain("imports.tf");
    const example = await parseHcl(String(files["examples/complete/main.tf"]));
    const [call] = at(example, "module")["egress_prod"] as readonly JsonObject[];
    for (const { name, table } of takenOver) {
      // Known before Terraform plans: a table that is not would leave open what is to be imported.
      expect(at(example, "data", "aws_route_table")[name]).toEqual({ route_table_id: table });
      const [zone, tableName] = name.split("_");
      expect(call?.[`steering_route_tables_${zone}_${tableName}_id`]).toBe(table);
    }
    expect(example["import"]).toEqual(
      takenOver.map(({ name }) => takingOver(`data.aws_route_table.${name}`, `module.egress_prod.aws_route.steering_${name}`)),
    );
    expect(Object.keys(at(moduleFile, "resource", "aws_route"))).toEqual(
      expect.arrayContaining(takenOver.map(({ name }) => `steering_${name}`)),
    );
  });

  test("a root configuration has them, as the stack has", async () => {
    const written = (await parseHcl(String(rootFiles["imports.tf"])))["import"] as readonly JsonObject[];
    expect(written).toEqual(
      takenOver.map(({ name }) => takingOver(`data.aws_route_table.steering_former_${name}`, `aws_route.steering_${name}`)),
    );
    const stack = synthesize(settings).file as unknown as { readonly import: readonly JsonObject[] };
    expect(written).toEqual(stack.import);
  });

  test("routes that are forgotten are dropped in both", () => {
    for (const file of [moduleFile, rootFile]) {
      expect(file["removed"]).toEqual([{ from: "aws_route.steering_b_done", lifecycle: [{ destroy: false }] }]);
      expect(Object.keys(at(file, "resource", "aws_route"))).not.toContain("steering_b_done");
    }
  });

  test("the README says where they are taken over, where there are any", () => {
    const readme = (of: Settings, kind: "module" | "root") => String(filesOf(of, { kind })["README.md"]);
    expect(readme(settings, "module")).toMatch(/^## Routes that are taken over\n\n.*copy them from \[`examples\/complete`\]/m);
    expect(readme(settings, "root")).toMatch(/^## Routes that are taken over\n\n.*`imports\.tf`/m);
    const none = ha({ ...settings, steering: { routeTables: { a: { app: { id: id("rtb", "a") } } } } });
    for (const kind of ["module", "root"] as const) expect(readme(none, kind)).not.toContain("taken over\n");
    expect(filesOf(none)["examples/complete/main.tf"]).not.toMatch(/^(?:import|data) /m);
  });
});

describe("variables", () => {
  const form = (kind: string) => `can(regex("^${kind}-[0-9a-f]{8,17}$", `;

  test.each<[string, unknown, string]>([
    ["network_id", existing.id, `\${${form("vpc")}var.network_id))}`],
    ["steering_route_tables_a_app_id", id("rtb", "a"), `\${${form("rtb")}var.steering_route_tables_a_app_id))}`],
    ["steering_route_tables_b_app_id", id("rtb", "c"), `\${${form("rtb")}var.steering_route_tables_b_app_id))}`],
    [
      "nat_gateways",
      { a: id("nat", "a"), b: id("nat", "b") },
      `\${alltrue([for value in values(var.nat_gateways) : ${form("nat")}value))])}`,
    ],
    [
      "subnets_a",
      { connector: id("subnet", "a"), workload: id("subnet", "c") },
      `\${alltrue([for value in values(var.subnets_a) : ${form("subnet")}value))])}`,
    ],
    ["connectors_security_groups_service", id("sg", "1"), `\${${form("sg")}var.connectors_security_groups_service))}`],
    [
      "connectors_instance_profile_name",
      "zscaler-connectors",
      '${can(regex("^[\\\\w+=,.@-]{1,128}$", var.connectors_instance_profile_name))}',
    ],
  ])("%s takes what has the form of such an id, is in use, and is given in the example", async (name, value, condition) => {
    const { default: byDefault, description, validation } = at(moduleFile, "variable", name);
    expect(byDefault).toEqual(value);
    expect(description).toMatch(/^[A-Z].*\.$/);
    expect((validation as readonly JsonObject[]).map((rule) => rule["condition"])).toContain(condition);
    expect(JSON.stringify([moduleFile["resource"], moduleFile["data"]])).toContain(`var.${name}`);
    expect((await exampleCall(moduleFiles))[name]).toEqual(value);
  });

  test("a map has exactly the keys that it was generated with", () => {
    const { validation } = at(moduleFile, "variable", "subnets_a");
    expect((validation as readonly JsonObject[])[0]).toEqual({
      condition: '${join(" ", keys(var.subnets_a)) == "connector workload"}',
      error_message: "Give exactly connector, workload: the module was generated for these.",
    });
  });

  test("a table that is forgotten has none", () => {
    expect(Object.keys(at(moduleFile, "variable"))).not.toContain("steering_route_tables_b_done_id");
  });

  test("an internet gateway and a resolver endpoint that exist have theirs", async () => {
    const more = zpa({
      zones: ["a", "b"],
      network: { existing: { ...existing, internetGateway: { existing: { id: id("igw", "1") } } } },
      subnets: { workloads: "perZone" },
      zpa: { domains: { crm: "crm.example.com" }, endpoint: { existing: { id: id("rslvr-out", "1") } } },
    });
    expect(await exampleCall(filesOf(more))).toMatchObject({
      network_internet_gateway_id: id("igw", "1"),
      zpa_endpoint_id: id("rslvr-out", "1"),
    });
  });

  const vpcCidr = async (network: Settings["network"], subnets: Settings["subnets"] = { workloads: "perZone" }) => {
    const { validation } = at(await parsed(filesOf(base({ network, subnets, nat: { none: {} } }))), "variable", "vpc_cidr");
    return (validation as readonly JsonObject[]).map(({ condition, error_message }) => [condition, error_message]);
  };
  const sameLength = ['${endswith(var.vpc_cidr, "/16")}', expect.stringContaining("planned in a /16")];

  test("the VPC's range may be another of its length, as long as nothing was said of its parts", async () => {
    const vpc = { ...existing, secondaryCidrs: { more: "100.64.0.0/20" } };
    expect((await vpcCidr({ existing: vpc }))[0]).toEqual(sameLength);
    expect((await vpcCidr({ existing: { ...vpc, taken: ["100.64.0.0/24"] } }))[0]).toEqual(sameLength);
  });

  test("the VPC's range stays where parts of it are taken or written by hand", async () => {
    const fixed = (ranges: string) => [
      [
        '${var.vpc_cidr == "10.20.0.0/16"}',
        `The configuration gives ranges in 10.20.0.0/16 (${ranges}): for another range, generate the module anew.`,
      ],
    ];
    expect(await vpcCidr({ existing: { ...existing, taken: ["10.20.0.0/17", "10.20.128.7/32"] } })).toEqual(
      fixed("10.20.0.0/17, 10.20.128.7/32"),
    );
    const subnets = { ranges: { a: { connector: "10.20.240.0/24" } } };
    expect(await vpcCidr({ existing: { ...existing, taken: ["10.20.0.0/17"] } }, subnets)).toEqual(fixed("10.20.240.0/24, 10.20.0.0/17"));
  });
});

describe("the picture in the README", () => {
  const picture = (of: Settings): string | undefined => /^```mermaid\n(.*?)^```$/ms.exec(String(filesOf(of)["README.md"]))?.[1];
  const gateways = { a: id("nat", "a"), b: id("nat", "b") };

  test("shows by which NAT gateway workloads leave where there are no connectors", () => {
    expect(picture(network({ zones: ["a", "us-west-2b"] }))).toBe(`flowchart LR
  workload_a[workload a] --> nat_a
  workload_b[workload b] --> nat_b
  nat_a[NAT gateway a] --> internet((internet))
  nat_b[NAT gateway b] --> internet((internet))
`);
    expect(picture(network({ zones: ["a", "b"], nat: { single: { zone: "b" } } }))).toBe(`flowchart LR
  workload_a[workload a] --> nat_b
  workload_b[workload b] --> nat_b
  nat_b[NAT gateway b] --> internet((internet))
`);
  });

  test("shows the route tables that are steered, by their names, and not those that are given back", () => {
    const subnets = { existing: {} };
    expect(picture(ha({ ...settings, subnets }))).toBe(`flowchart LR
  app_a[app a] --> a-1[connector a-1]
  new_a[new a] --> a-1[connector a-1]
  a-1 --> nat_a
  nat_a[NAT gateway a] --> zscaler((Zscaler cloud))
  nat_b[NAT gateway b] --> zscaler((Zscaler cloud))
  failover[failover function] -.-> a-1
`);
  });

  test("does not tell where subnets lead that exist", () => {
    const steering = { routeTables: { a: { app: { id: id("rtb", "a") } }, b: { app: { id: id("rtb", "b") } } } };
    const subnets = { existing: { b: { connector: id("subnet", "b") } } };
    const some = base({ zones: ["a", "b"], network: { existing }, nat: { existing: { gateways } }, subnets, steering });
    expect(picture(some)).toBe(`flowchart LR
  app_a[app a] --> a-1[connector a-1]
  app_b[app b] --> b-1[connector b-1]
  a-1 --> nat_a
  b-1 --> zscaler((Zscaler cloud))
  nat_a[NAT gateway a] --> zscaler((Zscaler cloud))
  nat_b[NAT gateway b] --> zscaler((Zscaler cloud))
`);
  });

  test("is left out where it would be empty", () => {
    expect(picture(network({ nat: { none: {} } }))).toBeUndefined();
    expect(String(filesOf(network({ nat: { none: {} } }))["README.md"])).toMatch(/^# egress\n\nA VPC for .* in zone a\.\n\n## Usage\n/);
  });
});
