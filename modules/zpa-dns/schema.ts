import { z } from "zod";
import { parseRange } from "../addressing";
import { accountId } from "../iam/schema";
import { longestDeploymentName } from "../naming/schema";
import {
  awsId,
  evenIfWrong,
  findingMessage,
  type Immutable,
  type Leaf,
  matching,
  oneOf,
  type TerraformRule,
  text,
} from "../validation/schema";
import { hub, judgeAssociated, judgeVpcs } from "./associations";
import { domainRule, judgeDomain } from "./domain";
import { judgeRules, named, type Named, type PlacedFinding } from "./rules";

/**
 * Addresses of an outbound endpoint: two at least, which AWS asks to be in two zones, and six at the most by default (Service Quotas route53resolver
 * L-D2FE9758; Route 53 developer guide, "Quotas").
 */
export const endpointAddresses = { fewest: 2, most: 6 } as const;

/** The most targets that a rule takes (Service Quotas route53resolver L-D74B6237). */
const mostTargets = 6;

// Resolver takes rule names of 64 characters, and ours begin with the deployment's name and a hyphen.
const longestRuleName = 64 - longestDeploymentName - 1;

const namePattern = /^[a-z][a-z0-9_-]*$/;
const nameRule = "use lower-case letters, digits, _ and -, a letter first";

const ruleName = () =>
  text((name) => {
    if (!namePattern.test(name)) return { problem: `${name} is no name for a rule`, fix: `${nameRule}, such as crm` };
    return name.length <= longestRuleName
      ? undefined
      : { problem: `${name} has ${name.length} characters`, fix: `use ${longestRuleName} at the most: AWS limits the names of rules` };
  });

const vpcName = () =>
  matching(namePattern, "name for a VPC", `${nameRule}, such as shared`).refine((name) => name !== hub, {
    error: () => findingMessage({ problem: `${hub} is the name of the VPC in which the resolver stands`, fix: "give this one another" }),
  });

const targetRule: TerraformRule = {
  condition: (value) => `can(cidrhost("\${${value}}/32", 0)) && !strcontains(${value}, ":")`,
  message: "This is no IPv4 address, such as 185.46.212.88.",
};

const target = () =>
  text((address) => {
    const parsed = parseRange(`${address}/32`);
    return "range" in parsed && parsed.range.family === 4
      ? undefined
      : {
          problem: `${address} is no IPv4 address`,
          fix: "give one such as 185.46.212.88: four numbers without leading zeros, and no port",
        };
  }, targetRule);

/** Domains that the connectors themselves need, as Zscaler's published template has them. */
const zscalerDomains = [
  "freebsd.org",
  "ntp.org",
  "zscaler.com",
  "zpath.net",
  "zpagov.net",
  "zpabeta.net",
  "zscalerbeta.net",
  "zscaler.net",
  "zscalerone.net",
  "zscalertwo.net",
  "zscalerthree.net",
  "zscloud.net",
  "zscalergov.net",
];

const outboundSecurityGroup = (leaf: Leaf) =>
  oneOf({
    tracked: z
      .strictObject({})
      .meta({ description: "Make one that lets only DNS to the targets out: about 1,500 queries a second and address." }),
    untracked: z
      .strictObject({})
      .meta({ description: "Make one that opens the endpoint's interfaces to all addresses: about 10,000 queries a second and address." }),
    existing: z
      .strictObject({ id: leaf(awsId("sg", "a security group")).meta({ description: "Id of the endpoint's security group." }) })
      .meta({ description: "A security group of the VPC that exists. Its rules are yours: let out TCP and UDP 53 to the targets." }),
  })
    .prefault({ tracked: {} })
    .meta({ description: "Security group of the endpoint." });

const endpointSettings = (leaf: Leaf) =>
  oneOf({
    create: z
      .strictObject({ securityGroup: outboundSecurityGroup(leaf) })
      .meta({ description: "Make an endpoint, with an address in each resolver subnet." }),
    existing: z
      .strictObject({
        id: leaf(awsId("rslvr-out", "an outbound Resolver endpoint")).meta({ description: "Id of the outbound Resolver endpoint." }),
      })
      .meta({ description: "An endpoint that exists. Its queries must meet a connector: the routes of its subnets are yours." }),
  })
    .prefault({ create: {} })
    .meta({ description: "Outbound Resolver endpoint that forwards the queries." });

const steering = (leaf: Leaf) => {
  const schema = oneOf({
    transitGateway: z
      .strictObject({ id: leaf(awsId("tgw", "a Transit Gateway")).meta({ description: "Id of the Transit Gateway." }) })
      .meta({ description: "A Transit Gateway to which the VPC's routes lead, and whose routes lead to a connector." }),
    endpoint: z
      .strictObject({ id: leaf(awsId("vpce", "a VPC endpoint")).meta({ description: "Id of the Gateway Load Balancer endpoint." }) })
      .meta({ description: "A Gateway Load Balancer endpoint to which the VPC's routes lead, with connectors behind it." }),
  });
  const absent = {
    problem: "what steers this VPC to a connector is not said",
    fix: "give steeredBy: clients of a VPC that is not steered get synthetic addresses that they cannot reach",
  };
  return schema
    .clone(
      { ...schema.def, error: ({ input }: { readonly input?: unknown }) => (input === undefined ? findingMessage(absent) : undefined) },
      { parent: true },
    )
    .meta({
      description: "What brings the VPC's traffic to a connector: without it, its clients get synthetic addresses that they cannot reach.",
    });
};

