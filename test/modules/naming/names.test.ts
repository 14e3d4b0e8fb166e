import { Token } from "cdktf";
import fc from "fast-check";
import { type z } from "zod";
import { awsName, type NameKind } from "../../../modules/naming";
import { deploymentName, longestDeploymentName, tags } from "../../../modules/naming/schema";
import { known } from "../../../modules/validation/schema";

// IAM and STS quotas (64, of which Terraform takes 26), EC2 CreateSecurityGroup, CloudWatch Logs CreateLogGroup, Route 53 Resolver
// CreateResolverRule, EC2 tag restrictions, Lambda CreateFunction, SQS CreateQueue, SNS CreateTopic, EventBridge PutRule, CloudWatch
// PutMetricAlarm, Systems Manager CreateDocument and PutParameter (1,011 with the ARN's first 55), Elastic Load Balancing CreateLoadBalancer and
// CreateTargetGroup, Auto Scaling CreateAutoScalingGroup, EC2 CreateLaunchTemplate (of whose name the provider takes 125, its own 26 included).
const longest: Readonly<Record<NameKind, number>> = {
  iamPrefix: 38,
  securityGroup: 255,
  logGroup: 512,
  resolver: 64,
  tag: 256,
  iamPolicyPrefix: 102,
  function: 64,
  queue: 80,
  topic: 256,
  eventRule: 64,
  alarm: 255,
  parameter: 950,
  balancer: 32,
  targetGroup: 32,
  group: 255,
  launchTemplatePrefix: 99,
  document: 128,
};
const kinds = Object.keys(longest) as NameKind[];

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,200}$/).filter((text) => !/^(sg$|internal$|aws|amazon|amzn)/.test(text));

test("a name is its words joined by hyphens, or is refused with the length it got", () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.array(word, { minLength: 1, maxLength: 4 }), (kind, words) => {
      const name = words.join("-");
      if (name.length <= longest[kind]) expect(awsName(kind, ...words)).toBe(name);
      else {
        const excess = `shorten ${String(words[0])} by ${name.length - longest[kind]}`;
        expect(() => awsName(kind, ...words)).toThrow(new RegExp(`has ${name.length} characters; .* takes ${longest[kind]}: ${excess}`));
      }
    }),
  );
});

test.each([
  ["iamPrefix", "egress+=,.@-_1", ["egress prod", "egress/prod", "égress", "egress:1"]],
  ["securityGroup", "egress ._-:/()#,@[]+=&;{}!$*", ["egress|prod", "égress", "egress<prod>", "sg-egress"]],
  ["logGroup", "/zscaler/egress_1.a-b#c", ["egress prod", "egress:1", "égress", "egress*"]],
  ["resolver", "0 egress_1-B", ["egress.prod", "egress/prod", "égress", "egress+1", "12"]],
  ["iamPolicyPrefix", "egress+=,.@-_1", ["egress prod", "egress/prod", "égress", "egress:1"]],
  ["function", "egress-1_B", ["egress.prod", "egress prod", "égress"]],
  ["queue", "egress-1_B.fifo", ["egress.fifo.1", "egress.prod", "egress prod", "égress"]],
  ["topic", "egress-1_B", ["egress.prod", "egress prod", "égress"]],
  ["eventRule", "egress-1_B.c", ["egress prod", "egress/prod", "égress"]],
  ["alarm", "egress 1: (b)", ["égress", "egress\n"]],
  ["parameter", "/zscaler/egress-1_B.c", ["/zscaler/egress prod", "/zscaler/égress"]],
  ["balancer", "egress-1-B", ["egress_1", "egress.1", "egress 1", "égress", "-egress", "egress-", "internal-egress"]],
  ["targetGroup", "internal-egress-1-B", ["egress_1", "egress.1", "egress 1", "égress", "-egress", "egress-"]],
  ["group", "egress-1_B.c", ["egress prod", "egress/prod", "égress", "egress:1"]],
  ["document", "egress-1_B.c", ["egress prod", "egress/prod", "égress", "aws-egress", "Amazon.egress", "amzn1"]],
  ["launchTemplatePrefix", "egress-1_B.(c)", ["egress prod", "egress/prod", "égress", "egress:1"]],
  ["tag", "Égress 1 _.:/=+-@", ["egress*", "egress#1", "egress,prod"]],
] as const)("%s takes the characters that AWS takes and no others", (kind, taken, refused) => {
  expect(awsName(kind, taken)).toBe(taken);
  for (const name of refused) expect(() => awsName(kind, name)).toThrow(name);
});

