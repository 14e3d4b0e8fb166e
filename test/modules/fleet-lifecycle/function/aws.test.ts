import { createHash } from "node:crypto";
import { connectAws } from "../../../../modules/fleet-lifecycle/function/aws";
import { type Answer, failing, fakeAws } from "../../lambda/function/fake-aws";

const fake = fakeAws();
const { asked } = fake;

const aws = () =>
  connectAws({ queue: `${fake.address()}/123456789012/removals.fifo`, portal: { host: "connector.zscaler.net", secret: "arn" } });

const member = (content: string): string => `<member>${content}</member>`;

const groupXml = (name: string, instances: string): string =>
  member(`<AutoScalingGroupName>${name}</AutoScalingGroupName><DesiredCapacity>3</DesiredCapacity><Instances>${instances}</Instances>`);
const instanceXml = (id: string, lifecycle: string, health = "Healthy"): string =>
  member(`<InstanceId>${id}</InstanceId><LifecycleState>${lifecycle}</LifecycleState><HealthStatus>${health}</HealthStatus>`);

describe("groups", () => {
  test("are read in one call, and the hooks of those of whom somebody waits", async () => {
    fake.answers = ({ action }) =>
      action === "DescribeLifecycleHooks"
        ? `<LifecycleHooks>${[
            ["end", "EC2_INSTANCE_TERMINATING"],
            ["begin", "EC2_INSTANCE_LAUNCHING"],
          ]
            .map(([name, of]) =>
              member(`<LifecycleHookName>${name}</LifecycleHookName><LifecycleTransition>autoscaling:${of}</LifecycleTransition>`),
            )
            .join("")}</LifecycleHooks>`
        : `<AutoScalingGroups>${groupXml("a", instanceXml("i-1", "InService") + instanceXml("i-2", "InService", "UNHEALTHY"))}${groupXml(
            "b",
            instanceXml("i-3", "Terminating:Wait"),
          )}${groupXml("ab", "")}</AutoScalingGroups>`;
    expect(await aws().groups(["a", "b"])).toEqual([
      {
        name: "a",
        desired: 3,
        instances: [
          { id: "i-1", lifecycle: "InService", health: "Healthy" },
          { id: "i-2", lifecycle: "InService", health: "Unhealthy" },
        ],
        terminateHooks: [],
      },
      { name: "b", desired: 3, instances: [{ id: "i-3", lifecycle: "Terminating:Wait", health: "Healthy" }], terminateHooks: ["end"] },
    ]);
    expect(asked.map(({ action }) => action)).toEqual(["DescribeAutoScalingGroups", "DescribeLifecycleHooks"]);
    expect(asked[0]?.body).toMatchObject({ "AutoScalingGroupNames.member.1": "a", "AutoScalingGroupNames.member.2": "b" });
    expect(asked[1]?.body).toMatchObject({ AutoScalingGroupName: "b" });
  });

  test("come in pages", async () => {
    fake.answers = (_, number) =>
      number === 1
        ? `<AutoScalingGroups>${groupXml("a", "")}</AutoScalingGroups><NextToken>more</NextToken>`
        : `<AutoScalingGroups>${groupXml("b", "")}</AutoScalingGroups>`;
    expect((await aws().groups(["a", "b"])).map(({ name }) => name)).toEqual(["a", "b"]);
    expect(asked[1]?.body).toMatchObject({ NextToken: "more" });
  });
});

