import { type z } from "zod";
import { orToken } from "../../../modules/validation";
import { known, type Leaf } from "../../../modules/validation/schema";
import { zpaSettings, type ZpaSettings } from "../../../modules/zpa-dns/schema";

const crm = { crm: "crm.example.com" };
const vpcId = (digit: number) => `vpc-0123456789abcdef${digit}`;
const transitGateway = { transitGateway: { id: "tgw-0123456789abcdef0" } };
const shared = { id: vpcId(0), steeredBy: transitGateway };

const messages = (issues: readonly z.core.$ZodIssue[]): readonly string[] =>
  issues.flatMap((issue) =>
    issue.code === "invalid_key"
      ? messages(issue.issues.map((inner) => ({ ...inner, path: issue.path })))
      : [`${issue.path.join(".")}: ${issue.message.replace("\n", "; ")}`],
  );
/** What is found in settings, each as `path: problem; fix`. */
const findings = (value: unknown, leaf: Leaf = known) => messages(zpaSettings(leaf).safeParse(value).error?.issues ?? []);

test("a domain is enough", () => {
  const settings = zpaSettings(known).parse({ domains: crm });
  const { systemDomains, ...rest } = settings;
  expect(rest).toEqual({
    domains: crm,
    existingRules: {},
    targets: ["185.46.212.88", "185.46.212.89"],
    endpoint: { create: { securityGroup: { tracked: {} } } },
    associateVpcs: {},
    shareWith: [],
    shareAcross: "anyAccount",
  });
  expect(Object.keys(systemDomains)).toHaveLength(13);
  expect(systemDomains).toMatchObject({
    freebsd_org: "freebsd.org",
    ntp_org: "ntp.org",
    zscaler_net: "zscaler.net",
    zpath_net: "zpath.net",
  });
});

test("everything can be given", () => {
  const settings: ZpaSettings = {
    domains: { crm: "crm.example.com", erp: "erp.example.com", intranet: "corp" },
    existingRules: { legacy: "rslvr-rr-0123456789abcdef0" },
    systemDomains: { own: "zscaler.net" },
    targets: ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6"],
    endpoint: { create: { securityGroup: { untracked: {} } } },
    associateVpcs: {
      shared: { ...shared, associated: ["legacy", "own", "crm"] },
      spoke: { id: vpcId(1), steeredBy: { endpoint: { id: "vpce-0123456789abcdef0" } }, associated: [] },
    },
    shareWith: ["123456789012", "210987654321"],
    shareAcross: "organization",
  };
  expect(zpaSettings(known).parse(settings)).toEqual(settings);
});

test.each<NonNullable<ZpaSettings["endpoint"]>>([
  { create: { securityGroup: { tracked: {} } } },
  { create: { securityGroup: { existing: { id: "sg-0123456789abcdef0" } } } },
  { existing: { id: "rslvr-out-0123456789abcdef0" } },
  { existing: { id: "rslvr-out-01234567" } },
])("the endpoint can be %j", (endpoint) => {
  expect(zpaSettings(known).parse({ domains: crm, endpoint }).endpoint).toEqual(endpoint);
});

test("an existing rule is enough", () => {
  expect(findings({ existingRules: { legacy: "rslvr-rr-0123456789abcdef0" } })).toEqual([]);
});

const manyDomains = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`d${index}`, `d${index}.example`]));
const manyVpcs = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`v${index}`, { ...shared, id: `vpc-${String(index).padStart(8, "0")}` }]),
  );

