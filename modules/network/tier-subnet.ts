import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface TierSubnetProps {
  readonly name: string;
  readonly vpcId: string;
  readonly range: string;
  readonly zoneName: string;
  /** A table of the subnet's own, one that it shares, or none of ours: the VPC's main table. */
  readonly routeTable: "own" | "left" | { readonly shared: RouteTable; readonly defaultRoute: Route };
}

/** The subnet of one tier in one zone, with its route table. */
export class TierSubnet extends Construct {
  readonly subnet: Subnet;
  /** The table that decides where the subnet's traffic goes; undefined where route tables are left alone. */
  readonly routeTable: RouteTable | undefined;
  readonly range: string;
  private readonly ways: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: TierSubnetProps) {
    super(scope, id);
    this.range = props.range;
    this.subnet = new Subnet(this, "subnet", {
      vpcId: props.vpcId,
      cidrBlock: props.range,
      availabilityZone: props.zoneName,
      tags: { Name: props.name },
    });
    if (props.routeTable === "left") return;
    this.routeTable =
      props.routeTable === "own"
        ? new RouteTable(this, "route_table", { vpcId: props.vpcId, tags: { Name: props.name } })
        : props.routeTable.shared;
    this.ways.push(
      new RouteTableAssociation(this, "route_table_association", { subnetId: this.subnet.id, routeTableId: this.routeTable.id }),
      ...(props.routeTable === "own" ? [] : [props.routeTable.defaultRoute]),
    );
  }

  /** What must stand before an instance of the subnet can reach beyond it. */
  get egress(): readonly ITerraformDependable[] {
    return this.ways;
  }

  /** Sends what leaves the VPC to a NAT gateway; undefined leaves the table without a default route. */
  defaultRoute(natGatewayId: string | undefined): void {
    if (this.routeTable === undefined || natGatewayId === undefined) return;
    this.ways.push(new Route(this, "default", { routeTableId: this.routeTable.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId }));
  }
}
