import { type TierSubnet } from "../modules/network";

/** The ids of a tier's subnets, by zone. */
export const subnetIds = (subnets: Readonly<Record<string, TierSubnet>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(subnets).map(([zone, { subnetId }]) => [zone, subnetId]));
