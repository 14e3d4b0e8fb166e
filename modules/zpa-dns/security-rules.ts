import { anywhere, type SecurityRule } from "../security-group";

const protocols = ["tcp", "udp"] as const;

/** DNS to the targets, and nothing else: answers come back by connection tracking. */
export const trackedRules = (targets: readonly string[]): readonly SecurityRule[] =>
  targets.flatMap((target, index) =>
    protocols.map((protocol): SecurityRule => ({
      id: `dns_${protocol}_to_target_${index + 1}`,
      direction: "out",
      protocol,
      ports: [53, 53],
      peer: { range: `${target}/32` },
      description: "DNS to a target of the forwarded domains",
    })),
  );

/**
 * All of TCP and UDP, from and to anywhere. EC2 does not track a flow only if a rule lets it pass to all addresses and a rule of the other direction
 * lets the answers pass from all addresses on all ports (EC2 user guide, "Untracked connections"); Route 53 advises these rules for outbound endpoints
 * (Route 53 developer guide, "Resolver endpoint scaling").
 */
export const untrackedRules: readonly SecurityRule[] = (["in", "out"] as const).flatMap((direction) =>
  protocols.map((protocol): SecurityRule => ({
    id: `all_${protocol}_${direction}`,
    direction,
    protocol,
    ports: [0, 65535],
    peer: anywhere,
    description: "Open, so that connections are not tracked",
  })),
);
