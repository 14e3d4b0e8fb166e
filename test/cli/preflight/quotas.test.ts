import fc from "fast-check";
import { countedAddresses, isStandard, judgeNatGateways, judgeQuota, judgeVcpus, quotas } from "../../../cli/preflight/quotas";

describe("a quota", () => {
  test("passes when exactly filled", () => {
    expect(judgeQuota(quotas.vpcs, "us-west-2", { need: 2, used: 3, limit: 5 })).toEqual({
      outcome: "pass",
      detail: "2 needed, 3 of 5 in use",
    });
  });

  test("fails one above, with the command that asks for what is needed", () => {
    expect(judgeQuota(quotas.elasticAddresses, "us-west-2", { need: 2, used: 4, limit: 5 })).toEqual({
      outcome: "fail",
      detail: "2 needed, and 4 of 5 are in use",
      fix:
        "give back 1, or ask for more: aws service-quotas request-service-quota-increase --region us-west-2 " +
        "--service-code ec2 --quota-code L-0263D0A3 --desired-value 6",
    });
  });

  test("passes if and only if need and use fit", () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(100), (need, used, limit) => {
        expect(judgeQuota(quotas.vpcs, "us-west-2", { need, used, limit }).outcome).toBe(used + need > limit ? "fail" : "pass");
      }),
    );
  });
});

test("addresses of the account's own range do not count", () => {
  const address = (ownRange: boolean) => ({ allocationId: "eipalloc-1", usedBy: undefined, ownRange });
  expect(countedAddresses([address(true), address(false), address(false)])).toBe(2);
});

describe("standard families", () => {
  test.each([
    "a1.large",
    "c5a.large",
    "c6in.4xlarge",
    "d3en.xlarge",
    "h1.2xlarge",
    "i4i.large",
    "im4gn.large",
    "is4gen.large",
    "m5n.large",
    "r6idn.large",
    "t3.medium",
    "z1d.large",
  ])("%s is standard", (type) => {
    expect(isStandard(type)).toBe(true);
  });

  test.each([
    "dl1.24xlarge",
    "f1.2xlarge",
    "g5.xlarge",
    "hpc7a.12xlarge",
    "inf2.xlarge",
    "mac2.metal",
    "p4d.24xlarge",
    "trn1.2xlarge",
    "u-6tb1.metal",
    "vt1.3xlarge",
    "x2gd.large",
  ])("%s is not", (type) => {
    expect(isStandard(type)).toBe(false);
  });
});

describe("vCPU", () => {
  const vcpus = new Map([
    ["m6i.large", 2],
    ["m6i.4xlarge", 16],
    ["t3.micro", 2],
    ["g5.xlarge", 4],
  ]);
  const instances = [
    { type: "m6i.4xlarge", count: 2, zones: [] },
    { type: "t3.micro", count: 1, zones: [] },
  ];
  const running = (type: string, onDemand = true) => ({ type, onDemand });

  test("counts what is to be made and what runs", () => {
    expect(judgeVcpus("us-west-2", instances, [running("m6i.large"), running("m6i.large")], vcpus, 64)).toEqual({
      outcome: "pass",
      detail: "34 needed, 4 of 64 in use",
    });
  });

  test("fails when they do not fit", () => {
    expect(judgeVcpus("us-west-2", instances, [running("m6i.large")], vcpus, 35)).toMatchObject({
      outcome: "fail",
      fix: expect.stringContaining("--quota-code L-1216C47A --desired-value 36") as string,
    });
  });

  test("spot instances, dedicated hosts and other families are not counted", () => {
    expect(judgeVcpus("us-west-2", instances, [running("m6i.4xlarge", false), running("g5.xlarge")], vcpus, 34)).toMatchObject({
      outcome: "pass",
      detail: "34 needed, 0 of 34 in use",
    });
  });

  test("a family with a quota of its own is not judged by this one", () => {
    expect(judgeVcpus("us-west-2", [{ type: "g5.xlarge", count: 1, zones: [] }], [], vcpus, 64).outcome).toBe("unknown");
  });

  test("a type of unknown size is not judged", () => {
    expect(judgeVcpus("us-west-2", [{ type: "m9.large", count: 1, zones: [] }], [], vcpus, 64)).toMatchObject({
      outcome: "unknown",
      detail: "AWS does not know how many vCPU m9.large has",
    });
  });
});

describe("NAT gateways", () => {
  const subnets = [
    { id: "subnet-a", zone: "us-west-2a", isDefault: false },
    { id: "subnet-b", zone: "us-west-2b", isDefault: false },
  ];

  test("are counted by zone", () => {
    const zones = ["us-west-2a", "us-west-2b"];
    expect(judgeNatGateways("us-west-2", zones, ["subnet-a", "subnet-b", "subnet-b"], subnets, 2)).toEqual({
      outcome: "fail",
      detail: "1 needed in us-west-2b, and 2 of 2 are in use",
      fix: expect.stringContaining("--service-code vpc --quota-code L-FE5A380F --desired-value 3") as string,
    });
  });

  test("pass if every zone has room", () => {
    expect(judgeNatGateways("us-west-2", ["us-west-2a"], ["subnet-a"], subnets, 2)).toEqual({
      outcome: "pass",
      detail: "1 needed, of up to 2 in each of us-west-2a",
    });
  });
});
