import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Route } from "@cdktf/provider-aws/lib/route";
import { S3TablesTable } from "@cdktf/provider-aws/lib/s3tables-table";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { SecurityGroupRule } from "@cdktf/provider-aws/lib/security-group-rule";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { CloudBackend, NamedCloudWorkspace, S3Backend, TerraformIterator, TerraformLocal, TerraformOutput, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { writeStack, type WriteOptions } from "../../hcl";
import { ZscalerStack } from "../../stacks/zscaler-stack";
import { built, sampleStack } from "./samples";

const everything: WriteOptions = { providers: "included", backend: "included" };

const files = (build: (stack: ZscalerStack) => void, options: Partial<WriteOptions> = {}): Readonly<Record<string, string>> =>
  writeStack(
    built((app) => {
      const stack = new ZscalerStack(app, "theirs");
      build(stack);
      return stack;
    }),
    { ...everything, ...options },
  );

const main = (build: (stack: ZscalerStack) => void): string => files(build)["main.tf"] ?? "";

test("an instance has all in reading order", () => {
  const text = main((stack) => {
    const aliased = new AwsProvider(stack, "aws", { alias: "other", region: "us-west-2" });
    const iterator = TerraformIterator.fromMap({ a: "ami-1" });
    const vpc = new Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/16" });
    new Instance(stack, "host", {
      ami: iterator.getString("x"),
      subnetId: "subnet-1",
      ebsBlockDevice: [{ deviceName: "a", tags: { Name: "disk" } }, { deviceName: "b" }],
      metadataOptions: { httpTokens: "required" },
      tags: { Name: "host" },
      forEach: iterator,
      provider: aliased,
      dependsOn: [vpc],
      lifecycle: {
        createBeforeDestroy: true,
        ignoreChanges: ["ami", 'tags["Name"]'],
        replaceTriggeredBy: [vpc],
        precondition: [{ condition: "${length(var.x) > 1}", errorMessage: "Too short." }],
      },
    });
  });
  expect(text.slice(text.indexOf('resource "aws_instance"'))).toBe(`resource "aws_instance" "host" {
  for_each = {
    a = "ami-1"
  }
  provider = aws.other

  subnet_id = "subnet-1"
  ami       = each.value.x

  ebs_block_device {
    device_name = "a"

    tags = {
      Name = "disk"
    }
  }

  ebs_block_device {
    device_name = "b"
  }

  metadata_options {
    http_tokens = "required"
  }

  tags = {
    Name = "host"
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [ami, tags["Name"]]
    replace_triggered_by  = [aws_vpc.vpc]

    precondition {
      condition     = length(var.x) > 1
      error_message = "Too short."
    }
  }

  depends_on = [aws_vpc.vpc]
}
`);
});

test("rules of a security group are arguments, none of them included", () => {
  expect(
    main((stack) => new SecurityGroup(stack, "group", { ingress: [], egress: [{ fromPort: 1, toPort: 2, protocol: "tcp" }], tags: {} })),
  ).toBe(`resource "aws_security_group" "group" {
  egress = [
    {
      cidr_blocks      = null
      description      = null
      from_port        = 1
      ipv6_cidr_blocks = null
      prefix_list_ids  = null
      protocol         = "tcp"
      security_groups  = null
      self             = null
      to_port          = 2
    },
  ]
  ingress = []

  tags = {}
}
`);
});

test("an empty list of blocks is none", () => {
  expect(main((stack) => new DataAwsAmi(stack, "image", { owners: ["self"], filter: [] }))).toBe(`data "aws_ami" "image" {
  owners = ["self"]
}
`);
});

test("variables, outputs and locals have files of their own", () => {
  const written = files((stack) => {
    const tags = new TerraformVariable(stack, "tags", {
      type: "map(object({name=string}))",
      description: "Costs $5, ${so to say}",
      nullable: false,
      sensitive: true,
      validation: [{ condition: "${length(var.tags) > 0}", errorMessage: "None." }],
    });
    tags.addOverride("default", { "a b": { name: "${x}" } });
    new TerraformVariable(stack, "any", { type: "list" });
    new TerraformLocal(stack, "both", { a: "${var.tags}" });
    new TerraformOutput(stack, "shown", { value: "${local.both}", description: "d", sensitive: true, dependsOn: [tags] });
  });
  expect(written["variables.tf"]).toBe(`variable "tags" {
  type        = map(object({ name = string }))
  description = "Costs $5, $\${so to say}"
  default = {
    "a b" = {
      name = "$\${x}"
    }
  }
  nullable  = false
  sensitive = true

  validation {
    condition     = length(var.tags) > 0
    error_message = "None."
  }
}

variable "any" {
  type = list(any)
}
`);
  expect(written["locals.tf"]).toBe("locals {\n  both = {\n    a = var.tags\n  }\n}\n");
  expect(written["outputs.tf"]).toBe(`output "shown" {
  description = "d"
  value       = local.both
  sensitive   = true

  depends_on = [var.tags]
}
`);
});

test("settings of Terraform are literals", () => {
  const written = files((stack) => {
    new AwsProvider(stack, "aws", { region: "us-west-2", defaultTags: [{ tags: { a: "b" } }] });
    new S3Backend(stack, { bucket: "states", key: "a", region: "us-east-1" });
    stack.addOverride("terraform.required_version", ">= 1.7");
    stack.addOverride("terraform.required_providers.aws.configuration_aliases", ["aws.other"]);
  });
  expect(written["versions.tf"]).toBe(`terraform {
  required_version = ">= 1.7"

  required_providers {
    aws = {
      configuration_aliases = [aws.other]
      source                = "hashicorp/aws"
      version               = ">= 5.100, < 7"
    }
  }
}
`);
  expect(written["backend.tf"]).toBe(`terraform {
  backend "s3" {
    bucket = "states"
    key    = "a"
    region = "us-east-1"
  }
}
`);
  expect(written["providers.tf"]).toBe(`provider "aws" {
  region = "us-west-2"

  default_tags {
    tags = {
      a = "b"
    }
  }
}
`);
});

test("the workspaces of a cloud are a block", () => {
  const written = files((stack) => new CloudBackend(stack, { organization: "us", workspaces: new NamedCloudWorkspace("a") }));
  expect(written["backend.tf"]).toBe(`terraform {
  cloud {
    organization = "us"

    workspaces {
      name = "a"
    }
  }
}
`);
});

test("providers and backend can be left to the caller", () => {
  const names = Object.keys(
    files(
      (stack) => {
        new AwsProvider(stack, "aws", { region: "us-west-2" });
        new Vpc(stack, "vpc", {});
      },
      { providers: "none", backend: "none" },
    ),
  );
  expect(names).toEqual(["versions.tf", "main.tf"]);
});

test("what changes the state, and checks, are written as blocks", () => {
  const written = files((stack) => {
    stack.addOverride("import", [{ for_each: "${local.routes}", to: "aws_route.a", id: "${each.value}_0.0.0.0/0", provider: "aws.other" }]);
    stack.addOverride("moved", [{ from: "aws_route.a", to: 'aws_route.b["x"]' }]);
    stack.addOverride("removed", [{ from: "aws_route.a", lifecycle: [{ destroy: false }] }]);
    stack.addOverride("check.alive", {
      data: { http: { probe: { url: "https://example.com" } } },
      assert: [{ condition: "${data.http.probe.status_code == 200}", error_message: "Dead." }],
    });
  });
  expect(written["imports.tf"]).toBe(`import {
  for_each = local.routes
  provider = aws.other
  to       = aws_route.a
  id       = "\${each.value}_0.0.0.0/0"
}
`);
  expect(written["moved.tf"]).toBe(`moved {\n  from = aws_route.a\n  to   = aws_route.b["x"]\n}\n`);
  expect(written["removed.tf"]).toBe("removed {\n  from = aws_route.a\n\n  lifecycle {\n    destroy = false\n  }\n}\n");
  expect(written["checks.tf"]).toBe(`check "alive" {
  data "http" "probe" {
    url = "https://example.com"
  }

  assert {
    condition     = data.http.probe.status_code == 200
    error_message = "Dead."
  }
}
`);
});

test("each part has its file, and a comment stands above its block", () => {
  const build = (stack: ZscalerStack) => {
    const inner = new Construct(new Construct(stack, "zpa-dns"), "inner");
    new Vpc(inner, "vpc", {});
    new Vpc(stack, "vpc", {});
    new TerraformVariable(stack, "name", {});
  };
  const comments = { "aws_vpc.zpa-dns_inner": "Ours.", "aws_vpc.vpc": "Theirs.", "var.name": "Whose.", "aws_vpc.none": "Nobody's." };
  const written = files(build, { comments });
  expect(written["zpa_dns.tf"]).toBe(`# Ours.\nresource "aws_vpc" "zpa-dns_inner" {}\n`);
  expect(written["main.tf"]).toBe(`# Theirs.\nresource "aws_vpc" "vpc" {}\n`);
  expect(written["variables.tf"]).toBe(`# Whose.\nvariable "name" {}\n`);
  expect(Object.keys(files(build, { partOf: () => "all" }))).toContain("all.tf");
});

test.each<[string, (stack: ZscalerStack) => void, string]>([
  [
    "a block that only an override knows",
    (stack) => new Vpc(stack, "vpc", {}).addOverride("new_thing", { a: 1 }),
    "aws_vpc.vpc.new_thing: cdktf does not say whether this is a block or an argument",
  ],
  [
    "an empty list that only an override knows",
    (stack) => new Vpc(stack, "vpc", {}).addOverride("new_thing", []),
    "aws_vpc.vpc.new_thing: cdktf does not say whether this is a block or an argument",
  ],
  [
    "a block in a block that only an override knows",
    (stack) => new Instance(stack, "host", {}).addOverride("root_block_device.new_thing", [{ a: 1 }]),
    "aws_instance.host.root_block_device.new_thing: cdktf does not say whether this is a block or an argument",
  ],
  [
    "an object of which cdktf does not tell",
    (stack) =>
      new S3TablesTable(stack, "table", {
        format: "ICEBERG",
        name: "a",
        namespace: "b",
        tableBucketArn: "c",
        encryptionConfiguration: { sseAlgorithm: "AES256", kmsKeyArn: "d" },
      }),
    "aws_s3tables_table.table.encryption_configuration: cdktf does not say whether this is a block or an argument",
  ],
  [
    "an expression in place of a block",
    (stack) => new Instance(stack, "host", {}).addOverride("root_block_device", "${var.x}"),
    "aws_instance.host.root_block_device: a block cannot be an expression",
  ],
  [
    "a dynamic block",
    (stack) => new Instance(stack, "host", { ebsBlockDevice: TerraformIterator.fromList(["a"]).dynamic({ deviceName: "a" }) }),
    "aws_instance.host.dynamic: dynamic blocks are not written",
  ],
  [
    "a provisioner",
    (stack) => new Instance(stack, "host", { provisioners: [{ type: "local-exec", command: "true" }] }),
    "aws_instance.host.provisioner: provisioners are not written",
  ],
  [
    "what is not known of a lifecycle",
    (stack) => new Vpc(stack, "vpc", {}).addOverride("lifecycle.new_thing", true),
    "aws_vpc.vpc.lifecycle.new_thing: only create_before_destroy, prevent_destroy, destroy, ignore_changes, replace_triggered_by, precondition, postcondition are written here",
  ],
  [
    "what is not known of a variable",
    (stack) => new TerraformVariable(stack, "name", {}).addOverride("new_thing", 1),
    "var.name.new_thing: only type, description, default, nullable, sensitive, ephemeral, validation are written here",
  ],
  [
    "a resource without an element",
    (stack) => stack.addOverride("resource.aws_vpc.vpc", { cidr_block: "10.0.0.0/16" }),
    "resource.aws_vpc.vpc: no element of the stack describes this, so it cannot be told what in it is a block",
  ],
  ["a module", (stack) => stack.addOverride("module.network", { source: "./network" }), "module: blocks of this type are not written"],
  [
    "a setting of Terraform",
    (stack) => stack.addOverride("terraform.experiments", ["a"]),
    "terraform.experiments: only required_version, required_providers, backend, cloud are written here",
  ],
  [
    "a reference that is none",
    (stack) => new Vpc(stack, "vpc", { lifecycle: { ignoreChanges: ["tags", "a + b"] } }),
    "aws_vpc.vpc.lifecycle.ignore_changes[1]: a + b is no reference",
  ],
  ["NUL", (stack) => new Vpc(stack, "vpc", { tags: { a: "\0" } }), "aws_vpc.vpc.tags.a: Terraform takes no NUL character"],
  ["a template that is none", (stack) => new Vpc(stack, "vpc", { tags: { a: "${" } }), "aws_vpc.vpc.tags.a: ${ is not closed by a }"],
  [
    "a file that Terraform would merge into others",
    (stack) => new Vpc(new Construct(stack, "my-override"), "vpc", {}),
    "theirs/my-override/vpc: Terraform would merge my_override.tf into the other files",
  ],
])("%s is refused by its path", (_, build, message) => {
  expect(() => files(build)).toThrow(new Error(message));
});

test("an override of what the class has is written as what it is", () => {
  const text = main((stack) => {
    const host = new Instance(stack, "host", {});
    host.addOverride("tags", { a: "b" });
    host.addOverride("root_block_device", { encrypted: true, tags: null });
    host.addOverride("new_thing", ["a", 1]);
    host.addOverride("ebs_block_device", null);
  });
  expect(text).toBe(`resource "aws_instance" "host" {
  new_thing = ["a", 1]

  root_block_device {
    encrypted = true

    tags = null
  }

  tags = {
    a = "b"
  }
}
`);
});

test("the type of an attribute or a variable decides how it stands in a document", () => {
  const text = main((stack) => {
    new SecurityGroup(stack, "group", {});
    new SecurityGroupRule(stack, "rule", { type: "ingress", fromPort: 1, toPort: 2, protocol: "tcp", securityGroupId: "sg-1" });
    new DataAwsAmi(stack, "image", {});
    new TerraformVariable(stack, "name", { type: "string" });
    new TerraformVariable(stack, "port", { type: "number" });
    const json = [
      '"a":"${aws_security_group.group.arn}"',
      '"b":"${aws_security_group_rule.rule.from_port}"',
      '"c":${aws_security_group_rule.rule.to_port}',
      '"d":"${data.aws_ami.image.image_id}"',
      '"e":"${aws_security_group.group.no_such_thing}"',
      '"f":"${var.name}"',
      '"g":${var.port}',
      '"h":"${var.other}"',
    ];
    new Vpc(stack, "vpc", { tags: { json: `{${json.join(",")}}` } });
  });
  expect(text).toContain(`    json = jsonencode({
      a = aws_security_group.group.arn
      b = tostring(aws_security_group_rule.rule.from_port)
      c = aws_security_group_rule.rule.to_port
      d = data.aws_ami.image.image_id
      e = tostring(aws_security_group.group.no_such_thing)
      f = var.name
      g = var.port
      h = tostring(var.other)
    })
`);
});

test("routes that a function moves ignore each target by its name", () => {
  const { "steering.tf": steering = "" } = writeStack(sampleStack("ha"), everything);
  expect(steering).toContain("      nat_gateway_id,\n      network_interface_id,\n");
  expect(steering).not.toMatch(/"(nat_gateway_id|aws_instance)/);
});

test("a stack is written the same each time", () => {
  const stack = sampleStack("zpa-ha");
  expect(writeStack(stack, everything)).toEqual(writeStack(stack, everything));
  expect(writeStack(sampleStack("zpa-ha"), everything)).toEqual(writeStack(stack, everything));
});

test("a route is in the file of its part", () => {
  const names = Object.keys(writeStack(sampleStack("zpa-ha"), everything));
  expect(names).toEqual([
    "versions.tf",
    "backend.tf",
    "providers.tf",
    "network.tf",
    "outputs.tf",
    "connectors.tf",
    "main.tf",
    "steering.tf",
    "test_hosts.tf",
    "zpa_dns.tf",
    "failover.tf",
  ]);
  expect(main((stack) => new Route(stack, "default", { routeTableId: "rtb-1" }))).toContain('resource "aws_route" "default"');
});
