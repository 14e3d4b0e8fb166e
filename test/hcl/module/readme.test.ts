import { zpaHa } from "../../stacks/samples";
import { asText } from "../../stacks/synthesize";
import { isObject, type Json, type JsonObject } from "../../../hcl/syntax/json";
import { parseHcl } from "../normalize";
import { filesOf, moduleSamples, type Settings } from "./modules";

const readmeOf = (settings: Settings, props: Parameters<typeof filesOf>[1] = {}): string => String(filesOf(settings, props)["README.md"]);

/** The text below a heading. */
const section = (text: string, title: string): string => text.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? "";

/** The rows of a section's table, without its head. */
const rows = (text: string, title: string): readonly (readonly string[])[] =>
  section(text, title)
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) => line.slice(2, -2).split(" | "));

const code = (text: string, language: string): string => new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(text)?.[1] ?? "";

const declared = async (settings: Settings, kind: "variable" | "output"): Promise<JsonObject> => {
  const found = (await parseHcl(String(filesOf(settings)[`${kind}s.tf`])))[kind];
  return found !== undefined && isObject(found) ? found : {};
};

const everything = moduleSamples["zpa-ha-everything"] as Settings;

test("shows by zone what leads where", () => {
  expect(code(readmeOf(zpaHa({ zones: ["a", "us-west-2b", "us-west-2-lax-1a"], connectors: { servedBy: { b: "a" } } })), "mermaid")).toBe(
    `flowchart LR
  workload_a[workload a] --> a-1[connector a-1]
  workload_b[workload b] --> a-1[connector a-1]
  workload_lax-1a[workload lax-1a] --> lax-1a-1[connector lax-1a-1]
  resolver_a[resolver a] --> a-1[connector a-1]
  resolver_b[resolver b] --> a-1[connector a-1]
  a-1 --> nat_a
  lax-1a-1 --> nat_lax-1a
  nat_a[NAT gateway a] --> zscaler((Zscaler cloud))
  nat_lax-1a[NAT gateway lax-1a] --> zscaler((Zscaler cloud))
  failover[failover function] -.-> a-1
  failover[failover function] -.-> lax-1a-1
`,
  );
});

test.each([
  ["one-nat", "  a-1 --> nat_a\n  b-1 --> nat_a\n  nat_a[NAT gateway a] --> zscaler((Zscaler cloud))\n"],
  ["no-nat", "  a-1 --> zscaler((Zscaler cloud))\n  b-1 --> zscaler((Zscaler cloud))\n"],
])("shows the ways out of %s", (sample, ways) => {
  const [, after] = code(readmeOf(moduleSamples[sample] as Settings), "mermaid").split("workload_b[workload b] --> b-1[connector b-1]\n");
  expect(after).toBe(ways);
});

test("names the template and the zones of any region", () => {
  expect(readmeOf(moduleSamples["local-zones"] as Settings)).toMatch(/: the template `zpa-ha` in zones a, b, lax-1a\.$/m);
  expect(readmeOf(moduleSamples["one-zone"] as Settings)).toMatch(/: the template `base` in zone a\.$/m);
});

test("gives the command that generates it again", () => {
  expect(section(readmeOf(zpaHa(), { command: "npx zscaler-aws hcl 'a b'" }), "What is fixed")).toContain(
    "\n```sh\nnpx zscaler-aws hcl 'a b'\n```\n",
  );
});

test("lists each variable and each output as it is declared", async () => {
  const readme = readmeOf(everything);
  const variables = await declared(everything, "variable");
  expect(new Set(rows(readme, "Inputs").map(([name]) => name))).toEqual(new Set(Object.keys(variables).map((name) => `\`${name}\``)));
  for (const [name = "", type, byDefault, description] of rows(readme, "Inputs")) {
    const variable = variables[name.slice(1, -1)] as Readonly<Record<string, Json>>;
    expect([type, JSON.parse(String(byDefault).slice(1, -1)), description]).toEqual([
      `\`${asText(variable["type"])}\``,
      variable["default"],
      variable["description"],
    ]);
  }
  const outputs = await declared(everything, "output");
  expect(Object.fromEntries(rows(readme, "Outputs").map(([name = "", description]) => [name.slice(1, -1), description]))).toEqual(
    Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, (output as JsonObject)["description"]])),
  );
});

test("shows a call with what is a deployment's own, as the whole example has it", async () => {
  const files = filesOf(everything, { name: "egress-prod" });
  const call = {
    source: "../..",
    name: "egress-prod",
    vpc_cidr: "10.1.0.0/16",
    region: "us-west-2",
    tags: { Owner: "netsec" },
    connectors_provisioning_url: "connector.zscaler.net/api/v1/provUrl?name=aws-prod",
    connectors_secret: "arn:aws:secretsmanager:us-west-2:123456789012:secret:ZS/CC/credentials-AbCdEf",
    zpa_domains: { crm: "crm.example.com", wiki: "wiki.example.org" },
  };
  expect(await parseHcl(String(files["examples/complete/main.tf"]))).toEqual({
    terraform: {
      required_version: ">= 1.7",
      required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.100, < 7" } },
    },
    provider: { aws: [{ region: "us-west-2" }] },
    module: { egress_prod: [call] },
    output: { egress_prod: { value: "${module.egress_prod}" } },
  });
  expect((await parseHcl(code(String(files["README.md"]), "hcl")))["module"]).toEqual({
    egress_prod: [{ ...call, source: "./path/to/this/folder" }],
  });
});

test("a root configuration is no module to call", () => {
  const files = filesOf(everything, { kind: "root" });
  expect(Object.keys(files).filter((path) => path.startsWith("examples/"))).toEqual([]);
  expect(code(String(files["README.md"]), "sh")).toBe("terraform init\nterraform plan\n");
  expect(String(files["README.md"])).not.toContain("```hcl");
});
