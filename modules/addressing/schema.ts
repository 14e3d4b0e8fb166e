import { z } from "zod";
import { type Leaf, matching, text } from "../validation/schema";
import { sourceKind, subnetKind, vpcKind } from "./kinds";
import { parseRange, type RangeKind } from "./ranges";

const range = (kind: RangeKind): z.ZodString =>
  text((value) => {
    const parsed = parseRange(value, kind);
    return "finding" in parsed ? parsed.finding : undefined;
  });

/** A range of a VPC: IPv4, /16 to /28, at its network address, outside what AWS or every host reserves. */
export const vpcRange = (): z.ZodString => range(vpcKind);

/** A range of a subnet: IPv4, /16 to /28, at its network address. Whether the VPC holds it is the plan's to say. */
export const subnetRange = (): z.ZodString => range(subnetKind);

/** A range that a security group lets in: IPv4 or IPv6, at its network address. */
export const sourceRange = (): z.ZodString => range(sourceKind);

/** A name that a user gives a range. It becomes part of Terraform addresses. */
export const rangeName = (): z.ZodString =>
  matching(/^[a-z][a-z0-9_-]*$/, "name for a range", "use lower-case letters, digits, _ and -, a letter first, such as office");

/** Ranges that a security group lets in, by names of the user's own. */
export const namedSourceRanges = (leaf: Leaf) => z.record(rangeName(), leaf(sourceRange()));
