import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { accountEnvironment } from "./account";
import { pythonEnvironment } from "./python";

export { clientConfiguration, seedAccount } from "./account";
export { MissingTool } from "./missing-tool";
export { findPython } from "./python";
export { findTerraform } from "./terraform";
export { findAwsProvider, providerEnvironment, type ProviderSource } from "./provider";

/** Where the emulator and Terraform's provider are kept between runs. */
export const cacheFolder = join(__dirname, "..", ".cache");

const startLimitMilliseconds = 60_000;
const stopLimitMilliseconds = 5_000;
const logLines = 200;

export interface EmulatorOptions {
  readonly cache?: string;
  readonly onProgress?: (step: string) => void;
}

export interface Emulator {
  /** `http://127.0.0.1:<port>`, for every service and region. */
  readonly endpoint: string;
  readonly processId: number;
  /** The environment of a process that can reach this emulator and no AWS account. */
  environment(region: string): NodeJS.ProcessEnv;
  /** What the server last complained about: each call that failed in it, with the Python stack. */
  complaints(): string;
  /** Ends the server, and with it all that was made in it. */
  stop(): Promise<void>;
}

/**
 * Starts an AWS emulator (moto) on a free loopback port. It lives no longer than this process.
 * Throws MissingTool without Python or its packages, and an error with the server's last words when it does not start.
 */
export async function startEmulator({ cache = cacheFolder, onProgress = () => {} }: EmulatorOptions = {}): Promise<Emulator> {
  const requirements = join(__dirname, "requirements.txt");
  const interpreter = await pythonEnvironment({ requirements, cache: join(cache, "emulator"), onProgress });
  onProgress("starting the AWS emulator");
  // moto makes AWS clients of its own, to look up the shape of calls: they need a region and keys, and fail on an unknown profile.
  const env = accountEnvironment({ endpoint: "http://127.0.0.1:9", region: "us-east-1" });
  // -E: no Python settings of the user's. -B: no compiled files among the sources.
  const server = spawn(interpreter, ["-E", "-B", "-u", join(__dirname, "server.py")], { env, stdio: ["pipe", "pipe", "pipe"] });
  const log: string[] = [];
  createInterface({ input: server.stderr }).on("line", (line) => {
    log.push(line);
    if (log.length > logLines) log.shift();
  });
  const complaints = (): string => log.join("\n");
  const ended = new Promise<void>((resolve) => server.on("close", () => resolve()));

  const port = await new Promise<number>((resolve, reject) => {
    const fail = (reason: string): void => reject(new Error(`the AWS emulator ${reason}\n${complaints()}`));
    const limit = setTimeout(() => {
      server.kill("SIGKILL");
      fail(`does not listen after ${startLimitMilliseconds / 1000} s`);
    }, startLimitMilliseconds);
    createInterface({ input: server.stdout }).once("line", (line) => {
      clearTimeout(limit);
      resolve((JSON.parse(line) as { port: number }).port);
    });
    server.once("error", reject);
    server.once("close", (code) => {
      clearTimeout(limit);
      fail(`ended with ${code} before it listened`);
    });
  });

  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    processId: server.pid ?? 0,
    environment: (region) => accountEnvironment({ endpoint, region }),
    complaints,
    stop: async () => {
      server.stdin.end();
      const limit = setTimeout(() => server.kill("SIGKILL"), stopLimitMilliseconds);
      await ended;
      clearTimeout(limit);
    },
  };
}
