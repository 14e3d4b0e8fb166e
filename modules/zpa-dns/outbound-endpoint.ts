import { DataAwsRoute53ResolverEndpoint } from "@cdktf/provider-aws/lib/data-aws-route53-resolver-endpoint";
import { Route53ResolverEndpoint } from "@cdktf/provider-aws/lib/route53-resolver-endpoint";
import { type ITerraformDependable, Op, TerraformSelf } from "cdktf";
import { Construct } from "constructs";
import { explain } from "../explanation";
import { awsName } from "../naming";
import { existingSecurityGroup, RuledSecurityGroup } from "../security-group";
import { type OutboundSecurityGroup } from "./schema";
import { trackedRules, untrackedRules } from "./security-rules";

/** The resolver endpoint that forwards queries, and what of it is made. */
export interface OutboundEndpoint {
  readonly id: string;
  readonly made: Route53ResolverEndpoint | undefined;
  readonly securityGroup: RuledSecurityGroup | undefined;
  /** What must stand before queries get through it. */
  readonly ready: readonly ITerraformDependable[];
}

/** Looks up an endpoint that exists, and fails at plan if it takes queries in and sends none out. */
export function existingEndpoint(scope: Construct, id: string): OutboundEndpoint {
  const direction = TerraformSelf.getString("direction");
  const lookup = new DataAwsRoute53ResolverEndpoint(scope, "route53_resolver_endpoint", {
    resolverEndpointId: id,
    lifecycle: {
      postcondition: [
        {
          condition: Op.eq(direction, "OUTBOUND"),
          errorMessage: `Resolver endpoint ${id} is ${direction}, and only one that is OUTBOUND forwards queries. Give such a one.`,
        },
      ],
    },
  });
  // Not the lookup's own id: where Terraform reads only at apply, it would plan to replace the rules.
  return { id, made: undefined, securityGroup: undefined, ready: [lookup] };
}

/** Makes an endpoint with an address in each subnet. */
export function makeEndpoint(
  scope: Construct,
  props: {
    readonly name: string;
    readonly vpcId: string;
    readonly subnetIds: readonly string[];
    readonly targets: readonly string[];
    readonly securityGroup: OutboundSecurityGroup;
  },
): OutboundEndpoint {
  const group = securityGroupOf(scope, props);
  const name = awsName("resolver", props.name, "zpa");
  const endpoint = new Route53ResolverEndpoint(scope, "route53_resolver_endpoint", {
    name,
    direction: "OUTBOUND",
    securityGroupIds: [group.id],
    ipAddress: props.subnetIds.map((subnetId) => ({ subnetId })),
    tags: { Name: name },
  });
  explain(endpoint, "Its queries meet a connector, which answers for ZPA: the routes of its subnets lead there.");
  return { id: endpoint.id, made: endpoint, securityGroup: group.made, ready: group.ready };
}

function securityGroupOf(
  scope: Construct,
  { name, vpcId, targets, securityGroup }: Parameters<typeof makeEndpoint>[1],
): { readonly id: string; readonly made: RuledSecurityGroup | undefined; readonly ready: readonly ITerraformDependable[] } {
  if (securityGroup.existing) {
    const { id } = securityGroup.existing;
    return {
      id,
      made: undefined,
      ready: [existingSecurityGroup(new Construct(scope, "resolver"), { id, vpcId, of: "resolver endpoint" })],
    };
  }
  const made = new RuledSecurityGroup(scope, "resolver", {
    name: [name, "resolver"],
    description: "Outbound resolver endpoint for ZPA",
    vpcId,
    rules: () => (securityGroup.untracked ? untrackedRules : trackedRules(targets)),
  });
  return { id: made.group.id, made, ready: made.rules };
}
