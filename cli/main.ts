import { Command, Option } from "commander";
import { ConfigError, configFile } from "../config";
import { MissingTool } from "../emulator/missing-tool";
import type * as jsonSchemaModule from "../config/json-schema";
import { CommandError } from "./command-error";
import type * as hclModule from "./hcl-command";
import { type HclOptions } from "./hcl-command";
import type * as preflightModule from "./preflight-command";
import type * as sizeModule from "./size";
import { type SizeOptions } from "./size";
import type * as tryModule from "./try";

// The AWS SDK's notice about coming versions of Node is for those who choose its version, amid the output for somebody who does not.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const program = new Command("zscaler-aws").description("Zscaler connectors in AWS.").showHelpAfterError();

const configOption = ["-c, --config <file>", "config file; by default ZSCALER_CONFIG, then zscaler.yaml"] as const;

program
  .command("try")
  .description("deploy a config file to an AWS emulator on this machine, show what exists, and remove it again")
  .option(...configOption)
  .action(async ({ config }: { readonly config?: string }) => {
    const { tryOut } = require("./try") as typeof tryModule;
    await tryOut(configFile(config, process.env.ZSCALER_CONFIG), process.stdout);
  });

program
  .command("preflight")
  .description("ask AWS, before the first deployment, what usually fails it")
  .argument("[deployment]", "name of a deployment; all by default")
  .option(...configOption)
  .action(async (deployment: string | undefined, { config }: { readonly config?: string }) => {
    const { runPreflight } = require("./preflight-command") as typeof preflightModule;
    process.exitCode = (await runPreflight(configFile(config, process.env.ZSCALER_CONFIG), deployment, process.stdout)) ? 0 : 1;
  });

program
  .command("hcl")
  .description("write a deployment as a Terraform module in HCL")
  .argument("<deployment>", "name of the deployment")
  .requiredOption("-o, --out <folder>", "folder of the module")
  .addOption(
    new Option("--as <kind>", "a module that other configurations call, or a root configuration with provider and backend")
      .choices(["module", "root"])
      .default("module"),
  )
  .option("--force", "overwrite files that are not as they were generated", false)
  .option(...configOption)
  .action((deployment: string, options: HclOptions) => {
    const { runHcl } = require("./hcl-command") as typeof hclModule;
    runHcl(configFile(options.config, process.env.ZSCALER_CONFIG), deployment, options, process.stdout);
  });

program
  .command("size")
  .description("say how many instances carry a load")
  .command("app-connectors")
  .description("by Zscaler's guide: App Connectors, their instance type, and why so many")
  .requiredOption("-t, --throughput <mbps>", "what users send and receive together at the peak, in Mbps")
  .option("--double-encrypted <percent>", "part of the applications with double encryption", "0")
  .option("--app-protection", "ZPA inspects the applications' traffic by AppProtection", false)
  .option("--json", "for a program to read", false)
  .action((options: SizeOptions) => {
    const { runSize } = require("./size") as typeof sizeModule;
    runSize(options, process.stdout);
  });

program
  .command("schema")
  .description("print the JSON schema of the config file, for editors")
  .action(() => {
    const { jsonSchema } = require("../config/json-schema") as typeof jsonSchemaModule;
    process.stdout.write(jsonSchema());
  });

program.parseAsync().catch((error: unknown) => {
  // What the user can put right has a message for them; the stack of anything else is for whoever mends this program.
  const told = error instanceof ConfigError || error instanceof CommandError || error instanceof MissingTool;
  console.error(told ? error.message : error);
  process.exitCode = 1;
});
