import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cacheFolder, findAwsProvider, findTerraform, providerEnvironment } from "../../emulator";
import { type ModuleFiles } from "../../hcl";
import { filesOf, moduleSamples, type Settings } from "../hcl/module/modules";

const folder = mkdtempSync(join(tmpdir(), "hcl-validate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sampleNames = Object.keys(moduleSamples);
const sample = (name: string): Settings => {
  const settings = moduleSamples[name];
  if (!settings) throw new Error(`no sample ${name}`);
  return settings;
};

const modules = new Map(sampleNames.map((name) => [name, filesOf(sample(name))]));

function put(root: string, files: ModuleFiles): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** The text of a configuration that calls modules, each with arguments. */
const calling = (calls: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string => JSON.stringify({ module: calls });

describe("with nothing but the variables", () => {
  const offline = { ...process.env, TF_CLI_CONFIG_FILE: devNull, CHECKPOINT_DISABLE: "1" };
  const largest = "zpa-ha-everything";

  /** Applies a configuration of modules that only have variables and show them. */
  async function applied(calls: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Promise<string> {
    const root = mkdtempSync(join(folder, "variables-"));
    for (const [name, files] of modules) {
      const text = String(files["variables.tf"]);
      const shown = [...text.matchAll(/^variable "(\w+)"/gm)].map(([, variable = ""]) => `${variable} = var.${variable}`);
      put(join(root, name), { "variables.tf": text, "shown.tf": `output "shown" {\n  value = {\n${shown.join("\n")}\n}\n}\n` });
    }
    const outputs = Object.fromEntries(Object.keys(calls).map((name) => [name, { value: `\${module.${name}.shown}` }]));
    writeFileSync(join(root, "main.tf.json"), JSON.stringify({ module: calls, output: outputs }));
    const { command } = await findTerraform();
    const terraform = (...args: readonly string[]) => spawnSync(command, args, { cwd: root, encoding: "utf8", env: offline });
    const { stdout, stderr, status } = terraform("init", "-input=false", "-no-color");
    if (status !== 0) throw new Error(stdout + stderr);
    const { stdout: output } = terraform("apply", "-auto-approve", "-input=false", "-json");
    return output;
  }

  interface Message {
    readonly type: string;
    readonly outputs?: Readonly<Record<string, { readonly value: Readonly<Record<string, unknown>> }>>;
    readonly diagnostic?: { readonly detail: string; readonly range?: { readonly start: { readonly line: number } } };
  }
  const messages = (output: string): readonly Message[] =>
    output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Message);

  test("every default is taken and is the value of the file", async () => {
    const calls = Object.fromEntries(sampleNames.map((name) => [name, { source: `./${name}` }]));
    const told = messages(await applied(calls));
    expect(told.flatMap(({ diagnostic }) => diagnostic?.detail ?? [])).toEqual([]);
    const shown = told.filter(({ type }) => type === "outputs").at(-1)?.outputs ?? {};
    expect(Object.keys(shown).sort()).toEqual([...sampleNames].sort());
    for (const name of sampleNames) {
      const settings = sample(name);
      const { network, region, tags } = settings;
      const connectors = "connectors" in settings ? settings.connectors : undefined;
      const { cidr, namespace } = network.create ?? network.existing ?? {};
      expect(shown[name]?.value).toMatchObject({
        name: "egress",
        region,
        vpc_cidr: cidr,
        tags: tags ?? {},
        ...(connectors ? { connectors_secret: connectors.secret } : {}),
        ...(namespace === undefined ? {} : { network_namespace: namespace }),
        ...(network.existing === undefined ? {} : { network_id: network.existing.id }),
        ...(connectors?.ssh?.keyName === undefined ? {} : { connectors_ssh_key_name: connectors.ssh.keyName }),
      });
    }
  });

  const range = "This is no range at its network address, such as 10.1.0.0/16.";
  const ipv6 = "This is IPv6, where the module was generated for an IPv4 range.";
  const vpc = "This is no IPv4 range at its network address, such as 10.1.0.0/16.";
  const length = "The subnets were planned in a /16: give a range of that length, or generate the module anew.";
  const name = "Use lower-case letters, digits and hyphens, a letter first and no hyphen last, and do not begin with sg.";
  const whole = "This is no whole number.";
  const domain =
    "This is no domain such as crm.example.com: each part between dots has 1 to 63 of a-z, 0-9, - and _, and no hyphen first or last.";
  const port = "This is no port for health probes: use 80, or 1024 to 65535.";
  const boundary = "This is no ARN: give the whole ARN, such as arn:aws:iam::123456789012:policy/boundary.";
  const url =
    "This is no provisioning URL: copy it from the provisioning template in the portal: connector.<cloud>/api/v1/provUrl?name=<template>.";
  const support = "This is no single address: give the address of remotesupport.<your Zscaler cloud> with /32, such as 199.168.148.101/32.";
  const group = "This is no id of a security group: give one such as sg-0123456789abcdef0.";
  const target = "This is no IPv4 address, such as 185.46.212.88.";
  const keys = "Give exactly crm, wiki: the module was generated for these.";

  const wrong: readonly (readonly [string, unknown, string])[] = [
    ["name", "Egress", name],
    ["name", "egress-", name],
    ["name", "1egress", name],
    ["name", "sg-egress", name],
    ["name", "", name],
    ["name", "a".repeat(27), "Use 26 characters at the most: AWS limits the IAM names that begin with it."],
    ["vpc_cidr", "10.1.0.0/17", length],
    ["vpc_cidr", "10.1.0.1/16", vpc],
    ["vpc_cidr", "fd00::/16", vpc],
    ["vpc_cidr", "somewhere/16", vpc],
    ["region", "us-west-2a", "This is no AWS region: write it as AWS does, such as us-west-2."],
    ["iam_path", "network", "This is no IAM path: a path begins and ends with a slash, such as /network/."],
    ["iam_permissions_boundary", "boundary", boundary],
    ["network_namespace", "", "This is empty."],
    ["network_namespace", "a".repeat(257), "This has more than 256 characters."],
    [
      "nat_per_zone_allocations",
      { b: "eip-1" },
      "This is no id of an elastic address's allocation: give one such as eipalloc-0123456789abcdef0.",
    ],
    ["connectors_provisioning_url", "https://connector.zscaler.net/api/v1/provUrl?name=a", url],
    ["connectors_secret", "a b", "This is no secret of Secrets Manager: give one such as ZS/CC/credentials or the secret's ARN."],
    ["connectors_disk_type", "io2", "This is none of gp3, gp2."],
    ["connectors_disk_kms_key", "key", "This is no KMS key: give one such as alias/zscaler, a key id or an ARN."],
    ["connectors_ssh_key_name", "", "This is empty."],
    ["connectors_ssh_allow_from", { office: "203.0.113.1/24" }, range],
    ["connectors_ssh_allow_from", { office: "2001:db8::/32" }, ipv6],
    ["connectors_ssh_allow_from", { office: "203.0.113.0" }, range],
    ["connectors_support_server", "199.168.148.0/24", support],
    ["connectors_support_server", "2001:db8::/32", ipv6],
    ["connectors_management_security_groups", ["sg-1"], group],
    ["connectors_management_security_groups", [], "Give exactly 1: the module was generated for that many."],
    ["connectors_health_probe_port", 443, port],
    ["connectors_health_probe_port", 70000, port],
    ["connectors_health_probe_port", 2000.5, whole],
    ["test_hosts_instance_type", "t3", "This is not of the form that AWS takes."],
    ["zpa_domains", { crm: "crm.example.com", wiki: "-wiki.example.org" }, domain],
    ["zpa_domains", { crm: "crm.example.com" }, keys],
    ["zpa_domains", { crm: "crm.example.com", wiki: "wiki.example.org", more: "more.example.org" }, keys],
    ["zpa_existing_rules", { partner: "rule" }, "This is no id of a Resolver rule: give one such as rslvr-rr-0123456789abcdef0."],
    ["zpa_targets", ["185.46.212.300"], target],
    ["zpa_targets", ["2001:db8::1"], target],
    ["zpa_targets", ["185.46.212.88", "185.46.212.89"], "Give exactly 1: the module was generated for that many."],
    ["zpa_associate_vpcs_spoke_id", "vpc", "This is no id of a VPC: give one such as vpc-0123456789abcdef0."],
    ["failover_pinned_partner_destination", "2001:db8::/32", ipv6],
    ["failover_runtime", "nodejs18.x", "This is none of nodejs22.x, nodejs20.x."],
    ["failover_memory", 127, "This is less than 128."],
    ["failover_memory", 10241, "This is more than 10240."],
    ["failover_memory", 128.5, whole],
    ["failover_memory", "much", "a number is required"],
    ["failover_log_retention_days", 31, "This is none of 1, 3, 5, 7, 14, 30, 60, 90,"],
    ["failover_reserved_concurrency", 2, "This is less than 3."],
  ];

  test("every wrong value is refused with its rule, and right ones are not", async () => {
    const right = {
      name: "a",
      vpc_cidr: "172.16.0.0/16",
      region: "us-gov-west-1",
      iam_path: "/",
      connectors_secret: "a",
      connectors_ssh_allow_from: { office: "0.0.0.0/0" },
      connectors_health_probe_port: 80,
      // A caller that gives null gets the default.
      failover_memory: null,
      zpa_domains: { crm: "internal", wiki: "_sites.example.org" },
    };
    const calls = {
      right: { source: `./${largest}`, ...right },
      ...Object.fromEntries(wrong.map(([variable, value], index) => [`wrong_${index}`, { source: `./${largest}`, [variable]: value }])),
      // The subnet that was written by hand would be outside.
      moved: { source: "./written-ranges", vpc_cidr: "10.2.0.0/22" },
    };
    const details = messages(await applied(calls)).flatMap(({ diagnostic }) => diagnostic?.detail ?? []);
    const expected = [
      ...wrong.map(([, , message]) => message),
      "The configuration gives ranges in 10.1.0.0/22 (10.1.3.0/28): for another range, generate the module anew.",
    ];
    expect(details.map((detail) => expected.find((message) => detail.includes(message)) ?? detail).sort()).toEqual(expected.sort());
  });
});

test("terraform fmt changes nothing in any module", async () => {
  const { command } = await findTerraform();
  const root = join(folder, "format");
  for (const [name, files] of modules) put(join(root, name), files);
  put(join(root, "root"), filesOf(sample("zpa-ha-everything"), { kind: "root" }));
  const { stdout, status } = spawnSync(command, ["fmt", "-check", "-diff", "-recursive", "-no-color", "."], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, TF_CLI_CONFIG_FILE: devNull, CHECKPOINT_DISABLE: "1" },
  });
  expect([stdout, status]).toEqual(["", 0]);
});

describe("with the AWS provider", () => {
  interface Validation {
    readonly valid: boolean;
    readonly diagnostics: readonly { readonly summary: string; readonly detail: string }[];
  }

  async function validate(configuration: string): Promise<Validation> {
    const { command } = await findTerraform();
    const provider = await providerEnvironment(await findAwsProvider(), { terraform: command, workingFolder: folder, cache: cacheFolder });
    const env = { ...process.env, ...provider, CHECKPOINT_DISABLE: "1" };
    execFileSync(command, ["init", "-backend=false", "-input=false"], { cwd: configuration, env, stdio: "pipe" });
    const { stdout } = spawnSync(command, ["validate", "-json"], { cwd: configuration, env, encoding: "utf8", maxBuffer: 2 ** 26 });
    return JSON.parse(stdout) as Validation;
  }

  test("the modules of all samples are valid", async () => {
    const root = join(folder, "all");
    for (const [name, files] of modules) put(join(root, name), files);
    writeFileSync(join(root, "main.tf.json"), calling(Object.fromEntries(sampleNames.map((name) => [name, { source: `./${name}` }]))));
    expect(await validate(root)).toMatchObject({ valid: true, diagnostics: [] });
  });

  test("so is the example of a module", async () => {
    const root = join(folder, "example");
    put(root, filesOf(sample("zpa-ha")));
    expect(await validate(join(root, "examples/complete"))).toMatchObject({ valid: true, diagnostics: [] });
  });

  test.each(["zpa-ha-everything", "zpa-ha"])("so is the root configuration of %s", async (name) => {
    const root = join(folder, `root-${name}`);
    put(root, filesOf(sample(name), { kind: "root", folder: root }));
    expect(await validate(root)).toMatchObject({ valid: true, diagnostics: [] });
  });
});