describe("series", () => {
  const since = 1_700_000_000_000;
  const at = (minutes: number): number => since / 1000 + 60 * minutes;
  const result = (label: string, times: readonly number[], values: readonly number[], status = "Complete") => ({
    Id: "health",
    Label: label,
    Timestamps: times,
    Values: values,
    StatusCode: status,
  });

  test("are found by one SEARCH on the metric's exact dimensions", async () => {
    fake.answers = () => ({ MetricDataResults: [result("edge|i-1|7|70", [at(2), at(1)], [100, 0]), result("edge|i-2|7|71", [], [])] });
    expect(await aws().series("edge", since)).toEqual([
      {
        instance: "i-1",
        record: { group: "7", vm: "70" },
        points: [
          { at: 1000 * at(2), value: 100 },
          { at: 1000 * at(1), value: 0 },
        ],
      },
      { instance: "i-2", record: { group: "7", vm: "71" }, points: [] },
    ]);
    expect(asked).toHaveLength(1);
    const { MetricDataQueries, StartTime, EndTime, ScanBy } = asked[0]?.body ?? {};
    expect(MetricDataQueries).toEqual([
      {
        Id: "health",
        Expression: `SEARCH('{Zscaler/CloudConnectors,AutoScalingGroupName,InstanceId,ZsGroupId,ZsVmId} MetricName="cloud_connector_aggr_health" AutoScalingGroupName="edge"', 'Average', 60)`,
        Label: "${PROP('Dim.AutoScalingGroupName')}|${PROP('Dim.InstanceId')}|${PROP('Dim.ZsGroupId')}|${PROP('Dim.ZsVmId')}",
      },
    ]);
    expect([StartTime, ScanBy]).toEqual([since / 1000, "TimestampDescending"]);
    // Points of clocks that are ahead are to be seen.
    expect(Number(EndTime)).toBeGreaterThan(Date.now() / 1000 + 7000);
  });

  test("of one instance are asked for by its id, and of another group's are left out", async () => {
    fake.answers = () => ({
      MetricDataResults: ["edge|i-1|7|70", "edge-b|i-1|7|71", "my-edge|i-1|7|72", "edge|i-12|7|73"].map((name) =>
        result(name, [at(1)], [0]),
      ),
    });
    expect((await aws().series("edge", since, "i-1")).map(({ record }) => record.vm)).toEqual(["70"]);
    const [query] = asked[0]?.body["MetricDataQueries"] as readonly { readonly Expression: string }[];
    expect(query?.Expression).toContain(`AutoScalingGroupName="edge" InstanceId="i-1"'`);
    expect((await aws().series("edge", since)).map(({ record }) => record.vm)).toEqual(["70", "73"]);
  });

  test("are put together from pages, each time once", async () => {
    fake.answers = (_, number) =>
      number === 1
        ? { MetricDataResults: [result("edge|i-1|7|70", [at(3), at(2)], [100, 50], "PartialData")], NextToken: "more" }
        : { MetricDataResults: [result("edge|i-1|7|70", [at(2), at(1)], [50, 0]), result("edge|i-2|7|71", [at(1)], [66])] };
    const found = await aws().series("edge", since);
    expect(found.map(({ points }) => points.map(({ value }) => value))).toEqual([[100, 50, 0], [66]]);
    expect(asked[1]?.body).toMatchObject({ NextToken: "more" });
  });

  test.each(["InternalError", "PartialData"])("that end in %s are asked for again", async (status) => {
    fake.answers = (_, number) => ({ MetricDataResults: [result("edge|i-1|7|70", [at(1)], [0], number < 3 ? status : "Complete")] });
    expect(await aws().series("edge", since)).toHaveLength(1);
    expect(asked).toHaveLength(3);
  });

  test("of which CloudWatch keeps something back are none", async () => {
    fake.answers = () => ({
      MetricDataResults: [result("edge|i-1|7|70", [at(1)], [0])],
      Messages: [{ Code: "MaxMetricsExceeded", Value: "Maximum number of allowed metrics exceeded" }],
    });
    const { kind, message } = await failing(aws().series("edge", since));
    expect([kind, message]).toEqual([
      "refused",
      "CloudWatch leaves something out: MaxMetricsExceeded: Maximum number of allowed metrics exceeded",
    ]);
    fake.answers = () => ({ MetricDataResults: [result("edge|i-1|7|70", [], [], "Forbidden")] });
    expect((await failing(aws().series("edge", since))).kind).toBe("refused");
  });

  test("without a name are a failure, but for what says that nothing was found", async () => {
    fake.answers = () => ({ MetricDataResults: [result("health", [], [])] });
    expect(await aws().series("edge", since)).toEqual([]);
    fake.answers = () => ({ MetricDataResults: [result("health", [at(1)], [100])] });
    expect((await failing(aws().series("edge", since))).message).toContain("names a series health");
  });

  test("of 500 connectors are read in one request", async () => {
    const times = Array.from({ length: 75 }, (_, index) => at(index));
    const values = times.map(() => 100);
    fake.answers = () => ({
      MetricDataResults: Array.from({ length: 500 }, (_, index) => result(`edge|i-${index}|7|${index}`, times, values)),
    });
    expect(await aws().series("edge", since)).toHaveLength(500);
    expect(asked).toHaveLength(1);
  });
});

