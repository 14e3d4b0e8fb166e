import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { formatRange, parseRange } from "../addressing";
import { awsName } from "../naming";
import { type Peer, type SecurityRule } from "./rules";

export interface RuledSecurityGroupProps {
  /** Words of the group's name. */
  readonly name: readonly string[];
  readonly description: string;
  readonly vpcId: string;
  /** Gets the group's own id, so that a rule can speak of the group's members. */
  readonly rules: (groupId: string) => readonly SecurityRule[];
}

const peerAttributes = (peer: Peer) => {
  if ("group" in peer) return { referencedSecurityGroupId: peer.group };
  const parsed = parseRange(peer.range);
  // AWS answers with the canonical form of an IPv6 range, and another spelling would differ in every plan.
  if ("range" in parsed && parsed.range.family === 6) return { cidrIpv6: formatRange(parsed.range) };
  return { cidrIpv4: peer.range };
};

/** A security group with one resource a rule, so that rules which others add to the group stay. */
export class RuledSecurityGroup extends Construct {
  readonly group: SecurityGroup;
  /** The rules: what needs to get through the group must come after them. */
  readonly rules: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: RuledSecurityGroupProps) {
    super(scope, id);
    const name = awsName("securityGroup", ...props.name);
    this.group = new SecurityGroup(this, "security_group", {
      name,
      description: props.description,
      vpcId: props.vpcId,
      tags: { Name: name },
    });
    this.rules = props.rules(this.group.id).map(({ id, direction, protocol, ports, peer, description }) => {
      const Rule = direction === "in" ? VpcSecurityGroupIngressRule : VpcSecurityGroupEgressRule;
      return new Rule(this, id, {
        securityGroupId: this.group.id,
        description,
        ipProtocol: protocol === "all" ? "-1" : protocol,
        ...(ports === undefined ? {} : { fromPort: ports[0], toPort: ports[1] }),
        ...peerAttributes(peer),
      });
    });
  }
}
