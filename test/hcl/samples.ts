import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { type Deployment } from "../../config/deployment";
import { type JsonObject } from "../../hcl/syntax/json";
import { makeStack } from "../../stacks";
import { allSamples as validSamples, zpaProviderSamples } from "../stacks/samples";

const allSamples = { ...validSamples, ...zpaProviderSamples };

/** A stack with the backend that cdktf gives it. */
export function built<Stack extends TerraformStack>(build: (app: App) => Stack): Stack {
  const stack = build(new App({ skipValidation: true, outdir: join(tmpdir(), "never-written") }));
  stack.prepareStack();
  return stack;
}

/** The stack of a sample. */
export function sampleStack(name: keyof typeof allSamples): TerraformStack {
  const settings = allSamples[name];
  // A stack fills the defaults of its settings itself.
  return built((app) => makeStack(app, "egress", settings.template, () => settings as Deployment));
}

export const sampleNames = Object.keys(allSamples) as (keyof typeof allSamples)[];

/** A stack's JSON as cdktf writes it to the disk. */
export const jsonOf = (stack: TerraformStack): JsonObject => JSON.parse(JSON.stringify(stack.toTerraform())) as JsonObject;
