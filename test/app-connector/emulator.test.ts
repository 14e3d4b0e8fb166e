import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { functionZip } from "../../modules/build-functions";
import { buildSite } from "../fleet/site";
import { awsTrouble } from "./drills/aws-trouble";
import { type Drill } from "./drills/drill";
import { endings } from "./drills/endings";
import { passes } from "./drills/passes";
import { portalTrouble } from "./drills/portal-trouble";
import { play } from "./stage";

/** Drills side by side: they mostly wait. */
const lanes = 12;

// Those that wait longest first.
const drills: readonly Drill[] = [...portalTrouble, ...awsTrouble, ...endings, ...passes];
const actions = new Map<Drill, readonly string[]>();
const failures = new Map<Drill, unknown>();

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  const site = await buildSite(emulator);
  const folder = mkdtempSync(join(tmpdir(), "app-connector-"));
  const zip = join(folder, "function.zip");
  writeFileSync(zip, functionZip(join(__dirname, "../../modules/app-connector/function/handler.ts")));
  const queue = [...drills];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { plan, act } = next;
      try {
        actions.set(next, await play({ site, zip, name: `edge-${drills.indexOf(next)}`, plan, act }));
      } catch (error) {
        failures.set(next, error);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  site.destroy();
  rmSync(folder, { recursive: true });
}, 300_000);
afterAll(() => emulator.stop());

test.each(drills.map((drill) => [drill.fault, drill.happens, drill] as const))("%s: %s", (_fault, _happens, drill) => {
  if (failures.has(drill)) throw failures.get(drill);
  expect(actions.has(drill)).toBe(true);
});

test("these are all the AWS calls that it makes", () => {
  expect([...new Set([...actions.values()].flat())].sort()).toEqual([
    "autoscaling:CompleteLifecycleAction",
    "autoscaling:RecordLifecycleActionHeartbeat",
    "ec2:DescribeInstances",
    "secretsmanager:GetSecretValue",
    "sqs:SendMessage",
    "ssm:DeleteParameter",
    "ssm:DescribeInstanceInformation",
    "ssm:GetParameter",
    "ssm:GetParametersByPath",
  ]);
});
