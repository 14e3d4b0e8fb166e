import { type TerraformStack } from "cdktf";
import { type Construct } from "constructs";
import { type z } from "zod";
import { zpaDeployment, type ZpaSettings } from "../config/zpa";
import { checkSettings, type Immutable, orToken } from "../modules/validation";
import { type ZpaDns } from "../modules/zpa-dns";
import { InterfaceSteeredStack } from "./interface-steered-stack";
import { addZpaDns } from "./zpa-dns";
import { type ModuleInputs, type ZscalerStack } from "./zscaler-stack";

const schema = zpaDeployment(orToken);

/**
 * The zpa template: the base template, and DNS by which workloads reach the applications of Zscaler Private Access.
 *
 * Makes what `BaseStack` makes, a resolver subnet in each zone of the region with a route to the zone's connector, and a `ZpaDns`.
 */
export class ZpaStack extends InterfaceSteeredStack<Immutable<z.output<typeof schema>>> {
  readonly zpaDns: ZpaDns;

  /**
   * @param settings Gets the stack, since values that are Terraform variables need it first.
   * @param inputs Only for a stack that becomes a Terraform module.
   */
  constructor(
    scope: Construct,
    id: string,
    settings: (stack: ZscalerStack) => ZpaSettings,
    inputs?: (stack: TerraformStack) => ModuleInputs,
  ) {
    super(scope, id, (stack) => checkSettings(stack, schema, settings(stack)), inputs);
    this.zpaDns = addZpaDns(this, this.deployment);
  }
}
