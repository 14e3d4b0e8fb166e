import { type AppConnectorDocument } from "../../../../modules/app-connector/function/document";
import { type AwsPort } from "../../../../modules/app-connector/function/ports";
import { runPass } from "../../../../modules/app-connector/function/pass";
import { denied, document, minute, now, portsTo, throttled, type TestedPorts, type World } from "./recorded-ports";

async function pass(
  world: World,
  changes: Partial<AppConnectorDocument> = {},
  change?: (ports: TestedPorts) => void,
): Promise<TestedPorts> {
  const ports = portsTo(world);
  change?.(ports);
  await runPass({ ...document, ...changes }, ports);
  return ports;
}

const instance = (id: string, minutes: number) => ({ id, since: now - minutes * minute });

const well: World = {
  instances: [instance("i-1", 60), instance("i-2", 60)],
  online: ["i-1", "i-2"],
  parameters: { "ids/i-1": "11", "ids/i-2": "12" },
};
const quiet = { NotEnrolled: 0, NoAgent: 0, RegistrationFailures: 0, ExpiredCodes: 0, FailedCalls: 0, Heartbeat: 1 };

test("where all is well there is a heartbeat, and nothing to log", async () => {
  const { calls, counted, logs } = await pass(well);
  expect([...calls].sort()).toEqual([
    "instances",
    "list codes decrypted",
    "list ids encrypted",
    "list retired encrypted",
    "online i-1 i-2",
  ]);
  expect([counted, logs]).toEqual([quiet, []]);
});

describe("instances", () => {
  test("that are not enrolled in time are counted, and younger ones are not", async () => {
    const { counted, logs } = await pass({
      ...well,
      instances: [instance("i-1", 60), instance("i-3", 20), instance("i-4", 19)],
      online: ["i-1", "i-3", "i-4"],
    });
    expect(counted).toEqual({ ...quiet, NotEnrolled: 1 });
    expect(logs).toEqual([["warning", "instances are not enrolled", { instances: ["i-3"] }]]);
  });

  test("without an agent that is online in time are counted", async () => {
    const instances = [instance("i-1", 15), instance("i-2", 14), instance("i-3", 600)];
    const { calls, counted, logs } = await pass({ ...well, instances, parameters: { "ids/i-3": "1" }, online: ["i-2"] });
    expect(calls).toContain("online i-1 i-3");
    expect(counted).toEqual({ ...quiet, NoAgent: 2 });
    expect(logs).toEqual([["warning", "instances have no agent that is online", { instances: ["i-1", "i-3"] }]]);
  });
});

describe("what is unknown is never bad", () => {
  test.each([
    ["instances", "instances *", { RegistrationFailures: 0, ExpiredCodes: 0 }],
    ["ids", "list ids encrypted", { NoAgent: 1, RegistrationFailures: 0, ExpiredCodes: 0 }],
    ["agents", "online *", { NotEnrolled: 2, RegistrationFailures: 0, ExpiredCodes: 0 }],
    ["what was given up", "list retired encrypted", { NotEnrolled: 2, NoAgent: 1, RegistrationFailures: 0, ExpiredCodes: 0 }],
    ["codes", "list codes decrypted", { NotEnrolled: 2, NoAgent: 1 }],
  ])("%s: no metric of it and no heartbeat, and all the rest", async (_, call, counted) => {
    const world = { ...well, parameters: {}, online: ["i-2"] };
    const seen = await pass({ ...world, failures: { [call]: throttled } });
    expect(seen.counted).toEqual({ ...counted, FailedCalls: 1 });
    expect(seen.logs.filter(([level]) => level === "error")).toMatchObject([["error", expect.stringMatching(/ could not be read$/), {}]]);
  });
});