test("activities tell when instances came into service", async () => {
  const activity = (description: string, status: string, end?: string): string =>
    member(
      `<ActivityId>1</ActivityId><Description>${description}</Description><StatusCode>${status}</StatusCode><StartTime>2026-01-01T00:00:00Z</StartTime>${
        end === undefined ? "" : `<EndTime>${end}</EndTime>`
      }`,
    );
  fake.answers = () =>
    `<Activities>${[
      activity("Launching a new EC2 instance: i-going", "WaitingForInstanceWarmup"),
      activity("Terminating EC2 instance: i-ended", "Successful", "2026-01-01T09:00:00Z"),
      activity("Launching a new EC2 instance from warm pool: i-warm", "Successful", "2026-01-01T08:00:00Z"),
      activity("Moving EC2 instance out of Standby: i-back", "Successful", "2026-01-01T07:00:00Z"),
      activity("Launching a new EC2 instance: i-back", "Successful", "2026-01-01T06:00:00Z"),
      activity("Launching a new EC2 instance: i-ended", "Successful", "2026-01-01T05:00:00Z"),
      activity("Launching a new EC2 instance: i-failed", "Failed", "2026-01-01T04:00:00Z"),
      activity("Launching a new EC2 instance into warm pool: i-warm", "Successful", "2026-01-01T03:00:00Z"),
      activity("Launching a new EC2 instance", "Successful", "2026-01-01T02:00:00Z"),
    ].join("")}</Activities>`;
  const before = Date.now();
  const found = await aws().inServiceSince("edge");
  const { "i-going": going, ...others } = Object.fromEntries(found);
  expect(others).toEqual({
    "i-warm": Date.parse("2026-01-01T08:00:00Z"),
    "i-back": Date.parse("2026-01-01T07:00:00Z"),
    "i-ended": Date.parse("2026-01-01T05:00:00Z"),
  });
  expect(going).toBeGreaterThanOrEqual(before);
  expect(asked[0]?.body).toMatchObject({ AutoScalingGroupName: "edge", MaxRecords: "100" });
});

test("an instance is marked with respect for the group's grace period", async () => {
  fake.answers = () => "";
  await aws().markUnhealthy("i-1");
  expect(asked[0]).toMatchObject({
    action: "SetInstanceHealth",
    body: { InstanceId: "i-1", HealthStatus: "Unhealthy", ShouldRespectGracePeriod: "true" },
  });
});

const action = { group: "edge", hook: "end", instance: "i-1" };

test("an action is kept waiting, and ended", async () => {
  fake.answers = () => "";
  await aws().heartbeat({ ...action, token: "a-token" });
  await aws().complete(action);
  expect(asked).toMatchObject([
    {
      action: "RecordLifecycleActionHeartbeat",
      body: { AutoScalingGroupName: "edge", LifecycleHookName: "end", InstanceId: "i-1", LifecycleActionToken: "a-token" },
    },
    { action: "CompleteLifecycleAction", body: { InstanceId: "i-1", LifecycleActionResult: "CONTINUE" } },
  ]);
  expect(asked[1]?.body).not.toHaveProperty("LifecycleActionToken");
});

test("ending an action that is over is no failure, and all else is", async () => {
  const over = { status: 400, error: "ValidationError", message: "No active Lifecycle Action found with instance ID i-1" };
  fake.answers = () => over;
  await aws().complete(action);
  expect((await failing(aws().heartbeat(action))).kind).toBe("missing");
  fake.answers = () => ({ ...over, message: "1 validation error detected" });
  expect((await failing(aws().complete(action))).kind).toBe("refused");
});

