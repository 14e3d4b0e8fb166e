import { type Finding } from "../validation/schema";

/** A connector's place: its key is `<zone>-<number>`, counted from 1 in each zone. */
export interface Place {
  readonly key: string;
  readonly zone: string;
  readonly number: number;
}

/** Zones without connectors, each with the zone that serves it. */
export type ServedBy = Readonly<Record<string, string>>;

/** The zones that have connectors. */
export const connectorZones = (zones: readonly string[], servedBy: ServedBy): readonly string[] =>
  zones.filter((zone) => servedBy[zone] === undefined);

/** The connectors of a deployment: `perZone` in each zone that is not served by another. */
export const placeConnectors = (zones: readonly string[], servedBy: ServedBy, perZone: number): readonly Place[] =>
  connectorZones(zones, servedBy).flatMap((zone) =>
    Array.from({ length: perZone }, (_, index) => ({ key: `${zone}-${index + 1}`, zone, number: index + 1 })),
  );

/**
 * The connector to which each zone's traffic goes: one of the zone itself, else of the zone that serves it. Zones that share a serving zone
 * are dealt its connectors in turn.
 */
export function serveZones(zones: readonly string[], servedBy: ServedBy, perZone: number): Readonly<Record<string, Place>> {
  const places = placeConnectors(zones, servedBy, perZone);
  const dealt = new Map<string, number>();
  const ownFirst = [...zones].sort((a, b) => Number(servedBy[a] !== undefined) - Number(servedBy[b] !== undefined));
  const served = ownFirst.flatMap((zone) => {
    const home = servedBy[zone] ?? zone;
    const candidates = places.filter((place) => place.zone === home);
    const turn = dealt.get(home) ?? 0;
    dealt.set(home, turn + 1);
    const place = candidates[turn % candidates.length];
    return place ? [[zone, place] as const] : [];
  });
  return Object.fromEntries(served);
}

/** What is wrong with who serves whom: each finding with the zone it is about. */
export function judgeServedBy(zones: readonly string[], servedBy: ServedBy): readonly (Finding & { readonly zone: string })[] {
  return Object.entries(servedBy).flatMap(([zone, home]) => {
    if (!zones.includes(zone)) {
      return [{ zone, problem: `zone ${zone} is not one of the deployment's zones`, fix: `use one of ${zones.join(", ")}` }];
    }
    if (!zones.includes(home) || servedBy[home] !== undefined) {
      const possible = connectorZones(zones, servedBy);
      return [
        {
          zone,
          problem: `zone ${home} has no connectors to serve zone ${zone}`,
          fix:
            possible.length > 0
              ? `name a zone with connectors: ${possible.join(", ")}`
              : "leave one zone out of servedBy, so that it gets connectors",
        },
      ];
    }
    return [];
  });
}
