import { Route } from "@cdktf/provider-aws/lib/route";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** A route table, and the connector that takes its traffic. */
export interface SteeredTable {
  readonly routeTableId: string;
  /** The connector's service interface. */
  readonly networkInterfaceId: string;
  /** What must run before traffic may come: the connector's instance. */
  readonly after: ITerraformDependable;
}

export interface SteeringProps {
  /** Tables by a name that says whose traffic it is, such as `a_workload`: part of the route's Terraform address. */
  readonly tables: Readonly<Record<string, SteeredTable>>;
}

/** Makes the default route of each table lead to the service interface of a Cloud Connector. Terraform moves a route when its target changes. */
export class Steering extends Construct {
  readonly routes: Readonly<Record<string, Route>>;

  constructor(scope: Construct, id: string, props: SteeringProps) {
    super(scope, id);
    this.routes = Object.fromEntries(
      Object.entries(props.tables).map(([name, { routeTableId, networkInterfaceId, after }]) => [
        name,
        new Route(this, name, { routeTableId, destinationCidrBlock: "0.0.0.0/0", networkInterfaceId, dependsOn: [after] }),
      ]),
    );
  }
}
