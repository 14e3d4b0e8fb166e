import { DataAwsRouteTable } from "@cdktf/provider-aws/lib/data-aws-route-table";
import { TerraformResource, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { explain } from "../explanation";
import { expressionOf, inVpc } from "../validation";
import { addBlock } from "./stack-blocks";

/** Keeps a value as it was when it was first stored: Terraform's own `terraform_data`, for which cdktf's class would need Terraform at synthesis. */
class FirstValue extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly value: string,
  ) {
    super(scope, id, { terraformResourceType: "terraform_data", lifecycle: { ignoreChanges: ["input"] } });
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { input: this.value };
  }

  protected override synthesizeHclAttributes(): { [name: string]: unknown } {
    return { input: { value: this.value, isBlock: false, type: "simple", storageClassType: "string" } };
  }
}

/** What the default route can lead to: its attribute, as Terraform and as cdktf name it, and how its id begins. */
const targets = [
  { attribute: "gateway_id", prop: "gatewayId", prefixes: ["igw-", "vgw-"] },
  { attribute: "nat_gateway_id", prop: "natGatewayId", prefixes: ["nat-"] },
  { attribute: "network_interface_id", prop: "networkInterfaceId", prefixes: ["eni-"] },
  { attribute: "transit_gateway_id", prop: "transitGatewayId", prefixes: ["tgw-"] },
  { attribute: "vpc_endpoint_id", prop: "vpcEndpointId", prefixes: ["vpce-"] },
  { attribute: "vpc_peering_connection_id", prop: "vpcPeeringConnectionId", prefixes: ["pcx-"] },
  { attribute: "local_gateway_id", prop: "localGatewayId", prefixes: ["lgw-"] },
  { attribute: "carrier_gateway_id", prop: "carrierGatewayId", prefixes: ["cagw-"] },
  { attribute: "core_network_arn", prop: "coreNetworkArn", prefixes: ["arn:"] },
] as const;

/** What is kept of a target of a kind that is not known here. */
export const unknownTarget = "unknown";

export const defaultDestination = "0.0.0.0/0";

export interface FormerTargetProps {
  readonly routeTableId: string;
  /** The VPC in which the table must be. @default not checked */
  readonly vpcId?: string | undefined;
  /** Subnets in which connectors, or endpoints that lead to them, stand: the table must not be theirs. @default not checked */
  readonly targetSubnetIds?: readonly string[] | undefined;
}

/**
 * The arguments of the import block that takes a default route over where it is there: an expression, and the template of an id.
 *
 * @param table address of the data source of the route table
 */
export const importOf = (table: string) => ({
  forEach: `{ for route in ${table}.routes : route.cidr_block => ${table}.route_table_id if route.cidr_block == "${defaultDestination}" }`,
  id: `\${each.value}_${defaultDestination}`,
});

/**
 * Where the default route of a route table that exists led before it was steered. Fails the plan where the table is in another VPC, or is that of
 * connectors.
 */
export class FormerTarget extends Construct {
  private readonly table: DataAwsRouteTable;
  private readonly kept: FirstValue;

  constructor(scope: Construct, id: string, props: FormerTargetProps) {
    super(scope, id);
    const postcondition = this.checks(props);
    this.table = new DataAwsRouteTable(this, "route_table", {
      routeTableId: props.routeTableId,
      ...(postcondition.length > 0 ? { lifecycle: { postcondition } } : {}),
    });
    const target = `try(coalesce(${targets.map(({ attribute }) => `route.${attribute}`).join(", ")}), "${unknownTarget}")`;
    this.kept = new FirstValue(
      this,
      "data",
      `\${join("", [for route in ${this.lookup}.routes : ${target} if route.cidr_block == "${defaultDestination}"])}`,
    );
    explain(this.kept, "Where the default route led before it was steered. Kept as it was then, so that the route can be given back.");
  }

  /** The id of what the route led to; empty where there was no route. */
  get id(): string {
    return `\${${this.expression}}`;
  }

  /** The same within an expression. */
  get expression(): string {
    return `terraform_data.${this.kept.friendlyUniqueId}.input`;
  }

  /** The arguments by which `aws_route` leads there. */
  get route(): Readonly<Partial<Record<(typeof targets)[number]["prop"], string>>> {
    const id = this.expression;
    return Object.fromEntries(
      targets.map(({ prop, prefixes }) => [
        prop,
        `\${${prefixes.map((prefix) => `startswith(${id}, "${prefix}")`).join(" || ")} ? ${id} : null}`,
      ]),
    );
  }

  /** Has Terraform take the route over if it is there, rather than make it. Root configurations only. */
  importAs(address: string): void {
    const { forEach, id } = importOf(this.lookup);
    addBlock(TerraformStack.of(this), "import", { for_each: `\${${forEach}}`, to: address, id });
  }

  private checks({ vpcId, targetSubnetIds = [] }: FormerTargetProps): { readonly condition: string; readonly errorMessage: string }[] {
    const ofConnectors = `setintersection(self.associations[*].subnet_id, [${targetSubnetIds.map((id) => expressionOf(this, id)).join(", ")}])`;
    return [
      ...(vpcId === undefined ? [] : [inVpc(this, vpcId, "Route table ${self.route_table_id}", "table")]),
      ...(targetSubnetIds.length === 0
        ? []
        : [
            {
              condition: `\${length(${ofConnectors}) == 0}`,
              errorMessage: `Route table \${self.route_table_id} is that of \${join(", ", ${ofConnectors})}, in which connectors or endpoints stand: what they send out would come back to them. Give a table of workloads only.`,
            },
          ]),
    ];
  }

  private get lookup(): string {
    return `data.aws_route_table.${this.table.friendlyUniqueId}`;
  }
}
