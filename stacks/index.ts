import { type App } from "cdktf";
import { type Deployment, type Template } from "../config/deployment";
import type * as base from "./base";
import type * as ha from "./ha";
import type * as zpa from "./zpa";
import type * as zpaHa from "./zpa-ha";

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
} satisfies Record<Template, () => unknown>;

/** A stack that takes the deployments of its template. */
type StackOf = new (app: App, name: string, settings: () => Deployment) => unknown;

/** Makes the stack of each deployment and writes them all to the app's output folder. */
export function synthesize(app: App, deployments: readonly NamedDeployment[]): void {
  // Each cdktf token captures a stack trace, and mapping its frames to TypeScript takes half of the time of a large synthesis.
  const { prepareStackTrace } = Error as { readonly prepareStackTrace?: unknown };
  Object.assign(Error, { prepareStackTrace: undefined });
  try {
    for (const { name, deployment } of deployments) {
      // TypeScript does not see that the settings are those of the template that names the stack.
      const Stack = stackOf[deployment.template]() as unknown as StackOf;
      new Stack(app, name, () => deployment);
    }
    app.synth();
  } finally {
    Object.assign(Error, { prepareStackTrace });
  }
}
