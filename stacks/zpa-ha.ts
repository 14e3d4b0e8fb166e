import { type TerraformStack } from "cdktf";
import { type Construct } from "constructs";
import { type z } from "zod";
import { zpaHaDeployment, type ZpaHaSettings } from "../config/zpa-ha";
import { type RouteFailover } from "../modules/route-failover";
import { checkSettings, type Immutable, orToken } from "../modules/validation";
import { type ZpaDns } from "../modules/zpa-dns";
import { InterfaceSteeredStack } from "./interface-steered-stack";
import { addRouteFailover } from "./route-failover";
import { addZpaDns } from "./zpa-dns";
import { type ModuleInputs, type ZscalerStack } from "./zscaler-stack";

const schema = zpaHaDeployment(orToken);

/**
 * The zpa-ha template: DNS by which workloads reach the applications of Zscaler Private Access, and a function that moves the routes of workloads
 * and of the resolver off a connector that fails.
 *
 * Makes what `ZpaStack` and `HaStack` make.
 */
export class ZpaHaStack extends InterfaceSteeredStack<Immutable<z.output<typeof schema>>> {
  readonly zpaDns: ZpaDns;
  /** None where all routes are given back. */
  readonly failover: RouteFailover | undefined;

  /**
   * @param settings Gets the stack, since values that are Terraform variables need it first.
   * @param inputs Only for a stack that becomes a Terraform module.
   */
  constructor(
    scope: Construct,
    id: string,
    settings: (stack: ZscalerStack) => ZpaHaSettings,
    inputs?: (stack: TerraformStack) => ModuleInputs,
  ) {
    super(scope, id, (stack) => checkSettings(stack, schema, settings(stack)), inputs);
    this.zpaDns = addZpaDns(this, this.deployment);
    this.failover = addRouteFailover(this, this.deployment, this);
  }
}
