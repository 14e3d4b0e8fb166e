import { Route } from "@cdktf/provider-aws/lib/route";
import { type AppConnectors } from "../../../modules/app-connector";
import { madeBefore } from "../../stacks/graph";
import { type SynthesizedStack } from "../../stacks/synthesize";
import { type More, portal, props, settingsOf, synthesizeAppConnectors } from "./fixture";

describe("a fixed number", () => {
  let made: AppConnectors | undefined;
  const stack = synthesizeAppConnectors(
    (scope) => {
      const egress = new Route(scope, "egress", { routeTableId: "rtb-0", destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-0" });
      return {
        zones: { a: { subnetId: "subnet-0a", egress: [egress] }, "lax-1a": { subnetId: "subnet-0lax" } },
        fleet: { fixed: { perZone: 2 } },
        addresses: { "a-2": "10.1.200.10", "lax-1a-1": "10.1.201.10" },
      };
    },
    (appConnectors) => {
      made = appConnectors;
    },
  );

  test("is an instance and its interface each, encrypted, with IMDSv2 and without a public address", () => {
    const { user_data_base64, depends_on, ...instance } = stack.at("aws_instance.app_connectors_a_1");
    expect(instance).toEqual({
      ami: "${data.aws_ami.app_connectors.id}",
      instance_type: "m5a.xlarge",
      iam_instance_profile: "${aws_iam_instance_profile.app_connectors_role.name}",
      ebs_optimized: true,
      network_interface: [{ device_index: 0, network_interface_id: "${aws_network_interface.app_connectors_a_1.id}" }],
      metadata_options: { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 2 },
      root_block_device: {
        encrypted: true,
        volume_size: 64,
        volume_type: "gp3",
        delete_on_termination: true,
        tags: { Name: "private-app-connector-a-1" },
      },
      tags: { Name: "private-app-connector-a-1", "zscaler-app-connectors": "private" },
      lifecycle: { ignore_changes: ["ami", "key_name", "user_data_base64"] },
    });
    expect(user_data_base64).toBe("${base64gzip(local.app_connectors_user_data)}");
    expect(settingsOf(stack)).toEqual({
      PARAMETERS: "/zscaler/app-connectors/private",
      IMAGE: "zscaler",
      ENROLLMENT: "secretsmanager",
      KEY_SOURCE: "ZS/AC/provisioning-key",
      ENROLL_SECONDS: "1800",
      UPDATE: "yes",
    });
    expect(depends_on).not.toEqual([]);
  });

  test("has its addresses on the interfaces, in a Local Zone too", () => {
    expect(stack.ofType("aws_network_interface")).toEqual(
      Object.fromEntries(
        [
          { key: "a-1", subnet_id: "subnet-0a" },
          { key: "a-2", subnet_id: "subnet-0a", private_ips: ["10.1.200.10"] },
          { key: "lax-1a-1", subnet_id: "subnet-0lax", private_ips: ["10.1.201.10"] },
          { key: "lax-1a-2", subnet_id: "subnet-0lax" },
        ].map(({ key, ...more }) => [
          `aws_network_interface.app_connectors_${key.replace(/-(\d)$/, "_$1")}`,
          {
            ...more,
            security_groups: ["${aws_security_group.app_connectors_traffic.id}"],
            description: `Interface of private-app-connector-${key}`,
            tags: { Name: `private-app-connector-${key}` },
          },
        ]),
      ),
    );
  });

  test("comes after all that it needs at its boot and its end, and goes before it", () => {
    const before = [...madeBefore(stack, "aws_instance.app_connectors_a_1")];
    const needed = [
      "aws_iam_role_policy.app_connectors_",
      "aws_vpc_security_group_",
      "aws_lambda_",
      "aws_cloudwatch_event_",
      "aws_sqs_queue.",
      "aws_cloudwatch_metric_alarm.app_connectors_upkeep",
    ];
    for (const kind of needed) {
      const all = stack.addresses.filter((address) => address.startsWith(kind) && !/lambda_permission/.test(address));
      expect(all).not.toEqual([]);
      expect(all.filter((address) => !before.includes(address))).toEqual([]);
    }
    expect(before).toContain("aws_route.egress");
    expect([...madeBefore(stack, "aws_instance.app_connectors_lax-1a_1")]).not.toContain("aws_route.egress");
  });

  test("is told of by alarms on each one's own CPU", () => {
    expect(stack.at("aws_cloudwatch_metric_alarm.app_connectors_alarms_cpu_lax_1a_2")).toMatchObject({
      alarm_name: "private-app-connectors-cpu-lax-1a-2",
      namespace: "AWS/EC2",
      metric_name: "CPUUtilization",
      dimensions: { InstanceId: "${aws_instance.app_connectors_lax-1a_2.id}" },
      statistic: "Average",
      comparison_operator: "GreaterThanThreshold",
      threshold: 85,
      period: 300,
      evaluation_periods: 6,
      treat_missing_data: "notBreaching",
      alarm_actions: ["${aws_sns_topic.app_connectors_upkeep_topic.arn}"],
      ok_actions: ["${aws_sns_topic.app_connectors_upkeep_topic.arn}"],
    });
  });

  test("is reached by its keys", () => {
    expect(Object.keys(made?.instances ?? {})).toEqual(["a-1", "a-2", "lax-1a-1", "lax-1a-2"]);
    expect(made?.interfaces["a-2"]).toBe(made?.appConnectors["a-2"]?.networkInterface);
    expect(made?.appConnectors["lax-1a-1"]?.zone).toBe("lax-1a");
    expect([made?.group, made?.groupName, made?.launchTemplate, made?.refreshCommand]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(Object.keys(made?.documents ?? {})).not.toContain("replace");
  });

  test("lets nobody in, and no permission and no rule is of a partition, the world or all actions", () => {
    expect(stack.ofType("aws_vpc_security_group_ingress_rule")).toEqual({});
    expect(stack.text).not.toMatch(/arn:aws[:-]|"Action":"\*"|AmazonSSM/);
    const world = Object.entries(stack.ofType("aws_vpc_security_group_egress_rule")).filter(
      ([, rule]) => rule["cidr_ipv4"] === "0.0.0.0/0",
    );
    expect(world.map(([address, { from_port, to_port, ip_protocol }]) => [address, ip_protocol, from_port, to_port])).toEqual([
      ["aws_vpc_security_group_egress_rule.app_connectors_traffic_https_out", "tcp", 443, 443],
    ]);
  });
});

describe("settings of the instances", () => {
  const stack = synthesizeAppConnectors({
    zones: { a: { subnetId: "subnet-0a" } },
    instanceType: "c5.2xlarge",
    appProtection: true,
    image: { rhel: { ami: "ami-0123456789abcdef0" } },
    updatePackages: false,
    disk: { sizeGb: 100, type: "gp2", kmsKey: "alias/disks" },
    proxy: { host: "proxy.internal", port: 3128, bypass: ["10.0.0.0/8", "*.internal.local"], secret: "proxy" },
    dns: { servers: ["10.9.0.2", "10.9.1.2"] },
    routes: { datacentre: { range: "10.9.0.0/16", gateway: "10.1.200.1" } },
    tcpKeepalive: {},
    certificates: { root: { parameter: { name: "/certificates/root" } }, other: { s3: { bucket: "certificates", key: "other.pem" } } },
    ssh: { keyName: "operators", allowFrom: { office: "203.0.113.0/24" } },
    operations: { enrollMinutes: 45, logBucket: "logs", cpuPercent: 70, cpuMinutes: 12 },
  });
  const instance = stack.at("aws_instance.app_connectors_a_1");

  test("reach the instance", () => {
    expect(instance).toMatchObject({
      ami: "ami-0123456789abcdef0",
      instance_type: "c5.2xlarge",
      key_name: "operators",
      root_block_device: { volume_size: 100, volume_type: "gp2", kms_key_id: "${data.aws_kms_key.app_connectors_disk_key.arn}" },
      // An image that is named is a decision: another one replaces the instance.
      lifecycle: { ignore_changes: ["key_name", "user_data_base64"] },
    });
    expect(stack.ofType("data.aws_ami")).toEqual({});
    // Only Auto Scaling launches with a role of its own.
    expect(stack.ofType("aws_kms_grant")).toEqual({});
  });

  test("reach its settings file", () => {
    expect(settingsOf(stack)).toEqual({
      PARAMETERS: "/zscaler/app-connectors/private",
      IMAGE: "rhel",
      ENROLLMENT: "secretsmanager",
      KEY_SOURCE: "ZS/AC/provisioning-key",
      ENROLL_SECONDS: "2700",
      PROXY: "proxy.internal:3128",
      PROXY_BYPASS: "10.0.0.0/8 *.internal.local",
      PROXY_SECRET: "proxy",
      DNS_SERVERS: "10.9.0.2 10.9.1.2",
      ROUTES: "10.9.0.0/16@10.1.200.1",
      TCP_KEEPALIVE: "60 10 6",
      CERTIFICATES: "parameter:/certificates/root s3://certificates/other.pem",
    });
  });

  test("let in who may use SSH alone", () => {
    expect(Object.values(stack.ofType("aws_vpc_security_group_ingress_rule"))).toEqual([
      {
        security_group_id: "${aws_security_group.app_connectors_traffic.id}",
        description: "SSH from office",
        ip_protocol: "tcp",
        from_port: 22,
        to_port: 22,
        cidr_ipv4: "203.0.113.0/24",
      },
    ]);
  });

  test("a load that is no multiple of EC2's five minutes is rounded up", () => {
    expect(stack.at("aws_cloudwatch_metric_alarm.app_connectors_alarms_cpu_a_1")).toMatchObject({ threshold: 70, evaluation_periods: 3 });
  });
});

describe("images", () => {
  const lookup = (image: object): unknown => synthesizeAppConnectors({ image }).ofType("data.aws_ami");

  test("Zscaler's is the newest of the marketplace", () => {
    expect(lookup({ zscaler: {} })).toEqual({
      "data.aws_ami.app_connectors": {
        most_recent: true,
        owners: ["aws-marketplace"],
        filter: [{ name: "product-code", values: ["by1wc5269g0048ix2nqvr0362"] }],
      },
    });
  });

  test("Red Hat's is of the account that Red Hat has in the partition, and no beta", () => {
    expect(lookup({ rhel: {} })).toEqual({
      "data.aws_ami.app_connectors": {
        most_recent: true,
        owners: [
          '${lookup({"aws" = "309956199498", "aws-cn" = "841258680906", "aws-us-gov" = "219670896067"}, data.aws_partition.partition.partition, "309956199498")}',
        ],
        filter: [{ name: "name", values: ["RHEL-9.*_HVM-*-x86_64-*-Hourly2-GP3"] }],
      },
    });
  });
});

test("a security group and an instance profile that exist are looked up, and nothing is made beside them", () => {
  const stack = synthesizeAppConnectors({
    securityGroup: { existing: { id: "sg-0123456789abcdef0" } },
    instanceProfile: { existing: { name: "app-connectors" } },
  });
  expect(stack.at("aws_network_interface.app_connectors_a_1")["security_groups"]).toEqual(["sg-0123456789abcdef0"]);
  expect(stack.at("aws_instance.app_connectors_a_1")["iam_instance_profile"]).toBe("app-connectors");
  expect(stack.at("data.aws_security_group.app_connectors_traffic")).toMatchObject({
    id: "sg-0123456789abcdef0",
    lifecycle: { postcondition: [{ condition: '${(self.vpc_id == "vpc-0")}' }] },
  });
  const before = madeBefore(stack, "aws_instance.app_connectors_b_1");
  expect([...before]).toEqual(
    expect.arrayContaining(["data.aws_security_group.app_connectors_traffic", "data.aws_iam_instance_profile.app_connectors"]),
  );
  expect(stack.ofType("aws_security_group")).toEqual({});
  expect(stack.ofType("aws_iam_instance_profile")).toEqual({});
  expect(Object.keys(stack.ofType("aws_iam_role"))).toEqual(["aws_iam_role.app_connectors_upkeep_role"]);
});

describe("mistakes are told at once, with the construct's path", () => {
  const told = (more: More): readonly string[] => {
    try {
      synthesizeAppConnectors(more);
      return [];
    } catch (error) {
      return (error as Error).message.split("\n").map((line) => line.split(": ")[0] ?? "");
    }
  };
  const at = (...fields: readonly string[]) => fields.map((field) => `theirs/app_connectors.${field}`);

  test("values, of all four kinds of settings", () => {
    const mistakes = {
      enrollment: { key: { secretsManager: { secret: "a secret" } } },
      applications: { ranges: { crm: { range: "10.1.0.1/20", tcp: [443] } } },
      fleet: { fixed: { perZone: 0 } },
      portal: { ...portal, vanityDomain: "acme.zslogin.net" },
      operations: { cpuMinutes: 1 },
      instanceType: "m6g.xlarge",
    };
    expect([...told(mistakes)].sort()).toEqual(
      at(
        "applications.ranges.crm.range",
        "enrollment.key.secretsManager.secret",
        "fleet.fixed.perZone",
        "instanceType",
        "operations.cpuMinutes",
        "portal.vanityDomain",
      ),
    );
  });

  test("what does not fit together", () => {
    const mistakes = {
      zones: { A: { subnetId: "subnet-0a" } },
      enrollment: { oauth: { group: { existing: { id: "72058304855015425" } } } },
      addresses: { "a-1": "10.1.200.10" },
      fleet: { autoScaling: { launchHook: { none: {} } } },
    };
    expect([...told(mistakes)].sort()).toEqual(at("addresses", "enrollment.oauth", "fleet.autoScaling.warmUpSeconds", "zones"));
  });
});

test("the key that is stored elsewhere is in no text, and no lookup needs it to be there", () => {
  const stack: SynthesizedStack = synthesizeAppConnectors(props);
  expect(Object.keys(stack.elements).filter((address) => /secret/.test(address))).toEqual([]);
});
