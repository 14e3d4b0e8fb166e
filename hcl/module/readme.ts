import { type InterfaceSteeredDeployment } from "../../config/interface-steered";
import { zonesByKey } from "../../modules/network/schema";
import { type InterfaceSteeredStack } from "../../stacks/interface-steered-stack";
import { usageText } from "./example";
import { type Input, type Output } from "./inputs";
import { type ModuleKind } from "./module";

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");

/** What leads where, by zone. */
function picture({ routes, network, deployment }: Pictured): string {
  const steered = Object.entries(routes)
    .filter(([, { destination }]) => destination === "0.0.0.0/0")
    .map(([, { zone, tier, connector }]) => `  ${tier}_${zone}[${tier} ${zone}] --> ${connector.key}[connector ${connector.key}]`);
  const out = Object.keys(network.natGateways.made).map((zone) => `  nat_${zone}[NAT gateway ${zone}] --> zscaler((Zscaler cloud))`);
  const connectors = [...new Set(Object.values(routes).map(({ connector }) => connector))];
  const ways = connectors.map(({ key, zone }) =>
    Object.keys(network.natGateways.made).length === 0
      ? `  ${key} --> zscaler((Zscaler cloud))`
      : `  ${key} --> nat_${natZone(network, zone)}`,
  );
  const watched = deployment.failover === undefined ? [] : connectors.map(({ key }) => `  failover[failover function] -.-> ${key}`);
  return ["```mermaid", "flowchart LR", ...steered, ...ways, ...out, ...watched, "```"].join("\n");
}

type Pictured = Pick<InterfaceSteeredStack<InterfaceSteeredDeployment>, "routes" | "network"> & {
  readonly deployment: InterfaceSteeredDeployment;
};

const natZone = ({ natGateways }: Pictured["network"], zone: string): string =>
  zone in natGateways.made ? zone : (Object.keys(natGateways.made)[0] ?? "");

export interface ReadmeProps {
  readonly name: string;
  readonly kind: ModuleKind;
  readonly pictured: Pictured;
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  /** What generates it again. */
  readonly command: string;
}

/** The README of a module. */
export function readmeText({ name, kind, pictured, inputs, outputs, command }: ReadmeProps): string {
  const { template, region, zones: given } = pictured.deployment as InterfaceSteeredDeployment & { readonly template: string };
  const zones = Object.keys(zonesByKey(region, given));
  const usage = {
    module: [
      "## Usage",
      "",
      "```hcl",
      usageText(name, "./path/to/this/folder", inputs).trimEnd(),
      "```",
      "",
      "[`examples/complete`](examples/complete/main.tf) is a whole configuration.",
    ],
    root: [
      "## Usage",
      "",
      "```sh",
      "terraform init",
      "terraform plan",
      "```",
      "",
      "Give values that differ from the defaults in `terraform.tfvars`.",
    ],
  }[kind];
  return [
    `# ${name}`,
    "",
    `Zscaler Cloud Connectors in AWS: the template \`${template}\` in ${zones.length === 1 ? "zone" : "zones"} ${zones.join(", ")}.`,
    "",
    picture(pictured),
    "",
    ...usage,
    "",
    "## What is fixed",
    "",
    "How many zones, connectors and routes there are, and which parts, is as generated. To change it, change the configuration file and generate again:",
    "",
    "```sh",
    command,
    "```",
    "",
    "Values are variables. Their maps have exactly the keys that they were generated with. Resources have the same addresses as those of `cdktf deploy`, so that either can go on with the other's state.",
    "",
    "## Inputs",
    "",
    table(
      ["Name", "Type", "Default", "Description"],
      inputs.map(({ name: input, type, default: byDefault, description }) => [
        `\`${input}\``,
        `\`${type}\``,
        `\`${JSON.stringify(byDefault)}\``,
        description,
      ]),
    ),
    "",
    "## Outputs",
    "",
    table(
      ["Name", "Description"],
      outputs.map(({ name: output, description }) => [`\`${output}\``, description]),
    ),
    "",
  ].join("\n");
}