/** Adds what is wrong with a list in which something stands twice. */
const refuseRepeated = (what: string) => (values: readonly unknown[], context: z.core.$RefinementCtx) => {
  for (const [index, value] of values.entries()) {
    // What is known only at deployment cannot be compared.
    if (typeof value !== "string" || value.includes("${") || values.indexOf(value) === index) continue;
    const message = findingMessage({ problem: `${value} is given twice`, fix: `give each ${what} once` });
    context.addIssue({ code: "custom", path: [index], message });
  }
};

/**
 * The most accounts with which rules are shared: RAM lets so many invitations wait by default (RAM user guide, "Service quotas"). Of resources a share
 * takes 5,000, more than Resolver takes rules.
 */
const mostAccounts = 20;

const rulesLists: readonly string[] = ["domains", "systemDomains", "existingRules"];

/**
 * What is wrong with the settings as a whole.
 *
 * @param complete whether no rule is missing from its list because its name is wrong
 */
function judgeSettings(settings: Named, complete: boolean): readonly PlacedFinding[] {
  const sets = {
    domains: named(settings["domains"]),
    systemDomains: named(settings["systemDomains"]),
    existingRules: named(settings["existingRules"]),
  };
  const rules = [...new Set(Object.values(sets).flatMap((entries) => Object.keys(entries)))];
  const vpcs = named(settings["associateVpcs"]);
  const nothing = {
    at: ["domains"],
    problem: "no query would go through a connector",
    fix: "name a domain of a ZPA application in domains, or a rule in existingRules",
  };
  const forwards = { ...sets.domains, ...sets.existingRules };
  const made = { ...sets.domains, ...sets.systemDomains };
  const accounts = settings["shareWith"];
  const nothingToShare = {
    at: ["shareWith"],
    problem: "no rule is made that could be shared",
    fix: "leave shareWith out: rules that exist are shared by the account that made them",
  };
  const aboutVpcs = [...judgeVpcs(vpcs, rules), ...(complete ? judgeAssociated(vpcs, rules) : [])];
  return [
    ...(complete && Object.keys(forwards).length === 0 ? [nothing] : []),
    ...(complete && Array.isArray(accounts) && accounts.length > 0 && Object.keys(made).length === 0 ? [nothingToShare] : []),
    ...judgeRules(sets),
    ...aboutVpcs.map((finding) => ({ ...finding, at: ["associateVpcs", ...finding.at] })),
  ];
}

/** Which DNS queries go through a connector to ZPA. */
export const zpaSettings = (leaf: Leaf) =>
  z
    .strictObject({
      domains: z
        .record(ruleName(), leaf(text(judgeDomain, domainRule)))
        .default({})
        .meta({
          description: "Domains of ZPA applications, by a name of your own. Each covers all names below it.",
          examples: [{ crm: "crm.example.com" }],
        }),
      existingRules: z
        .record(ruleName(), leaf(awsId("rslvr-rr", "a Resolver rule")))
        .default({})
        .meta({
          description: "Resolver rules that exist in the account or are shared with it, by a name of your own: they are associated only.",
        }),
      systemDomains: z
        .record(ruleName(), leaf(text(judgeDomain, domainRule)))
        .default(Object.fromEntries(zscalerDomains.map((domain) => [domain.replaceAll(".", "_"), domain])))
        .meta({
          description:
            "Domains that AWS resolves itself, by a name of your own. By default those that the connectors need; what you give replaces them.",
        }),
      targets: z
        .array(leaf(target()))
        .min(1)
        .max(mostTargets)
        .superRefine(refuseRepeated("target"), evenIfWrong)
        .default(["185.46.212.88", "185.46.212.89"])
        .meta({ description: `Addresses to which queries are sent, so that a connector takes them: ${mostTargets} at the most.` }),
      endpoint: endpointSettings(leaf),
      associateVpcs: z
        .record(
          vpcName(),
          z.strictObject({
            id: leaf(awsId("vpc", "a VPC")).meta({ description: "Id of the VPC, of this account and region." }),
            steeredBy: steering(leaf),
            associated: z
              .array(z.string())
              .default([])
              .meta({ description: "Names of rules that the VPC is associated with already: no association is made." }),
          }),
        )
        .default({})
        .meta({ description: "Further VPCs whose queries go the same way, by a name of your own." }),
      // No leaves: an account is part of a Terraform address.
      shareWith: z
        .array(accountId())
        .max(mostAccounts)
        .superRefine(refuseRepeated("account"), evenIfWrong)
        .default([])
        .meta({
          description: `Accounts with which the rules made here are shared by AWS RAM, so that they associate them with VPCs of their own: ${mostAccounts} at the most. One of the same organization has them at once, if RAM shares within the organization; any other accepts an invitation first.`,
          examples: [["123456789012"]],
        }),
      shareAcross: z.enum(["anyAccount", "organization"]).default("anyAccount").meta({
        description:
          "Whom the share may admit: any account, or those of the organization alone, for companies whose policies demand it. The latter needs RAM to share within the organization.",
      }),
    })
    .superRefine((settings: Named, context) => {
      const complete = !context.issues.some(
        ({ code, path = [] }) => rulesLists.includes(String(path[0])) && (code === "invalid_key" || path.length === 1),
      );
      for (const { at, ...finding } of judgeSettings(settings, complete)) {
        context.addIssue({ code: "custom", path: [...at], message: findingMessage(finding) });
      }
    }, evenIfWrong);

export type ZpaSettings = Immutable<z.input<ReturnType<typeof zpaSettings>>>;
/** Which security group an endpoint that is made gets. */
export type OutboundSecurityGroup = Immutable<z.output<ReturnType<typeof outboundSecurityGroup>>>;
