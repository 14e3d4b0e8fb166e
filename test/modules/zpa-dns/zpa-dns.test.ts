import { Route } from "@cdktf/provider-aws/lib/route";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { TerraformVariable } from "cdktf";
import { type Construct } from "constructs";
import { resolved } from "../../../modules/validation";
import { RuleAssociations, type RuleAssociationsProps, ZpaDns, type ZpaDnsProps } from "../../../modules/zpa-dns";
import { ZscalerStack } from "../../../stacks/zscaler-stack";
import { asText, synthesizeApp, synthesizePlain, type SynthesizedStack } from "../../stacks/synthesize";

const props: ZpaDnsProps = {
  name: "theirs",
  vpcId: "vpc-0",
  subnetIds: { a: "subnet-0a", b: "subnet-0b" },
  domains: { crm: "crm.example.com" },
};
const shared = { id: "vpc-0123456789abcdef0", steeredBy: { transitGateway: { id: "tgw-0123456789abcdef0" } } };

/** In a stack with readable addresses. */
const made = (more: (scope: Construct) => Partial<ZpaDnsProps> = () => ({})): SynthesizedStack =>
  synthesizeApp((app) => {
    const stack = new ZscalerStack(app, "theirs");
    new AwsProvider(stack, "aws", { region: "us-west-2" });
    new ZpaDns(stack, "zpa_dns", { ...props, ...more(stack) });
  })("theirs");

const rulesOf = (stack: SynthesizedStack, direction: "ingress" | "egress") =>
  Object.fromEntries(
    Object.entries(stack.ofType(`aws_vpc_security_group_${direction}_rule`)).map(([address, rule]) => [
      address.replace(/^.*\.zpa_dns_resolver_/, ""),
      [rule["ip_protocol"], rule["from_port"], rule["to_port"], rule["cidr_ipv4"]],
    ]),
  );

test("an endpoint with an address in each zone, and its own group", () => {
  expect(made().at("aws_route53_resolver_endpoint.zpa_dns")).toEqual({
    name: "theirs-zpa",
    direction: "OUTBOUND",
    security_group_ids: ["${aws_security_group.zpa_dns_resolver.id}"],
    ip_address: [{ subnet_id: "subnet-0a" }, { subnet_id: "subnet-0b" }],
    tags: { Name: "theirs-zpa" },
  });
  expect(made().at("aws_security_group.zpa_dns_resolver")).toMatchObject({ name: "theirs-resolver", vpc_id: "vpc-0" });
});

test("each domain is forwarded to every target, and each system domain is AWS's", () => {
  const stack = made(() => ({ targets: ["192.0.2.1", "192.0.2.2"] }));
  expect(stack.at("aws_route53_resolver_rule.zpa_dns_forward_crm")).toEqual({
    name: "theirs-crm",
    domain_name: "crm.example.com",
    rule_type: "FORWARD",
    resolver_endpoint_id: "${aws_route53_resolver_endpoint.zpa_dns.id}",
    target_ip: [
      { ip: "192.0.2.1", port: 53 },
      { ip: "192.0.2.2", port: 53 },
    ],
    tags: { Name: "theirs-crm" },
  });
  expect(stack.at("aws_route53_resolver_rule.zpa_dns_system_zscaler_net")).toEqual({
    name: "theirs-zscaler_net",
    domain_name: "zscaler.net",
    rule_type: "SYSTEM",
    tags: { Name: "theirs-zscaler_net" },
  });
  expect(Object.keys(stack.ofType("aws_route53_resolver_rule"))).toHaveLength(14);
});

