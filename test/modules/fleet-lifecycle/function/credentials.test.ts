import fc from "fast-check";
import { loginOf, readCredentials } from "../../../../modules/fleet-lifecycle/function/credentials";

const secret = { api_key: "abcdefghijkl", username: "automation@example.com", password: "hunter2 and more" };

test("the credentials are read from the secret that connectors enroll with", () => {
  expect(readCredentials(JSON.stringify({ ...secret, something: "else" }))).toEqual(secret);
});

const messageOf = (text: string): string => {
  try {
    readCredentials(text);
  } catch (error) {
    return String(error);
  }
  return "nothing was thrown";
};

test.each([
  ["no JSON", "hunter2 and more", "JSON"],
  ["cut off", JSON.stringify(secret).slice(0, -2), "JSON"],
  ["a text", JSON.stringify("hunter2 and more"), "JSON"],
  ["without password", JSON.stringify({ ...secret, password: undefined }), "password"],
  ["with an empty name", JSON.stringify({ ...secret, username: "" }), "username"],
  ["with a number as password", JSON.stringify({ ...secret, password: 4711 }), "password"],
  ["with a key that is too short for its obfuscation", JSON.stringify({ ...secret, api_key: "abcdefghijk" }), "api_key"],
  ["with nothing", "{}", "api_key, username, password"],
])("a secret %s is refused by the names of what is wrong, without a word of it", (_, text, names) => {
  const message = messageOf(text);
  expect(message).toBe(`Error: the secret lacks ${names}, or it is too short`);
  for (const value of [...Object.values(secret), "hunter2", "4711"]) expect(message).not.toContain(value);
});

// Worked out by hand: the digits 123456 are positions, and so are those of 061728, each moved by two.
test("the key is obfuscated by the time", () => {
  const login: unknown = JSON.parse(loginOf(secret, 1_700_000_123_456));
  expect(login).toEqual({
    apiKey: "bcdefgcidjek",
    username: secret.username,
    password: secret.password,
    timestamp: 1_700_000_123_456,
  });
});

test("at any time the key has twelve characters of the secret's key, and is not it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1_600_000_000_000, max: 2_000_000_000_000 }), (now) => {
      const { apiKey } = JSON.parse(loginOf(secret, now)) as { readonly apiKey: string };
      expect(apiKey).toMatch(/^[a-j]{6}[c-l]{6}$/);
    }),
  );
});
