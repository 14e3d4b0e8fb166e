import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../../config";
import { moduleFiles } from "../../../hcl";
import { appConnectors, base, gwlb, spoke } from "../../stacks/samples";
import { type Settings } from "./modules";

/** The variables, the example and the file of networks of the module of one of a file's deployments. */
function moduleOf(wanted: string, deployments: Readonly<Record<string, Settings>>) {
  const folder = mkdtempSync(join(tmpdir(), "hub-"));
  try {
    const file = join(folder, "zscaler.yaml");
    writeFileSync(file, JSON.stringify({ deployments }));
    const loaded = loadConfig(file).find(({ name }) => name === wanted);
    if (!loaded) throw new Error(`no deployment ${wanted}`);
    const files = moduleFiles({ ...loaded, kind: "module", folder, command: "" });
    const variables = String(files["variables.tf"]);
    return {
      required: [...variables.matchAll(/^variable "(\w+)" \{\n([^]*?)^\}/gm)].flatMap(([, name, body = ""]) =>
        /^ {2}default /m.test(body) ? [] : [name],
      ),
      example: String(files["examples/complete/main.tf"]),
      text: Object.entries(files)
        .map(([path, content]) => (path.endsWith(".tf") ? String(content) : ""))
        .join("\n"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const subnets = { ranges: { a: { connector: "10.1.57.0/24" }, b: { connector: "10.1.59.0/24" } } };

test("App Connectors in another deployment's VPC are given its id and its NAT gateways by whoever calls the module", () => {
  const { required, example, text } = moduleOf("apps", {
    egress: base({ zones: ["a", "b"] }),
    apps: appConnectors({ network: { deployment: "egress" }, subnets }),
  });
  expect(required.sort()).toEqual(["nat_gateways", "network_id"]);
  expect(example).toMatch(/network_id\s+= "vpc-0123456789abcdef0"/);
  expect(text).toMatch(/nat_gateway_id\s+= var\.nat_gateways\.a/);
  expect(text).toMatch(/vpc_id\s+= var\.network_id/);
  expect(text).not.toContain("terraform_remote_state");
});

test("a spoke is given the service and the rules of its hub", () => {
  const { required, text } = moduleOf("shop", {
    hub: gwlb({ zpa: { domains: { crm: "crm.example.com" } } }),
    shop: spoke({ endpointService: { deployment: "hub" }, zpa: true }),
  });
  expect(required.sort()).toEqual(["endpoint_service_name", "resolver_rules"]);
  expect(text).not.toContain("terraform_remote_state");
});