test.each<readonly [string, object, readonly string[]]>([
  [
    "nothing to forward",
    {},
    ["domains: no query would go through a connector; name a domain of a ZPA application in domains, or a rule in existingRules"],
  ],
  [
    "a name of other letters",
    { domains: { Crm: "crm.example.com" } },
    ["domains.Crm: Crm is no name for a rule; use lower-case letters, digits, _ and -, a letter first, such as crm"],
  ],
  [
    "a long name",
    { domains: { ["c".repeat(38)]: "crm.example.com" } },
    [`domains.${"c".repeat(38)}: ${"c".repeat(38)} has 38 characters; use 37 at the most: AWS limits the names of rules`],
  ],
  [
    "a wrong domain",
    { domains: { crm: "*.example.com" } },
    ["domains.crm: *.example.com is a wildcard; a rule for a domain covers every name below it, so write the domain alone: example.com"],
  ],
  [
    "a wrong system domain",
    { domains: crm, systemDomains: { own: "Zscaler.net" } },
    ["systemDomains.own: Zscaler.net has capital letters; DNS does not tell them apart, so write small ones: zscaler.net"],
  ],
  [
    "an account that is none, and one twice",
    { domains: crm, shareWith: ["12345678901", "123456789012", "123456789012"] },
    [
      'shareWith.0: 12345678901 is no AWS account id; write its twelve digits in quotes: "123456789012"',
      "shareWith.2: 123456789012 is given twice; give each account once",
    ],
  ],
  [
    "too many accounts",
    { domains: crm, shareWith: Array.from({ length: 21 }, (_, index) => String(100000000000 + index)) },
    ["shareWith: Too big: expected array to have <=20 items"],
  ],
  [
    "accounts, and no rule made",
    { existingRules: { legacy: "rslvr-rr-0123456789abcdef0" }, systemDomains: {}, shareWith: ["123456789012"] },
    ["shareWith: no rule is made that could be shared; leave shareWith out: rules that exist are shared by the account that made them"],
  ],
  [
    "a wrong rule id",
    { existingRules: { legacy: "rslvr-out-0123456789abcdef0" } },
    ["existingRules.legacy: rslvr-out-0123456789abcdef0 is no id of a Resolver rule; give one such as rslvr-rr-0123456789abcdef0"],
  ],
  [
    "a domain twice",
    { domains: { crm: "example.com", sales: "example.com" } },
    ["domains.sales: example.com is given as crm and as sales; one rule is enough: remove one of them"],
  ],
  [
    "a system domain twice",
    { domains: crm, systemDomains: { a: "a.net", b: "a.net" } },
    ["systemDomains.b: a.net is given as a and as b; one rule is enough: remove one of them"],
  ],
  [
    "a parent that shadows a child",
    { domains: { crm: "eu.crm.example.com", all: "example.com" } },
    ["domains.crm: eu.crm.example.com lies below example.com; the rule all covers it already: remove crm or all"],
  ],
  [
    "a system domain forwarded",
    { domains: { cloud: "zscaler.net" } },
    [
      "domains.cloud: zscaler.net is a system domain; AWS resolves it, since the connectors themselves need it: leave cloud out, or take zscaler_net out of systemDomains",
    ],
  ],
  [
    "a domain below a system domain",
    { domains: { cloud: "gateway.zscaler.net" } },
    [
      "domains.cloud: gateway.zscaler.net lies below zscaler.net, a system domain; AWS resolves it, since the connectors themselves need it: leave cloud out, or take zscaler_net out of systemDomains",
    ],
  ],
  [
    "a domain below one of the own system domains",
    { domains: { a: "a.b.example.com", all: "example.com" }, systemDomains: { b: "b.example.com" } },
    [
      "domains.a: a.b.example.com lies below b.example.com, a system domain; AWS resolves it, since the connectors themselves need it: leave a out, or take b out of systemDomains",
    ],
  ],
  [
    "a name of two rules",
    { domains: { crm: "crm.example.com", ntp_org: "ntp.example.com" }, existingRules: { crm: "rslvr-rr-0123456789abcdef0" } },
    [
      "domains.ntp_org: a rule of systemDomains is called ntp_org too; give this one another name",
      "existingRules.crm: a rule of domains is called crm too; give this one another name",
    ],
  ],
  ["no target", { domains: crm, targets: [] }, [expect.stringMatching(/^targets: /) as string]],
  [
    "seven targets",
    { domains: crm, targets: [1, 2, 3, 4, 5, 6, 7].map((last) => `192.0.2.${last}`) },
    [expect.stringMatching(/^targets: .*6/) as string],
  ],
  [
    "a target twice",
    { domains: crm, targets: ["192.0.2.1", "192.0.2.2", "192.0.2.1"] },
    ["targets.2: 192.0.2.1 is given twice; give each target once"],
  ],
  [
    "another security group",
    { domains: crm, endpoint: { create: { securityGroup: { open: {} } } } },
    [expect.stringMatching(/^endpoint\.create\.securityGroup: .*open/) as string],
  ],
  [
    "no security group",
    { domains: crm, endpoint: { create: { securityGroup: {} } } },
    ["endpoint.create.securityGroup: no choice is made; give exactly one of tracked, untracked, existing"],
  ],
  [
    "a wrong security group id",
    { domains: crm, endpoint: { create: { securityGroup: { existing: { id: "vpc-0123456789abcdef0" } } } } },
    [
      "endpoint.create.securityGroup.existing.id: vpc-0123456789abcdef0 is no id of a security group; give one such as sg-0123456789abcdef0",
    ],
  ],
  [
    "an inbound endpoint",
    { domains: crm, endpoint: { existing: { id: "rslvr-in-0123456789abcdef0" } } },
    [
      "endpoint.existing.id: rslvr-in-0123456789abcdef0 is no id of an outbound Resolver endpoint; give one such as rslvr-out-0123456789abcdef0",
    ],
  ],
  [
    "an endpoint both made and existing",
    { domains: crm, endpoint: { create: {}, existing: { id: "rslvr-out-0123456789abcdef0" } } },
    ["endpoint: create and existing exclude each other; give exactly one of create, existing"],
  ],
  [
    "a VPC that nothing steers",
    { domains: crm, associateVpcs: { shared: { id: vpcId(0) } } },
    [
      "associateVpcs.shared.steeredBy: what steers this VPC to a connector is not said; give steeredBy: clients of a VPC that is not steered get synthetic addresses that they cannot reach",
    ],
  ],
  [
    "a VPC steered by nothing",
    { domains: crm, associateVpcs: { shared: { id: vpcId(0), steeredBy: {} } } },
    ["associateVpcs.shared.steeredBy: no choice is made; give exactly one of transitGateway, endpoint"],
  ],
  [
    "a VPC steered by something else",
    { domains: crm, associateVpcs: { shared: { id: vpcId(0), steeredBy: { endpoint: { id: "tgw-0123456789abcdef0" } } } } },
    [
      "associateVpcs.shared.steeredBy.endpoint.id: tgw-0123456789abcdef0 is no id of a VPC endpoint; give one such as vpce-0123456789abcdef0",
    ],
  ],
  [
    "a VPC twice",
    { domains: crm, associateVpcs: { shared, again: shared } },
    [`associateVpcs.again.id: ${vpcId(0)} is shared already; name each VPC once`],
  ],
  [
    "a VPC called hub",
    { domains: crm, associateVpcs: { hub: shared } },
    ["associateVpcs.hub: hub is the name of the VPC in which the resolver stands; give this one another"],
  ],
  [
    "a VPC of other letters",
    { domains: crm, associateVpcs: { Shared: shared } },
    ["associateVpcs.Shared: Shared is no name for a VPC; use lower-case letters, digits, _ and -, a letter first, such as shared"],
  ],
  [
    "a wrong VPC id",
    { domains: crm, associateVpcs: { shared: { ...shared, id: "shared" } } },
    ["associateVpcs.shared.id: shared is no id of a VPC; give one such as vpc-0123456789abcdef0"],
  ],
  [
    "an association of no rule",
    { domains: crm, associateVpcs: { shared: { ...shared, associated: ["crm", "erp"] } } },
    ["associateVpcs.shared.associated.1: there is no rule erp; give a name of domains, systemDomains or existingRules"],
  ],
  [
    "two associations of one address",
    {
      domains: { crm: "crm.example.com", eu_crm: "crm.example.eu" },
      systemDomains: {},
      associateVpcs: { spoke: shared, spoke_eu: { ...shared, id: vpcId(1) } },
    },
    [
      "associateVpcs.spoke_eu: spoke_eu with the rule crm has the Terraform address of spoke with eu_crm, spoke_eu_crm; give this VPC another name",
    ],
  ],
  [
    "1,001 rules",
    { domains: manyDomains(988) },
    ["domains: 1001 rules are to be made; AWS takes 1000 in a region: name wider domains, which cover all names below them"],
  ],
  [
    "2,002 associations",
    { domains: manyDomains(78), associateVpcs: manyVpcs(21) },
    ["associateVpcs: 2002 associations of rules with VPCs are to be made; AWS takes 2000 in a region: name wider domains, or fewer VPCs"],
  ],
])("%s is refused, once", (_, settings, expected) => {
  expect(findings(settings)).toEqual(expected);
});

