import { resolve } from "node:path";
import { TerraformVariable } from "cdktf";
import { BaseStack } from "../../stacks/base";
import { base, samples } from "./samples";
import { asText, synthesize, synthesizeApp } from "./synthesize";

const everything = synthesize(samples.everything);

test("outputs are by zone, connectors by zone and number", () => {
  const { outputs } = synthesize(
    base({
      zones: ["a", "b", "c"],
      connectors: { servedBy: { c: "a" }, managementTier: "separate", healthProbePort: 8080 },
      testHosts: {},
    }),
  );
  const byZone = (zones: readonly string[], value: (zone: string) => string) =>
    Object.fromEntries(zones.map((zone) => [zone, `\${${value(zone)}}`]));
  const connector = (zone: string) => ({
    zone,
    instance_id: `\${aws_instance.connectors_${zone}_1.id}`,
    service_interface_id: `\${aws_network_interface.connectors_${zone}_1_service.id}`,
    service_address: `\${aws_network_interface.connectors_${zone}_1_service.private_ip}`,
    management_interface_id: `\${aws_network_interface.connectors_${zone}_1_management.id}`,
    management_address: `\${aws_network_interface.connectors_${zone}_1_management.private_ip}`,
    health_probe_url: `http://\${aws_network_interface.connectors_${zone}_1_service.private_ip}:8080/?cchealth`,
  });
  const all = ["a", "b", "c"];
  const own = ["a", "b"];
  expect(outputs).toEqual({
    zones: { a: "us-west-2a", b: "us-west-2b", c: "us-west-2c" },
    vpc_id: "${aws_vpc.network.id}",
    vpc_ranges: { vpc: "10.1.0.0/16" },
    public_subnet_ids: byZone(own, (zone) => `aws_subnet.network_${zone}_public.id`),
    public_route_table_ids: byZone(own, () => "aws_route_table.network_public.id"),
    connector_subnet_ids: byZone(own, (zone) => `aws_subnet.network_${zone}_connector.id`),
    connector_route_table_ids: byZone(own, (zone) => `aws_route_table.network_${zone}_connector.id`),
    management_subnet_ids: byZone(own, (zone) => `aws_subnet.network_${zone}_management.id`),
    management_route_table_ids: byZone(own, (zone) => `aws_route_table.network_${zone}_management.id`),
    workload_subnet_ids: byZone(all, (zone) => `aws_subnet.network_${zone}_workload.id`),
    workload_route_table_ids: byZone(all, (zone) => `aws_route_table.network_${zone}_workload.id`),
    nat_gateway_ids: byZone(own, (zone) => `aws_nat_gateway.network_${zone}_nat.id`),
    nat_gateway_addresses: byZone(own, (zone) => `aws_nat_gateway.network_${zone}_nat.public_ip`),
    connectors: { "a-1": connector("a"), "b-1": connector("b") },
    service_security_group_id: "${aws_security_group.connectors_service.id}",
    management_security_group_id: "${aws_security_group.connectors_management.id}",
    connector_role_arn: "${aws_iam_role.connectors_role.arn}",
    test_host_ids: byZone(all, (zone) => `aws_instance.test_hosts_${zone}.id`),
  });
  expect(everything.outputs["bastion_address"]).toBe("${aws_instance.test_hosts_bastion.public_ip}");
  for (const { description } of Object.values(everything.file.output ?? {})) expect(description).toMatch(/^[A-Z].{9,}/);
});

describe("provider", () => {
  test("any version between 5.100 and 7, from its full source", () => {
    expect(everything.file.terraform["required_providers"]).toEqual({ aws: { source: "hashicorp/aws", version: ">= 5.100, < 7" } });
  });

  test("takes region, profile, role, accounts and default tags", () => {
    expect(everything.file.provider).toEqual({
      aws: [
        {
          region: "us-west-2",
          profile: "network",
          assume_role: [{ role_arn: "arn:aws:iam::123456789012:role/deployer", external_id: "zscaler", session_name: "egress" }],
          allowed_account_ids: ["123456789012"],
          default_tags: [
            { tags: { ManagedBy: "terraform", Vendor: "Zscaler", "zs-edge-connector-cluster/egress-cluster": "shared", Owner: "netsec" } },
          ],
        },
      ],
    });
    expect(Object.keys(synthesize(base()).file.provider?.["aws"]?.[0] ?? {}).sort()).toEqual(["default_tags", "region"]);
  });
});

