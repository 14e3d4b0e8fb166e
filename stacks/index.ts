import { type App, type TerraformStack } from "cdktf";
import { type Deployment, type Template } from "../config/deployment";
import { hubNameOf } from "../config/hubs";
import type * as appConnectors from "./app-connectors";
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
  "app-connectors": () => (require("./app-connectors") as typeof appConnectors).AppConnectorsStack,
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

/** Deployments in an order in which each stands after the one that it needs. */
const inOrder = (deployments: readonly NamedDeployment[]): readonly NamedDeployment[] => {
  const byName = new Map(deployments.map((each) => [each.name, each]));
  const depth = ({ deployment }: NamedDeployment): number => {
    const needed = byName.get(hubNameOf(deployment) ?? "");
    return needed ? 1 + depth(needed) : 0;
  };
  return [...deployments].sort((one, other) => depth(one) - depth(other));
};

/** Makes the stack of each deployment, hubs before their spokes, and writes them all to the app's output folder. */
export function synthesize(app: App, deployments: readonly NamedDeployment[]): void {
  withoutSourceMaps(() => {
    for (const { name, deployment } of inOrder(deployments)) makeStack(app, name, deployment.template, () => deployment);
    app.synth();
  });
}
