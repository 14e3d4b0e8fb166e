import { preflight } from "../../../cli/preflight";
import { judgeResolverRules } from "../../../cli/preflight/existing-resolver-rules";
import { answering, existing, request } from "./answers";

const toZpa = (domain: string) => ({ domain, targets: ["185.46.212.88", "185.46.212.89"] });
const toOffice = { domain: "corp.example.com", targets: ["10.9.0.2"] };

test("a VPC that forwards nothing passes", () => {
  expect(judgeResolverRules(existing, [])).toEqual({ outcome: "pass", detail: "vpc-1 forwards no queries elsewhere" });
});

test("one that forwards applications to ZPA fails: App Connectors would be led back to themselves", () => {
  expect(judgeResolverRules(existing, [toZpa("crm.example.com"), toZpa("wiki.example.com")])).toEqual({
    outcome: "fail",
    detail:
      "vpc-1 forwards queries for crm.example.com and wiki.example.com to ZPA, which answers with addresses that lead back to the App Connectors",
    fix: "name resolvers that know the applications' own addresses in appConnectors.dns.servers, or use another VPC",
  });
});

test("one address of ZPA's among others is enough", () => {
  expect(judgeResolverRules(existing, [{ domain: "crm.example.com", targets: ["10.9.0.2", "185.46.212.89"] }]).outcome).toBe("fail");
});

test("whether others know the applications is for a person to see", () => {
  const another = { domain: "lab.example.com", targets: ["10.9.0.2", "10.9.0.3"] };
  expect(judgeResolverRules(existing, [toOffice, another])).toEqual({
    outcome: "unknown",
    detail: "vpc-1 forwards queries for corp.example.com and lab.example.com to 10.9.0.2 and 10.9.0.3",
    fix: "see that these know the applications' own addresses, or name resolvers that do in appConnectors.dns.servers",
  });
});

test("both are told together", () => {
  const { outcome, detail } = judgeResolverRules(existing, [toOffice, toZpa("crm.example.com")]);
  expect(outcome).toBe("fail");
  expect(detail).toMatch(/^vpc-1 forwards queries for crm.example.com to ZPA.*; vpc-1 forwards queries for corp.example.com to 10.9.0.2$/);
});

describe("a VPC that exists", () => {
  const forwarding = answering({ forwardingRules: (vpc) => Promise.resolve(vpc === "vpc-1" ? [toZpa("crm.example.com")] : []) });
  const outcomes = async (looksUp: object, aws = forwarding) =>
    Object.fromEntries(
      (await preflight({ ...request, existing: { ...existing, ...looksUp } }, aws)).map(({ name, outcome }) => [name, outcome]),
    );

  test("is asked for its rules where applications are looked up, and nowhere else", async () => {
    expect(await outcomes({ looksUpApplications: true })).toMatchObject({ "Resolver rules": "fail" });
    expect(await outcomes({})).not.toHaveProperty("Resolver rules");
    expect(await outcomes({ looksUpApplications: false })).not.toHaveProperty("Resolver rules");
  });

  test("that is not there has no rules to look at", async () => {
    const none = { ...forwarding, vpc: () => Promise.resolve(undefined), forwardingRules: () => Promise.reject(new Error("asked")) };
    expect(await outcomes({ looksUpApplications: true }, none)).toMatchObject({ VPC: "fail", "Resolver rules": "fail" });
  });
});
