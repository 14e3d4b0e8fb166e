import { type Deployment, type Template } from "../../config/deployment";
import { zonesOf } from "../../config/zones";
import { type ConnectorRoute, isReleased } from "../../stacks/steered-routes";
import { type DeploymentStack, type VpcDeployment, type ZoneRoute } from "../../stacks/deployment-stack";
import { usageText } from "./example";
import { type Input, type Output } from "./inputs";
import { type ModuleKind } from "./module";

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");

interface Pictured extends Pick<DeploymentStack<VpcDeployment>, "network"> {
  readonly routes: Readonly<Record<string, ZoneRoute | ConnectorRoute>>;
  readonly deployment: Deployment;
}

/** The endpoint that takes a zone's traffic, and what is behind the endpoints. */
function endpointsOf(deployment: Deployment): { readonly of: (zone: string) => string; readonly behind: string } | undefined {
  if (deployment.template === "spoke") return { of: (zone) => zone, behind: "service[endpoint service of the hub]" };
  if (deployment.template !== "gwlb") return undefined;
  const { servedBy } = deployment.connectors;
  return { of: (zone) => servedBy[zone] ?? zone, behind: "balancer[Gateway Load Balancer]" };
}

/** What leads where, by zone; nothing where nothing is known to. */
function picture({ routes, network, deployment }: Pictured): readonly string[] {
  const gateways = Object.keys(network.natGateways.all);
  const single = "nat" in deployment ? deployment.nat.single : undefined;
  const gatewayOf = (zone: string): string | undefined => {
    const home = single?.zone ?? zone;
    return gateways.includes(home) ? `nat_${home}` : undefined;
  };
  const endpoints = endpointsOf(deployment);
  const connectors = new Map<string, string>();
  const passed = new Set<string>();
  const steered = Object.entries(routes).flatMap(([name, route]) => {
    if (route.destination !== "0.0.0.0/0" || ("defaultRoute" in route && isReleased(route.defaultRoute))) return [];
    const source = name.slice(route.zone.length + 1);
    const from = `${source}_${route.zone}[${source} ${route.zone}]`;
    if (endpoints) {
      passed.add(endpoints.of(route.zone));
      return [`  ${from} --> endpoint_${endpoints.of(route.zone)}[endpoint ${endpoints.of(route.zone)}]`];
    }
    if (!("connector" in route)) return [`  ${from} --> ${gatewayOf(route.zone) ?? ""}`];
    const { key, zone } = route.connector;
    connectors.set(key, zone);
    return [`  ${from} --> ${key}[connector ${key}]`];
  });
  const standing = Object.keys(network.tier("connector"));
  const cloud = connectors.size > 0 || standing.length > 0 ? "zscaler((Zscaler cloud))" : "internet((internet))";
  // Where a table that is not made here leads is not known.
  const isRouted = (zone: string): boolean => network.tier("connector")[zone]?.routeTableId !== undefined;
  const wayOf = (zone: string): string => (isRouted(zone) ? gatewayOf(zone) : undefined) ?? cloud;
  const ways = [...connectors].map(([key, zone]) => `  ${key} --> ${wayOf(zone)}`);
  const balanced = endpoints
    ? [
        ...[...passed].map((zone) => `  endpoint_${zone} --> ${endpoints.behind}`),
        ...standing.map((zone) => `  balancer --> connectors_${zone}[connectors ${zone}]`),
        ...standing.map((zone) => `  connectors_${zone} --> ${wayOf(zone)}`),
      ]
    : [];
  const out = gateways.map((zone) => `  nat_${zone}[NAT gateway ${zone}] --> ${cloud}`);
  const watched = "failover" in deployment ? [...connectors.keys()].map((key) => `  failover[failover function] -.-> ${key}`) : [];
  const lines = [...steered, ...ways, ...balanced, ...out, ...watched];
  return lines.length === 0 ? [] : ["```mermaid", "flowchart LR", ...lines, "```", ""];
}

export interface ReadmeProps {
  readonly name: string;
  readonly kind: ModuleKind;
  readonly pictured: Pictured;
  /** How many default routes are taken over. */
  readonly takenOver: number;
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  /** What generates it again. */
  readonly command: string;
}

/** What a template makes besides connectors, or in place of them. */
const leads: Readonly<Partial<Record<Template, string>>> = { network: "A VPC for ", spoke: "A VPC that is led to " };

const takeOverText: Readonly<Record<ModuleKind, readonly string[]>> = {
  module: [
    "## Routes that are taken over",
    "",
    "The default routes of route tables that exist are taken over by `import` blocks. Terraform refuses these in a module: copy them from [`examples/complete`](examples/complete/main.tf) into the configuration that calls it, with the name of your call. Without them the apply fails where a table has a default route already.",
  ],
  root: [
    "## Routes that are taken over",
    "",
    "The default routes of route tables that exist are taken over where they are there, by the blocks of `imports.tf`.",
  ],
};

/** The README of a module. */
export function readmeText({ name, kind, pictured, takenOver, inputs, outputs, command }: ReadmeProps): string {
  const { template, region, zones: given } = pictured.deployment;
  const zones = Object.keys(zonesOf(region, given));
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
    `${leads[template] ?? ""}Zscaler Cloud Connectors in AWS: the template \`${template}\` in ${zones.length === 1 ? "zone" : "zones"} ${zones.join(", ")}.`,
    "",
    ...picture(pictured),
    ...usage,
    "",
    ...(takenOver > 0 ? [...takeOverText[kind], ""] : []),
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
        byDefault === undefined ? "required" : `\`${JSON.stringify(byDefault)}\``,
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
