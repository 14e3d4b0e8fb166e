import { App } from "cdktf";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isObject, type Json, type JsonObject } from "../../../hcl/syntax/json";
import { moduleStack } from "../../../hcl/module/stack";
import { contains, formatRange, parseRange, subRange } from "../../../modules/addressing";
import { zpaHa } from "../../stacks/samples";
import { asText, synthesize, type SynthesizedStack } from "../../stacks/synthesize";
import { normalize, parseHcl } from "../normalize";
import { jsonOf } from "../samples";
import { filesOf, loaded, moduleSamples, type Settings, terraformFiles } from "./modules";

const objectAt = (value: Json | undefined, ...path: readonly string[]): JsonObject => {
  const found = path.reduce<Json | undefined>((at, step) => (at !== undefined && isObject(at) ? at[step] : undefined), value);
  return found !== undefined && isObject(found) ? found : {};
};

const parsed = (settings: Settings, kind: "module" | "root" = "module"): Promise<JsonObject> =>
  parseHcl(
    terraformFiles(filesOf(settings, { kind }))
      .map(([, text]) => text)
      .join("\n"),
  );

/** A document's numbers that are variables, as the normalizer has what jsonencode makes of them. */
function withNumbersQuoted(json: JsonObject): JsonObject {
  const isNumber = (name: string): boolean => objectAt(json, "variable", name)["type"] === "number";
  const quote = (text: string): string =>
    text.replace(/(?<=^\{".*":)\$\{var\.(\w+)\}(?=[,}])/gs, (whole, name: string) => (isNumber(name) ? `"${whole}"` : whole));
  return JSON.parse(JSON.stringify(json), (_, value: unknown) => (typeof value === "string" ? quote(value) : value)) as JsonObject;
}

/** What is synthesized for a module. */
function synthesizedModule(settings: Settings): JsonObject {
  const outdir = mkdtempSync(join(tmpdir(), "module-synthesis-"));
  try {
    const app = new App({ outdir });
    const { name, deployment } = loaded(settings);
    const stack = moduleStack(app, name, { ...deployment, backend: { local: {} } }, "each", []);
    app.synth();
    return withNumbersQuoted(jsonOf(stack));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const addresses = (file: JsonObject): readonly string[] =>
  [
    ...["resource", "data"].flatMap((kind) =>
      Object.keys(objectAt(file, kind)).flatMap((type) =>
        Object.keys(objectAt(file, kind, type)).map((name) => `${kind === "data" ? "data." : ""}${type}.${name}`),
      ),
    ),
    ...Object.keys(objectAt(file, "output")).map((name) => `output.${name}`),
  ].sort();

/** The name of a variable as a reader of the file would make it of the setting's place. */
const nameOf = (path: readonly string[]): string =>
  path
    .filter((step) => step !== "create")
    .join("_")
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replaceAll("-", "_");

/** Each value of a deployment, lists and maps included, by the name that its variable would have. */
const valuesOf = (value: unknown, path: readonly string[] = []): readonly (readonly [string, unknown])[] => [
  ...(path.length > 0 ? [[nameOf(path), value] as const] : []),
  ...(typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, item]) => valuesOf(item, [...path, key]))
    : []),
];

/** A value of the file as hcl2json shows a default: templates as they are written. */
function shown(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/[$%](?=\{)/g, "$&$&");
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, item]) => !String(item).includes("::")));
}

const typeOf = (value: Json): string => {
  if (Array.isArray(value)) return "list(string)";
  if (typeof value === "boolean") return "bool";
  return isObject(value) ? "map(string)" : typeof value;
};

