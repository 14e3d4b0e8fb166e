import { type App, type TerraformStack } from "cdktf";
import { type Deployment, type Template } from "../config/deployment";
import type * as base from "./base";
import type * as gwlb from "./gwlb";
import type * as ha from "./ha";
import type * as spoke from "./spoke";
import type * as zpa from "./zpa";
import { type DeploymentStack, type VpcDeployment } from "./deployment-stack";
import type * as network from "./network";
import type * as zpaHa from "./zpa-ha";
import { type ModuleInputs, type ZscalerStack } from "./zscaler-stack";

/** A deployment and the name of its stack. */
export interface NamedDeployment {
  readonly name: string;
  readonly deployment: Deployment;
}

/** The stack of each template, loaded on first use, so that a run pays only for those it needs. */
const stackOf = {
  base: () => (require("./base") as typeof base).BaseStack,
  zpa: () => (require("./zpa") as typeof zpa).ZpaStack,
  ha: () => (require("./ha") as typeof ha).HaStack,
  "zpa-ha": () => (require("./zpa-ha") as typeof zpaHa).ZpaHaStack,
  network: () => (require("./network") as typeof network).NetworkStack,
  gwlb: () => (require("./gwlb") as typeof gwlb).GwlbStack,
  spoke: () => (require("./spoke") as typeof spoke).SpokeStack,
} satisfies Record<Template, () => unknown>;

/** A stack that takes the deployments of its template. */
type StackOf = new (
  app: App,
  name: string,
  settings: (stack: ZscalerStack) => Deployment,
  inputs?: (stack: TerraformStack) => ModuleInputs,
) => DeploymentStack<VpcDeployment>;

/**
 * Makes the stack of a deployment.
 *
 * @param settings Gets the stack, since values that are Terraform variables need it first.
 * @param inputs Only for a stack that becomes a Terraform module.
 */
export function makeStack(
  app: App,
  name: string,
  template: Template,
  settings: (stack: ZscalerStack) => Deployment,
  inputs?: (stack: TerraformStack) => ModuleInputs,
): DeploymentStack<VpcDeployment> {
  // TypeScript does not see that the settings are those of the template.
  const Stack = stackOf[template]() as unknown as StackOf;
  return new Stack(app, name, settings, inputs);
}

/** Runs what builds or synthesizes stacks in half of the time: each cdktf token captures a stack trace, and mapping its frames to TypeScript takes as long. */
export function withoutSourceMaps<Result>(build: () => Result): Result {
  const { prepareStackTrace } = Error as { readonly prepareStackTrace?: unknown };
  Object.assign(Error, { prepareStackTrace: undefined });
  try {
    return build();
  } finally {
    Object.assign(Error, { prepareStackTrace });
  }
}

/** Makes the stack of each deployment, hubs before their spokes, and writes them all to the app's output folder. */
export function synthesize(app: App, deployments: readonly NamedDeployment[]): void {
  const isSpoke = ({ deployment }: NamedDeployment): boolean => deployment.template === "spoke";
  withoutSourceMaps(() => {
    for (const { name, deployment } of [...deployments].sort((one, other) => Number(isSpoke(one)) - Number(isSpoke(other))))
      makeStack(app, name, deployment.template, () => deployment);
    app.synth();
  });
}
