import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, findAwsProvider, findTerraform, providerEnvironment } from "../../emulator";

/** What `terraform validate` says. */
interface Validation {
  readonly valid: boolean;
  readonly diagnostics: readonly {
    readonly summary: string;
    readonly detail: string;
    readonly range?: { readonly filename: string };
  }[];
}

/** Validates the Terraform configuration in a folder. */
export type Validate = (folder: string) => Promise<Validation>;

/**
 * Makes a validation: `terraform validate` in a folder of Terraform configuration, after `terraform init` without a backend where that has not been
 * done in it.
 *
 * @param workingFolder where the settings of Terraform are kept
 */
export async function terraformValidation(workingFolder: string): Promise<Validate> {
  const { command } = await findTerraform();
  const provider = await providerEnvironment(await findAwsProvider(), { terraform: command, workingFolder, cache: cacheFolder });
  const env = { ...process.env, ...provider, CHECKPOINT_DISABLE: "1" };
  const initialized = new Set<string>();
  return (folder) => {
    if (!initialized.has(folder)) execFileSync(command, ["init", "-backend=false", "-input=false"], { cwd: folder, env, stdio: "pipe" });
    initialized.add(folder);
    return new Promise((resolve) => {
      execFile(command, ["validate", "-json"], { cwd: folder, env, maxBuffer: 2 ** 26 }, (_, stdout) => {
        resolve(JSON.parse(stdout) as Validation);
      });
    });
  };
}

type Attributes = Readonly<Record<string, unknown>>;

/** What cdktf wrote for a stack. */
export interface StackFile extends Attributes {
  readonly terraform: Attributes;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly import?: readonly unknown[];
}

/** A stack, by a name that is also that of a folder. */
export interface NamedStack {
  readonly name: string;
  readonly file: StackFile;
}

export const readStack = (folder: string): StackFile => JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as StackFile;

export const without = (block: Attributes, ...names: readonly string[]): Attributes =>
  Object.fromEntries(Object.entries(block).filter(([name]) => !names.includes(name)));

/** A stack as a module that another configuration calls: without what only a root may have. */
const asModule = (file: StackFile): Attributes => ({
  ...without(file, "import", "provider"),
  terraform: without(file.terraform, "backend"),
});

export function writeJson(into: string, name: string, file: object): void {
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, name), JSON.stringify(file));
}

/**
 * What Terraform and the AWS provider find wrong with stacks, each a module of one configuration: the provider, which takes seconds to say what it
 * knows, is asked once. Each fault begins with the name of its stack.
 */
export async function faultsOf(validate: Validate, root: string, stacks: readonly NamedStack[]): Promise<readonly string[]> {
  for (const { name, file } of stacks) writeJson(join(root, name), "cdk.tf.json", asModule(file));
  const module = Object.fromEntries(stacks.map(({ name }) => [name, { source: `./${name}` }]));
  writeJson(root, "main.tf.json", { module, provider: { aws: { region: "us-west-2" } } });
  const { diagnostics } = await validate(root);
  return diagnostics.map(({ summary, detail, range }) => {
    const faulty = stacks.find(({ name }) => range?.filename.startsWith(`${name}/`));
    return `${faulty?.name ?? range?.filename ?? "main.tf.json"}: ${summary}: ${detail}`;
  });
}
