import { type Nat, type Vpc } from "../modules/network/schema";
import { layoutOf, type LayoutInput } from "./layout";

/** A deployment in whose VPC another one stands. */
export type Host = LayoutInput & { readonly network: Vpc };

/** Ids of what a host has: known only when it is deployed. */
export interface HostIds {
  readonly vpc: string;
  /** Of a NAT gateway that the host makes. */
  readonly natGateway: (zone: string) => string;
}

/** The NAT gateway that serves each zone of a host, where it has some. */
function gatewaysOf(host: Host, ids: HostIds): Readonly<Record<string, string>> {
  const { nat } = host;
  if (nat?.existing) return nat.existing.gateways;
  const { zones, natZones } = layoutOf(host);
  const { single } = nat ?? {};
  return single
    ? Object.fromEntries(Object.keys(zones).map((zone) => [zone, ids.natGateway(single.zone)]))
    : Object.fromEntries(natZones.map((zone) => [zone, ids.natGateway(zone)]));
}

/** Whether a deployment in another's VPC leaves by the other's NAT gateways: it does unless it says how it leaves. */
export const borrowsGateways = (nat: Nat): boolean => nat.existing === undefined && nat.none === undefined;

/** A deployment with its host's VPC, and NAT gateways, as ones that exist. */
export function standingIn<Guest extends { readonly network: object; readonly nat: Nat; readonly zones: readonly string[] }>(
  guest: Guest,
  guestZones: readonly string[],
  host: Host,
  ids: HostIds,
): Omit<Guest, "network" | "nat"> & { readonly network: Vpc; readonly nat: Nat } {
  const { cidr, secondaryCidrs } = host.network.create ?? host.network.existing ?? { cidr: "", secondaryCidrs: {} };
  const gateways = Object.entries(gatewaysOf(host, ids)).filter(([zone]) => guestZones.includes(zone));
  return {
    ...guest,
    network: { existing: { id: ids.vpc, cidr, secondaryCidrs, taken: [], lockDefaultSecurityGroup: false } },
    nat: borrowsGateways(guest.nat) ? { existing: { gateways: Object.fromEntries(gateways) } } : guest.nat,
  };
}
