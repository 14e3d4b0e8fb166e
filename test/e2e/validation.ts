import { execFile, execFileSync } from "node:child_process";
import { cacheFolder, findAwsProvider, findTerraform, providerEnvironment } from "../../emulator";

/** What `terraform validate` says. */
export interface Validation {
  readonly valid: boolean;
  readonly diagnostics: readonly {
    readonly summary: string;
    readonly detail: string;
    readonly range?: { readonly filename: string };
  }[];
}

/**
 * Makes a validation: `terraform validate` in a folder of Terraform configuration, after `terraform init` without a backend where that has not been
 * done in it.
 *
 * @param workingFolder where the settings of Terraform are kept
 */
export async function terraformValidation(workingFolder: string): Promise<(folder: string) => Promise<Validation>> {
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
