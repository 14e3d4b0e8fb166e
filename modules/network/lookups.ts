import { DataAwsInternetGateway } from "@cdktf/provider-aws/lib/data-aws-internet-gateway";
import { DataAwsRouteTable } from "@cdktf/provider-aws/lib/data-aws-route-table";
import { DataAwsRouteTables } from "@cdktf/provider-aws/lib/data-aws-route-tables";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { Fn } from "cdktf";
import { type Construct } from "constructs";
import { expressionOf, inVpc } from "../validation";

/** What is said of a VPC that exists. */
export interface StatedVpc {
  readonly id: string;
  /** Its first range. */
  readonly range: string;
  readonly secondaryRanges: readonly string[];
  /** Whether endpoints of AWS services shall have their public names in it. */
  readonly privateNames: boolean;
}

/** Looks a VPC up, and fails the plan where it is not as stated. */
export function lookUpVpc(scope: Construct, { id, range, secondaryRanges, privateNames }: StatedVpc): DataAwsVpc {
  const text = (value: string) => expressionOf(scope, value);
  const others = secondaryRanges.map((other) => ({
    condition: `\${contains(self.cidr_block_associations[*].cidr_block, ${text(other)})}`,
    errorMessage: `VPC \${self.id} has the ranges \${join(", ", self.cidr_block_associations[*].cidr_block)}, and ${other} is not among them. Give the ranges that it has.`,
  }));
  const names = {
    condition: "${self.enable_dns_support && self.enable_dns_hostnames}",
    errorMessage:
      "VPC ${self.id} lacks DNS resolution or DNS host names, without which its endpoints of AWS services have no names. Switch both on, or leave privateEndpoints out.",
  };
  return new DataAwsVpc(scope, "vpc", {
    id,
    lifecycle: {
      postcondition: [
        {
          condition: `\${self.cidr_block == ${text(range)}}`,
          errorMessage: `The first range of VPC \${self.id} is \${self.cidr_block}, not ${range}. Give that range, with which subnets and rules are made.`,
        },
        ...others,
        ...(privateNames ? [names] : []),
      ],
    },
  });
}

/** Looks an internet gateway up, and fails the plan where it is not the VPC's. */
export const lookUpInternetGateway = (scope: Construct, id: string, vpcId: string): DataAwsInternetGateway =>
  new DataAwsInternetGateway(scope, "internet_gateway", {
    internetGatewayId: id,
    lifecycle: {
      postcondition: [
        {
          condition: `\${contains(self.attachments[*].vpc_id, ${expressionOf(scope, vpcId)})}`,
          errorMessage: `Internet gateway \${self.internet_gateway_id} is not attached to VPC ${vpcId}. Give the one that is.`,
        },
      ],
    },
  });

/** Looks a subnet up, and fails the plan where it is in another zone or VPC. */
export const lookUpSubnet = (
  scope: Construct,
  { subnetId, tier, zone, zoneName, vpcId }: Readonly<Record<"subnetId" | "tier" | "zone" | "zoneName" | "vpcId", string>>,
): DataAwsSubnet =>
  new DataAwsSubnet(scope, "subnet", {
    id: subnetId,
    lifecycle: {
      postcondition: [
        inVpc(scope, vpcId, `Subnet \${self.id} (${tier} of zone ${zone})`, "subnet"),
        {
          condition: `\${self.availability_zone == ${expressionOf(scope, zoneName)}}`,
          errorMessage: `Subnet \${self.id} (${tier} of zone ${zone}) is in \${self.availability_zone}, not in ${zoneName}. Give a subnet of that zone, or name it under its own.`,
        },
      ],
    },
  });

/** Fails the plan where a subnet does not lead to the internet: where neither its route table nor, if it has none of its own, the VPC's main one does. */
export function checkLeadsOut(scope: Construct, vpc: DataAwsVpc, subnetId: string, what: string): void {
  const own = new DataAwsRouteTables(scope, "route_tables", { filter: [{ name: "association.subnet-id", values: [subnetId] }] });
  new DataAwsRouteTable(scope, "route_table", {
    routeTableId: Fn.coalesce([Fn.one(own.ids), vpc.mainRouteTableId]) as string,
    lifecycle: {
      postcondition: [
        {
          condition: '${anytrue([for route in self.routes : route.cidr_block == "0.0.0.0/0" && startswith(route.gateway_id, "igw-")])}',
          errorMessage: `${what} is in subnet ${subnetId}, whose route table \${self.route_table_id} has no default route to an internet gateway. Add that route, or give a subnet that has it.`,
        },
      ],
    },
  });
}
