import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { type LoadedDeployment, loadConfig } from "../config";
import {
  cacheFolder,
  type Emulator,
  findAwsProvider,
  findPython,
  findTerraform,
  MissingTool,
  providerEnvironment,
  type ProviderSource,
  seedAccount,
  startEmulator,
} from "../emulator";
import { synthesize } from "../stacks";
import { CommandError } from "./command-error";
import { type Progress, progressOn } from "./progress";
import { summarize } from "./summary";
import { readSynthesizedStack, type SynthesizedStack } from "./synthesized-stack";
import { Terraform } from "./terraform";

/**
 * Deploys a config file's deployments, one after the other, to an AWS emulator on this machine with the real Terraform and AWS provider,
 * prints what then exists, and removes it. Where a tool is missing, prints what would exist, and where to get the tool.
 *
 * The config file's state, AWS account and backend are not touched.
 *
 * @throws ConfigError when the file is wrong, CommandError when a deployment needs what exists or Terraform fails
 */
export async function tryOut(file: string, out: NodeJS.WriteStream): Promise<void> {
  const deployments = loadConfig(file);
  const elsewhere = deployments.find(({ deployment }) => deployment.network.existing !== undefined);
  if (elsewhere) {
    throw new CommandError(
      `${elsewhere.name} stands in a VPC that exists, and the emulator begins with none: try a deployment with network.create, or ask AWS with zscaler-aws preflight`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), "zscaler-try-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  const interrupt = () => process.exit(130);
  process.once("exit", removeFolder).once("SIGINT", interrupt);
  try {
    const progress = progressOn(out);
    const stacks = await progress.step(`Synthesize ${file}`, () => Promise.resolve(synthesizeInto(folder, deployments)));
    const tools = await startTools(progress);
    if ("missing" in tools) {
      for (const stack of stacks) out.write(`\n${summarize(stack)}\n`);
      out.write(
        `\nNot deployed, for this machine lacks:\n${tools.missing.map(({ what, whereToGet }) => `  ${what}: ${whereToGet}\n`).join("")}`,
      );
      return;
    }
    try {
      for (const [index, { name, deployment }] of deployments.entries()) {
        const stack = stacks[index];
        if (!stack) throw new Error(`${name} was not synthesized`);
        await deployAndShow(stack, deployment, { ...tools, progress, folder, out });
      }
    } finally {
      await tools.emulator.stop();
    }
  } finally {
    removeFolder();
    process.off("exit", removeFolder).off("SIGINT", interrupt);
  }
}

/** Synthesizes into a folder with everything there, state included, and without what only a real account has: a profile, a role, a bucket. */
function synthesizeInto(folder: string, deployments: readonly LoadedDeployment[]): readonly SynthesizedStack[] {
  const outdir = join(folder, "cdktf.out");
  const local = deployments.map(({ name, deployment }) => ({
    name,
    deployment: { ...deployment, provider: {}, backend: { local: { path: join(folder, `${name}.tfstate`) } } },
  }));
  synthesize(new App({ outdir }), local);
  return deployments.map(({ name }) => readSynthesizedStack(outdir, name));
}

/** What a deployment to this machine takes. */
interface Tools {
  /** Terraform's command. */
  readonly command: string;
  readonly provider: ProviderSource;
  readonly emulator: Emulator;
}

/** The tools that could not be had. */
function missingOf(results: readonly PromiseSettledResult<unknown>[]): readonly MissingTool[] {
  return results.flatMap((result) => {
    if (result.status === "fulfilled") return [];
    if (result.reason instanceof MissingTool) return [result.reason];
    throw result.reason as Error;
  });
}

/** Finds Terraform and the AWS provider, and starts the emulator; or says what is missing. */
async function startTools(progress: Progress): Promise<Tools | { readonly missing: readonly MissingTool[] }> {
  const found = await Promise.allSettled([findTerraform(), findAwsProvider(), findPython()]);
  const [terraform, provider] = found;
  if (terraform.status === "rejected" || provider.status === "rejected" || found[2].status === "rejected")
    return { missing: missingOf(found) };
  const started = await Promise.allSettled([progress.step("Start the AWS emulator", (tell) => startEmulator({ onProgress: tell }))]);
  const [emulator] = started;
  if (emulator.status === "rejected") return { missing: missingOf(started) };
  return { command: terraform.value.command, provider: provider.value, emulator: emulator.value };
}

interface Workplace extends Tools {
  readonly progress: Progress;
  readonly folder: string;
  readonly out: NodeJS.WritableStream;
}

async function deployAndShow(
  stack: SynthesizedStack,
  deployment: LoadedDeployment["deployment"],
  { progress, emulator, folder, command, provider, out }: Workplace,
): Promise<void> {
  const { region } = deployment;
  const terraform = await progress.step(`Prepare Terraform for ${stack.name}`, async (tell) => {
    if ("connectors" in deployment) await seedAccount({ endpoint: emulator.endpoint, region }, { secret: deployment.connectors.secret });
    const environment = await providerEnvironment(provider, {
      terraform: command,
      workingFolder: folder,
      cache: cacheFolder,
      onProgress: tell,
    });
    const prepared = new Terraform(command, stack.folder, { ...emulator.environment(region), ...environment });
    await prepared.init();
    return prepared;
  });
  try {
    await progress.step(`Deploy ${stack.name}`, (tell) => terraform.apply(tell));
    const { deployed, outputs } = await terraform.show();
    out.write(`\n${summarize(stack, deployed, outputs)}\n\n`);
  } finally {
    await progress.step(`Remove ${stack.name}`, (tell) => terraform.destroy(tell));
  }
}
