import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { Fn } from "cdktf";
import { type Construct } from "constructs";
import { partitionOf } from "../iam";
import { productCode } from "./schema";

/** What instances are started from. */
export interface Image {
  readonly id: string;
  /** Whether it was looked up: a newer one must not replace an App Connector that runs. */
  readonly lookedUp: boolean;
  /** The device of its root disk, where that is known. */
  readonly rootDevice: string | undefined;
}

/** Red Hat's own accounts (Red Hat, "How to Locate Red Hat Cloud Access Gold Images on AWS EC2"). An account's number says who it is in one partition only. */
const redHat = { aws: "309956199498", "aws-cn": "841258680906", "aws-us-gov": "219670896067" } as const;

/** Looks up, in the scope's `ami`, the image that is to be the newest of its kind. */
export function imageOf(scope: Construct, kind: "zscaler" | "rhel", named: string | undefined): Image {
  if (named !== undefined) return { id: named, lookedUp: false, rootDevice: undefined };
  const { partition } = partitionOf(scope);
  const found = new DataAwsAmi(scope, "ami", {
    mostRecent: true,
    ...(kind === "zscaler"
      ? { owners: ["aws-marketplace"], filter: [{ name: "product-code", values: [productCode] }] }
      : {
          owners: [Fn.lookup(redHat, partition, redHat.aws) as string],
          // Of this form are those that are released, on disks of type gp3, and paid by the hour.
          filter: [{ name: "name", values: ["RHEL-9.*_HVM-*-x86_64-*-Hourly2-GP3"] }],
        }),
  });
  return { id: found.id, lookedUp: true, rootDevice: found.rootDeviceName };
}
