import { regionZones } from "../config/layout";
import { type TierSubnet } from "../modules/network";

/** The ids of a tier's subnets, by zone. */
export const subnetIds = (subnets: Readonly<Record<string, TierSubnet>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(subnets).map(([zone, { subnetId }]) => [zone, subnetId]));

/** The ids of a tier's subnets in zones of the region itself, by zone. */
export function regionSubnetIds(subnets: Readonly<Record<string, TierSubnet>>): Readonly<Record<string, string>> {
  const standing = regionZones(Object.keys(subnets));
  return Object.fromEntries(Object.entries(subnetIds(subnets)).filter(([zone]) => standing.includes(zone)));
}
