import { type TerraformSettings } from "./terraform";

type Provider = TerraformSettings["provider"];

/** The account to which a deployment goes, as far as its settings say: that of the role it assumes, else the only one that is allowed. */
export function accountOf({ assumeRole, allowedAccountIds = [] }: Provider): string | undefined {
  const assumed = /^arn:[a-z-]+:iam::(\d{12}):/.exec(assumeRole?.roleArn ?? "")?.[1];
  return assumed ?? (allowedAccountIds.length === 1 ? allowedAccountIds[0] : undefined);
}

/** Whether a spoke is of its hub's account, of another one, or of one that is not known since its profile is another. */
export function accountBeside(hub: Provider, spoke: Provider): { readonly other: string } | "same" | "unknown" {
  const account = accountOf(spoke);
  if (account === undefined) return spoke.profile === hub.profile ? "same" : "unknown";
  return account === accountOf(hub) ? "same" : { other: account };
}

/** The ARN by which all of an account is meant. */
export function rootArn(region: string, account: string): string {
  const partition = region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  return `arn:${partition}:iam::${account}:root`;
}
