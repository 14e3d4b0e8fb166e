import { AppConnectorsStack } from "../../stacks/app-connectors";
import { NetworkStack } from "../../stacks/network";
import { madeBefore, wayOut } from "./graph";
import { appConnectors, appConnectorSamples, network, zpaProviderSamples } from "./samples";
import { asText, type Block, synthesize, synthesizeApp } from "./synthesize";

const written = { a: { connector: "10.1.146.0/24" }, b: { connector: "10.1.147.0/24" } };

describe.each(
  Object.entries({ ...appConnectorSamples, ...zpaProviderSamples }).map(([name, settings]) => ({ name, stack: synthesize(settings) })),
)("$name", ({ stack }) => {
  const subnets = Object.keys(stack.ofType("aws_subnet")).filter((address) => address.endsWith("_connector"));
  const launched = [...Object.keys(stack.ofType("aws_instance")), ...Object.keys(stack.ofType("aws_autoscaling_group"))];

  test("App Connectors leave by a NAT gateway of their zone, and by no connector", () => {
    expect(stack.ofType("aws_vpc_endpoint_service")).toEqual({});
    for (const subnet of subnets) {
      const zone = /network_(.+)_connector$/.exec(subnet)?.[1] ?? "";
      expect(wayOut(stack, subnet)).toEqual([`aws_nat_gateway.network_${zone}_nat`, "aws_internet_gateway.network"]);
    }
    for (const route of Object.values(stack.ofType("aws_route"))) expect(route).not.toHaveProperty("network_interface_id");
  });

  test("what an instance needs at its launch and its end stands before it and outlives it", () => {
    expect(launched.length).toBeGreaterThan(0);
    const needed = [
      ...Object.keys(stack.ofType("aws_iam_role_policy")).filter((address) =>
        address.startsWith("aws_iam_role_policy.app_connectors_role_"),
      ),
      ...Object.keys(stack.ofType("aws_vpc_security_group_egress_rule")).filter((address) => address.includes(".app_connectors_")),
      ...Object.keys(stack.ofType("aws_route")).filter((address) => address.endsWith("_connector")),
      ...Object.keys(stack.ofType("aws_secretsmanager_secret_version")),
      "aws_lambda_function.app_connectors_upkeep",
      "aws_lambda_event_source_mapping.app_connectors_upkeep",
    ];
    const events = Object.keys(stack.ofType("aws_cloudwatch_event_target")).filter((address) => address.includes("terminat"));
    expect(events.length).toBeGreaterThan(0);
    for (const address of launched) expect([...madeBefore(stack, address)]).toEqual(expect.arrayContaining([...needed, ...events]));
  });

  test("no address is public, and nothing comes in but SSH from ranges that are written", () => {
    for (const { cidr_ipv4, from_port } of Object.values(stack.ofType("aws_vpc_security_group_ingress_rule")).filter(
      ({ description }) => !/endpoint/i.test(asText(description)),
    )) {
      if (from_port !== 22) continue;
      expect(cidr_ipv4).not.toBe("0.0.0.0/0");
    }
    expect(stack.text).not.toMatch(/"associate_public_ip_address":\s*"?true/);
  });
});

test("no key is in the user data, and none in the state unless that is accepted", () => {
  const stack = synthesize(appConnectorSamples["app-connectors"]);
  expect(stack.ofType("aws_secretsmanager_secret_version")).toEqual({});
  expect(stack.ofType("data.aws_secretsmanager_secret_version")).toEqual({});
  const made = synthesize(zpaProviderSamples["app-connectors-key-made"]);
  expect(made.file.terraform).toMatchObject({ required_providers: { zpa: { source: "zscaler/zpa" } } });
  const [secret = {}] = Object.values(made.ofType("aws_secretsmanager_secret_version"));
  expect(asText(secret["secret_string"])).toMatch(/zpa_provisioning_key\..+\.provisioning_key/);
  for (const instance of Object.values(made.ofType("aws_instance")))
    expect(asText(instance["user_data_base64"])).not.toContain("zpa_provisioning_key");
});

describe("in the VPC of another stack of the app", () => {
  let after: readonly string[] = [];
  const stack = synthesizeApp((app) => {
    new NetworkStack(app, "egress", () => network({ zones: ["a", "b"] }));
    const apps = new AppConnectorsStack(app, "apps", () =>
      appConnectors({ network: { deployment: "egress" }, subnets: { ranges: written } }),
    );
    after = apps.dependencies.map(({ node }) => node.id);
  });
  const apps = stack("apps");

  test("they read its outputs from its state, and are deployed after it", () => {
    expect(after).toEqual(["egress"]);
    const { config } = apps.at("data.terraform_remote_state.egress");
    expect(config).toEqual((stack("egress").file.terraform as { readonly backend: { readonly local: Block } }).backend.local);
    expect(apps.text).not.toMatch(/cross-stack|TfToken/);
    for (const name of ["vpc_id", "nat_gateway_ids"]) expect(stack("egress").outputs).toHaveProperty(name);
  });

  test("they have subnets of their own there, which leave by its NAT gateways", () => {
    for (const type of ["aws_vpc", "aws_nat_gateway", "aws_internet_gateway"]) expect(apps.ofType(type)).toEqual({});
    for (const zone of ["a", "b"] as const) {
      expect(apps.at(`aws_subnet.network_${zone}_connector`)).toMatchObject({
        cidr_block: written[zone].connector,
        vpc_id: "${data.terraform_remote_state.egress.outputs.vpc_id}",
      });
      const gateway = `\${data.terraform_remote_state.egress.outputs.nat_gateway_ids.${zone}}`;
      expect(apps.at(`aws_route.network_${zone}_connector_default`)["nat_gateway_id"]).toBe(gateway);
    }
  });

  test("they are refused where it is not there", () => {
    const alone = () =>
      synthesizeApp((app) => new AppConnectorsStack(app, "apps", () => appConnectors({ network: { deployment: "egress" } })));
    expect(alone).toThrow("apps.network.deployment: the app has no stack egress yet: make it first");
  });
});