test("every rule is associated with the VPC and with each further one, but those that are already", () => {
  const stack = made(() => ({
    domains: { crm: "crm.example.com", erp: "erp.example.com" },
    existingRules: { legacy: "rslvr-rr-0123456789abcdef0" },
    systemDomains: { ntp_org: "ntp.org" },
    associateVpcs: { shared: { ...shared, associated: ["erp", "ntp_org"] } },
  }));
  const associations = Object.entries(stack.ofType("aws_route53_resolver_rule_association"));
  expect(
    Object.fromEntries(associations.map(([address, { vpc_id, resolver_rule_id }]) => [address.split(".")[1], [vpc_id, resolver_rule_id]])),
  ).toEqual({
    zpa_dns_hub_crm: ["vpc-0", "${aws_route53_resolver_rule.zpa_dns_forward_crm.id}"],
    zpa_dns_hub_erp: ["vpc-0", "${aws_route53_resolver_rule.zpa_dns_forward_erp.id}"],
    zpa_dns_hub_ntp_org: ["vpc-0", "${aws_route53_resolver_rule.zpa_dns_system_ntp_org.id}"],
    zpa_dns_hub_legacy: ["vpc-0", "rslvr-rr-0123456789abcdef0"],
    zpa_dns_shared_crm: ["vpc-0123456789abcdef0", "${aws_route53_resolver_rule.zpa_dns_forward_crm.id}"],
    zpa_dns_shared_legacy: ["vpc-0123456789abcdef0", "rslvr-rr-0123456789abcdef0"],
  });
});

test("tracked: only DNS to the targets passes, and nothing comes in", () => {
  const stack = made();
  expect(rulesOf(stack, "ingress")).toEqual({});
  expect(rulesOf(stack, "egress")).toEqual({
    dns_tcp_to_target_1: ["tcp", 53, 53, "185.46.212.88/32"],
    dns_udp_to_target_1: ["udp", 53, 53, "185.46.212.88/32"],
    dns_tcp_to_target_2: ["tcp", 53, 53, "185.46.212.89/32"],
    dns_udp_to_target_2: ["udp", 53, 53, "185.46.212.89/32"],
  });
});

test("untracked: TCP and UDP pass both ways, from and to anywhere", () => {
  const stack = made(() => ({ endpoint: { create: { securityGroup: { untracked: {} } } } }));
  expect(rulesOf(stack, "ingress")).toEqual({
    all_tcp_in: ["tcp", 0, 65535, "0.0.0.0/0"],
    all_udp_in: ["udp", 0, 65535, "0.0.0.0/0"],
  });
  expect(rulesOf(stack, "egress")).toEqual({
    all_tcp_out: ["tcp", 0, 65535, "0.0.0.0/0"],
    all_udp_out: ["udp", 0, 65535, "0.0.0.0/0"],
  });
});

test("queries go through the resolver only when the routes and the group's rules stand", () => {
  const stack = made((scope) => ({
    after: [new Route(scope, "route", { routeTableId: "rtb-0", destinationCidrBlock: "0.0.0.0/0", networkInterfaceId: "eni-0" })],
    associateVpcs: { shared },
  }));
  const groupRules = Object.keys(stack.ofType("aws_vpc_security_group_egress_rule"));
  const associations = Object.values(stack.ofType("aws_route53_resolver_rule_association"));
  expect(associations).toHaveLength(28);
  for (const { depends_on } of associations) expect(new Set(depends_on as string[])).toEqual(new Set([...groupRules, "aws_route.route"]));
});

test("everything that it makes is within reach", () => {
  synthesizePlain((stack) => {
    const dns = new ZpaDns(stack, "dns", {
      ...props,
      systemDomains: { ntp_org: "ntp.org" },
      existingRules: { legacy: "rslvr-rr-0123456789abcdef0" },
    });
    expect(Object.keys(dns.rules)).toEqual(["crm", "ntp_org"]);
    expect(Object.keys(dns.ruleIds)).toEqual(["crm", "ntp_org", "legacy"]);
    expect(dns.ruleIds["legacy"]).toBe("rslvr-rr-0123456789abcdef0");
    expect(Object.keys(dns.associations)).toEqual(["hub_crm", "hub_ntp_org", "hub_legacy"]);
    expect(dns.endpoint?.directionInput).toBe("OUTBOUND");
    expect(resolved(dns, dns.endpointId)).toMatch(/^\$\{aws_route53_resolver_endpoint\.dns_\w+\.id\}$/);
    expect(dns.securityGroup?.rules).toHaveLength(4);
  });
});

