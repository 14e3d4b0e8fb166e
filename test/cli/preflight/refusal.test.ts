import { AwsRefusal } from "../../../cli/preflight/aws";
import { refusal, unanswered } from "../../../cli/preflight/refusal";

const failing = (name: string, message: string, more: object = {}) => Object.assign(new Error(message), { name, ...more });

test.each([
  ["UnauthorizedOperation", "denied"],
  ["AccessDeniedException", "denied"],
  ["InvalidAction", "not known"],
  ["UnknownOperationException", "not known"],
  ["NotImplemented", "not known"],
  ["SyntaxError", "not known"],
  ["CredentialsProviderError", "credentials"],
  ["ExpiredTokenException", "credentials"],
  ["OptInRequired", "not enabled"],
  ["RequestLimitExceeded", "throttled"],
  ["TimeoutError", "no answer"],
  ["InternalError", "other"],
] as const)("%s is %s", (name, reason) => {
  expect(refusal("ec2:DescribeVpcs", failing(name, "said")).reason).toBe(reason);
});

test.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"])(
  "a socket's %s is no answer, under any name",
  (code) => {
    expect(refusal("ec2:DescribeVpcs", failing("AggregateError", "", { code }))).toMatchObject({ reason: "no answer", said: code });
  },
);

test.each([
  [403, "denied"],
  [404, "not known"],
  [501, "not known"],
  [500, "other"],
])("an error of an unknown name with status %i is %s", (httpStatusCode, reason) => {
  expect(refusal("ec2:DescribeVpcs", failing("Strange", "", { $metadata: { httpStatusCode } })).reason).toBe(reason);
});

test.each([undefined, null, 7, "text", {}])("%p thrown is a refusal too", (thrown) => {
  expect(refusal("ec2:DescribeVpcs", thrown).reason).toBe("other");
});

test("a denial names the action, and the policy that AWS blames", () => {
  const message = "User: arn is not authorized to perform: ec2:DescribeVpcs with an explicit deny in a service control policy";
  expect(unanswered(refusal("ec2:DescribeVpcs", failing("UnauthorizedOperation", message)))).toEqual({
    outcome: "unknown",
    detail: "ec2:DescribeVpcs is denied (UnauthorizedOperation, by a service control policy)",
    fix: "allow ec2:DescribeVpcs to whoever runs this",
  });
});

test("an answer of an unknown form is not quoted", () => {
  const quoting = failing("SyntaxError", 'Unexpected token h, "hunter2" is not valid JSON');
  expect(JSON.stringify(refusal("secretsmanager:DescribeSecret", quoting))).not.toContain("hunter2");
});

test.each(["denied", "not known", "credentials", "not enabled", "throttled", "no answer", "other"] as const)(
  "whatever the reason (%s), the action is named and there is something to do",
  (reason) => {
    const verdict = unanswered(new AwsRefusal("ec2:DescribeVpcs", reason, "said"));
    expect(verdict).toMatchObject({ outcome: "unknown", detail: expect.stringContaining("ec2:DescribeVpcs") as string });
    expect(verdict.outcome !== "pass" && verdict.fix.length > 0).toBe(true);
  },
);
