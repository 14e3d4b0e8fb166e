/** Something that this machine lacks, and where to get it. Whoever asked for it can go on without. */
export class MissingTool extends Error {
  constructor(
    /** What is missing, and what was found in its place. */
    readonly what: string,
    /** How to get it, as a sentence. */
    readonly whereToGet: string,
  ) {
    super(`${what}: ${whereToGet}`);
    this.name = "MissingTool";
  }
}

/** The last lines of what a failed command wrote. */
export const lastLines = (text: string): string => text.trim().split("\n").slice(-5).join("\n");

/** What a command that failed under execFile wrote, its last lines. */
export function lastWords(failure: unknown): string {
  const { stdout = "", stderr = "" } = failure as { stdout?: string; stderr?: string };
  return lastLines(`${stdout}\n${stderr}`);
}
