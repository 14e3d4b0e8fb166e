import { connectAws } from "../../../cli/preflight";
import { fakeAws, type FakeAws, failure } from "./fake-aws";

const environment = { ...process.env };
let server: FakeAws;
let denied = "";

const rule = (id: string, type: string, more: object = {}) => ({ Id: id, RuleType: type, DomainName: `${id}.example.com.`, ...more });
const associated = (id: string, state = "COMPLETE") => ({ Id: `a-${id}`, ResolverRuleId: id, VPCId: "vpc-1", Status: state });
const pages: Readonly<Record<string, readonly object[]>> = {
  ListResolverRuleAssociations: [
    { ResolverRuleAssociations: [associated("crm"), associated("rslvr-autodefined-rr-internet-resolver")], NextToken: "1" },
    { ResolverRuleAssociations: [associated("shared", "CREATING"), associated("zscaler"), associated("old", "DELETING")] },
  ],
  ListResolverRules: [
    {
      ResolverRules: [
        rule("crm", "FORWARD", { TargetIps: [{ Ip: "185.46.212.88", Port: 53 }, { Ip: "185.46.212.89" }] }),
        rule("elsewhere", "FORWARD", { TargetIps: [{ Ip: "10.9.0.2" }] }),
        rule("zscaler", "SYSTEM"),
        rule("rslvr-autodefined-rr-internet-resolver", "RECURSIVE", { DomainName: "." }),
      ],
      NextToken: "1",
    },
    { ResolverRules: [rule("shared", "FORWARD", { TargetIps: [{ Ipv6: "2001:db8::53" }] }), rule("old", "FORWARD")] },
  ],
};

beforeAll(async () => {
  process.env = { ...environment, AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "signing", AWS_EC2_METADATA_DISABLED: "true" };
  server = await fakeAws((call) => {
    if (call.action === denied) return failure(call, 400, "AccessDeniedException", "no");
    const { NextToken = "0" } = JSON.parse(call.body) as { readonly NextToken?: string };
    return { status: 200, body: JSON.stringify(pages[call.action]?.[Number(NextToken)] ?? {}) };
  });
});

afterAll(async () => {
  process.env = environment;
  await server.stop();
});

const aws = () => connectAws({ region: "us-west-2", endpoint: server.endpoint });

test("the rules that forward queries of a VPC are found on all pages, without those of others and those that go", async () => {
  expect(await aws().forwardingRules("vpc-1")).toEqual([
    { domain: "crm.example.com", targets: ["185.46.212.88", "185.46.212.89"] },
    { domain: "shared.example.com", targets: ["2001:db8::53"] },
  ]);
  const [first] = server.calls.filter(({ action }) => action === "ListResolverRuleAssociations");
  expect(JSON.parse(first?.body ?? "{}")).toMatchObject({ Filters: [{ Name: "VPCId", Values: ["vpc-1"] }] });
});

test.each(["ListResolverRuleAssociations", "ListResolverRules"])("%s needs its own permission", async (action) => {
  denied = action;
  await expect(aws().forwardingRules("vpc-1")).rejects.toMatchObject({ action: `route53resolver:${action}`, reason: "denied" });
});
