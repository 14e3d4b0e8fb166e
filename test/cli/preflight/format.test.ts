import { formatChecks } from "../../../cli/preflight/format";

test("checks are aligned, with the fix below and the counts at the end", () => {
  const text = formatChecks("egress", [
    { name: "secret", outcome: "pass", detail: "ZS/CC/credentials has api_key, username and password" },
    { name: "elastic addresses", outcome: "fail", detail: "2 needed", fix: "ask for more" },
    { name: "vCPU", outcome: "unknown", detail: "ec2:DescribeInstances is denied", fix: "allow it" },
  ]);
  expect(text).toBe(
    [
      "egress",
      "  pass     secret             ZS/CC/credentials has api_key, username and password",
      "  fail     elastic addresses  2 needed",
      "                              fix: ask for more",
      "  unknown  vCPU               ec2:DescribeInstances is denied",
      "                              fix: allow it",
      "  1 passed, 1 failed, 1 unknown",
    ].join("\n"),
  );
});

test("what AWS says cannot break a line or steer the terminal", () => {
  const text = formatChecks("egress", [{ name: "zones", outcome: "unknown", detail: "a\n\u001b[31mb\u2028c", fix: "d\r\ne" }]);
  expect(text.split("\n")).toHaveLength(4);
  expect(text).not.toMatch(/[\u001b\r\u2028]/);
});
