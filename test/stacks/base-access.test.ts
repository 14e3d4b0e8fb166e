import { reference } from "./graph";
import { base, samples } from "./samples";
import { asText, synthesize, type Block, type SynthesizedStack } from "./synthesize";

const starter = synthesize(samples["one-zone"]);
const everything = synthesize(samples.everything);

const shown = (direction: string, rule: Block): string => {
  const { ip_protocol, from_port, to_port, cidr_ipv4, cidr_ipv6, referenced_security_group_id } = rule;
  const group = referenced_security_group_id && reference(referenced_security_group_id);
  const ports = from_port === to_port ? from_port : `${asText(from_port)}-${asText(to_port)}`;
  const traffic = ip_protocol === "-1" ? "all" : `${asText(ip_protocol)} ${asText(ports)}`;
  return `${direction} ${traffic} ${asText(cidr_ipv4 ?? cidr_ipv6 ?? group)}`;
};

/** The rules of a group, one a line. */
const rulesOf = (stack: SynthesizedStack, group: string): readonly string[] =>
  (["ingress", "egress"] as const)
    .flatMap((direction) =>
      Object.values(stack.ofType(`aws_vpc_security_group_${direction}_rule`))
        .filter(({ security_group_id }) => security_group_id === `\${aws_security_group.${group}.id}`)
        .map((rule) => shown(direction === "ingress" ? "in" : "out", rule)),
    )
    .sort();

const managementOut = [
  "out tcp 0-65535 167.103.95.222/32",
  "out tcp 443 0.0.0.0/0",
  "out tcp 53 0.0.0.0/0",
  "out udp 123 0.0.0.0/0",
  "out udp 53 0.0.0.0/0",
];

const serviceOut = [
  "out tcp 443 0.0.0.0/0",
  "out tcp 53 0.0.0.0/0",
  "out udp 123 0.0.0.0/0",
  "out udp 443 0.0.0.0/0",
  "out udp 53 0.0.0.0/0",
];

const serviceIn = (port: number, ...ranges: readonly string[]) =>
  ranges.flatMap((range) => [`in all ${range}`, `in tcp 443 ${range}`, `in tcp ${port} ${range}`]);

