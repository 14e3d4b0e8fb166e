import { type RamResourceShare } from "@cdktf/provider-aws/lib/ram-resource-share";
import { type Route53ResolverEndpoint } from "@cdktf/provider-aws/lib/route53-resolver-endpoint";
import { Route53ResolverRule } from "@cdktf/provider-aws/lib/route53-resolver-rule";
import { Route53ResolverRuleAssociation } from "@cdktf/provider-aws/lib/route53-resolver-rule-association";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { awsName } from "../naming";
import { type RuledSecurityGroup } from "../security-group";
import { checkSettings, orToken } from "../validation";
import { evenIfWrong, type Finding, findingMessage } from "../validation/schema";
import { associationsToMake, hub } from "./associations";
import { existingEndpoint, makeEndpoint } from "./outbound-endpoint";
import { named, type Named } from "./rules";
import { endpointAddresses, zpaSettings, type ZpaSettings } from "./schema";
import { shareRules } from "./share";

const schema = zpaSettings(orToken)
  .safeExtend({ subnetIds: z.record(z.string(), z.string()).optional() })
  .superRefine((settings: Named, context) => {
    const finding = judgeSubnets(settings);
    if (finding) context.addIssue({ code: "custom", path: ["subnetIds"], message: findingMessage(finding) });
  }, evenIfWrong);

/** What is wrong with how many subnets are given: only an endpoint that is made has any. */
function judgeSubnets({ endpoint, subnetIds = {} }: Named): Finding | undefined {
  const { create, existing } = named(endpoint);
  if (existing !== undefined) {
    // Where both are given, what is meant is not known.
    if (create !== undefined || Object.keys(named(subnetIds)).length === 0) return undefined;
    return { problem: "subnets are given for an endpoint that exists", fix: "its subnets are its own: leave subnetIds out" };
  }
  if (typeof subnetIds !== "object" || subnetIds === null) return undefined;
  const count = Object.keys(subnetIds).length;
  const { fewest, most } = endpointAddresses;
  if (count >= fewest && count <= most) return undefined;
  return {
    problem: `${count} subnets are given`,
    fix: `an outbound endpoint has ${fewest} to ${most} addresses, and each zone's subnet holds one: give as many`,
  };
}

export interface ZpaDnsProps extends ZpaSettings {
  /** First words of every AWS name. */
  readonly name: string;
  /** The VPC in which the resolver stands. */
  readonly vpcId: string;
  /**
   * The subnets of the endpoint by zone, two to six, if it is made: an address is taken in each. Their traffic must be steered to a connector.
   *
   * @default none, for an endpoint that exists
   */
  readonly subnetIds?: Readonly<Record<string, string>> | undefined;
  /** What must stand before queries go through the resolver: the routes of its own and of the workloads' subnets. @default nothing */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * Resolves the domains of ZPA applications through a Cloud Connector, which answers with synthetic addresses.
 *
 * Makes an outbound Route 53 Resolver endpoint with a security group of its own, a FORWARD rule for each domain, a SYSTEM rule for each domain that
 * AWS is to resolve, and the associations of all rules, existing ones too, with the VPC and the further ones. An endpoint or a security group that
 * exists can take the place of one that is made: it is looked up, and the plan fails if the endpoint is not outbound or the group not of the VPC. AWS
 * charges for each address of the endpoint by the hour, and for queries.
 *
 * With accounts in `shareWith` it makes a RAM resource share of the rules made, those that exist not among them. An account of the same organization
 * has them at once, if RAM shares within the organization; any other accepts an invitation first. Such an account associates them with its VPCs by
 * `RuleAssociations`.
 *
 * @throws When a setting is wrong: all mistakes at once.
 */
export class ZpaDns extends Construct {
  /** The endpoint that forwards queries, made or existing. */
  readonly endpointId: string;
  /** The endpoint, if it is made. */
  readonly endpoint: Route53ResolverEndpoint | undefined;
  /** The endpoint's security group, if it is made. */
  readonly securityGroup: RuledSecurityGroup | undefined;
  /** The rules made, by name. */
  readonly rules: Readonly<Record<string, Route53ResolverRule>>;
  /** The ids of all rules by name: those made and those that exist. */
  readonly ruleIds: Readonly<Record<string, string>>;
  /** The associations made, by `<vpc>_<rule>`. The VPC of the resolver itself is `hub`. */
  readonly associations: Readonly<Record<string, Route53ResolverRuleAssociation>>;
  /** The share of the rules made, if there are accounts to share them with. */
  readonly share: RamResourceShare | undefined;

  constructor(scope: Construct, id: string, props: ZpaDnsProps) {
    super(scope, id);
    const settings = checkSettings(this, schema, props);

    const { create, existing } = settings.endpoint;
    const outbound = existing
      ? existingEndpoint(this, existing.id)
      : makeEndpoint(this, {
          name: props.name,
          vpcId: props.vpcId,
          subnetIds: Object.values(settings.subnetIds ?? {}),
          targets: settings.targets,
          securityGroup: create?.securityGroup ?? { tracked: {} },
        });
    this.endpointId = outbound.id;
    this.endpoint = outbound.made;
    this.securityGroup = outbound.securityGroup;

    const make = (kind: "forward" | "system", domains: Readonly<Record<string, string>>) => {
      const scope = new Construct(this, kind);
      return Object.entries(domains).map(([rule, domainName]): [string, Route53ResolverRule] => {
        const name = awsName("resolver", props.name, rule);
        const forwarding = {
          ruleType: "FORWARD",
          resolverEndpointId: this.endpointId,
          targetIp: settings.targets.map((ip) => ({ ip, port: 53 })),
        };
        const handling = kind === "forward" ? forwarding : { ruleType: "SYSTEM" };
        return [rule, new Route53ResolverRule(scope, rule, { name, domainName, ...handling, tags: { Name: name } })];
      });
    };
    this.rules = Object.fromEntries([...make("forward", settings.domains), ...make("system", settings.systemDomains)]);
    this.ruleIds = {
      ...Object.fromEntries(Object.entries(this.rules).map(([name, rule]) => [name, rule.id])),
      ...settings.existingRules,
    };

    const vpcs = Object.entries(settings.associateVpcs);
    const vpcIds: Readonly<Record<string, string>> = {
      [hub]: props.vpcId,
      ...Object.fromEntries(vpcs.map(([name, vpc]) => [name, vpc.id])),
    };
    const already = Object.fromEntries(vpcs.map(([name, vpc]) => [name, vpc.associated]));
    this.associations = Object.fromEntries(
      associationsToMake(Object.keys(this.ruleIds), already).map(({ id, vpc, rule }) => [
        id,
        new Route53ResolverRuleAssociation(this, id, {
          resolverRuleId: this.ruleIds[rule] ?? "",
          vpcId: vpcIds[vpc] ?? "",
          // From here on the VPC's queries take the way through the connector.
          dependsOn: [...outbound.ready, ...(props.after ?? [])],
        }),
      ]),
    );

    const { shareWith: accounts, shareAcross: across } = settings;
    this.share = accounts.length === 0 ? undefined : shareRules(this, { name: props.name, rules: this.rules, accounts, across });
  }
}
