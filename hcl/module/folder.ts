import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, normalize } from "node:path";
import { type ModuleFiles } from "./module";

/** Remembers what was written, so that what somebody changed since is known. */
const manifestName = ".zscaler-aws.json";

type Manifest = Readonly<Record<string, string>>;

/** What would be lost, which somebody else wrote or changed. */
export class NotOurs extends Error {
  constructor(readonly files: readonly string[]) {
    super(`not written, since these are not as they were generated: ${files.join(", ")}`);
  }
}

/** What became of each file. */
export interface Written {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  readonly removed: readonly string[];
}

const hashOf = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

/**
 * Writes a module's files into a folder, and removes those of an earlier generation that are no longer needed. What else is in the folder stays.
 *
 * Everything is written aside first and then moved, so that nothing half-written is left. The same files again change nothing.
 *
 * @param force whether files that somebody else wrote or changed are overwritten; a folder in the place of a file never is
 * @throws NotOurs before anything is changed
 */
export function writeFolder(folder: string, files: ModuleFiles, force: boolean): Written {
  const manifest = readManifest(folder);
  const hashes = Object.fromEntries(Object.entries(files).map(([path, content]) => [path, hashOf(content)]));
  const paths = Object.keys(files).sort();
  const earlier = Object.keys(manifest).filter((path) => !(path in files));
  const found = new Map([...paths, ...earlier].map((path) => [path, stateOf(join(folder, path))]));
  const isTheirs = (path: string): boolean => ![undefined, manifest[path], hashes[path]].includes(found.get(path));
  const kept = [...found.keys()].filter((path) => (force ? found.get(path) === isFolder : isTheirs(path)));
  if (kept.length > 0) throw new NotOurs(kept);

  const written = paths.filter((path) => found.get(path) !== hashes[path]);
  const removed = earlier.filter((path) => found.get(path) !== undefined);
  const text = `${JSON.stringify(hashes, Object.keys(hashes).sort(), 2)}\n`;
  const put = Object.fromEntries(written.map((path) => [path, files[path] ?? ""]));
  if (stateOf(join(folder, manifestName)) !== hashOf(text)) put[manifestName] = text;
  if (removed.length > 0 || Object.keys(put).length > 0) replace(folder, put, removed);
  return { written, unchanged: paths.filter((path) => !written.includes(path)), removed };
}

const isFolder = "folder";

/** What is at a path: a file, by its hash, a folder or nothing. */
function stateOf(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  return statSync(path).isDirectory() ? isFolder : hashOf(readFileSync(path));
}

/** What was written before; nothing if that cannot be read, as after a merge with conflicts. */
function readManifest(folder: string): Manifest {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, manifestName), "utf8")) as Manifest;
    return Object.fromEntries(Object.entries(manifest).filter(([path]) => !normalize(path).startsWith("..")));
  } catch {
    return {};
  }
}

/** Puts files in place of those that are there. Where that fails midway, everything is put back. */
function replace(folder: string, files: ModuleFiles, removed: readonly string[]): void {
  const undo: (() => void)[] = [];
  const makeFolder = (path: string): void => {
    const outermost = mkdirSync(path, { recursive: true });
    if (outermost !== undefined) undo.unshift(() => rmSync(outermost, { recursive: true }));
  };
  const move = (from: string, to: string): void => {
    makeFolder(dirname(to));
    renameSync(from, to);
    undo.unshift(() => renameSync(to, from));
  };
  let aside: string;
  try {
    makeFolder(folder);
    // Within it, since a move to another file system is none.
    aside = mkdtempSync(join(folder, ".zscaler-aws-"));
    undo.unshift(() => rmSync(aside, { recursive: true }));
    for (const [path, content] of Object.entries(files)) {
      makeFolder(dirname(join(aside, "new", path)));
      writeFileSync(join(aside, "new", path), content);
    }
    for (const path of [...Object.keys(files), ...removed]) {
      if (existsSync(join(folder, path))) move(join(folder, path), join(aside, "old", path));
    }
    for (const path of Object.keys(files)) move(join(aside, "new", path), join(folder, path));
  } catch (error) {
    for (const step of undo) step();
    throw error;
  }
  rmSync(aside, { recursive: true });
  for (const path of removed) removeEmpty(folder, dirname(path));
}

/** Removes a folder in another, and those around it, as far as nothing is in them. */
function removeEmpty(folder: string, path: string): void {
  if (path === "." || !existsSync(join(folder, path)) || readdirSync(join(folder, path)).length > 0) return;
  rmdirSync(join(folder, path));
  removeEmpty(folder, dirname(path));
}
