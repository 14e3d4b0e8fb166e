import fc from "fast-check";
import { judgeSecret, judgeSecretKey, secretKeys, stateOf } from "../../../cli/preflight/secret";
import { key } from "./answers";

const connectors = { who: "the connectors", setting: "secretKmsKey" };

const full = { api_key: "value-of-key", username: "value-of-name", password: "value-of-password" };
const judge = (text: string | undefined) => judgeSecret("ZS/CC/credentials", "us-west-2", stateOf(text, secretKeys), secretKeys);

describe("a secret", () => {
  test("with its three keys passes, by their names", () => {
    expect(judge(JSON.stringify(full))).toEqual({ outcome: "pass", detail: "ZS/CC/credentials has api_key, username and password" });
  });

  test("that lacks a key and has an empty one fails for both", () => {
    expect(judge(JSON.stringify({ username: " ", password: "value-of-password", "api-key": "value-of-key" }))).toEqual({
      outcome: "fail",
      detail: "ZS/CC/credentials lacks api_key; ZS/CC/credentials has no text in username",
      fix: "store a JSON object with the keys api_key, username and password, each a text",
    });
  });

  test("whose value is no text fails", () => {
    expect(judge(JSON.stringify({ ...full, password: 7 }))).toMatchObject({ detail: "ZS/CC/credentials has no text in password" });
  });

  test.each([
    [undefined, "not text"],
    ["value-of-key", "not a JSON object"],
    ['"value-of-key"', "not a JSON object"],
    ['["value-of-key"]', "not a JSON object"],
    ["null", "not a JSON object"],
    ["", "not a JSON object"],
  ])("of %p is %s", (text, is) => {
    expect(judge(text)).toMatchObject({ outcome: "fail", detail: `ZS/CC/credentials is ${is}` });
  });

  test("that is not there, has no value or is about to go fails, each with its own fix", () => {
    const fixes = (["absent", "without a value", "about to be deleted"] as const).map((is) =>
      judgeSecret("s", "us-west-2", { is }, secretKeys),
    );
    expect(fixes.map(({ outcome }) => outcome)).toEqual(["fail", "fail", "fail"]);
    expect(fixes.at(2)).toMatchObject({ fix: "aws secretsmanager restore-secret --region us-west-2 --secret-id 's'" });
  });

  test("of another reader has other keys", () => {
    const keys = ["client_id", "client_secret"];
    const judged = (secret: object) => judgeSecret("ZS/ZPA/api", "us-west-2", stateOf(JSON.stringify(secret), keys), keys);
    expect(judged({ client_id: "id", client_secret: "value" })).toEqual({
      outcome: "pass",
      detail: "ZS/ZPA/api has client_id and client_secret",
    });
    expect(judged(full)).toEqual({
      outcome: "fail",
      detail: "ZS/ZPA/api lacks client_id and client_secret",
      fix: "store a JSON object with the keys client_id and client_secret, each a text",
    });
  });

  test("does not show in what is told of it", () => {
    const value = fc.string({ minLength: 12, maxLength: 30 }).map((text) => `\u00a7${text}`);
    const text = fc.oneof(
      fc.record({ api_key: value, username: value, password: value }, { requiredKeys: [] }).map((content) => JSON.stringify(content)),
      fc.dictionary(value, value, { minKeys: 1 }).map((content) => JSON.stringify(content)),
      value,
    );
    fc.assert(
      fc.property(text, (secret) => {
        const said = JSON.stringify([stateOf(secret, secretKeys), judge(secret)]);
        expect(said).not.toContain("\u00a7");
      }),
    );
  });
});

describe("the key of a secret", () => {
  const own = { name: "alias/secrets", key };
  const other = { name: "alias/other", key: { ...key, arn: `${key.arn}-other` } };
  const ofAws = { name: "alias/aws/secretsmanager", key: { ...key, ofAws: true } };

  test("is the account's default: nothing is needed", () => {
    expect(judgeSecretKey("s", undefined, undefined, connectors)).toEqual({
      outcome: "pass",
      detail: "s is encrypted with the account's default key",
    });
    expect(judgeSecretKey("s", ofAws, undefined, connectors).outcome).toBe("pass");
    expect(judgeSecretKey("s", undefined, own, connectors)).toMatchObject({
      outcome: "pass",
      detail: "s is encrypted with the account's default key, so that alias/secrets is not needed",
    });
  });

  test("is named: it passes under any of its names", () => {
    expect(judgeSecretKey("s", { name: key.arn, key }, own, connectors)).toEqual({
      outcome: "pass",
      detail: "s is encrypted with alias/secrets",
    });
  });

  test("is not named: the connectors could not read the secret", () => {
    expect(judgeSecretKey("s", own, undefined, connectors)).toMatchObject({ outcome: "fail", fix: "name it: secretKmsKey: alias/secrets" });
  });

  test("is told by who reads it, and the setting that names it", () => {
    expect(judgeSecretKey("s", own, undefined, { who: "the App Connectors", setting: "kmsKey" })).toEqual({
      outcome: "fail",
      detail: "s is encrypted with alias/secrets, which the App Connectors may not use",
      fix: "name it: kmsKey: alias/secrets",
    });
  });

  test("is another than the named one", () => {
    expect(judgeSecretKey("s", own, other, connectors)).toMatchObject({ outcome: "fail", fix: `name it: secretKmsKey: ${key.arn}` });
  });

  test("does not exist, or is disabled", () => {
    expect(judgeSecretKey("s", own, { name: "alias/none", key: undefined }, connectors)).toMatchObject({
      outcome: "fail",
      detail: "there is no KMS key alias/none",
    });
    expect(judgeSecretKey("s", { name: "alias/gone", key: undefined }, own, connectors).outcome).toBe("unknown");
    const disabled = { name: "alias/secrets", key: { ...key, state: "Disabled" } };
    expect(judgeSecretKey("s", disabled, disabled, connectors)).toMatchObject({
      outcome: "fail",
      detail: "alias/secrets, with which s is encrypted, is Disabled",
    });
  });
});
