import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { type JsonObject } from "../../hcl/syntax/json";
import { BaseStack } from "../../stacks/base";
import { HaStack } from "../../stacks/ha";
import { NetworkStack } from "../../stacks/network";
import { ZpaStack } from "../../stacks/zpa";
import { ZpaHaStack } from "../../stacks/zpa-ha";
import { allSamples } from "../stacks/samples";

const stackOf = {
  network: NetworkStack,
  base: BaseStack,
  zpa: ZpaStack,
  ha: HaStack,
  "zpa-ha": ZpaHaStack,
} as const;

/** A stack with the backend that cdktf gives it. */
export function built<Stack extends TerraformStack>(build: (app: App) => Stack): Stack {
  const stack = build(new App({ skipValidation: true, outdir: join(tmpdir(), "never-written") }));
  stack.prepareStack();
  return stack;
}

/** The stack of a sample. */
export function sampleStack(name: keyof typeof allSamples): TerraformStack {
  const settings = allSamples[name];
  const Stack = stackOf[settings.template];
  return built((app) => new Stack(app, "egress", () => settings as never));
}

export const sampleNames = Object.keys(allSamples) as (keyof typeof allSamples)[];

/** A stack's JSON as cdktf writes it to the disk. */
export const jsonOf = (stack: TerraformStack): JsonObject => JSON.parse(JSON.stringify(stack.toTerraform())) as JsonObject;
