import { z } from "zod";
import { awsId, findingMessage, type Immutable, type Leaf, matching } from "../validation/schema";

/** What becomes of the default route of a route table that exists. */
const defaultRoutes = ["create", "takeOver", "restore", "forget"] as const;

export type DefaultRoute = (typeof defaultRoutes)[number];

/** Names that the routes of subnets that are made have. */
const tierNames = ["workload", "resolver"];

/** What stands in the place of a name where that was left out. */
const settingNames = ["id", "tier"];

const tableName = () =>
  matching(/^[a-z][a-z0-9_-]*$/, "name for a route table", "use lower-case letters, digits, _ and -, a letter first, such as app")
    .refine((name) => !tierNames.includes(name), {
      error: ({ input }) =>
        findingMessage({ problem: `${String(input)} is the name of a tier`, fix: "give the route table another, such as app" }),
    })
    .refine((name) => !settingNames.includes(name), {
      error: ({ input }) =>
        findingMessage({
          problem: `${String(input)} is a setting of a route table, and the table has no name`,
          fix: "write the settings below a name: app: { id: rtb-0123456789abcdef0 }",
        }),
    });

/** The route tables that exist and are steered. */
export const steeringSettings = (leaf: Leaf) =>
  z
    .strictObject({
      routeTables: z
        .record(
          z.string(),
          z.record(
            tableName(),
            z.strictObject({
              id: leaf(awsId("rtb", "a route table")).meta({ description: "Id of the route table." }),
              tier: z
                .enum(["workload", "resolver"])
                .default("workload")
                .meta({ description: "Whose traffic it is: that of workloads, or the queries of resolver subnets that exist." }),
              defaultRoute: z.enum(defaultRoutes).default("create").meta({
                description:
                  "`create`: the table has no default route, and gets one. `takeOver`: it has one, or may have; what it leads to is remembered. `restore`: lead there again. `forget`: leave the route as it is, and be done with it.",
              }),
            }),
          ),
        )
        .default({})
        .meta({
          description: "Route tables that exist, by zone and a name of your own: their default route leads to the zone's connector.",
          examples: [{ a: { app: { id: "rtb-0123456789abcdef0", defaultRoute: "takeOver" } } }],
        }),
    })
    .prefault({})
    .meta({ description: "What is steered besides the subnets that are made." });

export type SteeringSettings = Immutable<z.output<ReturnType<typeof steeringSettings>>>;

/** The route tables that exist, one by one, each with its zone, its name, and the name of its default route among all that are steered. */
export const steeredTables = ({ routeTables }: SteeringSettings) =>
  Object.entries(routeTables).flatMap(([zone, tables]) =>
    Object.entries(tables).map(([name, table]) => ({ zone, name, route: `${zone}_${name}`, ...table })),
  );
