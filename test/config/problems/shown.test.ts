import { shown, withoutSecrets } from "../../../config/problems/shown";

test.each([
  ["10.1.0.7/16", "10.1.0.7/16"],
  ["my name", '"my name"'],
  ["", '""'],
  ["a\nb", '"a\\nb"'],
  ["a\u200bb", "a\\u{200b}b"],
  [12, "12"],
  [true, "true"],
  [null, "null"],
  [{ a: 1 }, "this map"],
  [[1], "this list"],
])("%j is shown as %s", (value, text) => {
  expect(shown(value)).toBe(text);
});

test("no more than 60 characters", () => {
  expect(shown("abc.".repeat(100))).toBe(`${"abc.".repeat(14)}a...`);
});

test.each([
  "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
  "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA",
  "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY",
  "3f9a1c5e7b2d4f60813a5c7e9b1d3f50",
  "kJ8sd7Fh2Lq0Zx9Vb3Nm5",
  "token=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.x",
])("%j is not shown", (secret) => {
  expect(shown(secret)).toContain("not shown");
  expect(shown(secret)).not.toMatch(/MIIE|wJalr|3f9a|kJ8s|eyJh/);
});

test.each([
  "connector.zscaler.net/api/v1/provUrl?name=aws-prod",
  "connector.zscalerbeta.net/api/v1/provUrl?name=AWS_USEast1_Prod",
  "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  "arn:aws:kms:us-west-2:1:key/mrk-1234abcd12ab34cd56ef1234567890ab",
  "eipalloc-0123456789abcdef0",
  "arn:aws:iam::111122223333:policy/CompanyBoundaryProd2024",
])("%s is not taken for a secret", (text) => {
  expect(withoutSecrets(text)).toBe(text);
});
