import { type Caller, type Key } from "./aws";
import { fail, listed, pass, unknown, type Verdict } from "./check";
import { admission, diskKeyActions } from "./key-policy";

const partOfArn = (arn: string, index: number): string | undefined => (arn.startsWith("arn:") ? arn.split(":").at(index) : undefined);

/** What is wrong with a disk key by its name alone: a volume's key is in the volume's region. */
export function judgeDiskKeyName(name: string, region: string): Verdict | undefined {
  const keyRegion = partOfArn(name, 3);
  return keyRegion === undefined || keyRegion === region
    ? undefined
    : fail(`${name} is in ${keyRegion}, and the disks are in ${region}`, `name a key of ${region}`);
}

export const noDiskKey = (name: string, region: string): Verdict =>
  fail(`${region} has no KMS key ${name}`, "name a key that exists, by id, ARN or alias");

/** What keeps EBS from using a key: it must be enabled, and a symmetric encryption key. */
export function judgeDiskKey(name: string, region: string, key: Key): Verdict | undefined {
  const elsewhere = judgeDiskKeyName(key.arn, region);
  if (elsewhere) return elsewhere;
  if (key.state !== "Enabled") return fail(`${name} is ${key.state}`, "enable the key, or name another");
  if (key.spec !== "SYMMETRIC_DEFAULT" || key.usage !== "ENCRYPT_DECRYPT") {
    return fail(
      `${name} is a ${key.spec} key for ${key.usage}, and EBS takes symmetric encryption keys only`,
      "name a symmetric encryption key",
    );
  }
  return undefined;
}

/** Whether the key's policy lets whoever launches instances use it. `policy` is undefined where it cannot be read, for a key of another account. */
export function judgeDiskKeyPolicy(name: string, region: string, key: Key, caller: Caller, policy: string | undefined): Verdict {
  if (policy === undefined) {
    return unknown(
      `${name} belongs to account ${key.account}, whose key policies only that account can read`,
      `see that its policy lets account ${caller.account} use ${listed(diskKeyActions)}`,
    );
  }
  const admits = admission(policy, caller, region);
  if (admits === undefined) return unknown(`the policy of ${name} is no JSON`, "look at it in the KMS console");
  const admit = `let the key's policy admit ${caller.arn}, or the whole account, for ${listed(diskKeyActions)}`;
  if (admits.refused.length > 0) {
    const detail = `the policy of ${name} does not admit ${caller.arn} for ${listed(admits.refused)}`;
    return admits.refused.includes("kms:CreateGrant")
      ? fail(detail, admit)
      : unknown(`${detail}, but for grants`, `name the role that launches in disk.grantTo, or ${admit}`);
  }
  return admits.open.length > 0
    ? unknown(
        `conditions or exceptions in the policy of ${name} decide on ${listed(admits.open)}`,
        `see that they hold for ${caller.arn} by way of EC2`,
      )
    : pass(`${name} is enabled, symmetric, in ${region}, and its policy admits the account or the caller`);
}
