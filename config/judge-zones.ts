import { isLocal, parseZone } from "../modules/network/schema";
import { type PathFinding } from "./path-finding";
import { isZoneId, parseZoneOrId } from "./zones";

/**
 * What is wrong with the zones of a deployment.
 *
 * @param standing what stands in each: endpoints stand in no Local Zone, and their zones may be given by id
 */
export function judgeZones(region: string, zones: readonly string[], standing: "connectors" | "endpoints"): readonly PathFinding[] {
  const seen = new Set<string>();
  const byId = zones.slice(0, 1).some(isZoneId);
  return zones.flatMap((zone, index): readonly PathFinding[] => {
    const path = ["zones", index];
    if (standing === "endpoints" && isZoneId(zone) !== byId) {
      const problem = `${zone} is ${byId ? "no id of a zone" : "the id of a zone"}, and ${zones[0] ?? ""} is ${byId ? "one" : "a name"}`;
      return [{ path, problem, fix: "give all zones by their ids, or all by their names" }];
    }
    const parsed = standing === "endpoints" ? parseZoneOrId(region, zone) : parseZone(region, zone);
    if (!("key" in parsed)) return [{ path, ...parsed }];
    if (seen.has(parsed.key)) return [{ path, problem: `zone ${zone} is given twice`, fix: "name each zone once" }];
    seen.add(parsed.key);
    if (standing === "connectors" || !isLocal(parsed.key)) return [];
    return [{ path, problem: `${zone} is a Local Zone, where no Gateway Load Balancer endpoint can stand`, fix: "leave it out" }];
  });
}
