import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { strToU8, zipSync } from "fflate";
import { type FunctionRun, type Invocation, runFunction } from "./run-function";

const folder = mkdtempSync(join(tmpdir(), "run-function-"));
const zip = join(folder, "function.zip");
let runs: FunctionRun[];

beforeEach(() => {
  runs = [];
});

afterEach(async () => {
  await Promise.all(runs.map((run) => run.stop()));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Starts a function with this body. */
function start(body: string, invocation: Invocation = {}): FunctionRun {
  writeFileSync(zip, zipSync({ "index.js": strToU8(`let calls = 0; exports.handler = async (event, context) => { ${body} }`) }));
  const run = runFunction({ environment: { AWS_REGION: "eu-west-1" }, zip, ...invocation });
  runs.push(run);
  return run;
}

test("the function gets its event, its context and its environment, and no other", async () => {
  process.env["OF_THE_TEST"] = "1";
  const body = `return [event, context.getRemainingTimeInMillis(), context.functionName, typeof context.awsRequestId,
    process.env.AWS_REGION, process.env.OF_THE_TEST, process.pid]`;
  const run = start(body, { event: { source: "aws.events" }, limit: 5_000 });
  const { result } = (await run.finished) as { result: [unknown, number, ...unknown[]] };
  const [event, remaining, ...others] = result;
  expect(event).toEqual({ source: "aws.events" });
  expect(remaining).toBeLessThanOrEqual(5_000);
  expect(remaining).toBeGreaterThan(3_000);
  expect(others).toEqual(["route-failover", "string", "eu-west-1", null, run.processId]);
});

test("its lines are there when it has finished, in their order", async () => {
  const run = start(`for (let n = 0; n < 1000; n++) console.log(JSON.stringify({ n })); console.log("loose"); console.error("odd");`);
  expect(await run.finished).toEqual({});
  expect(run.logs).toEqual([...Array.from({ length: 1000 }, (_, n) => ({ n })), { notJson: "loose" }]);
  await run.stop();
  expect(run.complaints()).toBe("odd");
});

test("what it throws is told by name and message", async () => {
  expect(await start(`throw new TypeError("why")`).finished).toEqual({ error: { name: "TypeError", message: "why" } });
});

test("a process that ends by itself is an error, with its last words, and takes no further event", async () => {
  const run = start(`setTimeout(() => { throw new Error("behind the back") }); await new Promise(() => {})`);
  const { error } = await run.finished;
  expect(error?.name).toBe("Runtime.ExitError");
  expect(error?.message).toContain("behind the back");
  expect((await run.invokeAgain()).error?.name).toBe("Runtime.ExitError");
});

test("Lambda's limit ends it", async () => {
  const run = start(`await new Promise((resolve) => setTimeout(resolve, 60_000))`, { limit: 300 });
  expect((await run.finished).error?.name).toBe("Sandbox.Timedout");
});

test("a further invocation finds what the former one left", async () => {
  const run = start(`return [++calls, event]`);
  expect(await run.finished).toEqual({ result: [1, {}] });
  expect(await run.invokeAgain({ event: { second: true } })).toEqual({ result: [2, { second: true }] });
});

test("frozen it does nothing until it is thawed, and others go on", async () => {
  const body = `const beat = setInterval(() => console.log(JSON.stringify({ time: Date.now() })), 20); await new Promise(() => {}); beat.ref()`;
  const frozen = start(body);
  const other = start(body);
  while (frozen.logs.length < 3 || other.logs.length < 3) await wait(20);
  frozen.freeze();
  await wait(100);
  const lines = { frozen: frozen.logs.length, other: other.logs.length };
  await wait(500);
  expect(frozen.logs).toHaveLength(lines.frozen);
  expect(other.logs.length).toBeGreaterThan(lines.other + 5);
  frozen.thaw();
  while (frozen.logs.length < lines.frozen + 3) await wait(20);
  frozen.freeze();
  await frozen.stop();
  expect((await frozen.finished).error?.message).toContain("SIGKILL");
});
