import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { awsName } from "../naming";

export interface EdgeRoutesProps {
  /** First words of every AWS name. */
  readonly name: string;
  readonly vpcId: string;
  /** The VPC's internet gateway. It must not have a route table yet. */
  readonly internetGatewayId: string;
  /** The range of each subnet whose traffic from the internet passes an endpoint, and that endpoint, by zone. */
  readonly subnets: Readonly<Record<string, { readonly range: string; readonly vpcEndpointId: string }>>;
  /** Route tables of the endpoints' own subnets, by zone: what comes back to them leaves by the internet gateway. */
  readonly endpointTables: Readonly<Record<string, string>>;
}

/**
 * Leads what an internet gateway brings for subnets to their endpoints first, and back out by the gateway.
 *
 * Makes a route table of the internet gateway with a route for each subnet, and a default route in the table of each endpoint's subnet. A gateway's route
 * must have exactly the range of a subnet, and no other than local ones (VPC user guide, "Gateway route tables").
 */
export class EdgeRoutes extends Construct {
  readonly routeTable: RouteTable;
  /** What must stand before traffic from the internet goes this way. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EdgeRoutesProps) {
    super(scope, id);
    this.routeTable = new RouteTable(this, "route_table", { vpcId: props.vpcId, tags: { Name: awsName("tag", props.name, "edge") } });
    const inward = new Construct(this, "inward");
    const outward = new Construct(this, "outward");
    this.ready = [
      ...Object.entries(props.subnets).map(
        ([zone, { range, vpcEndpointId }]) =>
          new Route(inward, zone, { routeTableId: this.routeTable.id, destinationCidrBlock: range, vpcEndpointId }),
      ),
      ...Object.entries(props.endpointTables).map(
        ([zone, routeTableId]) =>
          new Route(outward, zone, { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId: props.internetGatewayId }),
      ),
    ];
    new RouteTableAssociation(this, "route_table_association", {
      gatewayId: props.internetGatewayId,
      routeTableId: this.routeTable.id,
      dependsOn: [...this.ready],
    });
  }
}
