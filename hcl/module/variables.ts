import { TerraformVariable, type TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { unescapeTemplates } from "../../config/yaml/escape";
import { contains, parseRange } from "../../modules/addressing";
import { longestDeploymentName } from "../../modules/naming/schema";
import { inexpressible } from "../syntax/json";
import { type Condition, fieldConditions } from "./conditions";
import { type Field, fieldsOf } from "./fields";

/** Steps of a path that say which choice was made, not what is chosen. */
const choices = ["create", "existing"];

const snake = (text: string): string =>
  text
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_");

/** The name of a setting's variable: its path, without the choices on it. */
const variableName = (path: readonly string[]): string =>
  path
    .filter((step) => !choices.includes(step))
    .map(snake)
    .join("_");

const plainType = (value: unknown): string =>
  typeof value === "object" ? "map(string)" : typeof value === "boolean" ? "bool" : typeof value;

function typeOf({ value, holds }: Field): string {
  if (holds === "one") return plainType(value);
  const [first] = Object.values(value as object) as unknown[];
  return `${"count" in holds ? "list" : "map"}(${plainType(first)})`;
}

/** The variables of a stack that becomes a module, declared as they are asked for. */
export class Variables {
  private readonly scope: Construct;

  constructor(private readonly stack: TerraformStack) {
    this.scope = new Construct(stack, "variable");
  }

  /** First words of every AWS name. */
  name(byDefault: string): string {
    const { stringValue } = this.declare("name", "string", byDefault, "First words of every AWS name.", [
      {
        condition: 'can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", var.name)) && !can(regex("^sg(-|$)", var.name))',
        errorMessage: "Use lower-case letters, digits and hyphens, a letter first and no hyphen last, and do not begin with sg.",
      },
      {
        condition: `length(var.name) <= ${longestDeploymentName}`,
        errorMessage: `Use ${longestDeploymentName} characters at the most: AWS limits the IAM names that begin with it.`,
      },
    ]);
    return stringValue;
  }

  /**
   * The first range of the VPC. Subnets were planned in one of its prefix length.
   *
   * @param given the ranges of subnets that were written by hand, and those that others use: those in the VPC's first range keep it where it is
   */
  vpcCidr(byDefault: string, given: readonly string[]): string {
    const prefix = byDefault.slice(byDefault.indexOf("/"));
    const description = `Range of the VPC: a ${prefix}, in which the module has planned its subnets.`;
    const held = given.filter((range) => isWithin(byDefault, range));
    const conditions = [
      {
        condition: `endswith(var.vpc_cidr, "${prefix}")`,
        errorMessage: `The subnets were planned in a ${prefix}: give a range of that length, or generate the module anew.`,
      },
      {
        condition: 'try(cidrsubnet(var.vpc_cidr, 0, 0) == var.vpc_cidr, false) && !strcontains(var.vpc_cidr, ":")',
        errorMessage: "This is no IPv4 range at its network address, such as 10.1.0.0/16.",
      },
    ];
    const fixed = {
      condition: `var.vpc_cidr == "${byDefault}"`,
      errorMessage: `The configuration gives ranges in ${byDefault} (${held.join(", ")}): for another range, generate the module anew.`,
    };
    return this.declare("vpc_cidr", "string", byDefault, description, held.length > 0 ? [fixed] : conditions).stringValue;
  }

  /**
   * The settings with a variable in place of each value that can be one.
   *
   * @param settings as they are written to Terraform: `${` escaped, which the default of a variable is not
   */
  settings(schema: Parameters<typeof fieldsOf>[0], settings: unknown): unknown {
    return fieldsOf(schema, settings).reduce((result, field) => replaced(result, field.path, this.stand(field)), settings);
  }

  /** Takes back the variables that nothing refers to: settings that only tell people something. */
  withdrawUnused(): void {
    const { variable, ...others } = this.stack.toTerraform() as Readonly<Record<string, object | undefined>>;
    const text = JSON.stringify(others);
    for (const name of Object.keys(variable ?? {})) {
      if (!new RegExp(`\\bvar\\.${name}\\b`).test(text)) this.scope.node.tryRemoveChild(name);
    }
  }

  /** Has whoever calls the module give these variables. */
  withdrawDefaults(names: readonly string[]): void {
    for (const name of names) (this.scope.node.tryFindChild(name) as TerraformVariable | undefined)?.addOverride("default", undefined);
  }

  /** What stands in the settings for a field. */
  private stand(field: Field): unknown {
    const name = variableName(field.path);
    if (this.scope.node.tryFindChild(name)) {
      throw inexpressible(field.path.join("."), `another setting is the variable ${name} too: rename one of the two`);
    }
    const variable = this.declare(
      name,
      typeOf(field),
      unescapeTemplates(field.value),
      field.description,
      fieldConditions(field, `var.${name}`),
    );
    if (field.holds === "one")
      return typeof field.value === "number"
        ? variable.numberValue
        : typeof field.value === "string"
          ? variable.stringValue
          : (variable.value as unknown);
    if ("count" in field.holds) return Array.from({ length: field.holds.count }, (_, index) => `\${var.${name}[${index}]}`);
    return Object.fromEntries(field.holds.keys.map((key) => [key, `\${var.${name}.${key}}`]));
  }

  private declare(
    name: string,
    type: string,
    byDefault: unknown,
    description: string,
    validation: readonly Condition[],
  ): TerraformVariable {
    const variable = new TerraformVariable(this.scope, name, {
      type,
      description,
      nullable: false,
      ...(validation.length > 0
        ? { validation: validation.map(({ condition, errorMessage }) => ({ condition: `\${${condition}}`, errorMessage })) }
        : {}),
    });
    variable.overrideLogicalId(name);
    // cdktf would write the keys of a map otherwise than they are.
    variable.addOverride("default", byDefault);
    return variable;
  }
}

function isWithin(outer: string, inner: string): boolean {
  const [one, other] = [parseRange(outer), parseRange(inner)];
  return "range" in one && "range" in other && contains(one.range, other.range);
}

/** Data with another value at a path. What a map has besides stays. */
function replaced(data: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return Array.isArray(data) || typeof data !== "object" || typeof value !== "object" ? value : merged(data, value);
  return { ...(data as object), [step]: replaced((data as Record<string, unknown>)[step], rest, value) };
}

const merged = (data: object | null, value: unknown): unknown =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype ? { ...data, ...value } : value;
