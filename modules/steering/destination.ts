import { Fn, Op } from "cdktf";
import { isToken } from "../validation";

/** The attributes of a route that name its destination: one of them has a value. */
export interface Destination {
  readonly destinationCidrBlock?: string;
  readonly destinationIpv6CidrBlock?: string;
  readonly destinationPrefixListId?: string;
}

/** Reads an IPv4 range, an IPv6 range or the id of a prefix list. What a token is, Terraform finds out. */
export function destinationOf(destination: string): Destination {
  if (isToken(destination)) {
    const isList = Fn.startswith(destination, "pl-");
    const isIpv6 = Fn.strcontains(destination, ":");
    return {
      destinationCidrBlock: Fn.conditional(Op.or(isList, isIpv6), null, destination) as string,
      destinationIpv6CidrBlock: Fn.conditional(isIpv6, destination, null) as string,
      destinationPrefixListId: Fn.conditional(isList, destination, null) as string,
    };
  }
  if (destination.startsWith("pl-")) return { destinationPrefixListId: destination };
  return destination.includes(":") ? { destinationIpv6CidrBlock: destination } : { destinationCidrBlock: destination };
}
