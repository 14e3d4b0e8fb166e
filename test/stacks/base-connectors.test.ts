import { BaseStack } from "../../stacks/base";
import { reference } from "./graph";
import { base, samples, threeZones } from "./samples";
import { asText, synthesize, synthesizeApp, type SynthesizedStack, type Value } from "./synthesize";

const starter = synthesize(base());
const everything = synthesize(samples.everything);
const first = (stack: SynthesizedStack) => stack.at("aws_instance.connectors_a_1");

describe("interfaces", () => {
  const further = (...roles: readonly string[]) => ["service", "management", ...roles];

  test.each([
    ["small", further()],
    ["medium", further("service_1", "service_2", "balancer")],
    ["large", further("service_1", "service_2", "service_3", "balancer")],
  ] as const)("of size %s, in the order of their device index", (size, roles) => {
    const stack = synthesize(base({ connectors: { size } }));
    expect(first(stack)["network_interface"]).toEqual(
      roles.map((role, index) => ({ device_index: index, network_interface_id: `\${aws_network_interface.connectors_a_1_${role}.id}` })),
    );
    for (const role of roles) {
      const management = role === "management";
      expect(stack.at(`aws_network_interface.connectors_a_1_${role}`)).toMatchObject({
        subnet_id: "${aws_subnet.network_a_connector.id}",
        source_dest_check: management,
        security_groups: [`\${aws_security_group.connectors_${management ? "management" : "service"}.id}`],
      });
    }
  });

  test("management interfaces take further security groups", () => {
    expect(everything.at("aws_network_interface.connectors_b_2_management")["security_groups"]).toEqual([
      "${aws_security_group.connectors_management.id}",
      "sg-0123456789abcdef0",
    ]);
  });
});

test("there is one connector in each zone, or as many as perZone says, in its zone's subnet", () => {
  const keys = (stack: SynthesizedStack) =>
    Object.keys(stack.ofType("aws_instance")).map((address) => address.replace(/^.*_connectors_/, ""));
  expect(keys(synthesize(base({ zones: threeZones })))).toEqual([
    "aws_instance.connectors_a_1",
    "aws_instance.connectors_b_1",
    "aws_instance.connectors_c_1",
  ]);
  const pairs = synthesize(base({ zones: ["a", "b"], connectors: { perZone: 2 } }));
  for (const zone of ["a", "b"]) {
    for (const number of [1, 2]) {
      expect(reference(pairs.at(`aws_network_interface.connectors_${zone}_${number}_service`)["subnet_id"])).toBe(
        `aws_subnet.network_${zone}_connector`,
      );
    }
  }
  expect(Object.keys(pairs.ofType("aws_instance"))).toHaveLength(4);
});

test("user data is the four lines that a connector reads", () => {
  expect(first(everything)["user_data"]).toBe(
    [
      "[ZSCALER]",
      "CC_URL=connector.zscaler.net/api/v1/provUrl?name=aws-prod",
      "SECRET_NAME=${data.aws_secretsmanager_secret.connectors.name}",
      "HTTP_PROBE_PORT=8080",
      "",
    ].join("\n"),
  );
  expect(asText(first(starter)["user_data"])).toContain("HTTP_PROBE_PORT=50000\n");
});

test("the secret is looked up by name or ARN", () => {
  expect(starter.at("data.aws_secretsmanager_secret.connectors")).toEqual({ name: "ZS/CC/credentials" });
  expect(everything.at("data.aws_secretsmanager_secret.connectors")).toEqual({
    arn: "arn:aws:secretsmanager:us-west-2:123456789012:secret:ZS/CC/credentials-AbCdEf",
  });
});

describe("image", () => {
  const ignored = (stack: SynthesizedStack) => (first(stack)["lifecycle"] as { readonly ignore_changes: Value }).ignore_changes;

  test("is the newest of the marketplace, commercial or China, and a newer one replaces no connector", () => {
    expect(starter.at("data.aws_ami.connectors")).toEqual({
      owners: ["aws-marketplace"],
      most_recent: true,
      filter: [
        {
          name: "product-code",
          values: ['${(data.aws_partition.partition.partition == "aws-cn") ? "axnpwhsb4facossmbm1h9yad6" : "2l8tfysndbav4tv2nfjwak3cu"}'],
        },
      ],
    });
    expect(first(starter)["ami"]).toBe("${data.aws_ami.connectors.id}");
    expect(ignored(starter)).toEqual(["ami", "key_name", "private_dns_name_options", "user_data"]);
  });

  test("is the one named, and naming another replaces", () => {
    const stack = synthesize(base({ connectors: { ami: "ami-0123456789abcdef0" } }));
    expect(first(stack)["ami"]).toBe("ami-0123456789abcdef0");
    expect(ignored(stack)).toEqual(["key_name", "private_dns_name_options", "user_data"]);
    expect(stack.ofType("data.aws_ami")).toEqual({});
  });
});

