import { type TerraformStack } from "cdktf";

type Block = Readonly<Record<string, unknown>>;

const written = new WeakMap<TerraformStack, Record<string, Block[]>>();

/** Adds a block of Terraform's own that cdktf has no class for. An override replaces the one before it, so each has them all. */
export function addBlock(stack: TerraformStack, type: "import" | "removed", block: Block): void {
  const blocks = written.get(stack) ?? {};
  written.set(stack, blocks);
  const ofType = (blocks[type] ??= []);
  ofType.push(block);
  stack.addOverride(type, ofType);
}
