import { readFileSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { check } from "./check";
import { type Deployment, deploymentSchema, fileSchema } from "./deployment";
import { withHubs } from "./hubs";
import { isReadable, readDocument } from "./yaml/document";
import { escapeTemplates } from "./yaml/escape";
import { withDefaults } from "./merge";
import { stateName } from "./terraform";
import { ConfigError } from "./problems/problem";

export { ConfigError } from "./problems/problem";

/** A deployment of a config file, checked, with all defaults filled and its state's place settled. */
export interface LoadedDeployment {
  /** Name of the stack. */
  readonly name: string;
  readonly deployment: Deployment;
  /** The hub of a spoke, or the deployment in whose VPC App Connectors stand, where it is of the same file. */
  readonly hub?: { readonly name: string; readonly deployment: Deployment };
}

/** The config file to load: the first that is named, else `zscaler.yaml` in the working folder. */
export const configFile = (...named: readonly unknown[]): string =>
  named.find((name): name is string => typeof name === "string" && name !== "") ?? "zscaler.yaml";

/**
 * Loads a config file.
 *
 * @throws ConfigError with everything that is wrong with the file, each mistake with its place, rule and fix.
 */
export function loadConfig(file: string): readonly LoadedDeployment[] {
  const document = readDocument(read(file), file);
  if (!isReadable(document)) throw new ConfigError(document.problems);
  const checked = check(fileSchema, withDefaults(document, deploymentSchema, file), file);
  if ("problems" in checked) throw new ConfigError(checked.problems);
  // A template that is still to come does not pass the check.
  const deployments = Object.entries(checked.data.deployments) as [string, Deployment][];
  return withHubs(deployments.map(([name, deployment]) => [name, withStateFile(file, name, escapeTemplates(deployment))]));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new ConfigError([
      {
        file,
        line: 1,
        column: 1,
        path: "",
        problem: missing ? "the file does not exist" : `the file cannot be read: ${(error as Error).message}`,
        fix: "write it (examples/starter/zscaler.yaml is a start), or name another in ZSCALER_CONFIG",
      },
    ]);
  }
}

/** State stands beside the config file: cdktf deletes the output folder of a stack that is gone, and what lies in it. */
function withStateFile(file: string, name: string, deployment: Deployment): Deployment {
  const { local } = deployment.backend;
  if (!local) return deployment;
  const stateFile = local.path ?? `${basename(file, extname(file))}.${stateName(name)}`;
  return { ...deployment, backend: { local: { path: resolve(dirname(file), stateFile) } } };
}
