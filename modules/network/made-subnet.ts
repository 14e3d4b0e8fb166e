import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type TierSubnet } from "./tier-subnet";

export interface MadeSubnetProps {
  readonly name: string;
  readonly vpcId: string;
  readonly range: string;
  readonly zoneName: string;
  /** A table of the subnet's own, one that it shares, or none of ours: the VPC's main table. */
  readonly routeTable: "own" | "left" | { readonly shared: RouteTable; readonly defaultRoute: Route };
}

/** A subnet with its route table. */
export class MadeSubnet extends Construct implements TierSubnet {
  readonly subnet: Subnet;
  readonly routeTable: RouteTable | undefined;
  readonly range: string;
  private readonly ways: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: MadeSubnetProps) {
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

  get subnetId(): string {
    return this.subnet.id;
  }

  get routeTableId(): string | undefined {
    return this.routeTable?.id;
  }

  get egress(): readonly ITerraformDependable[] {
    return this.ways;
  }

  /** Sends what leaves the VPC to a NAT gateway; undefined leaves the table without a default route. */
  defaultRoute(natGatewayId: string | undefined): void {
    if (this.routeTable === undefined || natGatewayId === undefined) return;
    this.ways.push(new Route(this, "default", { routeTableId: this.routeTable.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId }));
  }
}