describe("removals are queued", () => {
  const sent = () => asked.map(({ body }) => body);
  beforeEach(() => {
    // The SDK compares it with what it sent.
    fake.answers = ({ body }) => ({ MD5OfMessageBody: createHash("md5").update(String(body["MessageBody"])).digest("hex") });
  });

  const record = { group: "7", vm: "70" };

  test("in the message group of the portal, or each by itself until the connector is known", async () => {
    await aws().queue({ kind: "remove", instance: "i-1", record });
    await aws().queue({ kind: "identify", instance: "i-1", group: "edge" });
    expect(sent()).toMatchObject([
      {
        QueueUrl: `${fake.address()}/123456789012/removals.fifo`,
        MessageGroupId: "connector.zscaler.net",
        MessageBody: JSON.stringify({ kind: "remove", instance: "i-1", record }),
      },
      { MessageGroupId: "i-1", MessageBody: JSON.stringify({ kind: "identify", instance: "i-1", group: "edge" }) },
    ]);
  });

  test("once each, with both records of an instance that enrolled twice", async () => {
    await aws().queue({ kind: "remove", instance: "i-1", record });
    await aws().queue({ kind: "remove", record: { vm: "70", group: "7" }, instance: "i-1" });
    await aws().queue({ kind: "remove", instance: "i-1", record: { group: "7", vm: "71" } });
    const [first, again, other] = sent().map(({ MessageDeduplicationId: id }) => String(id));
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(first).toMatch(/^[\w-]{1,128}$/);
  });
});

test("a secret is read, and one without text or that is not there is a failure that says nothing of it", async () => {
  fake.answers = () => ({ SecretString: "open sesame" });
  expect(await aws().secret("arn:secret")).toBe("open sesame");
  expect(asked[0]).toMatchObject({ action: "GetSecretValue", body: { SecretId: "arn:secret" } });
  fake.answers = () => ({ SecretBinary: "b3BlbiBzZXNhbWU=" });
  expect(await failing(aws().secret("arn:secret"))).toMatchObject({ kind: "refused", message: "the secret arn:secret holds no text" });
  fake.answers = () => ({ status: 400, error: "ResourceNotFoundException", message: "not there" });
  expect((await failing(aws().secret("arn:secret"))).kind).toBe("missing");
});

describe("a call", () => {
  test.each([
    [400, "Throttling"],
    [400, "ThrottlingException"],
    [400, "RequestLimitExceeded"],
    [500, "ResourceContention"],
    [503, "ServiceUnavailable"],
  ])("that is answered %i %s is made again", async (status, error) => {
    fake.answers = (_, number) => (number < 3 ? { status, error } : "");
    await aws().markUnhealthy("i-1");
    expect(asked).toHaveLength(3);
  });

  test.each([
    ["AccessDenied", "", "refused"],
    ["ValidationError", "Instance Id not found - No managed instance found for instance ID i-1", "missing"],
  ])("that is answered %s is not", async (error, message, kind) => {
    fake.answers = () => ({ status: 400, error, message });
    expect((await failing(aws().markUnhealthy("i-1"))).kind).toBe(kind);
    expect(asked).toHaveLength(1);
  });

  test("ends within five seconds, whatever AWS does, and is made again in them", async () => {
    const worse: Readonly<Record<string, Answer>> = {
      throttled: { status: 400, error: "Throttling" },
      unanswered: () => undefined,
      endless: (response) => void response.write("<SetInstanceHealthResponse>"),
      broken: (response) => void response.destroy(),
    };
    const pages: Answer = (response) =>
      void setTimeout(() => response.end(JSON.stringify({ MetricDataResults: [], NextToken: "more" })), 400);
    fake.answers = ({ body }) => worse[String(body["InstanceId"])] ?? pages;
    const start = Date.now();
    const calls = Object.keys(worse).map((instance) => aws().markUnhealthy(instance));
    const failures = await Promise.all([...calls, aws().series("edge", 0)].map(failing));
    expect(Date.now() - start).toBeLessThan(5_500);
    expect(failures.map(({ kind }) => kind)).toEqual(failures.map(() => "transient"));
    for (const instance of Object.keys(worse))
      expect(asked.filter(({ body }) => body["InstanceId"] === instance).length).toBeGreaterThan(1);
  }, 10_000);
});
