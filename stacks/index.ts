import { type App } from "cdktf";
import { type Deployment, type Template } from "../config/deployment";
import type * as base from "./base";

/** A deployment and the name of its stack. */
export interface NamedDeployment {
  readonly name: string;
  readonly deployment: Deployment;
}

/** The stack of each template, loaded on first use, so that a run pays only for those it needs. */
const stackOf = {
  base: () => (require("./base") as typeof base).BaseStack,
} satisfies Record<Template, () => unknown>;

/** Makes the stack of each deployment and writes them all to the app's output folder. */
export function synthesize(app: App, deployments: readonly NamedDeployment[]): void {
  // Each cdktf token captures a stack trace, and mapping its frames to TypeScript takes half of the time of a large synthesis.
  const { prepareStackTrace } = Error as { readonly prepareStackTrace?: unknown };
  Object.assign(Error, { prepareStackTrace: undefined });
  try {
    for (const { name, deployment } of deployments) {
      const Stack = stackOf[deployment.template]();
      new Stack(app, name, () => deployment);
    }
    app.synth();
  } finally {
    Object.assign(Error, { prepareStackTrace });
  }
}
