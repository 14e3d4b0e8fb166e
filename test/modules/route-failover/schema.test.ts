import { failoverSettings } from "../../../modules/route-failover/schema";
import { orToken } from "../../../modules/validation";
import { known } from "../../../modules/validation/schema";

const defaults = {
  probe: { intervalSeconds: 2, timeoutSeconds: 1.2 },
  deadAfter: 2,
  aliveAfter: 10,
  holdDown: { firstSeconds: 20, longestSeconds: 900 },
  allDead: { hold: {} },
  drained: [],
  paused: false,
  alarms: { create: {} },
  pinned: {},
  runtime: "nodejs22.x",
  architecture: "arm64",
  memory: 256,
  logRetentionDays: 30,
};

test.each([
  ["a file", known],
  ["a construct", orToken],
])("all of it has defaults, for %s", (_, leaf) => {
  expect(failoverSettings(leaf).parse({})).toEqual(defaults);
});

const findings = (settings: object): readonly string[] =>
  (failoverSettings(known).safeParse(settings).error?.issues ?? []).map(
    ({ path, message }) => `${path.join(".")}: ${message.split("\n")[0] ?? ""}`,
  );

test.each([
  { probe: { intervalSeconds: 1, timeoutSeconds: 0.2 }, deadAfter: 1, aliveAfter: 1, holdDown: { firstSeconds: 1, longestSeconds: 1 } },
  {
    probe: { intervalSeconds: 10, timeoutSeconds: 5 },
    deadAfter: 10,
    aliveAfter: 6,
    holdDown: { firstSeconds: 900, longestSeconds: 3600 },
  },
  { probe: { intervalSeconds: 1.5, timeoutSeconds: 1.5 }, memory: 128, reservedConcurrency: 3 },
  { memory: 10240, runtime: "nodejs20.x", architecture: "x86_64", logRetentionDays: 3653, paused: true },
  { allDead: { bypass: {} } },
  { alarms: { topic: { arn: "arn:aws-us-gov:sns:us-gov-west-1:123456789012:alarms" } } },
  { alarms: { create: { email: "netsec@example.com" } } },
  { drained: ["a-1", "b-1"] },
  {
    pinned: {
      partner: { destination: "203.0.113.0/24", connector: "a-1" },
      six: { destination: "2001:db8::/32", connector: "a-1" },
      s3: { destination: "pl-0123456789abcdef0", connector: "b-1" },
    },
  },
])("%j is taken", (settings) => {
  expect(findings(settings)).toEqual([]);
});

test.each([
  [{ probe: { intervalSeconds: 0.9, timeoutSeconds: 0.5 } }, "probe.intervalSeconds: "],
  [{ probe: { intervalSeconds: 11 } }, "probe.intervalSeconds: "],
  [{ probe: { timeoutSeconds: 0.1 } }, "probe.timeoutSeconds: "],
  [{ probe: { intervalSeconds: 10, timeoutSeconds: 6 }, aliveAfter: 6 }, "probe.timeoutSeconds: "],
  [{ probe: { intervalSeconds: 1 } }, "probe.timeoutSeconds: 1.2 is longer than the interval, 1"],
  [{ deadAfter: 0 }, "deadAfter: "],
  [{ deadAfter: 11 }, "deadAfter: "],
  [{ deadAfter: 1.5 }, "deadAfter: "],
  [{ aliveAfter: 61 }, "aliveAfter: "],
  [{ aliveAfter: 31 }, "aliveAfter: 31 good probes 2 seconds apart take 62 seconds"],
  [{ probe: { intervalSeconds: 7 } }, "aliveAfter: 10 good probes 7 seconds apart take 70 seconds"],
  [{ holdDown: { firstSeconds: 0 } }, "holdDown.firstSeconds: "],
  [{ holdDown: { longestSeconds: 3601 } }, "holdDown.longestSeconds: "],
  [{ holdDown: { longestSeconds: 10 } }, "holdDown.longestSeconds: 10 is shorter than the first, 20"],
  [{ allDead: {} }, "allDead: no choice is made"],
  [{ allDead: { hold: {}, bypass: {} } }, "allDead: hold and bypass exclude each other"],
  [{ alarms: { topic: { arn: "alarms" } } }, "alarms.topic.arn: alarms is no ARN of an SNS topic"],
  // CloudWatch alarms do not reach it.
  [{ alarms: { topic: { arn: "arn:aws:sns:us-west-2:123456789012:alarms.fifo" } } }, "alarms.topic.arn: "],
  [{ alarms: { create: { email: "netsec" } } }, "alarms.create.email: netsec is no e-mail address"],
  [{ drained: ["a-1", "b-1", "a-1"] }, "drained.2: a-1 is given twice"],
  [{ pinned: { one: { destination: "0.0.0.0/0", connector: "a-1" } } }, "pinned.one.destination: 0.0.0.0/0 is the default route"],
  [{ pinned: { one: { destination: "::/0", connector: "a-1" } } }, "pinned.one.destination: ::/0 is the default route"],
  [{ pinned: { one: { destination: "0::/0", connector: "a-1" } } }, "pinned.one.destination: 0::/0 is the default route"],
  [{ pinned: { one: { destination: "203.0.113.1/24", connector: "a-1" } } }, "pinned.one.destination: 203.0.113.1/24 has host bits set"],
  [
    { pinned: { one: { destination: "2001:DB8::/32", connector: "a-1" } } },
    "pinned.one.destination: 2001:DB8::/32 is not as AWS writes it",
  ],
  [{ pinned: { one: { destination: "pl-s3", connector: "a-1" } } }, "pinned.one.destination: pl-s3 is no prefix list id"],
  [
    { pinned: { one: { destination: "203.0.113.0/24", connector: "a-1" }, two: { destination: "203.0.113.0/24", connector: "b-1" } } },
    "pinned.two.destination: 203.0.113.0/24 is pinned twice",
  ],
  [{ runtime: "nodejs24.x" }, "runtime: "],
  [{ runtime: "nodejs18.x" }, "runtime: "],
  [{ architecture: "arm" }, "architecture: "],
  [{ memory: 127 }, "memory: "],
  [{ logRetentionDays: 31 }, "logRetentionDays: "],
  [{ reservedConcurrency: 2 }, "reservedConcurrency: "],
  [{ interval: 2 }, ": "],
] as const)("%j is refused", (settings, finding) => {
  const [first, ...more] = findings(settings);
  expect(first).toContain(finding);
  expect(more).toEqual([]);
});

test("rules about several values are asked beside values that are wrong by themselves", () => {
  const settings = {
    probe: { intervalSeconds: 1, timeoutSeconds: 1.2, extra: 1 },
    holdDown: { longestSeconds: 10, extra: 1 },
    drained: ["a-1", 5, "a-1"],
    pinned: { one: { destination: "203.0.113.0/24" }, two: { destination: "203.0.113.0/24", connector: "b-1" }, three: null },
  };
  expect(findings(settings).map((finding) => finding.split(":")[0])).toEqual(
    expect.arrayContaining(["probe.timeoutSeconds", "holdDown.longestSeconds", "drained.2", "pinned.two.destination"]),
  );
});
