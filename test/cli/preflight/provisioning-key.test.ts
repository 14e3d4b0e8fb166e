import fc from "fast-check";
import { preflight, type PreflightRequest } from "../../../cli/preflight";
import { judgeStoredKey, storedKeyOf } from "../../../cli/preflight/provisioning-key";
import { storedKeys } from "../../modules/app-connector/provisioning-keys";
import { answering, denying, key } from "./answers";

const secret = { secret: "zpa/key" };
const field = { secret: "zpa/key", field: "key" };
const parameter = { parameter: "/zpa/key" };

/** What is told of a text in each place where a key can be. */
const judged = (text: string) => [
  judgeStoredKey(secret, "us-west-2", storedKeyOf(text, undefined, "encrypted")),
  judgeStoredKey(field, "us-west-2", storedKeyOf(JSON.stringify({ key: text }), "key", "encrypted")),
  judgeStoredKey(parameter, "us-west-2", storedKeyOf(text, undefined, "encrypted")),
];

test.each(storedKeys)("a key as people store it, $name, is judged wherever it is", ({ text, expected }) => {
  for (const verdict of judged(text)) {
    expect(verdict).toMatchObject(
      "key" in expected
        ? { outcome: "pass", detail: expect.stringMatching(/^\/?zpa\/key has a provisioning key$/) as string }
        : { outcome: "fail", detail: expect.stringContaining(`: the provisioning key ${expected.problem}`) as string },
    );
  }
});

test("a key that is not there yet stops nothing", () => {
  const store = "store the key, as the ZPA portal gives it, before instances start: they wait for it, and fail in the end";
  expect(judgeStoredKey(secret, "us-west-2", { is: "absent" })).toEqual({
    outcome: "unknown",
    detail: "us-west-2 has no secret zpa/key yet",
    fix: store,
  });
  expect(judgeStoredKey(parameter, "us-west-2", { is: "absent" })).toMatchObject({
    outcome: "unknown",
    detail: "us-west-2 has no parameter /zpa/key yet",
  });
  expect(judgeStoredKey(secret, "us-west-2", { is: "without a value" })).toMatchObject({ outcome: "unknown", fix: store });
});

test("a secret that is about to go, or holds something else, fails", () => {
  expect(judgeStoredKey(secret, "us-west-2", { is: "about to be deleted" })).toMatchObject({
    outcome: "fail",
    fix: "aws secretsmanager restore-secret --region us-west-2 --secret-id 'zpa/key'",
  });
  expect(judgeStoredKey(secret, "us-west-2", storedKeyOf(undefined, undefined, "encrypted"))).toMatchObject({
    outcome: "fail",
    detail: "zpa/key is not text",
  });
});

test.each([
  ["no JSON", "1|host|text", "zpa/key is not a JSON object, and its key key is asked for"],
  ["a list", "[]", "zpa/key is not a JSON object, and its key key is asked for"],
  ["another key", '{"other":"1|host|text"}', "zpa/key has no text in key"],
  ["no text", '{"key":7}', "zpa/key has no text in key"],
  ["what every object inherits", '{"constructor":"1|host|text"}', "zpa/key has no text in key"],
])("JSON with %s where a key of it is asked for fails", (_, text, detail) => {
  expect(judgeStoredKey(field, "us-west-2", storedKeyOf(text, "key", "encrypted"))).toMatchObject({ outcome: "fail", detail });
});

test("a parameter in clear is told of, once its key is right", () => {
  expect(judgeStoredKey(parameter, "us-west-2", storedKeyOf("1|host|text", undefined, "clear"))).toEqual({
    outcome: "unknown",
    detail: "/zpa/key has a provisioning key, and keeps it in clear",
    fix: "delete the parameter, and make it anew with --type SecureString",
  });
  expect(judgeStoredKey(parameter, "us-west-2", storedKeyOf("1|host", undefined, "clear")).outcome).toBe("fail");
});

test("nothing of the text is told", () => {
  const mark = "\u00a7";
  const text = fc.oneof(
    fc.string().map((words) => `${mark}${words}`),
    fc.dictionary(fc.constantFrom("key", mark), fc.oneof(fc.constant(mark), fc.nat())).map((content) => JSON.stringify(content)),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(undefined, "key"), (stored, name) => {
      const state = storedKeyOf(stored, name, "encrypted");
      expect(JSON.stringify([state, judgeStoredKey(name === undefined ? secret : field, "us-west-2", state)])).not.toContain(mark);
    }),
  );
});

describe("App Connectors", () => {
  const bare: PreflightRequest = {
    deployment: "apps",
    region: "us-west-2",
    zones: { a: "us-west-2a" },
    vpcs: 0,
    elasticAddresses: 0,
    allocationIds: [],
    instances: [],
  };
  const reader = { who: "the App Connectors", setting: "kmsKey" };
  const request: PreflightRequest = {
    ...bare,
    provisioningKey: { ...secret, reader },
    furtherSecrets: [
      { what: "portal's secret", id: "ZS/ZPA/api", keys: ["client_id", "client_secret"], reader },
      { what: "proxy's secret", id: "proxy/login", keys: ["username", "password"] },
    ],
  };
  const told = async (asked: PreflightRequest, aws = answering()) =>
    Object.fromEntries((await preflight(asked, aws)).map((check) => [check.name, `${check.outcome}: ${check.detail}`]));

  test("have their secrets asked for, each with its own keys, and the keys that encrypt them", async () => {
    const asked: unknown[] = [];
    const aws = answering({
      secretState: (id, keys) => (asked.push([id, keys]), Promise.resolve({ is: "readable", missing: [], empty: [] })),
      secretEncryption: () => Promise.resolve({ key: key.arn }),
    });
    expect(await told(request, aws)).toEqual({
      account: expect.stringMatching(/^pass/) as string,
      zones: expect.stringMatching(/^pass/) as string,
      "provisioning key": "pass: zpa/key has a provisioning key",
      "key of its secret": `fail: zpa/key is encrypted with ${key.arn}, which the App Connectors may not use`,
      "portal's secret": "pass: ZS/ZPA/api has client_id and client_secret",
      "key of the portal's secret": `fail: ZS/ZPA/api is encrypted with ${key.arn}, which the App Connectors may not use`,
      "proxy's secret": "pass: proxy/login has username and password",
    });
    expect(asked).toEqual([
      ["ZS/ZPA/api", ["client_id", "client_secret"]],
      ["proxy/login", ["username", "password"]],
    ]);
  });

  test("that use a key which the configuration names may read their secret", async () => {
    const named = { ...bare, provisioningKey: { ...secret, reader: { ...reader, kmsKey: "alias/zpa" } } };
    const aws = answering({ secretEncryption: () => Promise.resolve({ key: key.arn }) });
    expect(await told(named, aws)).toMatchObject({ "key of its secret": "pass: zpa/key is encrypted with alias/zpa" });
  });

  test("of a role that exists, or with a parameter, are asked for the key alone", async () => {
    for (const provisioningKey of [secret, parameter]) {
      expect(Object.keys(await told({ ...bare, provisioningKey }))).toEqual(["account", "zones", "provisioning key"]);
    }
  });

  test("of which nothing is answered are unknown, with what is needed", async () => {
    const checks = await preflight(request, denying);
    expect(checks.every(({ outcome }) => outcome === "unknown")).toBe(true);
    expect(checks).toContainEqual(
      expect.objectContaining({ name: "provisioning key", fix: "allow service:storedKey to whoever runs this" }) as unknown,
    );
  });
});
