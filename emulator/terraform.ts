import { execFile } from "node:child_process";
import { devNull } from "node:os";
import { promisify } from "node:util";
import { MissingTool } from "./missing-tool";

const run = promisify(execFile);

/** The first Terraform that takes `for_each` in an import block. */
const oldest = { major: 1, minor: 7 };

export interface Terraform {
  readonly command: string;
  readonly version: string;
}

/**
 * Terraform on the path, or what TERRAFORM_BINARY_NAME names, as cdktf does.
 * Throws MissingTool when there is none or it is older than 1.7, and says which version was found.
 */
export async function findTerraform(environment: NodeJS.ProcessEnv = process.env): Promise<Terraform> {
  const command = environment["TERRAFORM_BINARY_NAME"] ?? "terraform";
  const wanted = `Terraform ${oldest.major}.${oldest.minor} or later`;
  const whereToGet = "get it from https://developer.hashicorp.com/terraform/install";
  const version = await run(command, ["version", "-json"], {
    // The file that TF_CLI_CONFIG_FILE names may be missing, and Terraform's warning is not JSON.
    env: { ...environment, TF_CLI_CONFIG_FILE: devNull, CHECKPOINT_DISABLE: "1" },
    timeout: 30_000,
  }).then(
    ({ stdout }) => (JSON.parse(stdout) as { terraform_version: string }).terraform_version,
    () => undefined,
  );
  if (version === undefined) throw new MissingTool(wanted, whereToGet);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < oldest.major || (major === oldest.major && minor < oldest.minor))
    throw new MissingTool(`${wanted} (found ${version})`, whereToGet);
  return { command, version };
}
