import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type Emulator, startEmulator } from "../../emulator";
import { FleetFunction } from "../../modules/fleet-lifecycle";
import { ZscalerStack } from "../../stacks/zscaler-stack";
import { asText, synthesizeApp } from "../stacks/synthesize";
import { crowd, type Drill, drills } from "./drills";
import { buildSite, type Site } from "./site";
import { play, type Played } from "./stage";

// The first run of a machine makes the emulator's Python environment.
const setUpMilliseconds = 180_000;
const matrixMilliseconds = 240_000;

/** Rows side by side: they mostly wait, but many more of them would keep two processors busy. */
const lanes = 16;

const all = [...drills, crowd];
const played = new Map<Drill, Played>();
const failures = new Map<Drill, unknown>();

/** Plays everything, and keeps what came of it for the tests to judge. */
async function perform(site: Site): Promise<void> {
  const performOne = async (drill: Drill): Promise<void> => {
    try {
      played.set(drill, await play({ site, name: `fleet-${all.indexOf(drill)}`, ...drill }));
    } catch (error) {
      failures.set(drill, error);
    }
  };
  const queue = [...drills];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await performOne(next);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await performOne(crowd);
}

const longest = ({ runs }: Played): number => Math.max(0, ...runs.map(({ seconds }) => seconds));

/** What a row left behind, in words. */
function left({ leftovers }: Played): string {
  const { replaced, waiting, ended, removed, inactive, queued, deadLetters } = leftovers;
  const some = (what: string, names: readonly string[]): string =>
    names.length === 0 ? "" : `${what}: ${names.length > 4 ? names.length : names.join(", ")}`;
  const parts = [
    some("replaced", replaced),
    some("waiting", waiting),
    some("ended", ended),
    some("removed", removed),
    inactive ? "not activated" : "",
    queued > 0 ? `queued: ${queued}` : "",
    deadLetters > 0 ? `dead letters: ${deadLetters}` : "",
  ];
  return parts.filter((part) => part !== "").join("; ") || "nothing";
}

/** All rows, as Markdown. */
function table(): string {
  const rows = all.flatMap((drill) => {
    const seen = played.get(drill);
    if (!seen) return [];
    const figures = [drill.published ?? "", seen.runs.length, longest(seen).toFixed(1), seen.actions.length, seen.portalCalls];
    return [`| ${[drill.fault, drill.happens, left(seen), ...figures].join(" | ")} |`];
  });
  const head = [
    "| Fault | What has to happen | What was left | Published function | Runs | Longest, s | AWS calls | Portal calls |",
    "|---|---|---|---|---|---|---|---|",
  ];
  return [...head, ...rows].join("\n");
}

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  const site = await buildSite(emulator);
  const started = Date.now();
  await perform(site);
  site.destroy();
  process.stdout.write(`\n${table()}\n\n${all.length} rows in ${Math.round((Date.now() - started) / 1000)} s\n`);
}, setUpMilliseconds + matrixMilliseconds);
afterAll(() => emulator.stop());

describe("under a fault", () => {
  test.each(all.map((drill) => [drill.fault, drill.happens, drill] as const))("%s: %s", (_fault, _happens, drill) => {
    const seen = played.get(drill);
    if (!seen) throw failures.get(drill);
    expect(seen.leftovers).toEqual(drill.leaves);
    expect(longest(seen)).toBeLessThan(drill.limit);
  });
});

/** The actions of the policies that a deployment's function has. */
function allowedActions(): readonly string[] {
  const stack = synthesizeApp((app) => {
    const scope = new ZscalerStack(app, "fleet");
    new AwsProvider(scope, "aws", { region: "us-west-2" });
    new FleetFunction(scope, "fleet", {
      name: "fleet",
      groupNames: ["fleet-connectors"],
      provisioningUrl: "connector.zscaler.net/api/v1/provUrl?name=aws-prod",
      secretArn: "arn:aws:secretsmanager:us-west-2:123456789012:secret:ZS/CC/credentials-AbCdEf",
      secretKmsKeyArn: "arn:aws:kms:us-west-2:123456789012:key/1",
    });
  })("fleet");
  return Object.values(stack.ofType("aws_iam_role_policy")).flatMap(({ policy }) => {
    const { Statement } = JSON.parse(asText(policy)) as {
      readonly Statement: readonly { readonly Effect: string; readonly Action: string | string[] }[];
    };
    return Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action);
  });
}

/** What the role allows to Lambda and other services, and not to the code. */
const ofServices = [
  // Secrets Manager decrypts in the caller's name.
  "kms:Decrypt",
  // What the code writes to its standard output, in the function's log group.
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  // Lambda takes the messages from the queue.
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:ReceiveMessage",
];

test("the role allows to the code what all rows together call, and nothing else", () => {
  const called = [...played.values()].flatMap(({ actions }) => actions);
  expect([...new Set([...called, ...ofServices])].sort()).toEqual([...new Set(allowedActions())].sort());
  expect(ofServices.filter((action) => called.includes(action))).toEqual([]);
});
