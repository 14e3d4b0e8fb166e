import { type Aws, type Check, preflight } from "../../../cli/preflight";
import { AwsRefusal } from "../../../cli/preflight/aws";
import { answering, denying, request, subnet } from "./answers";

const outcomes = (checks: readonly Check[]) => Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]));

const everyCheck = [
  "account",
  "zones",
  "instance types",
  "vCPU",
  "subscription",
  "VPCs",
  "NAT gateways",
  "elastic addresses",
  "allocation ids",
  "endpoint service",
  "secret",
  "secret's key",
  "disk key",
];

test("a prepared account passes everything", async () => {
  const checks = await preflight(request, answering());
  expect(checks.map(({ name }) => name)).toEqual(everyCheck);
  expect(checks.filter(({ outcome }) => outcome !== "pass")).toEqual([]);
});

test("denied questions are unknown, each with its action", async () => {
  const checks = await preflight(request, denying);
  expect(outcomes(checks)).toEqual(Object.fromEntries(everyCheck.map((name) => [name, "unknown"])));
  for (const check of checks)
    expect(check).toMatchObject({ fix: expect.stringMatching(/^allow service:\w+ to whoever runs this$/) as string });
});

test.each(Object.keys(answering()) as readonly (keyof Aws)[])("without an answer to %s the other checks go on", async (question) => {
  const refusing = answering({ [question]: () => Promise.reject(new AwsRefusal("service:Action", "denied", "AccessDenied")) });
  const found = Object.values(outcomes(await preflight(request, refusing)));
  expect(found).toHaveLength(everyCheck.length);
  expect(found).not.toContain("fail");
  expect(found).toContain("pass");
});

test("what the deployment does not need is not asked", async () => {
  const network = {
    deployment: "network",
    region: "us-west-2",
    zones: { a: "us-west-2a" },
    vpcs: 0,
    elasticAddresses: 0,
    allocationIds: [],
    instances: [],
  };
  const zonesOnly: Aws = { ...denying, caller: answering().caller, zones: answering().zones };
  expect(outcomes(await preflight(network, zonesOnly))).toEqual({ account: "pass", zones: "pass" });
});

describe("zones that are given by their ids", () => {
  const byId = {
    ...request,
    zones: { az1: "usw2-az1" },
    natGatewayZones: ["usw2-az1"],
    instances: [{ type: "m6i.large", count: 1, zones: ["usw2-az1"] }],
    endpointService: { name: "service", zones: ["usw2-az1"] },
  };

  test("pass where the account has them, and are asked for once", async () => {
    let asked = 0;
    const aws = answering();
    const checks = await preflight(byId, answering({ zones: () => ((asked += 1), aws.zones()) }));
    expect(checks.filter(({ outcome }) => outcome !== "pass")).toEqual([]);
    expect(checks).toHaveLength(everyCheck.length);
    expect(asked).toBe(1);
  });

  test("fail where it has none", async () => {
    expect(await preflight({ ...byId, zones: { az9: "usw2-az9" } }, answering())).toContainEqual({
      name: "zones",
      outcome: "fail",
      detail: "us-west-2 has no zone usw2-az9 for this account",
      fix: "choose among us-west-2a",
    });
  });

  test("leave all open where they may not be looked up", async () => {
    expect(outcomes(await preflight(byId, denying))).toEqual({ zones: "unknown" });
  });
});

test("questions are put at the same time", async () => {
  let waiting = 0;
  let most = 0;
  const slow = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    most = Math.max(most, ++waiting);
    await new Promise((resolve) => setTimeout(resolve, 20));
    waiting -= 1;
    return answer;
  };
  const aws = answering();
  const slowly = answering({
    caller: () => slow(aws.caller()),
    zones: () => slow(aws.zones()),
    vpcCount: () => slow(aws.vpcCount()),
    secretState: (id, keys) => slow(aws.secretState(id, keys)),
  });
  await preflight(request, slowly);
  expect(most).toBe(4);
});

test("answers that checks share are asked for once", async () => {
  const asked: string[] = [];
  const aws = answering();
  const counting = answering({
    caller: () => (asked.push("caller"), aws.caller()),
    addresses: () => (asked.push("addresses"), aws.addresses()),
    subnets: () => (asked.push("subnets"), aws.subnets()),
  });
  await preflight(request, counting);
  expect(asked.sort()).toEqual(["addresses", "caller", "subnets"]);
});

test("the dry run takes the newest image, the connectors' type and a subnet in their zone", async () => {
  const launches: unknown[] = [];
  const older = { id: "ami-old", name: "old", state: "available", created: "2020-01-01T00:00:00.000Z", rootDevice: "/dev/sda1" };
  const aws = answering();
  await preflight(
    request,
    answering({
      images: async (source) => [older, ...(await aws.images(source))],
      subnets: () => Promise.resolve([subnet({ id: "subnet-other", zone: "us-west-2b", isDefault: true }), subnet({ id: "subnet-own" })]),
      dryRun: (launch) => (launches.push({ ...launch, image: launch.image.id }), aws.dryRun(launch)),
    }),
  );
  expect(launches).toEqual([{ image: "ami-0123456789abcdef0", type: "m6i.large", subnet: "subnet-own" }]);
});

test("the dry run goes on without a subnet if they may not be looked at", async () => {
  const refused = () => Promise.reject(new AwsRefusal("ec2:DescribeSubnets", "denied", "UnauthorizedOperation"));
  const checks = await preflight(
    request,
    answering({
      subnets: refused,
      dryRun: ({ subnet }) => Promise.resolve({ code: subnet === undefined ? "VPCIdNotSpecified" : "DryRunOperation", message: "" }),
    }),
  );
  expect(outcomes(checks)).toMatchObject({ subscription: "unknown", "NAT gateways": "unknown" });
});

test("the policy of another account's key is not asked for", async () => {
  const aws = answering();
  const checks = await preflight(
    request,
    answering({
      caller: () => Promise.resolve({ account: "999999999999", arn: "arn:aws:iam::999999999999:user/jo" }),
      keyPolicy: () => Promise.reject(new Error("asked")),
      key: (id) => aws.key(id),
    }),
  );
  expect(outcomes(checks)).toMatchObject({ account: "fail", "disk key": "unknown" });
});

test("a mistake of this project is not taken for an answer of AWS", async () => {
  await expect(preflight(request, answering({ zones: () => Promise.reject(new TypeError("bug")) }))).rejects.toThrow("bug");
});
