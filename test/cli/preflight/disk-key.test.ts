import { judgeDiskKey, judgeDiskKeyName, judgeDiskKeyPolicy } from "../../../cli/preflight/disk-key";
import { caller, key, wholeAccount } from "./answers";

const judge = (otherwise: Partial<typeof key>) => judgeDiskKey("alias/disks", "us-west-2", { ...key, ...otherwise });
const judgePolicy = (policy: string | undefined) => judgeDiskKeyPolicy("alias/disks", "us-west-2", key, caller, policy);

test("an ARN of another region fails before it is asked for", () => {
  const elsewhere = key.arn.replace("us-west-2", "eu-west-1");
  expect(judgeDiskKeyName(elsewhere, "us-west-2")).toEqual({
    outcome: "fail",
    detail: `${elsewhere} is in eu-west-1, and the disks are in us-west-2`,
    fix: "name a key of us-west-2",
  });
});

test.each([key.arn, "alias/disks", "11111111-2222-3333-4444-555555555555"])("%s may be of the region", (name) => {
  expect(judgeDiskKeyName(name, "us-west-2")).toBeUndefined();
});

test("an enabled symmetric key of the region can be used", () => {
  expect(judge({})).toBeUndefined();
});

test.each([
  [{ state: "PendingDeletion" }, "alias/disks is PendingDeletion"],
  [{ spec: "RSA_2048" }, "alias/disks is a RSA_2048 key for ENCRYPT_DECRYPT, and EBS takes symmetric encryption keys only"],
  [
    { spec: "HMAC_256", usage: "GENERATE_VERIFY_MAC" },
    "alias/disks is a HMAC_256 key for GENERATE_VERIFY_MAC, and EBS takes symmetric encryption keys only",
  ],
  [
    { arn: key.arn.replace("us-west-2", "eu-west-1") },
    `${key.arn.replace("us-west-2", "eu-west-1")} is in eu-west-1, and the disks are in us-west-2`,
  ],
])("%p fails", (otherwise, detail) => {
  expect(judge(otherwise)).toMatchObject({ outcome: "fail", detail });
});

describe("the policy", () => {
  test("that admits the account passes", () => {
    expect(judgePolicy(wholeAccount).outcome).toBe("pass");
  });

  test("that admits nobody fails", () => {
    expect(judgePolicy('{"Statement":[]}')).toMatchObject({
      outcome: "fail",
      fix: expect.stringContaining(`let the key's policy admit ${caller.arn}`) as string,
    });
  });

  test("that admits grants only leaves it to a grant", () => {
    const policy = { Statement: [{ Effect: "Allow", Principal: { AWS: caller.account }, Action: ["kms:CreateGrant", "kms:DescribeKey"] }] };
    expect(judgePolicy(JSON.stringify(policy))).toMatchObject({
      outcome: "unknown",
      fix: expect.stringContaining("disk.grantTo") as string,
    });
  });

  test("with conditions is unknown", () => {
    const condition = { StringEquals: { "aws:PrincipalOrgID": "o-1" } };
    const policy = { Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Condition: condition }] };
    expect(judgePolicy(JSON.stringify(policy)).outcome).toBe("unknown");
  });

  test("of another account's key, and one that does not parse, are unknown", () => {
    expect(judgePolicy(undefined).outcome).toBe("unknown");
    expect(judgePolicy("{").outcome).toBe("unknown");
  });
});