test.each([
  "185.46.212.088",
  "185.46.212",
  "185.46.212.88/32",
  "185.46.212.88:53",
  "2001:db8::1",
  "2001:db8::",
  "dns.example.com",
  "",
  " 185.46.212.88",
])("%s is no target", (target) => {
  expect(findings({ domains: crm, targets: [target] })).toEqual([
    `targets.0: ${target} is no IPv4 address; give one such as 185.46.212.88: four numbers without leading zeros, and no port`,
  ]);
});

test("what AWS takes at the most is taken", () => {
  expect(findings({ domains: manyDomains(987) })).toEqual([]);
  expect(findings({ domains: manyDomains(80), systemDomains: {}, associateVpcs: manyVpcs(24) })).toEqual([]);
});

test("what is associated already is not counted", () => {
  const associated = Object.keys(manyDomains(78));
  const vpcs = Object.fromEntries(Object.entries(manyVpcs(21)).map(([name, vpc]) => [name, { ...vpc, associated }]));
  expect(findings({ domains: manyDomains(78), associateVpcs: vpcs })).toEqual([]);
});

test("a forwarded domain may have system domains below it", () => {
  expect(findings({ domains: { all: "net" } })).toEqual([]);
});

test("names that only end alike do not cover each other", () => {
  expect(findings({ domains: { a: "example.com", b: "myexample.com", c: "notzscaler.net" } })).toEqual([]);
});

