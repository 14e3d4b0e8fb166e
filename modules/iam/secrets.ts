import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key";
import { DataAwsSecretsmanagerSecret } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret";
import { Fn, Token } from "cdktf";
import { type Construct } from "constructs";
import { isToken } from "../validation";
import { composedArn } from "./lookups";

/** Looks up a secret that exists by its name or ARN, in the scope's `secretsmanager_secret`. */
export function existingSecret(scope: Construct, nameOrArn: string): DataAwsSecretsmanagerSecret {
  const secret = (by: { readonly arn: string } | { readonly name: string } | { readonly arn: string; readonly name: string }) =>
    new DataAwsSecretsmanagerSecret(scope, "secretsmanager_secret", by);
  if (!isToken(nameOrArn)) return secret(nameOrArn.startsWith("arn:") ? { arn: nameOrArn } : { name: nameOrArn });
  const isArn = Fn.startswith(nameOrArn, "arn:");
  return secret({
    arn: Fn.conditional(isArn, nameOrArn, null) as string,
    name: Fn.conditional(isArn, null, nameOrArn) as string,
  });
}

/** Looks up a KMS key by its id, ARN or alias, in the scope's `<id>_key`: policies speak of keys by their ARN alone. */
export const existingKeyArn = (scope: Construct, id: string, key: string): string =>
  new DataAwsKmsKey(scope, `${id}_key`, { keyId: key }).arn;

/** What is given by its name or ARN, as an ARN. */
function arnOf(nameOrArn: string, fromName: () => string): string {
  if (!isToken(nameOrArn)) return nameOrArn.startsWith("arn:") ? nameOrArn : fromName();
  return Token.asString(Fn.conditional(Fn.startswith(nameOrArn, "arn:"), nameOrArn, fromName()));
}

/** The ARN of a secret that may come later, for policies: AWS appends six characters to its name (Secrets Manager user guide, "Secret ARN"). */
export const secretArn = (scope: Construct, nameOrArn: string): string =>
  arnOf(nameOrArn, () => composedArn(scope, "secretsmanager", `secret:${nameOrArn}-??????`));

/** The ARN of a parameter that may come later. The slash that its name may begin with is that of the ARN. */
export const parameterArn = (scope: Construct, nameOrArn: string): string =>
  arnOf(nameOrArn, () =>
    composedArn(scope, "ssm", `parameter/${isToken(nameOrArn) ? Fn.trimprefix(nameOrArn, "/") : nameOrArn.replace(/^\//, "")}`),
  );
