import { steeredTables, type SteeringSettings } from "../modules/steering/schema";
import { type PathFinding, unknownZone } from "./path-finding";

/** What the route tables that exist are judged by. */
export interface SteeringCase {
  /** Keys of the zones. */
  readonly zones: readonly string[];
  readonly steering: SteeringSettings;
  /** Names of the pinned destinations. */
  readonly pinned: readonly string[];
  /** Whether the deployment has a resolver, and if not, where there would be one. */
  readonly resolver: "there" | "optional" | "of the hub" | "of other templates";
}

/** What is wrong with the route tables that are to be steered. */
export const judgeSteering = (given: SteeringCase): readonly PathFinding[] => [...judgeTables(given), ...judgeRouteNames(given)];

const tablesOf = (steering: SteeringSettings) =>
  steeredTables(steering).map((table) => ({ ...table, path: ["steering", "routeTables", table.zone, table.name] }));

const elsewhere = {
  optional: ", or give zpa",
  "of the hub": ": queries are forwarded in the hub's VPC",
  "of other templates": ", or use the template zpa or zpa-ha",
} as const;

function judgeTables({ zones, steering, resolver }: SteeringCase): readonly PathFinding[] {
  const tables = tablesOf(steering);
  return [
    ...Object.keys(steering.routeTables)
      .filter((zone) => !zones.includes(zone))
      .map((zone) => unknownZone(["steering", "routeTables", zone], zone, zones)),
    ...tables.flatMap(({ id, path }, index): readonly PathFinding[] => {
      const earlier = id.includes("${") ? undefined : tables.slice(0, index).find((table) => table.id === id);
      return earlier
        ? [
            {
              path: [...path, "id"],
              problem: `${id} is also ${earlier.path.join(".")}`,
              fix: "name each table once, under the zone whose connectors take its traffic",
            },
          ]
        : [];
    }),
    ...tables
      .filter(({ tier }) => tier === "resolver" && resolver !== "there")
      .map(({ path }) => ({
        path: [...path, "tier"],
        problem: "the deployment has no resolver",
        fix: `leave tier out${resolver === "there" ? "" : elsewhere[resolver]}`,
      })),
  ];
}

/** The routes of a zone have names of their own: `app`, and `app_partner` for a destination that is pinned. */
function judgeRouteNames({ zones, steering, pinned }: SteeringCase): readonly PathFinding[] {
  return zones.flatMap((zone) => {
    const tables = Object.keys(steering.routeTables[zone] ?? {});
    const ofPins = ["workload", ...tables].flatMap((table) => pinned.map((pin) => ({ table, pin, name: `${table}_${pin}` })));
    return tables.flatMap((table): readonly PathFinding[] => {
      const same = ofPins.find(({ name }) => name === table);
      return same
        ? [
            {
              path: ["steering", "routeTables", zone, table],
              problem: `the route of ${table} would have the name of that of ${same.table} to the pinned destination ${same.pin}`,
              fix: "give the table another name",
            },
          ]
        : [];
    });
  });
}