describe.each(Object.entries(moduleSamples))("the module of %s", (_, settings) => {
  let file: JsonObject;
  let plain: SynthesizedStack;
  beforeAll(async () => {
    plain = synthesize(settings);
    file = await parsed(settings);
  });

  test("means what was synthesized", () => {
    const { provider, ...synthesized } = synthesizedModule(settings);
    const { backend, ...terraform } = objectAt(synthesized, "terraform");
    expect([provider, backend]).toEqual([expect.anything(), expect.anything()]);
    // What a list of one is, block or not, the parsed file tells.
    expect(file).toEqual(normalize({ ...synthesized, terraform }, file));
  });

  test("has the addresses of the stack", () => {
    // A balancer that stands is looked up in a root configuration only.
    expect(addresses(file)).toEqual(plain.addresses.filter((address) => !/^data\.aws_lbs?\./.test(address)));
  });

  test("has variables with the file's values, of fitting types", () => {
    const variables = Object.entries(objectAt(file, "variable")).filter(([name]) => name !== "name" && name !== "vpc_cidr");
    const values = valuesOf(settings);
    for (const [name, variable] of variables) {
      const { type, default: byDefault = null, description, nullable } = objectAt(variable);
      expect([name, type]).toEqual([name, typeOf(byDefault)]);
      expect([name, nullable]).toEqual([name, false]);
      expect(description).toMatch(/\w\.$/);
      const given = values.filter(([each]) => each === name);
      expect(given.length).toBeLessThan(2);
      // What the file leaves out has its default.
      for (const [, value] of given) expect([name, byDefault]).toEqual([name, shown(value)]);
    }
  });

  test("has the planned subnets where they were planned, and those written by hand as they were written", () => {
    const written = Object.values(settings.subnets?.ranges ?? {}).flatMap((byTier) => Object.values(byTier));
    const vpc = parseRange((settings.network.create ?? settings.network.existing)?.cidr ?? "");
    if (!("range" in vpc)) throw new Error("no range");
    const literals = Object.entries(objectAt(file, "resource", "aws_subnet")).flatMap(([name, subnet]) => {
      const range = asText(objectAt(subnet)["cidr_block"]);
      const [, newBits, number] = /^\$\{cidrsubnet\(var\.vpc_cidr, (\d+), (\d+)\)\}$/.exec(range) ?? [];
      const meant = newBits === undefined ? range : formatRange(subRange(vpc.range, Number(newBits), Number(number)));
      expect(meant).toBe(plain.at(`aws_subnet.${name}`)["cidr_block"]);
      return newBits === undefined ? [range] : [];
    });
    expect(literals).toEqual(expect.arrayContaining(written));
    // A further range is no variable, and so are the parts of it.
    const inFirst = literals.filter((range) => {
      const parsed = parseRange(range);
      return "range" in parsed && contains(vpc.range, parsed.range);
    });
    expect(inFirst.filter((range) => !written.includes(range))).toEqual([]);
  });
});

/** The names of a module's variables, in the order in which they stand. */
const variablesOf = (settings: Settings): readonly string[] =>
  [...String(filesOf(settings)["variables.tf"]).matchAll(/^variable "(\w+)"/gm)].map(([, name = ""]) => name);

const ofBase = [
  "iam_path",
  "tags",
  "connectors_provisioning_url",
  "connectors_secret",
  "connectors_disk_type",
  "connectors_health_probe_port",
];

test("a setting without a value is no variable", () => {
  expect(variablesOf(moduleSamples["three-zones"] as Settings)).toEqual(["name", "vpc_cidr", "region", ...ofBase]);
});

test("each value of the largest sample that may be one is a variable, but for those that only tell people something", () => {
  expect(variablesOf(moduleSamples["zpa-ha-everything"] as Settings)).toEqual([
    "name",
    "vpc_cidr",
    "region",
    "iam_path",
    "iam_permissions_boundary",
    "tags",
    "network_namespace",
    "nat_per_zone_allocations",
    "connectors_provisioning_url",
    "connectors_secret",
    "connectors_secret_kms_key",
    "connectors_instance_type",
    "connectors_disk_type",
    "connectors_disk_kms_key",
    "connectors_disk_grant_to",
    "connectors_ssh_key_name",
    "connectors_ssh_allow_from",
    "connectors_support_server",
    "connectors_management_security_groups",
    "connectors_source_ranges",
    "connectors_health_probe_port",
    "test_hosts_instance_type",
    "test_hosts_bastion_allow_from",
    "test_hosts_bastion_key_name",
    "zpa_domains",
    "zpa_existing_rules",
    "zpa_system_domains",
    "zpa_targets",
    "zpa_associate_vpcs_spoke_id",
    "failover_alarms_topic_arn",
    "failover_pinned_partner_destination",
    "failover_pinned_lists_destination",
    "failover_runtime",
    "failover_architecture",
    "failover_memory",
    "failover_log_retention_days",
    "failover_reserved_concurrency",
  ]);
});

test("a number in a document is one where it is a variable", () => {
  expect(filesOf(zpaHa())["failover.tf"]).toMatch(/^ +port += var\.connectors_health_probe_port$/m);
});

