import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { MissingTool, lastWords } from "./missing-tool";

const run = promisify(execFile);

/** The provider's versions that the stacks are made for. */
const versions = ">= 5.100, < 7";
const isWanted = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return (major === 5 && minor >= 100) || major === 6;
};

/** Where Terraform gets the AWS provider. */
export type ProviderSource =
  /** A folder laid out as Terraform's filesystem mirrors are: `registry.terraform.io/hashicorp/aws/...` in it. */
  | { readonly kind: "mirror"; readonly folder: string }
  /** The user's own Terraform configuration says where. */
  | { readonly kind: "configuration"; readonly file: string }
  | { readonly kind: "registry" };

export interface ProviderSearch {
  readonly environment?: NodeJS.ProcessEnv;
  readonly home?: string;
  /** Whether the public registry answers. */
  readonly registryAnswers?: () => Promise<boolean>;
  /** Where on the disk to look, in this order. */
  readonly roots?: readonly string[];
}

const registry = "registry.terraform.io";
const registryLimitMilliseconds = 3_000;

async function registryAnswers(): Promise<boolean> {
  try {
    const answer = await fetch(`https://${registry}/.well-known/terraform.json`, {
      signal: AbortSignal.timeout(registryLimitMilliseconds),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

const systems: Readonly<Record<string, string>> = { win32: "windows" };
const processors: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };
const platform = `${systems[process.platform] ?? process.platform}_${processors[process.arch] ?? process.arch}`;
const packedProvider = new RegExp(`^terraform-provider-aws_(.+)_${platform}\\.zip$`);

const entries = (folder: string) => readdir(folder, { withFileTypes: true }).catch(() => []);
const names = async (folder: string): Promise<string[]> => (await entries(folder)).map(({ name }) => name);

/** Whether a folder is a mirror that has a wanted version of the provider for this machine, unpacked or packed. */
async function isMirror(folder: string): Promise<boolean> {
  const provider = join(folder, registry, "hashicorp", "aws");
  for (const name of await names(provider)) {
    const [, packed] = packedProvider.exec(name) ?? [];
    if (packed !== undefined ? isWanted(packed) : isWanted(name) && (await names(join(provider, name))).includes(platform)) return true;
  }
  return false;
}

const searchDepth = 7;
const searchFolders = 40_000;
const neverSearched = new Set(["proc", "sys", "dev", "node_modules", ".git"]);

/** The first mirror below the roots, each searched breadth first. Gives up after 40,000 folders, a few seconds. */
async function searchMirror(roots: readonly string[]): Promise<string | undefined> {
  const seen = new Set<string>();
  for (const root of roots) {
    let level = [root];
    for (let depth = 0; depth <= searchDepth; depth += 1) {
      const next: string[] = [];
      for (const folder of level) {
        if (seen.has(folder)) continue;
        if (seen.size >= searchFolders) return undefined;
        seen.add(folder);
        for (const entry of await entries(folder)) {
          if (!entry.isDirectory() || neverSearched.has(entry.name)) continue;
          if (entry.name === registry && (await isMirror(folder))) return folder;
          next.push(join(folder, entry.name));
        }
      }
      level = next;
    }
  }
  return undefined;
}

const searchRoots = (home: string): readonly string[] => [
  "/opt",
  "/usr/local",
  "/usr/share",
  "/usr/lib",
  join(home, ".terraform.d"),
  "/var/lib",
  "/",
];

/** A configuration file of the user's that says where providers come from. */
async function ownConfiguration(environment: NodeJS.ProcessEnv, home: string): Promise<string | undefined> {
  const file = environment["TF_CLI_CONFIG_FILE"] ?? join(home, ".terraformrc");
  const text = await readFile(file, "utf8").catch(() => "");
  return /^\s*provider_installation\b/m.test(text) ? resolve(file) : undefined;
}

/**
 * Where this machine has the AWS provider, version 5.100 or later and below 7: the mirror folder that TF_PLUGIN_DIR names, else the user's
 * own Terraform configuration, else the public registry, else a mirror found on the disk. Behind a proxy, which this check does not use but
 * Terraform does, the registry is tried when nothing else is there. Throws MissingTool when there is none.
 */
export async function findAwsProvider(search: ProviderSearch = {}): Promise<ProviderSource> {
  const { environment = process.env, home = homedir() } = search;
  const named = environment["TF_PLUGIN_DIR"];
  if (named) {
    if (await isMirror(named)) return { kind: "mirror", folder: resolve(named) };
    throw new MissingTool(
      `the AWS provider in ${named}, which TF_PLUGIN_DIR names`,
      `it must hold ${registry}/hashicorp/aws/<version>/${platform}, version ${versions}, as terraform providers mirror writes it`,
    );
  }
  const file = await ownConfiguration(environment, home);
  if (file) return { kind: "configuration", file };
  if (await (search.registryAnswers ?? registryAnswers)()) return { kind: "registry" };
  const folder = await searchMirror(search.roots ?? searchRoots(home));
  if (folder) return { kind: "mirror", folder };
  if (environment["HTTPS_PROXY"] ?? environment["https_proxy"]) return { kind: "registry" };
  throw new MissingTool(
    `Terraform's AWS provider ${versions} for ${platform}`,
    `${registry} does not answer: connect to it, or name a folder made by terraform providers mirror in TF_PLUGIN_DIR`,
  );
}

const mirrorConfiguration = (folder: string): string => `provider_installation {
  filesystem_mirror {
    path = ${JSON.stringify(folder)}
  }
}
`;

export interface ProviderFolders {
  /** Terraform's command. */
  readonly terraform: string;
  /** A folder of the caller's, which the configuration file for Terraform is written to. */
  readonly workingFolder: string;
  /** Where providers from the registry are kept between runs. */
  readonly cache: string;
  readonly onProgress?: (step: string) => void;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Puts the provider into the cache once. Terraform's own cache is not made for several first runs at once, and those that follow find it
 * there; it gets its final name only when it is complete.
 */
async function fillCache(
  plugins: string,
  environment: NodeJS.ProcessEnv,
  { terraform, onProgress = () => {} }: ProviderFolders,
): Promise<void> {
  if (await isMirror(plugins)) return;
  onProgress(`downloading Terraform's AWS provider from ${registry}, once`);
  await mkdir(dirname(plugins), { recursive: true });
  const building = await mkdtemp(`${plugins}.building-`);
  const configuration = { terraform: { required_providers: { aws: { source: "hashicorp/aws", version: versions } } } };
  try {
    await mkdir(join(building, "plugins"));
    await writeFile(join(building, "main.tf.json"), JSON.stringify(configuration));
    await run(terraform, ["init", "-no-color", "-input=false"], {
      cwd: building,
      env: { ...environment, TF_PLUGIN_CACHE_DIR: join(building, "plugins") },
    }).catch((failure: unknown) => {
      throw new MissingTool(`Terraform's AWS provider ${versions}`, `terraform init could not get it\n${lastWords(failure)}`);
    });
    await rename(join(building, "plugins"), plugins).catch(async (error: unknown) => {
      if (!(await exists(plugins))) throw error;
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** The variables that make Terraform take the provider from its source, to be added to those of the account. */
export async function providerEnvironment(source: ProviderSource, folders: ProviderFolders): Promise<NodeJS.ProcessEnv> {
  if (source.kind === "configuration") return { TF_CLI_CONFIG_FILE: source.file };
  const file = join(resolve(folders.workingFolder), "terraform.rc");
  await writeFile(file, source.kind === "mirror" ? mirrorConfiguration(source.folder) : "");
  if (source.kind === "mirror") return { TF_CLI_CONFIG_FILE: file };

  const plugins = join(resolve(folders.cache), "terraform");
  const environment = {
    TF_CLI_CONFIG_FILE: file,
    TF_PLUGIN_CACHE_DIR: plugins,
    // Otherwise Terraform downloads again what its cache has, for the checksums of a lock file that nobody keeps.
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "1",
    CHECKPOINT_DISABLE: "1",
  };
  await fillCache(plugins, { ...process.env, ...environment }, folders);
  return environment;
}
