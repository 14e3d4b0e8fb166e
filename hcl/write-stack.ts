import { type TerraformElement, type TerraformStack } from "cdktf";
import { inexpressible, isObject, type Json, type JsonObject } from "./syntax/json";
import { fileText } from "./syntax/print";
import { type Block } from "./syntax/tree";
import { type Reading } from "./syntax/value";
import { arranged } from "./stack/arrange";
import { itemsOf } from "./stack/body";
import { changeBlocks, checkBlocks } from "./stack/changes";
import { localsBlocks, outputBlock, variableBlock } from "./stack/declarations";
import { elementsOf, type Synthesized } from "./stack/elements";
import { resourceBlock } from "./stack/resource";
import { settingsBlocks } from "./stack/settings";
import { shapeOf } from "./stack/shape";
import { typesOf } from "./stack/types";

export interface WriteOptions {
  /** Whether the configurations of providers are written. A module leaves them to its caller. */
  readonly providers: "none" | "included";
  /** Whether it is written where the state is kept. A module leaves it to its caller. */
  readonly backend: "none" | "included";
  /**
   * The part of the stack that a resource or data source belongs to: there is one file a part.
   *
   * @default the id of the construct in the stack that holds it, `main` for what stands in the stack itself
   */
  readonly partOf?: ((element: TerraformElement) => string) | undefined;
  /** What stands above a block, by its address: `aws_route.steering_a_workload`, `data.aws_ami.connectors`, `var.name`, `output.vpc_id`. */
  readonly comments?: Readonly<Record<string, string>> | undefined;
}

function partOf(element: TerraformElement): string {
  const [, part] = element.node.scopes.slice(element.node.scopes.indexOf(element.cdktfStack));
  return part === undefined || part === element ? "main" : part.node.id;
}

/**
 * Writes a stack as Terraform would have it from a person: `versions.tf`, `variables.tf`, `outputs.tf` and one file a part, formatted as
 * `terraform fmt` leaves them.
 *
 * Means what the stack's synthesized JSON means. Writes no file: the texts are by file name.
 *
 * @throws For what cannot be expressed, naming where it stands: `aws_instance.a.user_data: …`.
 */
export function writeStack(stack: TerraformStack, options: WriteOptions): Readonly<Record<string, string>> {
  // As cdktf writes it: without what is undefined.
  const json = JSON.parse(JSON.stringify(stack.toTerraform())) as JsonObject;
  const elements = elementsOf(stack, json);
  const reading: Reading = {
    typeOf: typesOf(new Map(elements.map((item) => [addressOf(item), item.element])), objectOf(json["variable"])),
  };
  const files = new Map<string, Block[]>();
  const add = (name: string, blocks: readonly Block[]): void => {
    if (blocks.length > 0) files.set(name, [...(files.get(name) ?? []), ...blocks]);
  };
  const rest = restBlocks(json, reading);
  add("versions.tf", rest.versions);
  if (options.backend === "included") add("backend.tf", rest.backend);
  for (const item of elements) {
    if (item.kind === "provider" && options.providers === "none") continue;
    const block = elementBlock(item, reading);
    add(fileOf(item, options.partOf ?? partOf), [{ ...block, comment: options.comments?.[addressOf(item)] }]);
  }
  for (const [name, blocks] of Object.entries(rest.files)) add(name, blocks);
  return Object.fromEntries([...files].map(([name, blocks]) => [name, fileText(blocks)]));
}

const objectOf = (json: Json | undefined): JsonObject => (json !== undefined && isObject(json) ? json : {});

const addressOf = ({ kind, labels }: Synthesized): string => {
  const prefix = kind === "variable" ? ["var"] : kind === "resource" ? [] : [kind];
  return [...prefix, ...labels].join(".");
};

function elementBlock({ element, kind, labels, json }: Synthesized, reading: Reading): Block {
  const [first = "", second = ""] = labels;
  switch (kind) {
    case "resource":
    case "data":
      return resourceBlock(kind, [first, second], json, { shape: shapeOf(element), reading });
    case "provider":
      return {
        kind: "block",
        type: kind,
        labels,
        body: arranged(itemsOf(json, `provider.${first}`, [], { shape: shapeOf(element), reading })),
      };
    case "output":
      return outputBlock(first, json, reading);
    case "variable":
      return variableBlock(first, json, reading);
  }
}

function fileOf({ element, kind }: Synthesized, part: (element: TerraformElement) => string): string {
  if (kind === "provider" || kind === "output" || kind === "variable") return `${kind}s.tf`;
  const name = part(element).replace(/[^A-Za-z0-9]+/g, "_");
  if (/(^|_)override$/.test(name)) throw inexpressible(element.node.path, `Terraform would merge ${name}.tf into the other files`);
  return `${name}.tf`;
}

interface Rest {
  readonly versions: readonly Block[];
  readonly backend: readonly Block[];
  readonly files: Readonly<Record<string, readonly Block[]>>;
}

/** What belongs to no element. */
function restBlocks(json: JsonObject, reading: Reading): Rest {
  const { terraform = {}, locals = [], import: imports = [], moved = [], removed = [], check = [], ...others } = json;
  const known = ["//", "resource", "data", "provider", "output", "variable"];
  const unknown = Object.keys(others).find((key) => !known.includes(key));
  if (unknown !== undefined) throw inexpressible(unknown, "blocks of this type are not written");
  return {
    ...settingsBlocks(terraform),
    files: {
      "locals.tf": localsBlocks(locals, reading),
      "imports.tf": changeBlocks("import", imports, reading),
      "moved.tf": changeBlocks("moved", moved, reading),
      "removed.tf": changeBlocks("removed", removed, reading),
      "checks.tf": checkBlocks(check, reading),
    },
  };
}
