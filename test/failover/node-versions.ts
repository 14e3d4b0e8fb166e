import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../emulator";
import { lastWords } from "../../emulator/missing-tool";

/** Those that Lambda offers and that this package runs on. */
const majors = [20, 22, 24];

interface NodeVersion {
  readonly major: number;
  readonly command: string;
}

interface NodeVersions {
  readonly found: readonly NodeVersion[];
  /** Why each of the others could not be had. */
  readonly missing: readonly string[];
}

const packageName = `node-${process.platform}-${process.arch}`;
const program = join("node_modules", packageName, "bin", "node");

/** Installs a version of Node into a folder that gets its name only when it is complete: of two processes at once the first to end wins. */
function install(major: number, folder: string): void {
  mkdirSync(cacheFolder, { recursive: true });
  const building = mkdtempSync(`${folder}-`);
  try {
    const options = ["--prefix", building, "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
    execFileSync("npm", ["install", ...options, `${packageName}@${major}`], { stdio: "pipe", encoding: "utf8", timeout: 300_000 });
    if (!existsSync(folder)) renameSync(building, folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

const reasonOf = (failure: unknown): string => /npm error (?!code )(.*)/.exec(lastWords(failure))?.[1] ?? String(failure);

function find(major: number): NodeVersion {
  if (process.versions.node.startsWith(`${major}.`)) return { major, command: process.execPath };
  const folder = join(cacheFolder, `node-${major}`);
  if (!existsSync(folder)) install(major, folder);
  return { major, command: join(folder, program) };
}

/** Node in each major version that the function's bundle has to run on, from the npm registry (50 MB each, once). */
export function nodeVersions(): NodeVersions {
  const found: NodeVersion[] = [];
  const missing: string[] = [];
  for (const major of majors) {
    try {
      found.push(find(major));
    } catch (failure) {
      missing.push(`Node ${major} missing, npm could not install ${packageName}@${major}: ${reasonOf(failure)}`);
    }
  }
  return { found, missing };
}
