import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, type Emulator, startEmulator } from "../../emulator";
import { rolePolicies, routePolicies } from "../../modules/route-failover/role-policies";
import { freePort } from "./connector";
import { type Drill, drills, manyTables } from "./drills";
import { measurementTable } from "../../docs/measurement-table";
import { type Measurement, measurementReport, promisedTimes, quantile } from "./measurements";
import { play } from "./stage";
import { buildWorld, type World } from "./world";

// The first run of a machine makes the emulator's Python environment.
const setUpMilliseconds = 180_000;
const matrixMilliseconds = 240_000;

/** Plays side by side: they mostly wait, but many more of them would keep two processors busy. */
const lanes = 12;

const all = [...drills, manyTables];
const measurements = new Map<Drill, Measurement>();
const failures = new Map<Drill, unknown>();
const actions = new Set<string>();

/** Plays everything, and keeps what came of it for the tests to judge. */
async function perform(emulator: Emulator): Promise<void> {
  const port = await freePort();
  let worlds = 0;
  let building: Promise<unknown> = Promise.resolve();
  // One after the other: the emulator serves one call at a time, and a dozen worlds at once would keep those waiting that are being played.
  const build = ({ plan }: Drill): Promise<World> => {
    worlds += 1;
    const octet = worlds;
    const world = building.then(() => buildWorld(emulator.endpoint, octet, port, plan));
    building = world.catch(() => undefined);
    return world;
  };
  const performOne = async (drill: Drill, repetition: number): Promise<void> => {
    const { fault, happens, ofOneConnector, limit, repetitions, act } = drill;
    try {
      // Spread evenly, so that the worst moment between two probes is among them.
      const phase = (repetition + Math.random()) / repetitions;
      const played = await play({ emulator, world: await build(drill), phase, act });
      for (const action of played.actions) actions.add(action);
      const { runs = 0, seconds = [] } = measurements.get(drill) ?? {};
      const times = played.seconds === undefined ? seconds : [...seconds, played.seconds];
      measurements.set(drill, { fault, happens, ofOneConnector, limit, runs: runs + 1, seconds: times });
    } catch (error) {
      failures.set(drill, error);
    }
  };
  const queue = drills.flatMap((drill) =>
    Array.from({ length: drill.repetitions }, (_, repetition) => () => performOne(drill, repetition)),
  );
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await next();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  // Alone, since its many calls would keep the others' waiting.
  await performOne(manyTables, 0);
}

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  await perform(emulator);
  const made = all.flatMap((drill) => measurements.get(drill) ?? []);
  const report = measurementReport(made);
  process.stdout.write(`\n${measurementTable(report)}\n\n`);
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(join(cacheFolder, "failover-measurements.json"), `${JSON.stringify(report, null, 2)}\n`);
}, setUpMilliseconds + matrixMilliseconds);
afterAll(() => emulator.stop());

describe("under a fault", () => {
  test.each(all.map((drill) => [drill.fault, drill.happens, drill] as const))("%s: %s", (_fault, _happens, drill) => {
    if (failures.has(drill)) throw failures.get(drill);
    const { runs = 0, seconds = [] } = measurements.get(drill) ?? {};
    expect(runs).toBe(drill.repetitions);
    expect(Math.max(0, ...seconds)).toBeLessThanOrEqual(drill.limit);
  });
});

describe("the death of one connector", () => {
  test("is over within 6 s", () => {
    const times = promisedTimes([...measurements.values()]);
    expect(times.length).toBeGreaterThan(90);
    expect(Math.max(...times)).toBeLessThanOrEqual(6);
  });

  test("is over within 5 s in 95 of 100 cases", () => {
    expect(quantile(promisedTimes([...measurements.values()]), 0.95)).toBeLessThan(5);
  });
});

test("the documentation has a measurement of each fault", () => {
  const documented = JSON.parse(readFileSync(join(__dirname, "../../docs/failover-measurements.json"), "utf8")) as {
    rows: { fault: string }[];
  };
  expect(documented.rows.map(({ fault }) => fault)).toEqual(all.map(({ fault }) => fault));
});

const anyArns = { function: "", history: "", documentPath: "", logGroup: "", deadLetterQueue: "" };
const statements = Object.values({ ...rolePolicies(anyArns), ...routePolicies(["arn"]) }).flat();
const allowed = statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action);

/** What the role allows to Lambda, and not to the code. */
const ofLambda = [
  // The function's interfaces in the VPC. The role denies them to the code.
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
  // What the code writes to its standard output, in the function's log group.
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  // Events of failed runs, to the function's dead-letter queue.
  "sqs:SendMessage",
];

test("the role allows to the code what all rows together call, and nothing else", () => {
  expect([...actions, ...ofLambda].sort()).toEqual([...allowed].sort());
});
