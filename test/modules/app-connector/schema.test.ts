import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import { z } from "zod";
import { appConnectorFleetSettings, appConnectorSettings, operationsSettings, portalSettings } from "../../../modules/app-connector/schema";
import { orToken } from "../../../modules/validation";
import { known } from "../../../modules/validation/schema";

const enrollment = { key: { secretsManager: { secret: "zpa/key" } } };
const applications = { ranges: { crm: { range: "10.1.0.0/20", tcp: [443, "8000-8100"], icmp: true } } };
const group = { countryCode: "US", location: "San Jose, CA, USA", latitude: 37.33874, longitude: -121.88525 };

/** What is wrong with settings, by path. */
function told(schema: z.ZodType, settings: unknown): Readonly<Record<string, string>> {
  const { error } = schema.safeParse(settings);
  return Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [path.join("."), message.replace("\n", "; ")]));
}
const wrong = (settings: object) => told(appConnectorSettings(known), { enrollment, applications, ...settings });

test("App Connectors need an enrollment and applications, and nothing else", () => {
  expect(wrong({})).toEqual({});
  expect(appConnectorSettings(known).parse({ enrollment, applications })).toMatchObject({
    appProtection: false,
    image: { zscaler: {} },
    updatePackages: true,
    disk: { sizeGb: 64, type: "gp3" },
    securityGroup: { create: {} },
    instanceProfile: { create: {} },
  });
  expect(Object.keys(told(appConnectorSettings(known), {})).sort()).toEqual(["applications", "enrollment"]);
});

test("settings that do not go together are told with those that are wrong by themselves", () => {
  expect(wrong({ instanceType: "t3.small", disk: { sizeGb: 8 }, applications: { ranges: {} } })).toEqual({
    instanceType: expect.stringMatching(/^t3.small has fewer than the 4 vCPUs/) as string,
    "disk.sizeGb": expect.stringMatching(/./) as string,
    "applications.ranges": expect.stringMatching(/^App Connectors would reach no application/) as string,
  });
});

describe("values of one form", () => {
  test.each(["0.0.0.0", "10.1.0.2", "255.255.255.255"])("address %s", (server) => {
    expect(wrong({ dns: { servers: [server] } })).toEqual({});
  });

  test.each(["10.1.0", "10.1.0.256", "10.01.0.2", "10.1.0.2 ", "resolver.example.com"])("no address: %j", (server) => {
    expect(wrong({ dns: { servers: [server] } })).toEqual({
      "dns.servers.0": `${server} is no IPv4 address; give four numbers from 0 to 255, such as 10.1.0.2`,
    });
  });

  const parameter = (name: string) => wrong({ enrollment: { key: { parameterStore: { parameter: name } } } });

  test.each(["provisioning-key", "/zpa/provisioning-key", "/a/b/c.d_e", "arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter/zpa/key"])(
    "parameter %s",
    (name) => {
      expect(parameter(name)).toEqual({});
    },
  );

  test.each(["zpa/provisioning-key", "/", "/zpa/", "zpa key", "arn:aws:ssm:us-west-2:1:parameter/zpa"])("no parameter: %j", (name) => {
    expect(Object.values(parameter(name))).toEqual([expect.stringContaining(`${name} is no parameter of Parameter Store`)]);
  });
});

describe("a group in ZPA", () => {
  const made = (more: object) => wrong({ enrollment: { oauth: { group: { create: { ...group, ...more } } } } });

  test("stands somewhere on the earth", () => {
    expect(made({})).toEqual({});
    expect(made({ latitude: 90, longitude: -180 })).toEqual({});
    expect(Object.keys(made({ latitude: 91, longitude: -181, countryCode: "usa" }))).toHaveLength(3);
  });

  test("is updated on a quarter of an hour", () => {
    for (const upgradeTimeSeconds of [0, 900, 85_500]) expect(made({ upgradeTimeSeconds })).toEqual({});
    expect(Object.values(made({ upgradeTimeSeconds: 901 }))).toEqual([
      "901 is no quarter of an hour; give a multiple of 900, such as 66600 for 18:30",
    ]);
    expect(Object.keys(made({ upgradeTimeSeconds: 86_400, upgradeDay: "sunday" }))).toHaveLength(2);
  });
});

test("a key in the state is accepted by name", () => {
  const create = (more: object) => wrong({ enrollment: { key: { create: { group, ...more } } } });
  expect(create({ keyInState: "accepted" })).toEqual({});
  expect(Object.keys(create({}))).toEqual(["enrollment.key.create.keyInState"]);
  expect(Object.keys(create({ keyInState: true }))).toEqual(["enrollment.key.create.keyInState"]);
});

test("a group's settings are judged together", () => {
  expect(told(appConnectorFleetSettings(known), { autoScaling: { min: 3, max: 2, warmPool: {}, launchHook: { none: {} } } })).toEqual({
    "autoScaling.min": "3 is more than the maximum, 2; give a minimum that is not above max",
    "autoScaling.warmPool": expect.stringMatching(/^a warm pool stops instances/) as string,
  });
});

test("what is left out has a default", () => {
  expect(appConnectorFleetSettings(known).parse(undefined)).toEqual({ fixed: { perZone: 1 } });
  expect(appConnectorFleetSettings(known).parse({ autoScaling: {} })).toMatchObject({
    autoScaling: { target: { cpuPercent: 50 }, launchHook: { wait: { timeoutSeconds: 1800 } }, drainMinutes: 10 },
  });
  expect(operationsSettings(known).parse(undefined)).toMatchObject({ enrollMinutes: 30, agentMinutes: 30, cpuPercent: 85 });
});

test("a construct takes what is known only at deployment", () => {
  const stack = new TerraformStack(Testing.app(), "stack");
  const { stringValue, numberValue } = new TerraformVariable(stack, "later", {});
  const settings = {
    enrollment: { oauth: { group: { create: { ...group, latitude: numberValue, upgradeTimeSeconds: numberValue } } } },
    applications,
    instanceType: stringValue,
    dns: { servers: [stringValue] },
    addresses: { "a-1": stringValue, "b-1": stringValue },
    routes: { old: { range: stringValue, gateway: stringValue } },
  };
  expect(told(appConnectorSettings(orToken), settings)).toEqual({});
  expect(told(portalSettings(orToken), { vanityDomain: stringValue, customerId: stringValue, secret: stringValue })).toEqual({});
});

test("editors are told of every setting", () => {
  for (const schema of [appConnectorSettings, appConnectorFleetSettings, portalSettings, operationsSettings]) {
    expect(() => z.toJSONSchema(schema(known), { target: "draft-07", io: "input" })).not.toThrow();
  }
});
