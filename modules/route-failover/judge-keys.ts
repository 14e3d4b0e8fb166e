import { type Finding } from "../validation/schema";

interface KeyFinding extends Finding {
  readonly at: readonly (string | number)[];
}

/** Settings that name connectors by their keys. */
export interface NamingSettings {
  readonly drained: readonly string[];
  readonly pinned: Readonly<Record<string, { readonly connector: string }>>;
}

export interface KeyedProps extends NamingSettings {
  readonly subnetIds: Readonly<Record<string, unknown>>;
  readonly connectors: Readonly<Record<string, unknown>>;
  readonly routes: Readonly<Record<string, { readonly home: string; readonly table: string; readonly destination: string }>>;
}

const judgeKey = (at: KeyFinding["at"], key: string, keys: readonly string[]): readonly KeyFinding[] =>
  keys.includes(key) ? [] : [{ at, problem: `there is no connector ${key}`, fix: `use one of ${keys.join(", ")}` }];

/** Which connectors that settings name are not among those that there are. */
export const judgeNamed = ({ drained, pinned }: NamingSettings, keys: readonly string[]): readonly KeyFinding[] => [
  ...drained.flatMap((key, index) => judgeKey(["drained", index], key, keys)),
  ...Object.entries(pinned).flatMap(([name, { connector }]) => judgeKey(["pinned", name, "connector"], connector, keys)),
];

/** What is missing, which names of connectors are none's, and which routes are there twice. */
export function judgeKeys(props: KeyedProps): readonly KeyFinding[] {
  const keys = Object.keys(props.connectors);
  const routes = Object.entries(props.routes);
  const needed = { subnetIds: "a subnet for the function", connectors: "a connector to watch", routes: "a route to move" } as const;
  return [
    ...(["subnetIds", "connectors", "routes"] as const)
      .filter((prop) => Object.keys(props[prop]).length === 0)
      .map((prop) => ({ at: [prop], problem: `${prop} is empty`, fix: `give ${needed[prop]}` })),
    ...(keys.length === 0
      ? []
      : [...routes.flatMap(([name, { home }]) => judgeKey(["routes", name, "home"], home, keys)), ...judgeNamed(props, keys)]),
    ...routes.flatMap(([name, { table, destination }], index) => {
      const former = routes.slice(0, index).find(([, other]) => other.table === table && other.destination === destination);
      return former ? [{ at: ["routes", name], problem: `this is the same route as ${former[0]}`, fix: "leave one out" }] : [];
    }),
  ];
}