describe("a security group that exists", () => {
  const group = "sg-0123456789abcdef0";
  const stack = made(() => ({ endpoint: { create: { securityGroup: { existing: { id: group } } } } }));

  test("is that of the endpoint, and none is made", () => {
    expect(stack.at("aws_route53_resolver_endpoint.zpa_dns")["security_group_ids"]).toEqual([group]);
    for (const type of ["aws_security_group", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"]) {
      expect(stack.ofType(type)).toEqual({});
    }
  });

  test("must be of the VPC, which is found out before queries go through the resolver", () => {
    expect(stack.at("data.aws_security_group.zpa_dns_resolver")).toEqual({
      id: group,
      lifecycle: {
        postcondition: [
          {
            condition: '${(self.vpc_id == "vpc-0")}',
            error_message: `Security group ${group} of the resolver endpoint is of VPC \${self.vpc_id}, not of vpc-0. Give one of vpc-0.`,
          },
        ],
      },
    });
    for (const { depends_on } of Object.values(stack.ofType("aws_route53_resolver_rule_association"))) {
      expect(depends_on).toEqual(["data.aws_security_group.zpa_dns_resolver"]);
    }
  });
});

describe("an endpoint that exists", () => {
  const existing = { existing: { id: "rslvr-out-0123456789abcdef0" } };
  const stack = made(() => ({ endpoint: existing, subnetIds: undefined }));

  test("gets the queries, and no endpoint and no security group is made", () => {
    expect(stack.at("aws_route53_resolver_rule.zpa_dns_forward_crm")).toMatchObject({
      rule_type: "FORWARD",
      resolver_endpoint_id: "rslvr-out-0123456789abcdef0",
    });
    expect(new Set(Object.keys(stack.elements).map((address) => address.replace(/\.[^.]+$/, "")))).toEqual(
      new Set(["aws_route53_resolver_rule", "aws_route53_resolver_rule_association", "data.aws_route53_resolver_endpoint"]),
    );
  });

  test("must be outbound, which is found out before queries go through it", () => {
    expect(stack.at("data.aws_route53_resolver_endpoint.zpa_dns")).toEqual({
      resolver_endpoint_id: "rslvr-out-0123456789abcdef0",
      lifecycle: {
        postcondition: [
          {
            condition: '${(self.direction == "OUTBOUND")}',
            error_message:
              "Resolver endpoint rslvr-out-0123456789abcdef0 is ${self.direction}, and only one that is OUTBOUND forwards queries. Give such a one.",
          },
        ],
      },
    });
    for (const { depends_on } of Object.values(stack.ofType("aws_route53_resolver_rule_association"))) {
      expect(depends_on).toEqual(["data.aws_route53_resolver_endpoint.zpa_dns"]);
    }
  });

  test("is within reach by its id", () => {
    synthesizePlain((scope) => {
      const dns = new ZpaDns(scope, "dns", { ...props, endpoint: existing, subnetIds: {} });
      expect(dns).toMatchObject({ endpointId: "rslvr-out-0123456789abcdef0", endpoint: undefined, securityGroup: undefined });
    });
  });

  test("has its own subnets", () => {
    expect(() => made(() => ({ endpoint: existing }))).toThrow(
      "theirs/zpa_dns.subnetIds: subnets are given for an endpoint that exists; its subnets are its own: leave subnetIds out",
    );
  });

  test("and one that is made is a mistake, whatever the subnets", () => {
    const both = { create: {}, ...existing };
    for (const subnetIds of [undefined, {}, { a: "subnet-0a" }]) {
      const mistakes = () => made(() => ({ endpoint: both, subnetIds }));
      expect(mistakes).toThrow("theirs/zpa_dns.endpoint: create and existing exclude each other");
      expect(mistakes).not.toThrow("subnetIds");
    }
  });
});

test.each([
  [0, undefined],
  [0, {}],
  [1, { a: "subnet-0a" }],
  [7, Object.fromEntries(["a", "b", "c", "d", "e", "f", "g"].map((zone) => [zone, `subnet-0${zone}`]))],
])("%d subnets are refused", (count, subnetIds) => {
  expect(() => made(() => ({ subnetIds }))).toThrow(
    `theirs/zpa_dns.subnetIds: ${count} subnets are given; an outbound endpoint has 2 to 6 addresses, and each zone's subnet holds one: give as many`,
  );
});

test.each([null, "subnet-0a", 5])("subnets of another kind, as %p, are refused once", (wrong) => {
  const subnetIds = wrong as unknown as Readonly<Record<string, string>>;
  expect(() => made(() => ({ subnetIds }))).toThrow(/^theirs\/zpa_dns\.subnetIds: Invalid input: expected record, received \w+$/);
});

test("six subnets are taken", () => {
  const stack = made(() => ({ subnetIds: Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((zone) => [zone, `subnet-0${zone}`])) }));
  expect(stack.at("aws_route53_resolver_endpoint.zpa_dns")["ip_address"]).toHaveLength(6);
});

