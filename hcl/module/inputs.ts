import { type TerraformStack } from "cdktf";
import { type Json } from "../syntax/json";

/** A variable of a module. */
export interface Input {
  readonly name: string;
  readonly type: string;
  /** None where the caller must give it. */
  readonly default?: Json;
  /** What an example gives it: its default, if it has one. */
  readonly example: Json;
  readonly description: string;
}

/** A value that a module gives. */
export interface Output {
  readonly name: string;
  readonly description: string;
}

/** The versions that a module works with, as Terraform writes them. */
interface Versions {
  readonly terraform: string;
  readonly aws: string;
}

interface Declarations {
  readonly variable?: Readonly<Record<string, Omit<Input, "name" | "example">>>;
  readonly output?: Readonly<Record<string, Omit<Output, "name">>>;
  readonly terraform: { readonly required_version: string; readonly required_providers: { readonly aws: { readonly version: string } } };
}

/** What a caller needs to know of a stack that becomes a module. */
export interface Signature {
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  readonly versions: Versions;
}

/** @param examples of what a caller must give, by name */
export function signatureOf(stack: TerraformStack, examples: Readonly<Record<string, Json>>): Signature {
  const { variable = {}, output = {}, terraform } = stack.toTerraform() as Declarations;
  return {
    inputs: Object.entries(variable).map(([name, rest]) => ({ name, ...rest, example: rest.default ?? examples[name] ?? null })),
    outputs: Object.entries(output).map(([name, { description }]) => ({ name, description })),
    versions: { terraform: terraform.required_version, aws: terraform.required_providers.aws.version },
  };
}
