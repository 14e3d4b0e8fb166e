import { spawn, spawnSync } from "node:child_process";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { nodeVersions } from "./failover/node-versions";

interface Step {
  readonly name: string;
  readonly command: string;
  /** Programs of the machine without which the step is left out. */
  readonly needs?: readonly string[];
  /** Runs only when nothing else wants a processor. */
  readonly givesWay?: true;
  /** What of its output is printed though it passed: all that matches. */
  readonly shows?: RegExp;
}

const bin = (name: string): string => join("node_modules", ".bin", name);

/** Measures real time, with connectors and functions as processes of their own: runs before the other tests, and mostly waits. */
const first: Step = {
  name: "failover",
  command: `${bin("jest")} --selectProjects failover --runInBand`,
  needs: ["python3"],
  shows: /^\| Fault[^]*?\n\n/gm,
};

/** Fill the time in which it waits. */
const besideFirst: readonly Step[] = [
  { name: "lint", command: `${bin("eslint")} .`, givesWay: true },
  { name: "types", command: `${bin("tsc")} -p tsconfig.json`, givesWay: true },
  { name: "unused code", command: bin("knip"), givesWay: true },
  {
    name: "dependency directions",
    command: `${bin("depcruise")} --config .dependency-cruiser.cjs main.ts cli config emulator hcl modules stacks`,
    givesWay: true,
  },
  { name: "format", command: `${bin("prettier")} --check .`, givesWay: true },
];

/** End to end mostly waits for Terraform, which mostly waits. */
const steps: readonly Step[] = [
  { name: "end to end", command: `${bin("jest")} --selectProjects e2e --maxWorkers=3`, needs: ["terraform", "python3"] },
  { name: "unit", command: `${bin("jest")} --selectProjects unit --maxWorkers=2` },
];

interface Outcome {
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

const run = ({ command, givesWay }: Step): Promise<Outcome> =>
  new Promise((resolve) => {
    const started = Date.now();
    const chunks: Buffer[] = [];
    const child = spawn(command, { shell: true, cwd: join(__dirname, ".."), env: { ...process.env, FORCE_COLOR: "0" } });
    if (givesWay && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("close", (code) => {
      resolve({ passed: code === 0, output: Buffer.concat(chunks).toString(), seconds: Math.round((Date.now() - started) / 1000) });
    });
  });

const isThere = (program: string): boolean => spawnSync(program, ["--version"]).status === 0;

const tests = (output: string, outcome: "passed" | "failed"): number =>
  Number(new RegExp(`^Tests:.*?(\\d+) ${outcome}`, "m").exec(output)?.[1] ?? 0);

async function main(): Promise<void> {
  const totals = { passed: 0, failed: 0 };
  const leftOut = nodeVersions().missing.map((reason) => `bundle: ${reason}`);
  const lane = async (queue: Step[]): Promise<void> => {
    for (let step = queue.shift(); step; step = queue.shift()) {
      const missing = (step.needs ?? []).filter((program) => !isThere(program));
      if (missing.length > 0) {
        leftOut.push(`${step.name}: ${missing.join(" and ")} missing`);
        continue;
      }
      const { passed, output, seconds } = await run(step);
      const shown = passed ? [...output.matchAll(step.shows ?? /$^/g)].join("") : output;
      console.log(`${passed ? "✔" : "✖"} ${step.name}  ${seconds} s${shown === "" ? "" : `\n${shown}`}`);
      // A step without tests of its own counts as one.
      totals.passed += tests(output, "passed") || (passed ? 1 : 0);
      totals.failed += tests(output, "failed") || (passed ? 0 : 1);
    }
  };
  const beside = lane([...besideFirst]);
  await lane([first]);
  await Promise.all([beside, ...steps.map((step) => lane([step]))]);
  for (const reason of leftOut) console.log(`left out: ${reason}`);
  if (!isThere("tofu")) console.log("left out, and not needed: OpenTofu: tofu missing");
  // What is left out on a person's machine is a failure where all tools are promised.
  if (process.env.CI !== undefined) totals.failed += leftOut.length;
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  process.exitCode = totals.failed > 0 ? 1 : 0;
}

void main();
