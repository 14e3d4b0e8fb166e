import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { TerraformVariable } from "cdktf";
import { type Construct } from "constructs";
import fc from "fast-check";
import { CloudConnectors, type CloudConnectorsProps } from "../../../modules/cloud-connector";
import { connectorSettings } from "../../../modules/cloud-connector/schema";
import { orToken, resolved } from "../../../modules/validation";
import { known, type Leaf } from "../../../modules/validation/schema";
import { type BaseSettings } from "../../../config/base";
import { ZscalerStack } from "../../../stacks/zscaler-stack";
import { base } from "../../stacks/samples";
import { type Block, synthesize, type SynthesizedStack, synthesizeApp } from "../../stacks/synthesize";

const props: CloudConnectorsProps = {
  name: "theirs",
  provisioningUrl: "connector.zscaler.net/api/v1/provUrl?name=aws-prod",
  secret: "ZS/CC/credentials",
  zones: { a: { connectorSubnetId: "subnet-0a" }, b: { connectorSubnetId: "subnet-0b" } },
  vpcId: "vpc-0",
  vpcRanges: { vpc: "10.0.0.0/16" },
};
const service = "sg-0123456789abcdef0";
const management = "sg-0123456789abcdef1";
const securityGroups = { existing: { service, management } };
const instanceProfile = { existing: { name: "cloud-connectors" } };

interface Made {
  readonly stack: SynthesizedStack;
  readonly connectors: CloudConnectors;
}

/** In a stack with readable addresses. */
const made = (more: (scope: Construct) => Partial<CloudConnectorsProps> = () => ({})): Made => {
  const all: CloudConnectors[] = [];
  const stack = synthesizeApp((app) => {
    const scope = new ZscalerStack(app, "theirs");
    new AwsProvider(scope, "aws", { region: "us-west-2" });
    all.push(new CloudConnectors(scope, "connectors", { ...props, ...more(scope) }));
  })("theirs");
  const [connectors] = all;
  if (!connectors) throw new Error("no connectors were made");
  return { stack, connectors };
};

const typesOf = (stack: SynthesizedStack): ReadonlySet<string> =>
  new Set(Object.keys(stack.elements).map((address) => address.replace(/\.[^.]+$/, "")));
const groupsOf = (stack: SynthesizedStack, role: string) =>
  Object.entries(stack.ofType("aws_network_interface")).flatMap(([address, { security_groups }]) =>
    address.endsWith(`_${role}`) ? [security_groups] : [],
  );
const typesOfGroups = ["aws_security_group", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];
const typesOfRole = ["aws_iam_role", "aws_iam_role_policy", "aws_iam_instance_profile", "data.aws_service_principal"];

describe("security groups that exist", () => {
  const { stack, connectors } = made(() => ({ securityGroups, managementSecurityGroups: ["sg-0123456789abcdef2"] }));

  test("are those of the interfaces, and none is made", () => {
    expect(groupsOf(stack, "service")).toEqual([[service], [service]]);
    expect(groupsOf(stack, "management")).toEqual(Array(2).fill([management, "sg-0123456789abcdef2"]));
    expect([...typesOf(stack)].filter((type) => typesOfGroups.includes(type))).toEqual([]);
    expect(connectors).toMatchObject({
      serviceSecurityGroupId: service,
      managementSecurityGroupId: management,
      serviceSecurityGroup: undefined,
      managementSecurityGroup: undefined,
    });
    expect(connectors.role?.policies).toHaveLength(3);
  });

  test("must be of the VPC, which is found out before a connector boots", () => {
    const lookups = { service, management };
    for (const [role, id] of Object.entries(lookups)) {
      expect(stack.at(`data.aws_security_group.connectors_${role}`)).toEqual({
        id,
        lifecycle: {
          postcondition: [
            {
              condition: '${(self.vpc_id == "vpc-0")}',
              error_message: `Security group ${id} of the ${role} interfaces is of VPC \${self.vpc_id}, not of vpc-0. Give one of vpc-0.`,
            },
          ],
        },
      });
      for (const { depends_on } of Object.values(stack.ofType("aws_instance"))) {
        expect(depends_on).toContain(`data.aws_security_group.connectors_${role}`);
      }
    }
  });

  test("may be one for both", () => {
    const one = made(() => ({ securityGroups: { existing: { service, management: service } } })).stack;
    expect([...groupsOf(one, "service"), ...groupsOf(one, "management")]).toEqual(Array(4).fill([service]));
  });
});

