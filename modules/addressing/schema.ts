import type { z } from "zod";
import { text } from "../validation/schema";
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
