import { parseZone, zonesByKey } from "../modules/network/schema";

/** A zone's id is one of the physical zone, the same in all accounts, where names differ between them: usw2-az1. */
const zoneId = /^[a-z]+\d-(az\d+)$/;

/** Whether a zone is given by its id. */
export const isZoneId = (zone: string): boolean => zoneId.test(zone);

/** Reads a zone that may be given by its id, whose key is what follows the region in it: `az1`. */
export function parseZoneOrId(region: string, zone: string): ReturnType<typeof parseZone> {
  const key = zoneId.exec(zone)?.[1];
  return key === undefined ? parseZone(region, zone) : { key, name: zone };
}

/** Names of a deployment's zones, or ids where it gives those, by key and in the order given. */
export const zonesOf = (region: string, zones: readonly string[]): Readonly<Record<string, string>> =>
  zones.some(isZoneId)
    ? Object.fromEntries(zones.flatMap((zone) => (isZoneId(zone) ? [[zone.replace(zoneId, "$1"), zone]] : [])))
    : zonesByKey(region, zones);
