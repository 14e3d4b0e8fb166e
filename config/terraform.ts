import { z } from "zod";
import { accountId, roleSettings } from "../modules/iam/schema";
import { tags } from "../modules/naming/schema";
import { type Immutable, type Leaf, matching, oneOf } from "../modules/validation/schema";

const region = () => matching(/^[a-z]{2}(-[a-z]+)+-\d$/, "AWS region", "write it as AWS does, such as us-west-2");

const roleArn = () =>
  matching(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, "role ARN", "give the whole ARN, such as arn:aws:iam::123456789012:role/deployer");

const bucket = () =>
  matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "bucket name", "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens");

const backend = () =>
  oneOf({
    local: z
      .strictObject({
        path: z
          .string()
          .min(1)
          .optional()
          .meta({ description: "State file, relative to the config file. By default `<config name>.<deployment>.tfstate` beside it." }),
      })
      .meta({ description: "State in a file." }),
    s3: z
      .strictObject({
        bucket: bucket().meta({ description: "Bucket of the state. It must exist." }),
        key: z.string().min(1).max(1024).optional().meta({ description: "Object of the state. By default `<deployment>.tfstate`." }),
        region: region().meta({ description: "Region of the bucket." }),
        lockFile: z.boolean().default(true).meta({ description: "Lock the state by a file beside it. Needs Terraform 1.10." }),
        kmsKey: z
          .string()
          .min(1)
          .optional()
          .meta({ description: "ARN of the KMS key that encrypts the state. By default the bucket's encryption." }),
        profile: z.string().min(1).optional().meta({ description: "Profile of the AWS configuration, for the bucket." }),
      })
      .meta({ description: "State in S3, always encrypted." }),
  })
    .prefault({ local: {} })
    .meta({ description: "Where Terraform keeps the state." });

/** Name of a deployment's state, where none is given. */
export const stateName = (deployment: string): string => `${deployment}.tfstate`;

/** Key of the tag, on all that a deployment makes, by which Zscaler knows what belongs together: that of its published template. */
export const clusterTag = (deployment: string): string => `zs-edge-connector-cluster/${deployment}-cluster`;

/** What every deployment has, whatever its template: where it goes, as whom, and where its state is. */
export const terraformSettings = (leaf: Leaf) => ({
  region: leaf(region()).meta({ description: "AWS region.", examples: ["us-west-2"] }),
  provider: z
    .strictObject({
      profile: z.string().min(1).optional().meta({ description: "Profile of the AWS configuration." }),
      assumeRole: z
        .strictObject({
          roleArn: roleArn().meta({ description: "ARN of the role to assume." }),
          externalId: z.string().min(2).optional().meta({ description: "External id that the role asks for." }),
          sessionName: z.string().min(2).max(64).optional().meta({ description: "Name of the session." }),
        })
        .optional()
        .meta({ description: "Role that Terraform assumes." }),
      allowedAccountIds: z
        .array(accountId())
        .min(1)
        .optional()
        .meta({ description: "Accounts that may be deployed to; any other is refused." }),
    })
    .prefault({})
    .meta({ description: "As whom Terraform works." }),
  backend: backend(),
  iam: roleSettings(leaf).prefault({}).meta({ description: "Path and permissions boundary of the IAM roles." }),
  tags: leaf(tags(leaf))
    .default({})
    .meta({ description: "Tags of everything, besides ManagedBy, Vendor and the cluster tag that Zscaler's templates set." }),
});

export type TerraformSettings = Immutable<z.output<z.ZodObject<ReturnType<typeof terraformSettings>>>>;
