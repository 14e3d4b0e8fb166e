import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, findAwsProvider, findTerraform, providerEnvironment, seedAccount } from "../../emulator";

const root = join(__dirname, "../..");

/** A config file with one deployment. Settings are lines, those of the connectors besides what they must have; without connectors there are none. */
export const deploymentFile = (
  name: string,
  {
    template,
    region,
    settings,
    connectors,
  }: Readonly<Record<"template" | "region", string>> & {
    readonly settings: readonly string[];
    readonly connectors: readonly string[] | "none";
  },
): string =>
  [
    "deployments:",
    `  ${name}:`,
    `    template: ${template}`,
    `    region: ${region}`,
    ...settings.map((line) => `    ${line}`),
    ...(connectors === "none"
      ? []
      : [
          "    connectors:",
          "      provisioningUrl: connector.zscaler.net/api/v1/provUrl?name=aws-prod",
          "      secret: ZS/CC/credentials",
          ...connectors.map((line) => `      ${line}`),
        ]),
    "",
  ].join("\n");

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end, whatever that is. */
const run = (program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(program, [...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: `${stdout}${stderr}` });
    });
  });

/** A folder of Terraform configuration, worked on with the emulator. */
export class Configuration {
  constructor(
    readonly folder: string,
    private readonly command: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** `terraform plan`: ends with 0 where nothing is to be changed, 2 where something is. */
  plan(): Promise<Ran> {
    return this.run("plan", "-input=false", "-detailed-exitcode", "-no-color", "-parallelism=30");
  }

  /** `terraform apply`, or what options make of it. */
  apply(...options: readonly string[]): Promise<Ran> {
    return this.run("apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=30", ...options);
  }

  /** Terraform with arguments. */
  run(...args: readonly string[]): Promise<Ran> {
    return run(this.command, args, this.folder, this.environment);
  }

  /** The same configuration, worked on by another program. */
  by(command: string, environment: NodeJS.ProcessEnv): Configuration {
    return new Configuration(this.folder, command, { ...this.environment, ...environment });
  }
}

/** What `cdktf` runs for a synthesis. */
const { app } = JSON.parse(readFileSync(join(root, "cdktf.json"), "utf8")) as { readonly app: string };

/**
 * A user's folder with a config file, of one deployment or several, deployed to the emulator in a region of its own: by `cdktf`, or by what it runs,
 * which is cheaper by seconds of processor time each.
 */
export class Project {
  readonly configFile: string;
  readonly stateFile: string;
  readonly stackFolder: string;
  private readonly stack: Configuration;
  private readonly output: string;

  private constructor(
    readonly name: string,
    readonly region: string,
    readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly terraformCommand: string,
  ) {
    this.configFile = join(folder, "zscaler.yaml");
    this.stateFile = join(folder, `zscaler.${name}.tfstate`);
    this.output = join(folder, "cdktf.out");
    this.stack = this.configuration(join("cdktf.out/stacks", name));
    this.stackFolder = this.stack.folder;
  }

  static async create(emulator: Emulator, name: string, region: string, config: string): Promise<Project> {
    const folder = mkdtempSync(join(tmpdir(), `zscaler-e2e-${name}-`));
    const { command } = await findTerraform();
    const provider = await providerEnvironment(await findAwsProvider(), {
      terraform: command,
      workingFolder: folder,
      cache: join(root, ".cache"),
    });
    await seedAccount({ endpoint: emulator.endpoint, region }, { secret: "ZS/CC/credentials" });
    // cdktf would give all projects one plugin cache, whose link to a mirror's provider each init removes and makes again, under another's feet.
    const cdktf = { CI: "true", CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1" };
    const project = new Project(name, region, folder, { ...emulator.environment(region), ...provider, ...cdktf }, command);
    writeFileSync(project.configFile, config);
    return project;
  }

  /** Synthesizes the project's deployment and applies it. Ends with the first of what `cdktf deploy` runs that fails. */
  async deploy(): Promise<Ran> {
    const synthesized = await this.synthesize();
    if (synthesized.code !== 0) return synthesized;
    const initialized = await this.terraform("init", "-input=false", "-no-color");
    return initialized.code === 0 ? this.apply() : initialized;
  }

  /** Applies what is synthesized, in a folder where Terraform was at work before. */
  apply(): Promise<Ran> {
    return this.stack.apply();
  }

  destroy(): Promise<Ran> {
    return this.terraform("destroy", "-auto-approve", "-input=false", "-no-color", "-parallelism=30");
  }

  /** @param names deployments of the file; by default the project's */
  deployByCdktf(...names: readonly string[]): Promise<Ran> {
    return this.cdktf(
      "deploy",
      ...(names.length > 0 ? names : [this.name]),
      "--auto-approve",
      "--skip-provider-lock",
      "--terraform-parallelism",
      "30",
    );
  }

  destroyByCdktf(...names: readonly string[]): Promise<Ran> {
    return this.cdktf(
      "destroy",
      ...(names.length > 0 ? names : [this.name]),
      "--auto-approve",
      "--skip-provider-lock",
      "--terraform-parallelism",
      "30",
    );
  }

  synthesize(): Promise<Ran> {
    return run("/bin/sh", ["-c", app], root, { ...this.environment, ZSCALER_CONFIG: this.configFile, CDKTF_OUTDIR: this.output });
  }

  /** Synthesizes another config file into the same output folder. */
  synthesizeByCdktf(configFile: string): Promise<Ran> {
    return this.cdktfWith(configFile, "synth");
  }

  /** `terraform plan` of what cdktf synthesized. */
  plan(): Promise<Ran> {
    return this.stack.plan();
  }

  terraform(...args: readonly string[]): Promise<Ran> {
    return this.stack.run(...args);
  }

  /** Writes the project's deployment in HCL to a folder of the project. */
  writeHcl(folder: string, ...options: readonly string[]): Promise<Configuration> {
    return this.writeHclOf(this.name, folder, ...options);
  }

  /** Writes a deployment of the file in HCL to a folder of the project. */
  async writeHclOf(deployment: string, folder: string, ...options: readonly string[]): Promise<Configuration> {
    const written = join(this.folder, folder);
    const command = [join(root, "bin/zscaler-aws.js"), "hcl", deployment, "--config", this.configFile, "--out", written, ...options];
    const { code, output } = await run(process.execPath, command, this.folder, this.environment);
    if (code !== 0) throw new Error(output);
    return this.configuration(folder);
  }

  /** Terraform configuration in a folder of the project. */
  configuration(folder: string): Configuration {
    return new Configuration(join(this.folder, folder), this.terraformCommand, this.environment);
  }

  private cdktf(...args: readonly string[]): Promise<Ran> {
    return this.cdktfWith(this.configFile, ...args);
  }

  private cdktfWith(configFile: string, ...args: readonly string[]): Promise<Ran> {
    return run(join(root, "node_modules/.bin/cdktf"), [...args, "--output", this.output], root, {
      ...this.environment,
      ZSCALER_CONFIG: configFile,
    });
  }
}
