import { createHash } from "node:crypto";
import { connectAws } from "../../../../modules/app-connector/function/aws";
import { type Answer, failing, fakeAws } from "../../lambda/function/fake-aws";

const fake = fakeAws();
const { asked } = fake;

const aws = () =>
  connectAws({
    name: "edge",
    queue: `${fake.address()}/123456789012/removals`,
    deadLetters: `${fake.address()}/123456789012/dead-letters`,
  });

const instances =
  (ids: readonly string[], next = ""): Answer =>
  (response) => {
    const items = ids.map((id) => `<item><instanceId>${id}</instanceId><launchTime>2026-01-01T00:00:00Z</launchTime></item>`);
    const reservations = items.map((item) => `<item><instancesSet>${item}</instancesSet></item>`).join("");
    const token = next === "" ? "" : `<nextToken>${next}</nextToken>`;
    response.end(`<DescribeInstancesResponse><reservationSet>${reservations}</reservationSet>${token}</DescribeInstancesResponse>`);
  };

test("instances are those with the deployment's tag that run, on all pages", async () => {
  fake.answers = (_, number) => instances([`i-${number}`], number < 3 ? "more" : "");
  const since = Date.parse("2026-01-01T00:00:00Z");
  expect(await aws().instances()).toEqual(["i-1", "i-2", "i-3"].map((id) => ({ id, since })));
  expect(asked[0]).toMatchObject({
    action: "DescribeInstances",
    body: {
      "Filter.1.Name": "tag:zscaler-app-connectors",
      "Filter.1.Value.1": "edge",
      "Filter.2.Name": "instance-state-name",
      "Filter.2.Value.1": "running",
    },
  });
  expect(asked[1]?.body).toMatchObject({ NextToken: "more" });
});

describe("agents", () => {
  test("that are online are told, on all pages", async () => {
    const agent = (InstanceId: string, PingStatus: string) => ({ InstanceId, PingStatus });
    fake.answers = (_, number) =>
      number === 1
        ? { InstanceInformationList: [agent("i-1", "Online"), agent("i-2", "ConnectionLost")], NextToken: "more" }
        : { InstanceInformationList: [agent("i-3", "Inactive"), agent("i-4", "Online")] };
    expect([...(await aws().online(["i-1", "i-2", "i-3", "i-4", "i-5"]))]).toEqual(["i-1", "i-4"]);
    expect(asked[0]).toMatchObject({
      action: "DescribeInstanceInformation",
      body: { Filters: [{ Key: "InstanceIds", Values: ["i-1", "i-2", "i-3", "i-4", "i-5"] }], MaxResults: 50 },
    });
  });

  test("of many instances are asked for in parts, and of none not at all", async () => {
    const ids = Array.from({ length: 101 }, (_, index) => `i-${index}`);
    await aws().online(ids);
    expect(asked.map(({ body }) => (body["Filters"] as readonly [{ readonly Values: readonly string[] }])[0].Values.length)).toEqual([
      50, 50, 1,
    ]);
    await aws().online([]);
    expect(asked).toHaveLength(3);
  });
});

const parameter = (Name: string, Value: string) => ({ Name, Value, LastModifiedDate: 1_767_225_600 });

describe("parameters", () => {
  test.each([
    ["encrypted", false],
    ["decrypted", true],
  ] as const)("below a path are read %s, on all pages, without line breaks at their ends", async (how, WithDecryption) => {
    fake.answers = (_, number) =>
      number === 1 ? { Parameters: [parameter("/p/ids/i-1", "11\n")], NextToken: "more" } : { Parameters: [parameter("/p/ids/i-2", "12")] };
    const modified = 1_767_225_600_000;
    expect(await aws().parameters("/p/ids", how)).toEqual([
      { name: "/p/ids/i-1", value: "11", modified },
      { name: "/p/ids/i-2", value: "12", modified },
    ]);
    expect(asked[0]).toMatchObject({ action: "GetParametersByPath", body: { Path: "/p/ids", WithDecryption, MaxResults: 10 } });
    expect(asked[1]?.body).toMatchObject({ NextToken: "more" });
  });

  test("are read one by one, and are there or not", async () => {
    fake.answers = () => ({ Parameter: parameter("/p/ids/i-1", "11") });
    expect(await aws().parameter("/p/ids/i-1")).toMatchObject({ value: "11" });
    expect(asked[0]).toEqual({ action: "GetParameter", body: { Name: "/p/ids/i-1" } });
    fake.answers = () => ({ status: 400, error: "ParameterNotFound" });
    expect(await aws().parameter("/p/ids/i-1")).toBeUndefined();
    fake.answers = () => ({ status: 400, error: "AccessDeniedException" });
    expect((await failing(aws().parameter("/p/ids/i-1"))).kind).toBe("refused");
  });

  test("are deleted, whether they are there or not", async () => {
    await aws().deleteParameter("/p/ids/i-1");
    expect(asked[0]).toEqual({ action: "DeleteParameter", body: { Name: "/p/ids/i-1" } });
    fake.answers = () => ({ status: 400, error: "ParameterNotFound" });
    await aws().deleteParameter("/p/ids/i-1");
    fake.answers = () => ({ status: 400, error: "AccessDeniedException" });
    expect((await failing(aws().deleteParameter("/p/ids/i-1"))).kind).toBe("refused");
  });
});

test("removals and dead letters are sent to their queues", async () => {
  // The SDK compares it with what it sent.
  fake.answers = ({ body }) => ({ MD5OfMessageBody: createHash("md5").update(String(body["MessageBody"])).digest("hex") });
  const removal = { instance: "i-1", id: "11" };
  const unknown = { instance: "i-2", group: "edge", why: "because" };
  await aws().queue(removal, 300);
  await aws().bury(unknown);
  expect(asked).toEqual([
    {
      action: "SendMessage",
      body: { QueueUrl: `${fake.address()}/123456789012/removals`, MessageBody: JSON.stringify(removal), DelaySeconds: 300 },
    },
    {
      action: "SendMessage",
      body: { QueueUrl: `${fake.address()}/123456789012/dead-letters`, MessageBody: JSON.stringify(unknown), DelaySeconds: 0 },
    },
  ]);
});

test("a list ends within ten seconds, however long AWS takes, and another call within five", async () => {
  const slowPage: Answer = (response) => void setTimeout(() => response.end(JSON.stringify({ Parameters: [], NextToken: "more" })), 700);
  fake.answers = ({ action }) => (action === "GetParametersByPath" ? slowPage : () => undefined);
  const start = Date.now();
  const ends = async (call: Promise<unknown>): Promise<number> => {
    expect((await failing(call)).kind).toBe("transient");
    return (Date.now() - start) / 1000;
  };
  const [list, other] = await Promise.all([ends(aws().parameters("/p/ids", "encrypted")), ends(aws().parameter("/p/ids/i-1"))]);
  expect(list).toBeGreaterThan(8);
  expect(list).toBeLessThan(11);
  expect(other).toBeLessThan(6);
}, 20_000);
