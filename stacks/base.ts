import { type TerraformStack } from "cdktf";
import { type Construct } from "constructs";
import { type z } from "zod";
import { baseDeployment, type BaseSettings } from "../config/base";
import { checkSettings, type Immutable, orToken } from "../modules/validation";
import { InterfaceSteeredStack } from "./interface-steered-stack";
import { type ModuleInputs, type ZscalerStack } from "./zscaler-stack";

const schema = baseDeployment(orToken);

/**
 * The base template: a VPC whose workloads reach the internet through a Cloud Connector of their zone.
 *
 * Makes a `Network`, `CloudConnectors`, the `Steering` of the workload route tables and, where asked for, `TestHosts`.
 */
export class BaseStack extends InterfaceSteeredStack<Immutable<z.output<typeof schema>>> {
  /**
   * @param settings Gets the stack, since values that are Terraform variables need it first.
   * @param inputs Only for a stack that becomes a Terraform module.
   */
  constructor(
    scope: Construct,
    id: string,
    settings: (stack: ZscalerStack) => BaseSettings,
    inputs?: (stack: TerraformStack) => ModuleInputs,
  ) {
    super(scope, id, (stack) => checkSettings(stack, schema, settings(stack)), inputs);
  }
}