describe("security groups", () => {
  test("as published, with DNS over TCP, without SSH and support", () => {
    expect(rulesOf(starter, "connectors_management")).toEqual(managementOut);
    expect(rulesOf(starter, "connectors_service")).toEqual([...serviceIn(50000, "10.1.0.0/16"), ...serviceOut, "out all 0.0.0.0/0"].sort());
    expect(rulesOf(starter, "test_hosts_workload")).toEqual(["in all aws_security_group.test_hosts_workload", "out all 0.0.0.0/0"]);
  });

  test("with all that can be asked for", () => {
    expect(rulesOf(everything, "connectors_management")).toEqual(
      ["in tcp 22 203.0.113.0/24", ...managementOut, "out tcp 12002 199.168.148.101/32"].sort(),
    );
    expect(rulesOf(everything, "connectors_service")).toEqual(
      [...serviceIn(8080, "10.1.0.0/16", "100.64.0.0/16", "10.2.0.0/16", "2001:db8::/32"), ...serviceOut, "out all 0.0.0.0/0"].sort(),
    );
    expect(rulesOf(everything, "test_hosts_workload")).toEqual([
      "in all aws_security_group.test_hosts_workload",
      "in tcp 22 aws_security_group.test_hosts_bastion",
      "out all 0.0.0.0/0",
    ]);
    expect(rulesOf(everything, "test_hosts_bastion")).toEqual(["in tcp 22 198.51.100.7/32", "out all 0.0.0.0/0"]);
  });

  test("without allPortsEgress only the connector's own ports leave", () => {
    const stack = synthesize(base({ connectors: { allPortsEgress: false } }));
    expect(rulesOf(stack, "connectors_service").filter((rule) => rule.startsWith("out"))).toEqual(serviceOut);
  });

  test.each([
    ["vpc", base({ connectors: { sourceRanges: { vpc: "10.9.0.0/16" } } })],
    ["vpc", base({ network: { create: { cidr: "10.1.0.0/16", secondaryCidrs: { vpc: "100.64.0.0/16" } } } })],
    [
      "more",
      base({
        network: { create: { cidr: "10.1.0.0/16", secondaryCidrs: { more: "100.64.0.0/16" } } },
        connectors: { sourceRanges: { more: "10.9.0.0/16" } },
      }),
    ],
  ])("a second range by the name %s is refused, since its rules would take the place of the first one's", (name, settings) => {
    expect(() => synthesize(settings)).toThrow(name);
  });

  test("nothing is open to everybody", () => {
    for (const stack of [starter, everything]) {
      const rules = Object.values(stack.ofType("aws_vpc_security_group_ingress_rule"));
      expect(rules.length).toBeGreaterThan(3);
      for (const { cidr_ipv4, cidr_ipv6 } of rules) expect(asText(cidr_ipv4 ?? cidr_ipv6)).not.toMatch(/\/0/);
      for (const group of Object.values(stack.ofType("aws_security_group"))) {
        expect(group).not.toHaveProperty("ingress");
        expect(group).not.toHaveProperty("egress");
      }
    }
  });

  test("SSH without a range lets nobody in", () => {
    const stack = synthesize(base({ connectors: { ssh: { keyName: "operators" } } }));
    expect(rulesOf(stack, "connectors_management")).toEqual(managementOut);
    expect(stack.at("aws_instance.connectors_a_1")["key_name"]).toBe("operators");
  });

  test("each rule says its purpose in characters that EC2 takes, and no two of a group say the same", () => {
    const rules = [
      ...Object.values(everything.ofType("aws_vpc_security_group_ingress_rule")),
      ...Object.values(everything.ofType("aws_vpc_security_group_egress_rule")),
    ];
    // EC2 API, IpRange: Description.
    for (const { description } of rules) expect(description).toMatch(/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
    const told = rules.map(({ security_group_id, description }) => `${asText(security_group_id)} ${asText(description)}`);
    expect(new Set(told).size).toBe(told.length);
  });
});

describe("permissions", () => {
  const statements = (stack: SynthesizedStack, policy: string) => {
    const { Version, Statement } = JSON.parse(asText(stack.at(`aws_iam_role_policy.${policy}`)["policy"])) as Block;
    expect(Version).toBe("2012-10-17");
    return Statement;
  };
  const policiesOf = (stack: SynthesizedStack, role: string) =>
    Object.entries(stack.ofType("aws_iam_role_policy"))
      .filter(([, policy]) => reference(policy["role"]) === `aws_iam_role.${role}`)
      .map(([address]) => address);
  const secret = { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "${data.aws_secretsmanager_secret.connectors.arn}" };

  test("a connector reads its one secret, is reached by Session Manager and reports metrics", () => {
    expect(policiesOf(starter, "connectors_role")).toHaveLength(3);
    expect(statements(starter, "connectors_role_secret")).toEqual([secret]);
    expect(statements(starter, "connectors_role_session_manager")).toEqual([
      {
        Effect: "Allow",
        Action: [
          "ssm:UpdateInstanceInformation",
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ],
        Resource: "*",
      },
    ]);
    expect(statements(starter, "connectors_role_metrics")).toEqual([
      {
        Effect: "Allow",
        Action: "cloudwatch:PutMetricData",
        Resource: "*",
        Condition: { StringEquals: { "cloudwatch:namespace": "Zscaler/CloudConnectors" } },
      },
      { Effect: "Allow", Action: ["cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics", "ec2:DescribeTags"], Resource: "*" },
    ]);
  });

  test("it decrypts with the secret's key and discovers tags only if asked for", () => {
    expect(policiesOf(everything, "connectors_role")).toHaveLength(4);
    expect(statements(everything, "connectors_role_secret")).toEqual([
      secret,
      { Effect: "Allow", Action: "kms:Decrypt", Resource: "${data.aws_kms_key.connectors_secret_key.arn}" },
    ]);
    expect(everything.at("data.aws_kms_key.connectors_secret_key")["key_id"]).toBe("alias/secrets");
    expect(statements(everything, "connectors_role_cloud_tags")).toEqual([
      {
        Effect: "Allow",
        Action: ["sns:ListSubscriptions", "sns:ListTopics", "sns:Subscribe", "sns:Unsubscribe", "sqs:CreateQueue", "sqs:DeleteQueue"],
        Resource: "*",
      },
    ]);
    expect(starter.text).not.toContain("kms:");
  });

  test("each role is assumed by one service, has a name prefix, and the path and boundary asked for", () => {
    const roles = everything.ofType("aws_iam_role");
    expect(Object.keys(roles).sort()).toEqual([
      "aws_iam_role.connectors_role",
      "aws_iam_role.network_flow_logs_role",
      "aws_iam_role.test_hosts_role",
    ]);
    const services = { connectors_role: "ec2", test_hosts_role: "ec2", network_flow_logs_role: "vpc-flow-logs" };
    for (const [id, service] of Object.entries(services)) {
      const role = everything.at(`aws_iam_role.${id}`);
      expect(role).toMatchObject({ path: "/network/", permissions_boundary: "arn:aws:iam::123456789012:policy/boundary" });
      expect(role["name_prefix"]).toMatch(/^egress-[a-z-]+-$/);
      expect(JSON.parse(asText(role["assume_role_policy"]))).toEqual({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: `\${data.aws_service_principal.${id}.name}` } }],
      });
      expect(everything.at(`data.aws_service_principal.${id}`)["service_name"]).toBe(service);
    }
    const profiles = Object.values(everything.ofType("aws_iam_instance_profile"));
    expect(profiles.map(({ path }) => path)).toEqual(["/network/", "/network/"]);
    for (const role of Object.values(starter.ofType("aws_iam_role"))) {
      expect(role["path"]).toBe("/");
      expect(role).not.toHaveProperty("permissions_boundary");
    }
  });
});

describe("secrets and keys", () => {
  test("only names and ARNs of secrets appear, and no key is made", () => {
    for (const stack of [starter, everything]) {
      expect(Object.keys(stack.file.terraform["required_providers"] as Block)).toEqual(["aws"]);
      expect(stack.text).not.toMatch(/PRIVATE KEY|secret_version|secret_string|tls_|local_file|aws_key_pair/);
    }
  });
});