test("IPv6 ranges stay as they were generated", async () => {
  const file = await parsed(moduleSamples["zpa-ha-everything"] as Settings);
  const rules = objectAt(file, "resource", "aws_vpc_security_group_ingress_rule");
  expect(objectAt(rules, "connectors_service_all_from_spoke6")["cidr_ipv6"]).toBe("2001:db8::/32");
  expect(objectAt(rules, "connectors_service_all_from_spoke")["cidr_ipv4"]).toBe("${var.connectors_source_ranges.spoke}");
  const routes = objectAt(file, "resource", "aws_route");
  expect(objectAt(routes, "steering_a_workload_partner6")["destination_ipv6_cidr_block"]).toBe("2001:db8::/32");
});

test("a secret that looks like IPv6 is a variable", () => {
  const variables = variablesOf({ ...zpaHa(), connectors: { ...zpaHa().connectors, secret: "cafe/1" } });
  expect(variables).toContain("connectors_secret");
});

test("what is a template to Terraform stays text", () => {
  expect(filesOf(moduleSamples["templates"] as Settings)["variables.tf"]).toContain('default     = "a $${b} %%{c} $$${d} \\"e\\" \\\\"');
});

test("two settings of one variable are an error that names the place", () => {
  const spoke = { id: "vpc-01234567", steeredBy: { transitGateway: { id: "tgw-01234567" } } };
  const settings = zpaHa({
    zpa: { domains: { crm: "crm.example.com" }, associateVpcs: { "a-b": spoke, a_b: { ...spoke, id: "vpc-89abcdef" } } },
  });
  expect(() => filesOf(settings)).toThrow(
    new Error("zpa.associateVpcs.a_b.id: another setting is the variable zpa_associate_vpcs_a_b_id too: rename one of the two"),
  );
});

test("a module leaves provider, state and the tags of the provider to its caller, a root configuration has them", async () => {
  const settings = moduleSamples["zpa-ha-everything"] as Settings;
  const [own, root] = [await parsed(settings), await parsed(settings, "root")];
  expect(own).not.toHaveProperty("provider");
  expect(objectAt(own, "terraform")).toEqual({ required_version: ">= 1.7", required_providers: expect.anything() as unknown });
  expect(objectAt(own, "resource", "aws_vpc", "network")["tags"]).toBe(
    '${merge(local.tags, { Name = var.name, "zs:namespace" = var.network_namespace })}',
  );
  expect(objectAt(own, "resource", "aws_iam_role", "connectors_role")["tags"]).toBe("${local.tags}");
  expect(addresses(root)).toEqual(addresses(own));
  expect(objectAt(root, "terraform")["required_version"]).toBe(">= 1.10");
  expect(objectAt(root, "terraform", "backend", "s3")).toEqual({
    bucket: "states",
    key: "network/egress.tfstate",
    region: "us-east-1",
    encrypt: true,
    kms_key_id: "arn:aws:kms:us-east-1:123456789012:key/3f0d9e38-1a8a-4a4a-9d0e-0123456789ab",
    profile: "states",
    use_lockfile: true,
  });
  expect(root["provider"]).toMatchObject({
    aws: [{ region: "${var.region}", default_tags: [{ tags: "${merge(local.own_tags, var.tags)}" }] }],
  });
  expect(objectAt(root, "resource", "aws_iam_role", "connectors_role")).not.toHaveProperty("tags");
});

test("the state of a root configuration is named from its folder", () => {
  const { deployment, ...rest } = loaded(zpaHa());
  const local = { ...deployment, backend: { local: { path: "/project/state/egress.tfstate" } } };
  const files = filesOf(zpaHa(), { ...rest, deployment: local, kind: "root", folder: "/project/terraform/egress" });
  expect(files["backend.tf"]).toContain('path = "../../state/egress.tfstate"');
});

test("the function's code lies where the stack has it", async () => {
  const files = filesOf(zpaHa());
  const file = await parsed(zpaHa());
  const { filename, source_code_hash } = synthesize(zpaHa()).at("aws_lambda_function.failover");
  expect(objectAt(file, "resource", "aws_lambda_function", "failover")).toMatchObject({ source_code_hash });
  const path = Object.keys(files).find((each) => each.endsWith(".zip"));
  expect(path).toMatch(/^assets\/failover_code\/\w+\/function\.zip$/);
  expect(filename).toBe(`\${path.module}/${path}`);
  expect(objectAt(file, "resource", "aws_lambda_function", "failover")["filename"]).toBe(filename);
});

test("the same deployment gives the same bytes", () => {
  expect(filesOf(zpaHa())).toEqual(filesOf(zpaHa()));
});
