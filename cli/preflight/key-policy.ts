import { type Caller } from "./aws";

/**
 * What whoever launches an instance needs on the key of its disk.
 * See "Amazon EBS encryption requirements", permissions for users.
 */
export const diskKeyActions = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"] as const;

/** Which of the actions a key policy admits for a caller, which it does not, and of which its conditions or exceptions leave it open. */
export interface Admission {
  readonly admitted: readonly string[];
  readonly refused: readonly string[];
  readonly open: readonly string[];
}

type Match = "yes" | "no" | "perhaps";

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

const matches = (pattern: string, value: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*/g, ".*")
      .replace(/\?/g, ".")}$`,
    "i",
  ).test(value);

/** A role's session is `arn:aws:sts::111122223333:assumed-role/name/session`, which leaves out the path of the role's own ARN. */
function isCaller(principal: string, { account, arn }: Caller): boolean {
  if (principal === "*" || principal === arn || principal === account) return true;
  if (principal.endsWith(`:iam::${account}:root`)) return true;
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  return role !== undefined && principal.includes(`:iam::${account}:role/`) && principal.endsWith(`/${role}`);
}

function principalMatch(statement: Readonly<Record<string, unknown>>, caller: Caller): Match {
  if (statement["NotPrincipal"] !== undefined) return "perhaps";
  const principal = statement["Principal"];
  const accounts = principal === "*" ? ["*"] : list(record(principal)["AWS"]);
  return accounts.some((candidate) => typeof candidate === "string" && isCaller(candidate, caller)) ? "yes" : "no";
}

function actionMatch(statement: Readonly<Record<string, unknown>>, action: string): Match {
  if (statement["NotAction"] !== undefined) return "perhaps";
  return list(statement["Action"]).some((pattern) => typeof pattern === "string" && matches(pattern, action)) ? "yes" : "no";
}

/** Conditions that a launch by EC2 on the caller's behalf meets. Others are left open. */
function conditionMatch(statement: Readonly<Record<string, unknown>>, caller: Caller, region: string): Match {
  const met: Readonly<Record<string, (value: string) => boolean>> = {
    "kms:calleraccount": (value) => matches(value, caller.account),
    "kms:viaservice": (value) => matches(value, `ec2.${region}.amazonaws.com`) || matches(value, `ec2.${region}.amazonaws.com.cn`),
    "kms:grantisforawsresource": (value) => value === "true",
  };
  const meets = Object.entries(record(statement["Condition"])).every(
    ([operator, keys]) =>
      /^(StringEquals|StringLike|Bool)$/.test(operator) &&
      Object.entries(record(keys)).every(([key, values]) => list(values).some((value) => met[key.toLowerCase()]?.(String(value)) === true)),
  );
  return meets ? "yes" : "perhaps";
}

const all = (...parts: readonly Match[]): Match => (parts.includes("no") ? "no" : parts.includes("perhaps") ? "perhaps" : "yes");

const any = (parts: readonly Match[]): Match => (parts.includes("yes") ? "yes" : parts.includes("perhaps") ? "perhaps" : "no");

/**
 * What a key policy lets a caller do. A key policy decides alone, unlike a role's: without a statement for the caller, or one for the whole account
 * that leaves it to IAM, nobody can use the key. Undefined if the policy is no JSON.
 */
export function admission(policy: string, caller: Caller, region: string): Admission | undefined {
  let document: unknown;
  try {
    document = JSON.parse(policy);
  } catch {
    return undefined;
  }
  const statements = list(record(document)["Statement"]).map(record);
  const says = (effect: string, action: string): Match =>
    any(
      statements
        .filter((statement) => statement["Effect"] === effect)
        .map((statement) =>
          all(principalMatch(statement, caller), actionMatch(statement, action), conditionMatch(statement, caller, region)),
        ),
    );
  const verdicts = diskKeyActions.map((action) => {
    const allowed = says("Allow", action);
    const denied = says("Deny", action);
    return { action, match: denied === "yes" ? "no" : denied === "perhaps" ? all(allowed, "perhaps") : allowed };
  });
  const those = (match: Match): readonly string[] => verdicts.filter((verdict) => verdict.match === match).map(({ action }) => action);
  return { admitted: those("yes"), refused: those("no"), open: those("perhaps") };
}
