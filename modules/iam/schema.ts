import { z } from "zod";
import { type Immutable, type Leaf, text } from "../validation/schema";

const arn = (service: string, example: string): z.ZodString =>
  text((value) =>
    new RegExp(`^arn:aws[a-z-]*:${service}:`).test(value)
      ? undefined
      : { problem: `${value} is no ARN`, fix: `give the whole ARN, such as ${example}` },
  );

/** The ARN of an IAM role, user or account root. */
export const principalArn = (): z.ZodString => arn("iam:", "arn:aws:iam::123456789012:role/deployer");

/** How every role of a deployment is made, so that it fits a company's rules. */
export const roleSettings = (leaf: Leaf) =>
  z.strictObject({
    path: leaf(
      text((value) =>
        /^\/([!-~]{1,510}\/)?$/.test(value)
          ? undefined
          : { problem: `${value} is no IAM path`, fix: "a path begins and ends with a slash, such as /network/" },
      ),
    )
      .default("/")
      .meta({ description: "IAM path of every role and instance profile." }),
    permissionsBoundary: leaf(arn("iam:", "arn:aws:iam::123456789012:policy/boundary"))
      .optional()
      .meta({ description: "ARN of the policy that bounds every role." }),
  });

export type RoleSettings = Immutable<z.input<ReturnType<typeof roleSettings>>>;