describe("an instance profile that exists", () => {
  const { stack, connectors } = made(() => ({ instanceProfile, iam: { path: "/network/" } }));

  test("is that of the connectors, and no role is made", () => {
    for (const { iam_instance_profile } of Object.values(stack.ofType("aws_instance")))
      expect(iam_instance_profile).toBe("cloud-connectors");
    expect([...typesOf(stack)].filter((type) => typesOfRole.includes(type))).toEqual([]);
    expect(connectors.role).toBeUndefined();
    expect(connectors.serviceSecurityGroup?.rules).not.toEqual([]);
  });

  test("is looked up before a connector boots", () => {
    expect(stack.at("data.aws_iam_instance_profile.connectors")).toEqual({ name: "cloud-connectors" });
    for (const { depends_on } of Object.values(stack.ofType("aws_instance"))) {
      expect(depends_on).toContain("data.aws_iam_instance_profile.connectors");
    }
  });
});

test("what is made is within reach, and nothing is looked up for it", () => {
  const { stack, connectors } = made();
  expect(groupsOf(stack, "service")).toEqual(Array(2).fill(["${aws_security_group.connectors_service.id}"]));
  expect(resolved(connectors, connectors.serviceSecurityGroupId)).toBe("${aws_security_group.connectors_service.id}");
  expect(resolved(connectors, connectors.managementSecurityGroupId)).toBe("${aws_security_group.connectors_management.id}");
  for (const type of [...typesOfGroups, ...typesOfRole]) expect(typesOf(stack)).toContain(type);
  expect([...typesOf(stack)].filter((type) => /^data\.aws_(security_group|iam_instance_profile)$/.test(type))).toEqual([]);
  const [{ depends_on } = {} as Block] = Object.values(stack.ofType("aws_instance"));
  expect(depends_on).toEqual(
    expect.arrayContaining([
      ...Object.keys(stack.ofType("aws_iam_role_policy")),
      ...Object.keys(stack.ofType("aws_vpc_security_group_ingress_rule")),
      ...Object.keys(stack.ofType("aws_vpc_security_group_egress_rule")),
    ]),
  );
});

test("a stack shows the security groups always, and the role where it is made", () => {
  const vpc = { existing: { id: "vpc-0123456789abcdef0", cidr: "10.20.0.0/16", internetGateway: { create: {} } } };
  const outputs = (connectors: Partial<BaseSettings["connectors"]>) => synthesize(base({ network: vpc, connectors })).outputs;
  const made = {
    service_security_group_id: "${aws_security_group.connectors_service.id}",
    management_security_group_id: "${aws_security_group.connectors_management.id}",
    connector_role_arn: "${aws_iam_role.connectors_role.arn}",
  };
  expect(outputs({})).toMatchObject(made);
  expect(outputs({ securityGroups })).toMatchObject({
    ...made,
    service_security_group_id: service,
    management_security_group_id: management,
  });
  expect(outputs({ instanceProfile })).not.toHaveProperty("connector_role_arn");
});

test("ids and names may be Terraform variables, and the VPC one of the same configuration", () => {
  const { stack } = made((scope) => {
    const variable = (name: string) => new TerraformVariable(scope, name, { type: "string" }).stringValue;
    return {
      vpcId: new Vpc(scope, "vpc", { cidrBlock: "10.0.0.0/16" }).id,
      securityGroups: { existing: { service: variable("service"), management: variable("management") } },
      instanceProfile: { existing: { name: variable("profile") } },
    };
  });
  expect(groupsOf(stack, "service")).toEqual(Array(2).fill(["${var.service}"]));
  expect(groupsOf(stack, "management")).toEqual(Array(2).fill(["${var.management}"]));
  expect(stack.at("data.aws_security_group.connectors_service")).toMatchObject({
    id: "${var.service}",
    lifecycle: {
      postcondition: [
        {
          condition: "${(self.vpc_id == aws_vpc.vpc.id)}",
          error_message: expect.stringContaining(
            "${var.service} of the service interfaces is of VPC ${self.vpc_id}, not of ${aws_vpc.vpc.id}",
          ) as string,
        },
      ],
    },
  });
  expect(stack.at("data.aws_iam_instance_profile.connectors")).toEqual({ name: "${var.profile}" });
});