test("all mistakes are told at once, with the construct's path", () => {
  const unsteered = { id: "vpc-0123456789abcdef0" } as typeof shared;
  const mistakes = () =>
    made(() => ({
      subnetIds: { a: "subnet-0a" },
      domains: { crm: "*.example.com", a: "a.example.com", b: "b.a.example.com" },
      targets: ["185.46.212.088"],
      associateVpcs: { shared: unsteered },
    }));
  for (const mistake of [
    "subnetIds: 1 subnets are given",
    "domains.crm: *.example.com is a wildcard",
    "domains.b: b.a.example.com lies below a.example.com",
    "targets.0: 185.46.212.088 is no IPv4 address",
    "associateVpcs.shared.steeredBy: what steers this VPC to a connector is not said",
  ]) {
    expect(mistakes).toThrow(`theirs/zpa_dns.${mistake}`);
  }
});

describe("rules shared with other accounts", () => {
  const accounts = ["123456789012", "210987654321"];
  const rules: Partial<ZpaDnsProps> = { systemDomains: { ntp_org: "ntp.org" }, existingRules: { legacy: "rslvr-rr-0123456789abcdef0" } };
  const without = made(() => rules);
  const stack = made(() => ({ ...rules, shareWith: accounts }));
  const ofRam = Object.keys(stack.elements).filter((address) => address.startsWith("aws_ram_"));

  test("are those made, in one share, with each account", () => {
    expect(stack.at("aws_ram_resource_share.zpa_dns_share")).toEqual({
      name: "theirs-zpa",
      allow_external_principals: true,
      tags: { Name: "theirs-zpa" },
    });
    const resource_share_arn = "${aws_ram_resource_share.zpa_dns_share.arn}";
    expect(stack.ofType("aws_ram_resource_association")).toEqual({
      "aws_ram_resource_association.zpa_dns_share_crm": {
        resource_share_arn,
        resource_arn: "${aws_route53_resolver_rule.zpa_dns_forward_crm.arn}",
      },
      "aws_ram_resource_association.zpa_dns_share_ntp_org": {
        resource_share_arn,
        resource_arn: "${aws_route53_resolver_rule.zpa_dns_system_ntp_org.arn}",
      },
    });
    expect(stack.ofType("aws_ram_principal_association")).toEqual({
      "aws_ram_principal_association.zpa_dns_share_123456789012": { resource_share_arn, principal: "123456789012" },
      "aws_ram_principal_association.zpa_dns_share_210987654321": { resource_share_arn, principal: "210987654321" },
    });
  });

  test("leave everything else as it is", () => {
    expect(Object.keys(stack.elements).filter((address) => !ofRam.includes(address))).toEqual(Object.keys(without.elements));
    for (const [address, block] of Object.entries(without.elements)) expect(stack.at(address)).toEqual(block);
  });

  test("may be kept within the organization", () => {
    const within = made(() => ({ ...rules, shareWith: accounts, shareAcross: "organization" }));
    expect(within.at("aws_ram_resource_share.zpa_dns_share")["allow_external_principals"]).toBe(false);
  });

  test("are within reach, also under a name that the share could have", () => {
    synthesizePlain((scope) => {
      const dns = new ZpaDns(scope, "dns", { ...props, domains: { ram_resource_share: "crm.example.com" }, shareWith: accounts });
      expect(dns.share?.nameInput).toBe("theirs-zpa");
      expect(new ZpaDns(scope, "alone", props).share).toBeUndefined();
    });
  });

  test("know their accounts when they are synthesized", () => {
    expect(() => made((scope) => ({ shareWith: [new TerraformVariable(scope, "account", { type: "string" }).stringValue] }))).toThrow(
      "is no AWS account id",
    );
  });
});

