import { type App, Aspects, type IAspect, Lazy, TerraformLocal, TerraformResource, type TerraformStack, Token } from "cdktf";
import { type IConstruct } from "constructs";
import { type Deployment, schemaOf } from "../../config/deployment";
import { isZoneId, zonesOf } from "../../config/zones";
import { expressionOf } from "../../modules/validation";
import { makeStack } from "../../stacks";
import { type DeploymentStack, type VpcDeployment } from "../../stacks/deployment-stack";
import { isName } from "../syntax/container";
import { variableLeaf } from "./fields";
import { Variables } from "./variables";

/** Gives each resource the tags that otherwise the provider gives by default: a module has no provider of its own. */
class TagEach implements IAspect {
  constructor(private readonly tags: TerraformLocal) {}

  visit(node: IConstruct): void {
    if (!TerraformResource.isTerraformResource(node) || !("tagsInput" in node)) return;
    const tagged = node as TerraformResource & { tags: unknown; readonly tagsInput?: Readonly<Record<string, string>> };
    const own = tagged.tagsInput;
    tagged.tags = own === undefined ? this.tags.asStringMap : Token.asStringMap(Lazy.anyValue({ produce: () => this.merged(node, own) }));
  }

  /** Written out, since cdktf would quote the keys. */
  private merged(node: IConstruct, own: Readonly<Record<string, string>>): string {
    const entries = Object.entries(own).map(([key, value]) => `${isName(key) ? key : JSON.stringify(key)} = ${expressionOf(node, value)}`);
    return `\${merge(local.${this.tags.friendlyUniqueId}, { ${entries.join(", ")} })}`;
  }
}

/**
 * Makes the stack of a deployment with a variable for each value that can be one.
 *
 * @param tags whether the tags of everything are the provider's by default or written to each resource
 * @param required names of the variables that have no default
 */
export function moduleStack(
  app: App,
  name: string,
  deployment: Deployment,
  tags: "provider" | "each",
  required: readonly string[],
): DeploymentStack<VpcDeployment> {
  let variables: Variables | undefined;
  const variablesOf = (stack: TerraformStack): Variables => (variables ??= new Variables(stack));
  const stack = makeStack(
    app,
    name,
    deployment.template,
    (own) => {
      // The region is a variable, so that zones are its zones whatever it is. A zone's id names its region.
      const zones = deployment.zones.some(isZoneId) ? deployment.zones : Object.keys(zonesOf(deployment.region, deployment.zones));
      return variablesOf(own).settings(schemaOf[deployment.template](variableLeaf), { ...deployment, zones }) as Deployment;
    },
    (own) => ({
      name: variablesOf(own).name(name),
      vpcRange: vpcRange(variablesOf(own), deployment),
      calledBy: tags === "each" ? "module" : "nobody",
    }),
  );
  if (tags === "each") Aspects.of(stack).add(new TagEach(new TerraformLocal(stack, "tags", stack.defaultTags)));
  variablesOf(stack).withdrawUnused();
  variablesOf(stack).withdrawDefaults(required);
  return stack;
}

/** The variable for the VPC's first range. What is written, or taken, by its own range in it keeps it where it is. */
function vpcRange(variables: Variables, { network: { create, existing }, subnets }: Deployment): string | undefined {
  const stated = create ?? existing;
  if (stated === undefined) return undefined;
  const written = Object.values(subnets.ranges).flatMap((byTier) => Object.values(byTier));
  return variables.vpcCidr(stated.cidr, [...written, ...(existing?.taken ?? [])]);
}
