import { resolve } from "node:path";
import { configFile, loadConfig } from "../config";
import { warningsOf } from "../config/warnings";
import { Inexpressible, moduleFiles, type ModuleKind, NotOurs, writeFolder } from "../hcl";
import { CommandError } from "./command-error";

export interface HclOptions {
  /** Folder of the module. */
  readonly out: string;
  readonly as: ModuleKind;
  /** The config file as it was given, if it was. */
  readonly config?: string;
  /** Whether files that somebody else wrote or changed are overwritten. */
  readonly force: boolean;
}

const quoted = (word: string): string => (/^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

const isOfSystem = (error: unknown): error is NodeJS.ErrnoException => typeof error === "object" && error !== null && "syscall" in error;

/**
 * Writes a deployment of a config file as a Terraform module.
 *
 * @throws ConfigError when the file is wrong, CommandError when it has no such deployment, or the folder has files that are not ours or
 * cannot be written
 */
export function runHcl(file: string, name: string, options: HclOptions, out: NodeJS.WritableStream): void {
  const deployments = loadConfig(file);
  const chosen = deployments.find((each) => each.name === name);
  if (!chosen) throw new CommandError(`${file} has no deployment ${name}: it has ${deployments.map((each) => each.name).join(", ")}`);
  for (const warning of warningsOf(chosen.deployment)) out.write(`warning  ${warning}\n`);
  const words = ["npx", "zscaler-aws", "hcl", name, "--out", options.out];
  const kind = options.as === "root" ? ["--as", "root"] : [];
  const config = file === configFile() ? [] : ["--config", file];
  const command = [...words, ...kind, ...config].map(quoted).join(" ");
  try {
    const files = moduleFiles({ ...chosen, kind: options.as, folder: resolve(options.out), command });
    const { written, unchanged, removed } = writeFolder(resolve(options.out), files, options.force);
    for (const path of written) out.write(`wrote    ${path}\n`);
    for (const path of removed) out.write(`removed  ${path}\n`);
    const summary = [
      `${written.length} written`,
      `${unchanged.length} unchanged`,
      ...(removed.length > 0 ? [`${removed.length} removed`] : []),
    ];
    out.write(`${options.out}: ${summary.join(", ")}\n`);
  } catch (error) {
    if (error instanceof NotOurs) {
      throw new CommandError(
        [
          `${options.out} has files that are not as they were generated:`,
          ...error.files.map((path) => `  ${path}`),
          `Nothing was written. Choose another folder, or ${options.force ? "move them away" : "overwrite them with --force"}.`,
        ].join("\n"),
      );
    }
    if (error instanceof Inexpressible) throw new CommandError(`${name} cannot be written in HCL:\n  ${error.message}`);
    if (isOfSystem(error)) throw new CommandError(`${options.out} cannot be written, and is as it was: ${error.message}`);
    throw error;
  }
}
