import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { unzipSync } from "fflate";

const builtZip = join(__dirname, "../../modules/route-failover/dist/function.zip");

/** How an invocation ended. */
interface Outcome {
  readonly result?: unknown;
  /** What the function threw, `Sandbox.Timedout` when Lambda's limit ended it, `Runtime.ExitError` when its process ended. */
  readonly error?: { readonly name: string; readonly message: string };
}

export interface Invocation {
  readonly event?: unknown;
  /** Lambda's limit, in milliseconds, that the context counts down. Default 120 s. */
  readonly limit?: number;
}

export interface FunctionOptions extends Invocation {
  /** All that the function's process has in its environment, besides what Lambda sets for every function. */
  readonly environment: NodeJS.ProcessEnv;
  /** Default: the Node that runs the test. */
  readonly node?: string;
  /** Default: the zip that `npm run build` makes. */
  readonly zip?: string;
}

export interface FunctionRun {
  readonly processId: number;
  /** The lines written so far, oldest first. One that is no JSON object is `{ notJson: line }`. */
  readonly logs: readonly Readonly<Record<string, unknown>>[];
  /** What it complained about outside of its log. */
  complaints(): string;
  /** The first invocation. Never rejects. */
  readonly finished: Promise<Outcome>;
  /** A further invocation in the same process, as Lambda makes when the former one is over. */
  invokeAgain(invocation?: Invocation): Promise<Outcome>;
  /** Stops its time, as Lambda does between invocations and as a busy host may at any moment. Its limit runs on. */
  freeze(): void;
  thaw(): void;
  /** Ends the process, frozen or not. */
  stop(): Promise<void>;
}

function parseLine(line: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === "object" && parsed !== null) return parsed as Readonly<Record<string, unknown>>;
  } catch {
    // Not a log line.
  }
  return { notJson: line };
}

/**
 * Starts the built function in a process of its own, as Lambda does: its zip's `index.handler`, the variables of its configuration, and a
 * context with what is left of the limit. The process lives until `stop`, at the latest as long as this one.
 */
export function runFunction({ environment, node = process.execPath, zip = builtZip, ...first }: FunctionOptions): FunctionRun {
  const folder = mkdtempSync(join(tmpdir(), "function-"));
  for (const [name, contents] of Object.entries(unzipSync(readFileSync(zip)))) writeFileSync(join(folder, name), contents);
  const mark = `${randomUUID()} `;
  const lambda = {
    AWS_LAMBDA_FUNCTION_NAME: "route-failover",
    LAMBDA_TASK_ROOT: folder,
    TZ: ":UTC",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
  const child = spawn(node, [join(__dirname, "driver.cjs"), folder, mark], { env: { ...lambda, ...environment }, stdio: "pipe" });

  const logs: Readonly<Record<string, unknown>>[] = [];
  const errors: string[] = [];
  const waiting = new Map<string, (outcome: Outcome) => void>();
  const endAll = (error: { readonly name: string; readonly message: string }): void => {
    for (const end of waiting.values()) end({ error });
  };
  createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (!line.startsWith(mark)) return void logs.push(parseLine(line));
    const { id, outcome } = JSON.parse(line.slice(mark.length)) as { readonly id: string; readonly outcome: Outcome };
    waiting.get(id)?.(outcome);
  });
  // A process that has ended cannot be written to.
  child.stdin.on("error", () => {});
  let endedWith: string | undefined;
  const ended = new Promise<void>((resolve) => {
    const end = (reason: string): void => {
      endedWith = reason;
      endAll({ name: "Runtime.ExitError", message: [reason, ...errors].join("\n") });
      resolve();
    };
    child.on("error", ({ message }) => end(message));
    child.on("close", (code, signal) => end(`the process ended with ${signal ?? String(code)}`));
  });

  const invoke = ({ event = {}, limit = 120_000 }: Invocation): Promise<Outcome> => {
    if (endedWith !== undefined) return Promise.resolve({ error: { name: "Runtime.ExitError", message: endedWith } });
    const id = randomUUID();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        endAll({ name: "Sandbox.Timedout", message: `Task timed out after ${limit / 1000} seconds` });
        child.kill("SIGKILL");
      }, limit);
      waiting.set(id, (outcome) => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(outcome);
      });
      child.stdin.write(`${JSON.stringify({ id, event, deadline: Date.now() + limit })}\n`);
    });
  };

  return {
    processId: child.pid ?? 0,
    logs,
    complaints: () => errors.join("\n"),
    finished: invoke(first),
    invokeAgain: (invocation = {}) => invoke(invocation),
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
