import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { AppConnectorGroup, DataEnrollmentCertificate, ProvisioningKey, ZpaProvider } from "../../../modules/app-connector/zpa";
import { writeStack } from "../../../hcl";
import { ZscalerStack } from "../../../stacks/zscaler-stack";
import { built, jsonOf } from "../../hcl/samples";

interface Attribute {
  readonly type: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
}
type Schemas = Readonly<Record<string, { readonly block: { readonly attributes: Readonly<Record<string, Attribute>> } }>>;

/** What the provider says of itself, by `terraform providers schema`. */
const schema = JSON.parse(readFileSync(join(__dirname, "zpa-provider-4.4.8-schema.json"), "utf8")) as {
  readonly provider: { readonly attributes: Readonly<Record<string, Attribute>> };
  readonly resource_schemas: Schemas;
  readonly data_source_schemas: Schemas;
};

const everything = {
  name: "apps",
  description: "Applications of the sales department",
  countryCode: "US",
  cityCountry: "San Jose, US",
  location: "San Jose, CA, USA",
  latitude: "37.33874",
  longitude: "-121.88525",
  upgradeDay: "SUNDAY",
  upgradeTimeInSecs: "66600",
  overrideVersionProfile: true,
  versionProfileId: "2",
  dnsQueryType: "IPV4_IPV6",
};

/** A stack that makes a group and its key. */
const stackOf = (group: ConstructorParameters<typeof AppConnectorGroup>[2]): ZscalerStack =>
  built((app) => {
    const stack = new ZscalerStack(app, "apps");
    new ZpaProvider(stack, "zpa");
    const scope = new Construct(stack, "enrollment");
    const certificate = new DataEnrollmentCertificate(scope, "enrollment_cert", { name: "Connector" });
    const made = new AppConnectorGroup(scope, "app_connector_group", group);
    const key = new ProvisioningKey(scope, "provisioning_key", {
      name: group.name,
      maxUsage: "100",
      enrollmentCertId: certificate.id,
      zcomponentId: made.id,
      dependsOn: [made],
    });
    new TerraformOutput(stack, "key", { value: key.provisioningKey, sensitive: true });
    return stack;
  });

const { name, location, latitude, longitude } = everything;
const fewest = { name, location, latitude, longitude };
const metaArguments = ["//", "depends_on", "lifecycle", "provider", "count", "for_each"];

type Emitted = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

describe.each([
  ["all that can be set", everything],
  ["what must be set", fewest],
])("the provider knows %s", (_, group) => {
  const json = jsonOf(stackOf(group));
  const elements = (["resource", "data"] as const).flatMap((kind) =>
    Object.entries(json[kind] as Emitted).flatMap(([type, byName]) =>
      Object.values(byName).map((attributes) => ({
        type,
        known: schema[kind === "data" ? "data_source_schemas" : "resource_schemas"][type]?.block.attributes ?? {},
        given: Object.entries(attributes).filter(([attribute]) => !metaArguments.includes(attribute)),
      })),
    ),
  );

  test("in three types", () => {
    expect(elements.map(({ type }) => type)).toEqual(["zpa_app_connector_group", "zpa_provisioning_key", "zpa_enrollment_cert"]);
  });

  test.each(elements)("$type has nothing that may not be set, and nothing of another type", ({ known, given }) => {
    expect(given.length).toBeGreaterThan(0);
    for (const [attribute, value] of given) {
      const { type, required, optional } = known[attribute] ?? { type: "unknown" };
      expect([attribute, required === true || optional === true]).toEqual([attribute, true]);
      expect([attribute, typeof value]).toEqual([attribute, type === "bool" ? "boolean" : type]);
    }
  });

  test.each(elements)("$type has all that must be set", ({ known, given }) => {
    const required = Object.keys(known).filter((attribute) => known[attribute]?.required === true);
    expect(given.map(([attribute]) => attribute)).toEqual(expect.arrayContaining(required));
  });
});

test("what others read of them is there, and the key is sensitive", () => {
  const { zpa_app_connector_group: group, zpa_provisioning_key: key } = schema.resource_schemas;
  expect([group, key, schema.data_source_schemas["zpa_enrollment_cert"]].map((each) => each?.block.attributes["id"]?.type)).toEqual([
    "string",
    "string",
    "string",
  ]);
  expect(key?.block.attributes["provisioning_key"]).toEqual({ type: "string", computed: true, sensitive: true });
});

test("the provider needs nothing set: it takes its credentials from the environment", () => {
  expect(Object.values(schema.provider.attributes).some(({ required }) => required)).toBe(false);
  const { provider, terraform } = jsonOf(stackOf(fewest));
  expect(provider).toEqual({ zpa: [{}] });
  expect(terraform).toMatchObject({ required_providers: { zpa: { source: "zscaler/zpa", version: ">= 4.4.8, < 5" } } });
});

test("a key is App Connectors', and knows the others by reference", () => {
  const { resource } = jsonOf(stackOf(everything));
  expect(resource).toMatchObject({
    zpa_app_connector_group: { enrollment: { upgrade_time_in_secs: "66600", override_version_profile: true } },
    zpa_provisioning_key: {
      enrollment: {
        association_type: "CONNECTOR_GRP",
        max_usage: "100",
        enrollment_cert_id: "${data.zpa_enrollment_cert.enrollment.id}",
        zcomponent_id: "${zpa_app_connector_group.enrollment.id}",
        depends_on: ["zpa_app_connector_group.enrollment"],
      },
    },
  });
});

test("as HCL they are as a person would have them", () => {
  const files = writeStack(stackOf(everything), { providers: "included", backend: "none" });
  expect(files["providers.tf"]).toBe('provider "zpa" {}\n');
  expect(files["versions.tf"]).toContain(`    zpa = {
      source  = "zscaler/zpa"
      version = ">= 4.4.8, < 5"
    }`);
  expect(files["enrollment.tf"]).toBe(`data "zpa_enrollment_cert" "enrollment" {
  name = "Connector"
}

resource "zpa_app_connector_group" "enrollment" {
  name                     = "apps"
  version_profile_id       = "2"
  description              = "Applications of the sales department"
  country_code             = "US"
  city_country             = "San Jose, US"
  location                 = "San Jose, CA, USA"
  latitude                 = "37.33874"
  longitude                = "-121.88525"
  upgrade_day              = "SUNDAY"
  upgrade_time_in_secs     = "66600"
  override_version_profile = true
  dns_query_type           = "IPV4_IPV6"
}

resource "zpa_provisioning_key" "enrollment" {
  name               = "apps"
  enrollment_cert_id = data.zpa_enrollment_cert.enrollment.id
  zcomponent_id      = zpa_app_connector_group.enrollment.id
  association_type   = "CONNECTOR_GRP"
  max_usage          = "100"

  depends_on = [zpa_app_connector_group.enrollment]
}
`);
  expect(files["outputs.tf"]).toContain("value     = zpa_provisioning_key.enrollment.provisioning_key");
});