test("all mistakes are found at once, and none because of another", () => {
  const associateVpcs = { shared: { id: "x", steeredBy: transitGateway, associated: ["Crm"] }, spoke: null };
  expect(
    findings({ domains: { Crm: "crm.example.com", a: "A.example.com", b: "b.ntp.org" }, targets: ["x"], associateVpcs }).map(
      (each) => each.split(": ")[0],
    ),
  ).toEqual(["domains.Crm", "domains.a", "targets.0", "associateVpcs.shared.id", "associateVpcs.spoke", "domains.b"]);
});

test.each(["domains", "systemDomains", "existingRules", "targets", "endpoint", "associateVpcs"])(
  "%s of another kind is found once",
  (key) => {
    for (const wrong of ["text", 5, null]) {
      expect(findings({ domains: crm, [key]: wrong })).toEqual([expect.stringMatching(new RegExp(`^${key}: `))]);
    }
  },
);

describe("values that Terraform knows only at deployment", () => {
  const withTokens = {
    domains: { crm: "${var.crm}", sales: "${var.crm}" },
    existingRules: { legacy: "${var.rule}" },
    systemDomains: { own: "${var.crm}" },
    targets: ["${var.target}", "${var.target}"],
    endpoint: { existing: { id: "${var.resolver}" } },
    associateVpcs: {
      shared: { id: "${var.vpc}", steeredBy: { transitGateway: { id: "${var.gateway}" } } },
      spoke: { id: "${var.vpc}", steeredBy: { endpoint: { id: "${var.endpoint}" } } },
    },
  };

  test("are passed over by a construct", () => {
    expect(findings(withTokens, orToken)).toEqual([]);
    expect(zpaSettings(orToken).parse(withTokens)).toMatchObject(withTokens);
  });

  test("are none in a file", () => {
    expect(findings(withTokens).map((each) => each.split(": ")[0])).toEqual([
      "domains.crm",
      "domains.sales",
      "existingRules.legacy",
      "systemDomains.own",
      "targets.0",
      "targets.1",
      "endpoint.existing.id",
      "associateVpcs.shared.id",
      "associateVpcs.shared.steeredBy.transitGateway.id",
      "associateVpcs.spoke.id",
      "associateVpcs.spoke.steeredBy.endpoint.id",
    ]);
  });
});
