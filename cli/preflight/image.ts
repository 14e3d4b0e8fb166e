import { productCode } from "../../modules/app-connector/schema";
import { productCodes } from "../../modules/cloud-connector/schema";
import { type Image, type LaunchAnswer } from "./aws";
import { type Subnet } from "./aws-network";
import { fail, pass, unknown, type Verdict } from "./check";
import { type ImageSource } from "./request";
import { denier } from "./refusal";

/** Where an account subscribes to a product in commercial regions, by its product code. */
const productPages: Readonly<Record<string, string>> = {
  [productCodes.commercial]: "https://aws.amazon.com/marketplace/pp/prodview-cvzx4oiv7oljm",
  [productCode]: "https://aws.amazon.com/marketplace/pp/prodview-epy3md7fcvk4g",
};

/** The newest of some images. */
export const newest = (images: readonly Image[]): Image | undefined =>
  [...images].sort((one, other) => other.created.localeCompare(one.created)).at(0);

/**
 * The subnet for a dry run, which needs one: in a zone that the instances are wanted in, and of the default VPC, if there is such a one. Without any
 * subnet AWS looks for the default VPC itself, and says that there is none.
 */
export function dryRunSubnet(zones: readonly string[], subnets: readonly Pick<Subnet, "id" | "zone" | "isDefault">[]): string | undefined {
  const rank = ({ zone, isDefault }: Pick<Subnet, "zone" | "isDefault">): number => (zones.includes(zone) ? 2 : 0) + (isDefault ? 1 : 0);
  return [...subnets].sort((one, other) => rank(other) - rank(one)).at(0)?.id;
}

/** Why there is nothing to launch. */
export const noImage = (source: ImageSource, region: string): Verdict =>
  "id" in source
    ? fail(
        `the account may not use an image ${source.id} in ${region}, or there is none`,
        "name an image of this region that is shared with the account",
      )
    : fail(
        `the marketplace has no image of product ${source.marketplace} in ${region}`,
        "name an image (ami) that the account may launch, or use a region in which the product is sold",
      );

/** Where to subscribe. AWS's message links to the product of the very image; China has a marketplace of its own. */
function subscriptionPage(source: ImageSource, region: string, message: string): string {
  const link = /https?:\/\/\S+/.exec(message)?.[0];
  const known = "marketplace" in source && !region.startsWith("cn-") ? productPages[source.marketplace] : undefined;
  return known ?? link ?? "the image's product in the AWS Marketplace";
}

/**
 * Whether AWS would launch the image. A dry run answers `DryRunOperation` if so, and `OptInRequired` if the account has not subscribed to the image's
 * marketplace product.
 */
export function judgeLaunch(image: Image, source: ImageSource, region: string, { code, message }: LaunchAnswer): Verdict {
  const page = subscriptionPage(source, region, message);
  switch (code) {
    case "DryRunOperation":
      return pass(`AWS would launch ${image.id} (${image.name})`);
    case "OptInRequired":
      return fail(
        `the account is not subscribed to ${image.id} (${image.name})`,
        `open ${page} in this account, subscribe and accept the terms (needs aws-marketplace:Subscribe)`,
      );
    case "UnauthorizedOperation": {
      const by = denier(message);
      return unknown(
        `ec2:RunInstances is denied${by === undefined ? "" : ` by a ${by}`}, so that AWS does not say whether the account is subscribed to ${image.id}`,
        `allow ec2:RunInstances, which the deployment needs too, or look at ${page}`,
      );
    }
    case "VPCIdNotSpecified":
    case "MissingInput":
      return unknown(
        `AWS says whether the account is subscribed to ${image.id} only with a subnet to launch in, and none was found (${code})`,
        `look at ${page}, or allow ec2:DescribeSubnets and run this again when ${region} has a VPC`,
      );
    default:
      return unknown(
        `AWS says of a launch of ${image.id}: ${message === "" ? code : `${code}: ${message}`}`,
        `do what AWS says, or look at ${page}`,
      );
  }
}