describe("rules associated with another VPC", () => {
  const associated = (after: (scope: Construct) => Pick<RuleAssociationsProps, "after"> = () => ({})) =>
    synthesizeApp((app) => {
      const stack = new ZscalerStack(app, "spoke");
      new AwsProvider(stack, "aws", { region: "us-west-2" });
      const ruleIds = { crm: "rslvr-rr-0", erp: new TerraformVariable(stack, "erp", { type: "string" }).stringValue };
      const { associations } = new RuleAssociations(stack, "zpa_dns", { vpcId: "vpc-0", ruleIds, ...after(stack) });
      expect(Object.keys(associations)).toEqual(["crm", "erp"]);
    })("spoke").ofType("aws_route53_resolver_rule_association");

  test("are all those given", () => {
    expect(associated()).toEqual({
      "aws_route53_resolver_rule_association.zpa_dns_crm": { vpc_id: "vpc-0", resolver_rule_id: "rslvr-rr-0" },
      "aws_route53_resolver_rule_association.zpa_dns_erp": { vpc_id: "vpc-0", resolver_rule_id: "${var.erp}" },
    });
  });

  test("get its queries only when its routes stand", () => {
    const associations = associated((scope) => ({
      after: [new Route(scope, "route", { routeTableId: "rtb-0", destinationCidrBlock: "0.0.0.0/0", vpcEndpointId: "vpce-0" })],
    }));
    expect(Object.values(associations).map(({ depends_on }) => depends_on)).toEqual([["aws_route.route"], ["aws_route.route"]]);
  });
});

test("values may be Terraform variables", () => {
  const stack = made((scope) => {
    const variable = (name: string) => new TerraformVariable(scope, name, { type: "string" }).stringValue;
    return {
      name: variable("prefix"),
      vpcId: variable("vpc"),
      subnetIds: { a: variable("subnet_a"), b: variable("subnet_b") },
      domains: { crm: variable("crm") },
      existingRules: { legacy: variable("legacy") },
      systemDomains: { ntp_org: variable("ntp") },
      targets: ["192.0.2.1", variable("target")],
      associateVpcs: { spoke: { id: variable("spoke"), steeredBy: { endpoint: { id: variable("endpoint") } } } },
    };
  });
  // What steers a VPC is asked for, and goes nowhere.
  const passed = Object.keys(stack.file.variable ?? {}).filter((name) => name !== "endpoint");
  expect(passed).toHaveLength(9);
  expect(passed.filter((name) => !stack.text.includes(`var.${name}`))).toEqual([]);
  expect(asText(stack.at("aws_route53_resolver_rule.zpa_dns_forward_crm")["name"])).toBe("${var.prefix}-crm");
  expect(rulesOf(stack, "egress")).toMatchObject({
    dns_udp_to_target_1: ["udp", 53, 53, "192.0.2.1/32"],
    dns_udp_to_target_2: ["udp", 53, 53, "${var.target}/32"],
  });
});

test("what exists may be Terraform variables, and the VPC one of the same configuration", () => {
  const variable = (scope: Construct, name: string) => new TerraformVariable(scope, name, { type: "string" }).stringValue;
  const withGroup = made((scope) => ({
    vpcId: new Vpc(scope, "vpc", { cidrBlock: "10.0.0.0/16" }).id,
    endpoint: { create: { securityGroup: { existing: { id: variable(scope, "group") } } } },
  }));
  expect(withGroup.at("aws_route53_resolver_endpoint.zpa_dns")["security_group_ids"]).toEqual(["${var.group}"]);
  expect(withGroup.at("data.aws_security_group.zpa_dns_resolver")).toMatchObject({
    id: "${var.group}",
    lifecycle: { postcondition: [{ condition: "${(self.vpc_id == aws_vpc.vpc.id)}" }] },
  });
  const withEndpoint = made((scope) => ({ endpoint: { existing: { id: variable(scope, "resolver") } }, subnetIds: undefined }));
  expect(withEndpoint.at("data.aws_route53_resolver_endpoint.zpa_dns")["resolver_endpoint_id"]).toBe("${var.resolver}");
  expect(withEndpoint.at("aws_route53_resolver_rule.zpa_dns_forward_crm")["resolver_endpoint_id"]).toBe("${var.resolver}");
});

test("a name that is too long for Resolver is refused", () => {
  expect(() => made(() => ({ name: "t".repeat(61), domains: { crm: "crm.example.com" } }))).toThrow("a Route 53 Resolver name takes 64");
});
