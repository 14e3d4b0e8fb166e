import { z } from "zod";
import { type Leaf, matching, type TerraformRule, text } from "../validation/schema";
import { sourceKind, subnetKind, takenKind, vpcKind } from "./kinds";
import { parseRange, type RangeKind } from "./ranges";

// cidrsubnet with no new bits answers with the network address, where cidrhost takes host bits too.
const rangeRule: TerraformRule = {
  condition: (value) => `can(cidrhost(${value}, 0)) && try(cidrsubnet(${value}, 0, 0) == ${value}, false)`,
  message: "This is no range at its network address, such as 10.1.0.0/16.",
};

const range = (kind: RangeKind): z.ZodString =>
  text((value) => {
    const parsed = parseRange(value, kind);
    return "finding" in parsed ? parsed.finding : undefined;
  }, rangeRule);

/** A range of a VPC: IPv4, /16 to /28, at its network address, outside what AWS or every host reserves. */
export const vpcRange = (): z.ZodString => range(vpcKind);

/** A range of a subnet: IPv4, /16 to /28, at its network address. Whether the VPC holds it is the plan's to say. */
export const subnetRange = (): z.ZodString => range(subnetKind);

/** A range that others use in a VPC that exists: IPv4, /16 to /32, at its network address. Whether the VPC holds it is the plan's to say. */
export const takenRange = (): z.ZodString => range(takenKind);

/** A range that a security group lets in: IPv4 or IPv6, at its network address. */
export const sourceRange = (): z.ZodString => range(sourceKind);

/** A name that a user gives a range. It becomes part of Terraform addresses. */
export const rangeName = (): z.ZodString =>
  matching(/^[a-z][a-z0-9_-]*$/, "name for a range", "use lower-case letters, digits, _ and -, a letter first, such as office");

/** Ranges that a security group lets in, by names of the user's own. */
export const namedSourceRanges = (leaf: Leaf) => z.record(rangeName(), leaf(sourceRange()));
