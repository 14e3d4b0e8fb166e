import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Configuration } from "./project";

/** Whether this machine has OpenTofu. */
export const isTofuThere = (): boolean => spawnSync("tofu", ["version"]).status === 0;

/**
 * A configuration worked on by OpenTofu, which gets the provider that Terraform was initialized with: by itself it asks another registry.
 *
 * @param folder An empty folder, for OpenTofu's settings.
 */
export function byTofu(configuration: Configuration, folder: string): Configuration {
  const initialized = join(configuration.folder, ".terraform/providers/registry.terraform.io/hashicorp/aws");
  for (const version of readdirSync(initialized)) {
    for (const platform of readdirSync(join(initialized, version))) {
      const mirrored = join(folder, "registry.opentofu.org/hashicorp/aws", version, platform);
      mkdirSync(dirname(mirrored), { recursive: true });
      symlinkSync(realpathSync(join(initialized, version, platform)), mirrored);
    }
  }
  const settings = join(folder, "tofu.rc");
  writeFileSync(settings, `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(folder)}\n  }\n}\n`);
  return configuration.by("tofu", { TF_CLI_CONFIG_FILE: settings, TF_DATA_DIR: join(folder, "data") });
}