describe("backend", () => {
  test("is a local file, by a path relative to where Terraform runs", () => {
    const path = resolve("environments", "prod.egress.tfstate");
    const { file, folder } = synthesize(base({ backend: { local: { path } } }));
    const { local } = file.terraform["backend"] as { readonly local: { readonly path: string } };
    expect(local.path).toMatch(/^\.\.\//);
    expect(resolve(folder, local.path)).toBe(path);
    expect(file.terraform["required_version"]).toBe(">= 1.7");
  });

  test("is by default a file named after the deployment", () => {
    const { file, folder } = synthesize(base(), "lab");
    const { local } = file.terraform["backend"] as { readonly local: { readonly path: string } };
    expect(resolve(folder, local.path)).toBe(resolve("lab.tfstate"));
  });

  test("is S3, encrypted, with a lock file, which needs Terraform 1.10", () => {
    expect(everything.file.terraform).toMatchObject({
      backend: {
        s3: {
          bucket: "states",
          key: "network/egress.tfstate",
          region: "us-east-1",
          encrypt: true,
          kms_key_id: "arn:aws:kms:us-east-1:123456789012:key/3f0d9e38-1a8a-4a4a-9d0e-0123456789ab",
          profile: "states",
          use_lockfile: true,
        },
      },
      required_version: ">= 1.10",
    });
  });

  test("in S3 has a key of its own, and no lock file where that is asked for", () => {
    const { file } = synthesize(base({ backend: { s3: { bucket: "states", region: "us-east-1", lockFile: false } } }), "lab");
    expect(file.terraform).toMatchObject({
      backend: { s3: { bucket: "states", key: "lab.tfstate", region: "us-east-1", encrypt: true } },
      required_version: ">= 1.7",
    });
    expect(JSON.stringify(file.terraform)).not.toContain("use_lockfile");
  });
});

describe("names", () => {
  test("of the longest deployment fit into AWS with every option", () => {
    const stack = synthesize(samples.everything, "a-deployment-of-26-letters");
    for (const role of Object.values(stack.ofType("aws_iam_role"))) expect(asText(role["name_prefix"]).length).toBeLessThanOrEqual(38);
  });

  test("of a longer one are refused with the length they would have", () => {
    expect(() => synthesize(samples.everything, "a-deployment-of-27-letters-")).toThrow(/has 39 characters; an IAM name prefix takes 38/);
  });

  test("of security groups do not begin with sg-, which EC2 keeps to itself", () => {
    expect(() => synthesize(base(), "sg")).toThrow(/sg-/);
  });
});

test("values that Terraform knows only at deployment are passed on", () => {
  const stack = synthesize((scope) => {
    const variable = (name: string, type = "string") => new TerraformVariable(scope, name, { type });
    return base({
      region: variable("region").stringValue,
      connectors: {
        provisioningUrl: variable("url").stringValue,
        secret: variable("secret").stringValue,
        instanceType: variable("instance_type").stringValue,
        healthProbePort: variable("port", "number").numberValue,
        managementSecurityGroups: [variable("group").stringValue],
        sourceRanges: { spoke: variable("spoke").stringValue },
        disk: { kmsKey: variable("key").stringValue },
      },
      tags: { Owner: variable("owner").stringValue },
    });
  });
  expect(stack.file.provider?.["aws"]?.[0]).toMatchObject({ region: "${var.region}", default_tags: [{ tags: { Owner: "${var.owner}" } }] });
  expect(stack.at("aws_subnet.network_a_workload")["availability_zone"]).toBe("${var.region}a");
  expect(stack.at("data.aws_secretsmanager_secret.connectors")).toEqual({
    arn: '${startswith(var.secret, "arn:") ? var.secret : null}',
    name: '${startswith(var.secret, "arn:") ? null : var.secret}',
  });
  expect(stack.at("aws_instance.connectors_a_1")).toMatchObject({
    instance_type: "${var.instance_type}",
    user_data: "[ZSCALER]\nCC_URL=${var.url}\nSECRET_NAME=${data.aws_secretsmanager_secret.connectors.name}\nHTTP_PROBE_PORT=${var.port}\n",
  });
  expect(stack.at("aws_vpc_security_group_ingress_rule.connectors_service_health_probe_from_vpc")).toMatchObject({
    from_port: "${var.port}",
    to_port: "${var.port}",
  });
  expect(stack.at("aws_vpc_security_group_ingress_rule.connectors_service_all_from_spoke")["cidr_ipv4"]).toBe("${var.spoke}");
  expect(stack.at("aws_network_interface.connectors_a_1_management")["security_groups"]).toContain("${var.group}");
  expect(stack.at("data.aws_kms_key.connectors_disk_key")["key_id"]).toBe("${var.key}");
  expect(stack.outputs["connectors"]).toMatchObject({
    "a-1": { health_probe_url: "http://${aws_network_interface.connectors_a_1_service.private_ip}:${var.port}/?cchealth" },
  });
});

test("two deployments in one app share nothing", () => {
  const stack = synthesizeApp((app) => {
    new BaseStack(app, "north", () => samples.everything);
    new BaseStack(app, "south", () => samples.everything);
  });
  const north = stack("north");
  expect(north.addresses).toEqual(stack("south").addresses);
  expect(north.addresses).toEqual(synthesize(samples.everything, "north").addresses);
  for (const { text } of [north, stack("south")]) expect(text).not.toMatch(/cross-stack|terraform_remote_state/);
});