describe("settings", () => {
  const shortest = { provisioningUrl: props.provisioningUrl, secret: props.secret };
  /** What is found in settings, each as `path: problem; fix`. */
  const findings = (more: object, leaf: Leaf = known): readonly string[] =>
    (connectorSettings(leaf).safeParse({ ...shortest, ...more }).error?.issues ?? []).map(
      ({ path, message }) => `${path.join(".")}: ${message.replace("\n", "; ")}`,
    );
  const rules = "the rules of a security group that exists are yours: write it there, and leave";
  const policies = "the policies of an instance profile that exists are yours: write it there, and leave";

  /** What only goes with a part that is made, and with what part. */
  const idle = [
    {
      setting: { ssh: { allowFrom: { office: "203.0.113.0/24" } } },
      part: "group",
      found: `ssh.allowFrom: ssh.allowFrom would write no rule; ${rules} ssh.allowFrom out`,
    },
    {
      setting: { supportServer: "199.168.148.101/32" },
      part: "group",
      found: `supportServer: supportServer would write no rule; ${rules} supportServer out`,
    },
    {
      setting: { sourceRanges: { spoke: "10.2.0.0/16" } },
      part: "group",
      found: `sourceRanges: sourceRanges would write no rule; ${rules} sourceRanges out`,
    },
    {
      setting: { allPortsEgress: false },
      part: "group",
      found: `allPortsEgress: allPortsEgress would write no rule; ${rules} allPortsEgress out`,
    },
    {
      setting: { secretKmsKey: "alias/secrets" },
      part: "profile",
      found: `secretKmsKey: secretKmsKey would write no policy; ${policies} secretKmsKey out`,
    },
    { setting: { cloudTags: true }, part: "profile", found: `cloudTags: cloudTags would write no policy; ${policies} cloudTags out` },
  ] as const;

  test("make everything by default", () => {
    expect(connectorSettings(known).parse(shortest)).toMatchObject({ securityGroups: { create: {} }, instanceProfile: { create: {} } });
  });

  test("that write rules or policies are refused where the groups or the profile exist, and only there", () => {
    fc.assert(
      fc.property(fc.subarray([...idle]), fc.boolean(), fc.boolean(), (given, groupsExist, profileExists) => {
        const settings = Object.assign({}, ...given.map(({ setting }) => setting)) as object;
        const parts = { ...(groupsExist ? { securityGroups } : {}), ...(profileExists ? { instanceProfile } : {}) };
        const expected = given.filter(({ part }) => (part === "group" ? groupsExist : profileExists)).map(({ found }) => found);
        expect(findings({ ...settings, ...parts })).toEqual(expected);
      }),
    );
  });

  test("that write nothing else go with what exists", () => {
    const others = {
      ssh: { keyName: "operators" },
      sourceRanges: {},
      allPortsEgress: true,
      cloudTags: false,
      managementSecurityGroups: ["sg-0123456789abcdef2"],
      healthProbePort: 8080,
      disk: { kmsKey: "alias/disks" },
    };
    expect(findings({ ...others, securityGroups, instanceProfile })).toEqual([]);
  });

  test("that are wrong by themselves hide none that would do nothing", () => {
    expect(findings({ secret: undefined, allPortsEgress: false, securityGroups }).map((each) => each.split(":")[0])).toEqual([
      "secret",
      "allPortsEgress",
    ]);
  });

  test.each<readonly [string, object, readonly string[]]>([
    [
      "one group of two",
      { securityGroups: { existing: { service } } },
      [expect.stringMatching(/^securityGroups\.existing\.management: /) as string],
    ],
    [
      "a group that is none",
      { securityGroups: { existing: { service: "vpc-0123456789abcdef0", management } } },
      ["securityGroups.existing.service: vpc-0123456789abcdef0 is no id of a security group; give one such as sg-0123456789abcdef0"],
    ],
    [
      "groups both made and existing",
      { securityGroups: { create: {}, ...securityGroups }, allPortsEgress: false },
      ["securityGroups: create and existing exclude each other; give exactly one of create, existing"],
    ],
    ["no groups", { securityGroups: {} }, ["securityGroups: no choice is made; give exactly one of create, existing"]],
    [
      "a profile by its ARN",
      { instanceProfile: { existing: { name: "arn:aws:iam::123456789012:instance-profile/cloud-connectors" } } },
      [
        "instanceProfile.existing.name: arn:aws:iam::123456789012:instance-profile/cloud-connectors is no name of an instance profile; give the name alone, without path and ARN, such as cloud-connectors",
      ],
    ],
    [
      "a profile of 129 letters",
      { instanceProfile: { existing: { name: "p".repeat(129) } } },
      [expect.stringMatching(/^instanceProfile\.existing\.name: p{129} is no name of an instance profile; /) as string],
    ],
  ])("%s is refused, once", (_, more, expected) => {
    expect(findings(more)).toEqual(expected);
  });

  test.each(["p", "p".repeat(128), "Cloud_Connectors+=,.@-1"])("%s is a name of an instance profile", (name) => {
    expect(findings({ instanceProfile: { existing: { name } } })).toEqual([]);
  });

  describe("that Terraform knows only at deployment", () => {
    const withTokens = {
      securityGroups: { existing: { service: "${var.service}", management: "${var.management}" } },
      instanceProfile: { existing: { name: "${var.profile}" } },
      supportServer: "${var.support}",
      secretKmsKey: "${var.key}",
    };

    test("are passed over by a construct", () => {
      expect(findings(withTokens, orToken)).toEqual([]);
      expect(connectorSettings(orToken).parse({ ...shortest, ...withTokens })).toMatchObject(withTokens);
    });

    test("are none in a file", () => {
      expect([...findings(withTokens)].map((each) => each.split(": ")[0]).sort()).toEqual([
        "instanceProfile.existing.name",
        "secretKmsKey",
        "securityGroups.existing.management",
        "securityGroups.existing.service",
        "supportServer",
      ]);
    });
  });
});
