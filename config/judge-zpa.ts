import { endpointAddresses } from "../modules/zpa-dns/schema";
import { regionZones } from "./layout";
import { type PathFinding } from "./path-finding";

/** What is wrong with the zones of a deployment with a resolver endpoint, which has one address a zone. */
export function judgeResolverZones(zones: readonly string[]): readonly PathFinding[] {
  const standing = regionZones(zones);
  const { fewest, most } = endpointAddresses;
  if (standing.length > most) {
    const problem = `${standing.length} zones are more than the resolver endpoint has addresses for`;
    return [{ path: ["zones"], problem, fix: `name ${most} at the most, without Local Zones: each zone takes one of its addresses` }];
  }
  if (standing.length >= fewest) return [];
  const lack = standing.length < zones.length ? "Local Zones have none" : `there is only ${zones.join("")}`;
  return [
    {
      path: ["zones"],
      problem: `the resolver endpoint needs addresses in two zones, and ${lack}`,
      fix: "name a second zone, and in connectors.servedBy the zone whose connectors serve it if it shall have none of its own",
    },
  ];
}
