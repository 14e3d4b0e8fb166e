import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { type Construct } from "constructs";

/** The device of the root disk of an image that is named, which a launch template needs. A deprecated one still launches instances. */
export const rootDeviceOf = (scope: Construct, imageId: string): string =>
  new DataAwsAmi(scope, "ami", { filter: [{ name: "image-id", values: [imageId] }], includeDeprecated: true }).rootDeviceName;
