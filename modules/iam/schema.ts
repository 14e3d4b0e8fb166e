import { z } from "zod";
import { type Immutable, type Leaf, matching } from "../validation/schema";

const iamArn = (example: string): z.ZodString => matching(/^arn:aws[a-z-]*:iam::/, "ARN", `give the whole ARN, such as ${example}`);

/** The ARN of an IAM role, user or account root. */
export const principalArn = (): z.ZodString => iamArn("arn:aws:iam::123456789012:role/deployer");

/** The id of an AWS account. */
export const accountId = (): z.ZodString => matching(/^\d{12}$/, "AWS account id", 'write its twelve digits in quotes: "123456789012"');

/** A KMS key by id, ARN or alias. */
export const kmsKey = (): z.ZodString =>
  matching(
    /^(alias\/[\w/-]+|(mrk-)?[0-9a-f-]{32,36}|arn:aws[a-z-]*:kms:.+)$/,
    "KMS key",
    "give one such as alias/zscaler, a key id or an ARN",
  );

/** A secret of Secrets Manager by name or ARN. */
export const secretName = (): z.ZodString =>
  matching(
    /^([\w/+=.@-]{1,512}|arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+)$/,
    "secret of Secrets Manager",
    "give one such as ZS/CC/credentials or the secret's ARN",
  );

/** How every role of a deployment is made, so that it fits a company's rules. */
export const roleSettings = (leaf: Leaf) =>
  z.strictObject({
    path: leaf(matching(/^\/([!-~]{1,510}\/)?$/, "IAM path", "a path begins and ends with a slash, such as /network/"))
      .default("/")
      .meta({ description: "IAM path of every role and instance profile." }),
    permissionsBoundary: leaf(iamArn("arn:aws:iam::123456789012:policy/boundary"))
      .optional()
      .meta({ description: "ARN of the policy that bounds every role." }),
  });

export type RoleSettings = Immutable<z.input<ReturnType<typeof roleSettings>>>;
