import { type TerraformStack } from "cdktf";
import { type Construct } from "constructs";
import { type z } from "zod";
import { haDeployment, type HaSettings } from "../config/ha";
import { type RouteFailover } from "../modules/route-failover";
import { checkSettings, type Immutable, orToken } from "../modules/validation";
import { InterfaceSteeredStack } from "./interface-steered-stack";
import { addRouteFailover } from "./route-failover";
import { type ModuleInputs, type ZscalerStack } from "./zscaler-stack";

const schema = haDeployment(orToken);

/**
 * The ha template: the base template over several zones, and a function that moves the workloads' routes off a connector that fails.
 *
 * Makes what `BaseStack` makes, with a route to each pinned destination, and a `RouteFailover`. Terraform ignores where the routes lead.
 */
export class HaStack extends InterfaceSteeredStack<Immutable<z.output<typeof schema>>> {
  /** None where all routes are given back. */
  readonly failover: RouteFailover | undefined;

  /**
   * @param settings Gets the stack, since values that are Terraform variables need it first.
   * @param inputs Only for a stack that becomes a Terraform module.
   */
  constructor(
    scope: Construct,
    id: string,
    settings: (stack: ZscalerStack) => HaSettings,
    inputs?: (stack: TerraformStack) => ModuleInputs,
  ) {
    super(scope, id, (stack) => checkSettings(stack, schema, settings(stack)), inputs);
    this.failover = addRouteFailover(this, this.deployment, this);
  }
}
