import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { MissingTool, lastLines, lastWords } from "./missing-tool";

const run = promisify(execFile);

/** The oldest Python that moto 5.2.1 runs on. */
const oldest = { major: 3, minor: 10 };
const usualNames = ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];

export interface Python {
  /** The interpreter itself, past any shim that picks a version by folder. */
  readonly executable: string;
  readonly version: string;
}

export interface PythonEnvironmentOptions {
  /** The file with one exact version a line. */
  readonly requirements: string;
  /** The folder that environments are kept in, one for each Python and list of versions. */
  readonly cache: string;
  /** The commands that may be a Python, the first that is new enough is taken. */
  readonly candidates?: readonly string[];
  readonly onProgress?: (step: string) => void;
}

async function ask(candidate: string): Promise<Python | undefined> {
  const question = "import sys; print(sys.executable); print('.'.join(map(str, sys.version_info[:3])))";
  try {
    const { stdout } = await run(candidate, ["-c", question], { timeout: 10_000 });
    const [executable, version] = stdout.split(/\r?\n/);
    return executable && version ? { executable, version } : undefined;
  } catch {
    return undefined;
  }
}

const newEnough = ({ version }: Python): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === oldest.major && minor >= oldest.minor;
};

/** The first Python on the path that moto runs on. Throws MissingTool, which says what was found instead. */
export async function findPython(candidates: readonly string[] = usualNames): Promise<Python> {
  const found: string[] = [];
  for (const candidate of candidates) {
    const python = await ask(candidate);
    if (python && newEnough(python)) return python;
    if (python) found.push(python.version);
  }
  const wanted = `Python ${oldest.major}.${oldest.minor} or later`;
  const what = found.length > 0 ? `${wanted} (found ${[...new Set(found)].join(", ")})` : wanted;
  throw new MissingTool(what, "install it from https://www.python.org/downloads or with the system's packages");
}

async function install(interpreter: string, requirements: string, onProgress: (step: string) => void): Promise<void> {
  // --no-deps: the list is complete, and what it leaves out is left out on purpose.
  const options = ["--no-deps", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"];
  const pip = spawn(interpreter, ["-m", "pip", "install", ...options, "-r", requirements], { stdio: ["ignore", "pipe", "pipe"] });
  const errors: string[] = [];
  createInterface({ input: pip.stdout }).on("line", (line) => onProgress(line.trim()));
  createInterface({ input: pip.stderr }).on("line", (line) => errors.push(line));
  const code = await new Promise<number | null>((resolve, reject) => pip.on("error", reject).on("close", resolve));
  if (code === 0) return;
  throw new MissingTool(
    `the AWS emulator's Python packages (pip install ended with ${code})\n${lastLines(errors.join("\n"))}`,
    "pip needs https://pypi.org or the index that its own configuration names (PIP_INDEX_URL)",
  );
}

const building = /^building-(\d+)-/;

const isAlive = (processId: number): boolean => {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** Removes what a process that was killed left half-made. */
async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const [, processId] = building.exec(name) ?? [];
    if (processId && !isAlive(Number(processId))) await rm(join(cache, name), { recursive: true, force: true });
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * The interpreter of a virtual environment that has the required packages, made on first use (about 15 s and 130 MB).
 * It gets its final name only when it is complete: a half-made one is never used, and of two processes at once the first to end wins.
 * Throws MissingTool without Python, without its venv module, or when pip cannot get the packages.
 */
export async function pythonEnvironment(options: PythonEnvironmentOptions): Promise<string> {
  const { requirements, cache, onProgress = () => {} } = options;
  const python = await findPython(options.candidates);
  const identity = JSON.stringify([await readFile(requirements, "utf8"), python.executable, python.version]);
  const folder = join(cache, createHash("sha256").update(identity).digest("hex").slice(0, 16));
  const interpreter = join(folder, "bin", "python");
  if (await exists(folder)) return interpreter;

  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const building = await mkdtemp(join(cache, `building-${process.pid}-`));
  try {
    onProgress(`making a virtual environment of Python ${python.version}`);
    await run(python.executable, ["-m", "venv", building]).catch((failure: unknown) => {
      throw new MissingTool(`Python's venv module\n${lastWords(failure)}`, "Debian and Ubuntu have it apart: apt install python3-venv");
    });
    await install(join(building, "bin", "python"), requirements, onProgress);
    await rename(building, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return interpreter;
}
