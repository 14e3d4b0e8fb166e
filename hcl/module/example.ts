import { importOf } from "../../modules/steering";
import { type Json } from "../syntax/json";
import { fileText } from "../syntax/print";
import { type Argument, type Block, type Expression, plain } from "../syntax/tree";
import { valueOf } from "../syntax/value";
import { type Input, type Signature } from "./inputs";

/** The inputs that a caller usually gives: what is the deployment's own, and what exists in its account. */
const usual = ["name", "region", "vpc_cidr", "connectors_provisioning_url", "connectors_secret", "zpa_domains", "tags"];
const existing =
  /^(network_(id|internet_gateway_id)|nat_gateways|subnets_.*|steering_.*_id|connectors_(security_groups_.*|instance_profile_name)|zpa_endpoint_.*)$/;

const argument = (name: string, value: Expression): Argument => ({ kind: "argument", name, value });
const literal = (name: string, value: Json): Argument => argument(name, valueOf(value, name, "literal"));
const block = (type: string, labels: readonly string[], ...body: Block["body"]): Block => ({ kind: "block", type, labels, body });

const call = (name: string, source: string, inputs: readonly Input[]): Block =>
  block(
    "module",
    [name.replaceAll("-", "_")],
    [literal("source", source)],
    inputs
      .filter((input) => input.default === undefined || usual.includes(input.name) || existing.test(input.name))
      .map((input) => literal(input.name, input.example)),
  );

/** How a configuration calls the module. */
export const usageText = (name: string, source: string, inputs: readonly Input[]): string => fileText([call(name, source, inputs)]);

/** A default route that a module takes over. */
export interface TakenOver {
  /** Its name among the routes of the module. */
  readonly name: string;
  /** Its address in the module. */
  readonly address: string;
  readonly routeTableId: string;
}

/** Takes a route over where it is there, for a call of the module. Terraform refuses import blocks in the module itself. */
const takeOver = (module: string, { name, address, routeTableId }: TakenOver): readonly Block[] => {
  const table = `data.aws_route_table.${name}`;
  const { forEach, id } = importOf(table);
  return [
    block("data", ["aws_route_table", name], [literal("route_table_id", routeTableId)]),
    {
      ...block(
        "import",
        [],
        [argument("for_each", plain(forEach)), argument("to", plain(`module.${module}.${address}`)), argument("id", plain(`"${id}"`))],
      ),
      comment: "Takes the default route over where there is one. Where there is none the module makes it.",
    },
  ];
};

/** A whole configuration that calls the module in the folder two above its own. */
export const exampleText = (
  name: string,
  region: string,
  { versions, inputs }: Pick<Signature, "versions" | "inputs">,
  takenOver: readonly TakenOver[],
): string => {
  const module = name.replaceAll("-", "_");
  return fileText([
    block(
      "terraform",
      [],
      [literal("required_version", versions.terraform)],
      [block("required_providers", [], [literal("aws", { source: "hashicorp/aws", version: versions.aws })])],
    ),
    block("provider", ["aws"], [literal("region", region)]),
    call(name, "../..", inputs),
    ...takenOver.flatMap((route) => takeOver(module, route)),
    {
      ...block("output", [module], [argument("value", plain(`module.${module}`))]),
      comment: "All that the module tells: ids and addresses by zone.",
    },
  ]);
};