describe("instance", () => {
  test("has the size's usual type, or the one named", () => {
    expect(first(starter)["instance_type"]).toBe("m6i.large");
    expect(first(synthesize(base({ connectors: { size: "medium" } })))["instance_type"]).toBe("m6i.4xlarge");
    expect(first(everything)["instance_type"]).toBe("c6i.4xlarge");
  });

  test("is optimized for EBS and has the connectors' profile", () => {
    expect(first(starter)).toMatchObject({
      ebs_optimized: true,
      iam_instance_profile: "${aws_iam_instance_profile.connectors_role.name}",
    });
    expect(starter.at("aws_iam_instance_profile.connectors_role")["role"]).toBe("${aws_iam_role.connectors_role.name}");
  });

  test("has an encrypted gp3 disk with the account's key, or another type with a named key", () => {
    expect(first(starter)["root_block_device"]).toEqual({
      delete_on_termination: true,
      encrypted: true,
      tags: { Name: "egress-connector-a-1" },
      volume_type: "gp3",
    });
    expect(starter.ofType("data.aws_kms_key")).toEqual({});
    expect(first(everything)["root_block_device"]).toMatchObject({
      encrypted: true,
      kms_key_id: "${data.aws_kms_key.connectors_disk_key.arn}",
      volume_type: "gp2",
    });
    expect(everything.at("data.aws_kms_key.connectors_disk_key")["key_id"]).toBe("alias/disks");
  });

  test("a grant lets who launches it use the disk's key, only if asked for", () => {
    expect(everything.at("aws_kms_grant.connectors_disk")).toMatchObject({
      key_id: "${data.aws_kms_key.connectors_disk_key.arn}",
      grantee_principal: "arn:aws:iam::123456789012:role/deployer",
      // What EC2 needs of a customer's key: EBS user guide, "Prerequisites for EBS encryption".
      operations: expect.arrayContaining(["CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext"]) as Value,
    });
    expect(synthesize(base({ connectors: { disk: { kmsKey: "alias/disks" } } })).ofType("aws_kms_grant")).toEqual({});
  });

  test("has host names as published, or as asked for, which later changes do not touch", () => {
    expect(first(starter)["private_dns_name_options"]).toEqual({
      hostname_type: "resource-name",
      enable_resource_name_dns_a_record: false,
    });
    expect(first(everything)["private_dns_name_options"]).toEqual({ hostname_type: "ip-name", enable_resource_name_dns_a_record: true });
  });

  test("has a key pair only if one is named", () => {
    expect(first(starter)).not.toHaveProperty("key_name");
    expect(first(everything)["key_name"]).toBe("operators");
  });
});

test("every instance asks for tokens of its metadata service and has an encrypted disk", () => {
  const instances = Object.values(everything.ofType("aws_instance"));
  expect(instances).toHaveLength(8);
  for (const instance of instances) {
    expect(instance["metadata_options"]).toEqual({ http_endpoint: "enabled", http_tokens: "required" });
    expect(instance["root_block_device"]).toMatchObject({ encrypted: true });
  }
});

describe("test hosts", () => {
  test("there are none by default", () => {
    expect(Object.keys(starter.ofType("aws_instance"))).toEqual(["aws_instance.connectors_a_1"]);
    expect(starter.text).not.toContain("test_hosts");
  });

  test("one stands in each zone's workload subnet, of the newest Amazon Linux, which replaces no host that runs", () => {
    const stack = synthesize(base({ zones: ["a", "b"], testHosts: {} }));
    for (const zone of ["a", "b"]) {
      expect(stack.at(`aws_instance.test_hosts_${zone}`)).toMatchObject({
        ami: "${data.aws_ssm_parameter.test_hosts_image.insecure_value}",
        instance_type: "t3.micro",
        subnet_id: `\${aws_subnet.network_${zone}_workload.id}`,
        vpc_security_group_ids: ["${aws_security_group.test_hosts_workload.id}"],
        lifecycle: { ignore_changes: ["ami"] },
      });
      expect(stack.at(`aws_instance.test_hosts_${zone}`)).not.toHaveProperty("key_name");
      expect(stack.at(`aws_instance.test_hosts_${zone}`)).not.toHaveProperty("associate_public_ip_address");
    }
    expect(stack.at("data.aws_ssm_parameter.test_hosts_image")["name"]).toBe(
      "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    );
    expect(stack.elements).not.toHaveProperty(["aws_instance.test_hosts_bastion"]);
  });

  test("Session Manager may log in", () => {
    expect(everything.at("aws_iam_role_policy_attachment.test_hosts_role_AmazonSSMManagedInstanceCore")).toMatchObject({
      policy_arn: "arn:${data.aws_partition.partition.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore",
      role: "${aws_iam_role.test_hosts_role.name}",
    });
  });

  test("the bastion stands in a public subnet with a public address", () => {
    const bastion = everything.at("aws_instance.test_hosts_bastion");
    expect(bastion).toMatchObject({ associate_public_ip_address: true, key_name: "operators" });
    expect(reference(bastion["subnet_id"])).toBe("aws_subnet.network_a_public");
    expect(everything.at("aws_instance.test_hosts_b")["key_name"]).toBe("operators");
    expect(bastion).not.toHaveProperty("user_data");
  });

  test("a bastion has a public subnet also where no NAT gateway needs one", () => {
    const testHosts = { bastion: { allowFrom: { home: "198.51.100.7/32" }, keyName: "operators" } };
    const stack = synthesize(base({ nat: { none: {} }, testHosts }));
    expect(reference(stack.at("aws_instance.test_hosts_bastion")["subnet_id"])).toBe("aws_subnet.network_a_public");
  });
});

test("every construct gives its resources, so that what it has no setting for can be overridden", () => {
  const stack = synthesizeApp((app) => {
    const { connectors, network, steering } = new BaseStack(app, "egress", () => base());
    connectors.connectors["a-1"]?.instance.addOverride("monitoring", true);
    network.subnet("connector", "a").subnet?.addOverride("map_public_ip_on_launch", false);
    steering.routes["a_workload"]?.addOverride("timeouts", { create: "10m" });
  })("egress");
  expect(first(stack)["monitoring"]).toBe(true);
  expect(stack.at("aws_subnet.network_a_connector")["map_public_ip_on_launch"]).toBe(false);
  expect(stack.at("aws_route.steering_a_workload")["timeouts"]).toEqual({ create: "10m" });
});