describe("an App Connector that its instance gave up", () => {
  const world: World = { ...well, parameters: { ...well.parameters, "retired/7": "i-1", "retired/8": "i-2" } };

  test("is queued, and forgotten after that", async () => {
    const { calls, queued, parametersLeft, counted } = await pass(world);
    expect(queued).toEqual([
      [{ instance: "i-1", id: "7" }, 0],
      [{ instance: "i-2", id: "8" }, 0],
    ]);
    expect(parametersLeft()).toEqual(["ids/i-1", "ids/i-2"]);
    expect(calls.indexOf("queue i-1")).toBeLessThan(calls.indexOf("forget retired/7"));
    expect(counted).toEqual(quiet);
  });

  test.each([
    ["queued", "queue i-1", [["ids/i-1", "ids/i-2", "retired/7"]]],
    ["forgotten", "forget retired/7", [["ids/i-1", "ids/i-2", "retired/7"]]],
  ])("that cannot be %s is tried again, and stops nobody", async (_, call, [left]) => {
    const { parametersLeft, counted, queued } = await pass({ ...world, failures: { [call]: denied } });
    expect(parametersLeft()).toEqual(left);
    expect(counted).toEqual({ ...quiet, FailedCalls: 1 });
    expect(queued.map(([{ id }]) => id)).toContain("8");
  });

  test("stays in ZPA where that is to be left alone, and it is told", async () => {
    const { calls, parametersLeft, logs } = await pass({ ...world, portal: "none" });
    expect(calls).not.toContain("queue i-1");
    expect(parametersLeft()).toEqual(["ids/i-1", "ids/i-2"]);
    expect(logs).toContainEqual(["info", "an App Connector that was given up stays in ZPA", { instance: "i-1", id: "7" }]);
  });
});

describe("codes", () => {
  const [good, bad, old] = ["AAAAA-00001", "BBBBB-00002", "CCCCC-00003"] as const;
  const world: World = {
    ...well,
    parameters: { ...well.parameters, "codes/i-3": good, "codes/i-4": bad, "codes/i-5": [old, 31] },
    codes: [good],
  };

  test("are registered and forgotten, expired ones too, and others are tried again", async () => {
    const { parametersLeft, counted, logs } = await pass(world);
    expect(parametersLeft()).toEqual(["ids/i-1", "ids/i-2", "codes/i-4"]);
    expect(counted).toEqual({ ...quiet, RegistrationFailures: 1, ExpiredCodes: 1 });
    expect(logs).toContainEqual(["info", "a code is registered in ZPA", { instance: "i-3" }]);
    expect(logs).toContainEqual(["warning", "a code expired before it was registered", { instance: "i-5" }]);
    expect(JSON.stringify(logs)).not.toMatch(/-0000\d/);
  });

  test("that were written again meanwhile are others, and stay", async () => {
    const ports = portsTo(world);
    const writtenAgain: AwsPort["parameter"] = (name) => {
      if (name.endsWith("codes/i-5")) ports.write("codes/i-5", "DDDDD-00004", now);
      return ports.aws.parameter(name);
    };
    await runPass(document, { ...ports, aws: { ...ports.aws, parameter: writtenAgain } });
    expect(ports.parametersLeft()).toEqual(["ids/i-1", "ids/i-2", "codes/i-4", "codes/i-5"]);
  });

  test("that cannot be forgotten are told of, and stop nobody", async () => {
    const { parametersLeft, counted } = await pass({ ...world, failures: { "forget codes/i-5": denied } });
    expect(parametersLeft()).toEqual(["ids/i-1", "ids/i-2", "codes/i-4", "codes/i-5"]);
    expect(counted).toEqual({ ...quiet, RegistrationFailures: 1, ExpiredCodes: 0, FailedCalls: 1 });
  });

  test.each([
    ["keys", {}],
    ["no portal", { portal: "none" as const }],
  ])("are not asked for where instances enroll by %s", async (name, more) => {
    const ports = portsTo({ ...world, ...more });
    await runPass(name === "keys" ? { ...document, oauth: undefined } : document, ports);
    expect(ports.calls.filter((call) => /codes|register|open/.test(call))).toEqual([]);
    expect(ports.counted).toEqual({ NotEnrolled: 0, NoAgent: 0, FailedCalls: 0, Heartbeat: 1 });
  });
});
