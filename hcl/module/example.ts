import { type Json } from "../syntax/json";
import { fileText } from "../syntax/print";
import { type Argument, type Block, type Expression, plain } from "../syntax/tree";
import { valueOf } from "../syntax/value";
import { type Input, type Versions } from "./inputs";

/** The inputs that a caller usually gives: what is the deployment's own. */
const usual = ["name", "region", "vpc_cidr", "connectors_provisioning_url", "connectors_secret", "zpa_domains", "tags"];

const argument = (name: string, value: Expression): Argument => ({ kind: "argument", name, value });
const literal = (name: string, value: Json): Argument => argument(name, valueOf(value, name, "literal"));
const block = (type: string, labels: readonly string[], ...body: Block["body"]): Block => ({ kind: "block", type, labels, body });

const call = (name: string, source: string, inputs: readonly Input[]): Block =>
  block(
    "module",
    [name.replaceAll("-", "_")],
    [literal("source", source)],
    inputs.filter((input) => usual.includes(input.name)).map((input) => literal(input.name, input.default)),
  );

/** How a configuration calls the module. */
export const usageText = (name: string, source: string, inputs: readonly Input[]): string => fileText([call(name, source, inputs)]);

/** A whole configuration that calls the module in the folder two above its own. */
export const exampleText = (name: string, region: string, versions: Versions, inputs: readonly Input[]): string =>
  fileText([
    block(
      "terraform",
      [],
      [literal("required_version", versions.terraform)],
      [block("required_providers", [], [literal("aws", { source: "hashicorp/aws", version: versions.aws })])],
    ),
    block("provider", ["aws"], [literal("region", region)]),
    call(name, "../..", inputs),
    {
      ...block("output", [name.replaceAll("-", "_")], [argument("value", plain(`module.${name.replaceAll("-", "_")}`))]),
      comment: "All that the module tells: ids and addresses by zone.",
    },
  ]);
