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
  seedAccount,
  startEmulator,
} from "../emulator";
import { synthesize } from "../stacks";
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
 * @throws ConfigError when the file is wrong, CommandError when Terraform fails
 */
export async function tryOut(file: string, out: NodeJS.WriteStream): Promise<void> {
  const deployments = loadConfig(file);
  const folder = mkdtempSync(join(tmpdir(), "zscaler-try-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  const interrupt = () => process.exit(130);
  process.once("exit", removeFolder).once("SIGINT", interrupt);
  try {
    const progress = progressOn(out);
    const stacks = await progress.step(`Synthesize ${file}`, () => Promise.resolve(synthesizeInto(folder, deployments)));
    const tools = await findTools();
    if ("missing" in tools) {
      for (const stack of stacks) out.write(`\n${summarize(stack)}\n`);
      out.write(
        `\nNot deployed, for this machine lacks:\n${tools.missing.map(({ what, whereToGet }) => `  ${what}: ${whereToGet}\n`).join("")}`,
      );
      return;
    }
    const emulator = await progress.step("Start the AWS emulator", (tell) => startEmulator({ onProgress: tell }));
    try {
      for (const [index, { name, deployment }] of deployments.entries()) {
        const stack = stacks[index];
        if (!stack) throw new Error(`${name} was not synthesized`);
        await deployAndShow(stack, deployment, { progress, emulator, folder, command: tools.command, out });
      }
    } finally {
      await emulator.stop();
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

/** Terraform's command and that the AWS provider can be had, or what is missing. Python is looked for when the emulator starts. */
async function findTools(): Promise<{ readonly command: string } | { readonly missing: readonly MissingTool[] }> {
  const results = await Promise.allSettled([findTerraform(), findPython(), findAwsProvider()]);
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  const bug = failures.find((failure) => !(failure instanceof MissingTool));
  if (bug !== undefined) throw bug as Error;
  const [terraform] = results;
  if (failures.length === 0 && terraform.status === "fulfilled") return { command: terraform.value.command };
  return { missing: failures as MissingTool[] };
}

interface Workplace {
  readonly progress: Progress;
  readonly emulator: Emulator;
  readonly folder: string;
  /** Terraform's command. */
  readonly command: string;
  readonly out: NodeJS.WritableStream;
}

async function deployAndShow(
  stack: SynthesizedStack,
  { region, connectors }: LoadedDeployment["deployment"],
  { progress, emulator, folder, command, out }: Workplace,
): Promise<void> {
  const terraform = await progress.step(`Prepare Terraform for ${stack.name}`, async (tell) => {
    await seedAccount({ endpoint: emulator.endpoint, region }, { secret: connectors.secret });
    const provider = await providerEnvironment(await findAwsProvider(), {
      terraform: command,
      workingFolder: folder,
      cache: cacheFolder,
      onProgress: tell,
    });
    const prepared = new Terraform(command, stack.folder, { ...emulator.environment(region), ...provider });
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
