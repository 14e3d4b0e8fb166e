import { type Finding } from "../validation/schema";

/** An Availability Zone or Local Zone: its key is what follows the region in its name. */
export interface Zone {
  readonly key: string;
  readonly name: string;
}

const letter = /^[a-z]$/;

/** What follows the region in the id of a zone, `usw2-az1`: the key of one that is known by its id, since names differ between accounts. */
const number = /^az\d+$/;

/** Reads a zone as a person writes it: by its key (`a`, `lax-1a`), or by its full name (`us-west-2a`, `us-west-2-lax-1a`). */
export function parseZone(region: string, zone: string): Zone | Finding {
  if (letter.test(zone)) return { key: zone, name: `${region}${zone}` };
  if (isLocal(zone)) return { key: zone, name: `${region}-${zone}` };
  const rest = zone.startsWith(region) ? zone.slice(region.length) : "";
  if (letter.test(rest)) return { key: rest, name: zone };
  if (rest.startsWith("-") && isLocal(rest.slice(1))) return { key: rest.slice(1), name: zone };
  return {
    problem: `${zone} is no zone of ${region}`,
    fix: `use a letter such as a (for ${region}a), or the full name of a Local Zone such as ${region}-lax-1a`,
  };
}

/** Zones by key, in the order given. Zones that do not parse, and repeated ones, are left out: `parseZone` says what is wrong with them. */
export const zonesByKey = (region: string, zones: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    zones
      .map((zone) => parseZone(region, zone))
      .filter((zone): zone is Zone => "key" in zone)
      .map(({ key, name }) => [key, name]),
  );

/** What is wrong with the keys of a `zones` prop, which become part of Terraform addresses. */
export const judgeZoneKeys = (keys: readonly string[]): readonly (Finding & { readonly at: readonly ["zones"] })[] =>
  keys
    .filter((key) => !letter.test(key) && !number.test(key) && !isLocal(key))
    .map((key) => ({
      at: ["zones"],
      problem: `${key} is no key of a zone`,
      fix: "use what follows the region in the zone's name: a, or lax-1a for a Local Zone; or in its id: az1",
    }));

/** True for the key of a Local Zone. Its public addresses come from the zone's own network border group. */
export const isLocal = (key: string): boolean => /^[a-z]{3}-\d[a-z]$/.test(key);