test("a name that Terraform completes is passed on", () => {
  const name = Token.asString({ resolve: () => "unknown" });
  expect(awsName("iamPrefix", name, "a".repeat(60))).toBe(`${name}-${"a".repeat(60)}`);
});

describe("a deployment's name", () => {
  const finding = (name: string) => deploymentName().safeParse(name).error?.issues[0]?.message;

  test("that is taken makes names that AWS takes", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "b", "g", "s", "0", "9", "-", "_", ".", "A", " "), maxLength: 30 }), (name) => {
        if (finding(name) !== undefined) return;
        for (const suffix of ["connectors", "test-hosts", "flow-logs", "failover"]) awsName("iamPrefix", name, suffix, "");
        awsName("securityGroup", name, "connector-management");
        awsName("function", name, "route-failover");
        awsName("eventRule", name, "route-failover", "instances-10");
        awsName("queue", name, "route-failover", "dead-letters");
        awsName("document", "zscaler-app-connectors", name, "update-packages");
        awsName("balancer", name, "gwlb");
        for (const suffix of ["ip", "id"]) awsName("targetGroup", name, suffix);
        awsName("tag", name);
        awsName("logGroup", name);
        // EC2 keeps group names that begin so to itself, and only EC2 says so.
        expect(`${name}-workload`).not.toMatch(/^sg-/);
      }),
    );
  });

  test.each(["egress", "a", "a-1", "e".repeat(longestDeploymentName)])("%s is one", (name) => {
    expect(finding(name)).toBeUndefined();
  });

  test.each([
    ["Egress", "Egress is no deployment name"],
    ["1egress", "1egress is no deployment name"],
    ["egress-", "egress- is no deployment name"],
    ["egress_prod", "egress_prod is no deployment name"],
    ["", " is no deployment name"],
    ["e".repeat(27), `${"e".repeat(27)} has 27 characters`],
  ])("%s is none", (name, problem) => {
    expect(finding(name)).toContain(`${problem}\n`);
  });

  test.each(["sg", "sg-prod"])("%s is none: EC2 refuses security groups whose names begin with sg-", (name) => {
    expect(finding(name)).toMatch(/sg-/);
  });
});

describe("tags", () => {
  const messages = (issues: readonly z.core.$ZodIssue[]): readonly string[] =>
    issues.flatMap((issue) => [issue.message, ...(issue.code === "invalid_key" ? messages(issue.issues) : [])]);
  const findings = (value: unknown) => messages(tags(known).safeParse(value).error?.issues ?? []).join("\n");

  test("of AWS's letters and lengths are taken", () => {
    const value = { Owner: "netsec", "zs:note": "Büro 1 _.:/=+-@", ["k".repeat(128)]: "v".repeat(256), Empty: "" };
    expect(tags(known).parse(value)).toEqual(value);
  });

  test.each([
    ["a key of AWS's own", { "aws:team": "a" }, "AWS keeps keys that begin with aws: to itself"],
    ["a key of AWS's own in capitals", { "AWS:team": "a" }, "AWS keeps keys that begin with aws: to itself"],
    ["an empty key", { "": "a" }, "an empty tag key"],
    ["a long key", { ["k".repeat(129)]: "a" }, "129 characters"],
    ["a long value", { Owner: "v".repeat(257) }, "257 characters"],
    ["a value with other characters", { Owner: "a*b" }, "a*b has characters that a tag value does not take"],
    ["too many", Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`k${index}`, "v"])), "41 tags are given"],
  ])("with %s are refused", (_, value, problem) => {
    expect(findings(value)).toContain(problem);
  });
});
