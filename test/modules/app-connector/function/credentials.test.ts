import { loginOf, readCredentials } from "../../../../modules/app-connector/function/credentials";
import { CallFailed } from "../../../../modules/lambda/function/call-failed";

const failing = (secret: string): CallFailed => {
  try {
    readCredentials(secret);
  } catch (error) {
    if (error instanceof CallFailed) return error;
  }
  throw new Error("it did not fail");
};

test("a secret's values are read, and what else is in it is not", () => {
  expect(readCredentials('{"client_id":"a","client_secret":"b","more":1}')).toEqual({ client_id: "a", client_secret: "b" });
});

test.each([
  ["open sesame", "JSON"],
  ['["sesame"]', "JSON"],
  ['{"client_secret":"sesame"}', "client_id"],
  ['{"client_id":"","client_secret":7,"x":"sesame"}', "client_id, client_secret"],
])("the secret %s is refused without a word of it", (secret, lacks) => {
  const { kind, message } = failing(secret);
  expect([kind, message]).toEqual(["refused", `the secret lacks ${lacks}, or it is too short`]);
});

test("a login is a form, whatever letters are in it", () => {
  const values = { client_id: "a&b=c", client_secret: "ü +%" };
  expect(Object.fromEntries(new URLSearchParams(loginOf(values)))).toEqual({
    ...values,
    grant_type: "client_credentials",
    audience: "https://api.zscaler.com",
  });
});
