import { TerraformElement, TerraformOutput, TerraformResource, TerraformDataSource, TerraformStack, TerraformVariable } from "cdktf";
import { Construct, type IConstruct, type Node } from "constructs";

/** Every attribute that the modules emit is known to these versions of the AWS provider. cdktf alone would pin the one it was made from. */
const awsProvider = { source: "hashicorp/aws", version: ">= 5.100, < 7" };

/** A value that a stack shows to people and other stacks. */
export interface Output {
  readonly value: unknown;
  readonly description: string;
}

/** What stands in a stack for values that otherwise are literals, where it becomes a Terraform module: expressions of the module's variables. */
export interface ModuleInputs {
  /** First words of every AWS name. */
  readonly name: string;
  /** First range of a VPC that is made, of the same prefix length as the one that the settings give. */
  readonly vpcRange: string | undefined;
  /** Whether it is applied itself, or called by another configuration: import blocks then are the caller's. */
  readonly calledBy: "nobody" | "module";
}

/**
 * A stack whose Terraform addresses are readable and stable: the ids of the construct path joined by `_`, without a hash.
 *
 * A last id that only repeats the resource's type is left out, so `network/a/connector/subnet` is `aws_subnet.network_a_connector`.
 * Two elements with one address are an error at synthesis: cdktf would merge them into one. Takes every version of the AWS provider that
 * the modules are made for.
 */
export class ZscalerStack extends TerraformStack {
  /** First words of every AWS name: the stack's id, unless it becomes a module. */
  readonly resourceName: string;
  protected readonly inputs: ModuleInputs | undefined;

  /** @param inputs Gets the stack, since Terraform variables need it first. */
  constructor(scope: Construct, id: string, inputs?: (stack: TerraformStack) => ModuleInputs) {
    super(scope, id);
    this.inputs = inputs?.(this);
    this.resourceName = this.inputs?.name ?? id;
    this.addOverride("terraform.required_providers.aws", awsProvider);
    this.node.addValidation({ validate: () => this.collisions() });
  }

  /** Shows values, each under its own name. */
  addOutputs(outputs: Readonly<Record<string, Output>>): void {
    const scope = this.node.tryFindChild("output") ?? new Construct(this, "output");
    for (const [name, { value, description }] of Object.entries(outputs)) {
      new TerraformOutput(scope, name, { value, description }).overrideLogicalId(name);
    }
  }

  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    const ids = node.scopes.slice(node.scopes.indexOf(this) + 1).map((scope) => scope.node.id);
    const type = isTyped(element) ? element.terraformResourceType.replace(/^[a-z0-9]+_/, "") : undefined;
    const told = ids.length > 1 && ids.at(-1) === type ? ids.slice(0, -1) : ids;
    return told.join("_").replace(/[^A-Za-z0-9_-]/g, "_");
  }

  private collisions(): string[] {
    const paths = new Map<string, string[]>();
    for (const element of this.node.findAll()) {
      const address = addressOf(element);
      if (address !== undefined) paths.set(address, [...(paths.get(address) ?? []), element.node.path]);
    }
    return [...paths]
      .filter(([, sharers]) => sharers.length > 1)
      .map(([address, sharers]) => `${sharers.join(" and ")} have one Terraform address, ${address}: rename all but one`);
  }
}

const addressOf = (element: IConstruct): string | undefined => {
  if (TerraformResource.isTerraformResource(element)) return `${element.terraformResourceType}.${element.friendlyUniqueId}`;
  if (TerraformDataSource.isTerraformDataSource(element)) return `data.${element.terraformResourceType}.${element.friendlyUniqueId}`;
  if (TerraformOutput.isTerraformOutput(element)) return `output.${element.friendlyUniqueId}`;
  return element instanceof TerraformVariable ? `var.${element.friendlyUniqueId}` : undefined;
};

const isTyped = (element: unknown): element is TerraformResource | TerraformDataSource =>
  TerraformResource.isTerraformResource(element) || TerraformDataSource.isTerraformDataSource(element);
