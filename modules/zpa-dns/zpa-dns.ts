import { Route53ResolverEndpoint } from "@cdktf/provider-aws/lib/route53-resolver-endpoint";
import { Route53ResolverRule } from "@cdktf/provider-aws/lib/route53-resolver-rule";
import { Route53ResolverRuleAssociation } from "@cdktf/provider-aws/lib/route53-resolver-rule-association";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { explain } from "../explanation";
import { awsName } from "../naming";
import { RuledSecurityGroup } from "../security-group";
import { checkSettings, orToken } from "../validation";
import { findingMessage } from "../validation/schema";
import { associationsToMake, hub } from "./associations";
import { endpointAddresses, zpaSettings, type ZpaSettings } from "./schema";
import { trackedRules, untrackedRules } from "./security-rules";

const subnets = z.record(z.string(), z.string()).superRefine((given, context) => {
  const count = Object.keys(given).length;
  const { fewest, most } = endpointAddresses;
  if (count >= fewest && count <= most) return;
  const finding = {
    problem: `${count} subnets are given`,
    fix: `an outbound endpoint has ${fewest} to ${most} addresses, and each zone's subnet holds one: give as many`,
  };
  context.addIssue({ code: "custom", message: findingMessage(finding) });
});

const schema = zpaSettings(orToken).safeExtend({ subnetIds: subnets });

export interface ZpaDnsProps extends ZpaSettings {
  /** First words of every AWS name. */
  readonly name: string;
  /** The VPC in which the resolver stands. */
  readonly vpcId: string;
  /** The subnets of the endpoint by zone, two to six: an address is taken in each. Their traffic must be steered to a connector. */
  readonly subnetIds: Readonly<Record<string, string>>;
  /** What must stand before queries go through the resolver: the routes of its own and of the workloads' subnets. @default nothing */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * Resolves the domains of ZPA applications through a Cloud Connector, which answers with synthetic addresses.
 *
 * Makes an outbound Route 53 Resolver endpoint with a security group of its own, a FORWARD rule for each domain, a SYSTEM rule for each domain that
 * AWS is to resolve, and the associations of all rules, existing ones too, with the VPC and the further ones. AWS charges for each address of the
 * endpoint by the hour, and for queries.
 *
 * @throws When a setting is wrong: all mistakes at once.
 */
export class ZpaDns extends Construct {
  readonly endpoint: Route53ResolverEndpoint;
  readonly securityGroup: RuledSecurityGroup;
  /** The rules made, by name. */
  readonly rules: Readonly<Record<string, Route53ResolverRule>>;
  /** The ids of all rules by name: those made and those that exist. */
  readonly ruleIds: Readonly<Record<string, string>>;
  /** The associations made, by `<vpc>_<rule>`. The VPC of the resolver itself is `hub`. */
  readonly associations: Readonly<Record<string, Route53ResolverRuleAssociation>>;

  constructor(scope: Construct, id: string, props: ZpaDnsProps) {
    super(scope, id);
    const settings = checkSettings(this, schema, props);

    this.securityGroup = new RuledSecurityGroup(this, "resolver", {
      name: [props.name, "resolver"],
      description: "Outbound resolver endpoint for ZPA",
      vpcId: props.vpcId,
      rules: () => (settings.securityGroup === "tracked" ? trackedRules(settings.targets) : untrackedRules),
    });
    const endpointName = awsName("resolver", props.name, "zpa");
    this.endpoint = new Route53ResolverEndpoint(this, "route53_resolver_endpoint", {
      name: endpointName,
      direction: "OUTBOUND",
      securityGroupIds: [this.securityGroup.group.id],
      ipAddress: Object.values(settings.subnetIds).map((subnetId) => ({ subnetId })),
      tags: { Name: endpointName },
    });
    explain(this.endpoint, "Its queries meet a connector, which answers for ZPA: the routes of its subnets lead there.");

    const make = (kind: "forward" | "system", domains: Readonly<Record<string, string>>) => {
      const scope = new Construct(this, kind);
      return Object.entries(domains).map(([rule, domainName]): [string, Route53ResolverRule] => {
        const name = awsName("resolver", props.name, rule);
        const forwarding = {
          ruleType: "FORWARD",
          resolverEndpointId: this.endpoint.id,
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
          dependsOn: [...this.securityGroup.rules, ...(props.after ?? [])],
        }),
      ]),
    );
  }
}
