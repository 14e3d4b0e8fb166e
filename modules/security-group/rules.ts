/** Who a rule speaks of: a range of addresses, or the members of a security group. Either may be a token. */
export type Peer = { readonly range: string } | { readonly group: string };

/** A security group rule with one peer. */
export interface SecurityRule {
  /** Names the rule among those of its group: part of its Terraform address. */
  readonly id: string;
  readonly direction: "in" | "out";
  readonly protocol: "tcp" | "udp" | "icmp" | "icmpv6" | "all";
  /** First and last port, for ICMP type and code, of which -1 are all; none for all protocols. Values may be tokens. */
  readonly ports?: readonly [number, number];
  readonly peer: Peer;
  /** What the rule is for. */
  readonly description: string;
}

/** All IPv4 addresses. */
export const anywhere: Peer = { range: "0.0.0.0/0" };
