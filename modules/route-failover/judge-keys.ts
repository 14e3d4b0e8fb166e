import { type Finding } from "../validation/schema";

export interface KeyedProps {
  readonly subnetIds: Readonly<Record<string, unknown>>;
  readonly connectors: Readonly<Record<string, unknown>>;
  readonly routes: Readonly<Record<string, { readonly home: string; readonly table: string; readonly destination: string }>>;
  readonly drained: readonly string[];
  readonly pinned: Readonly<Record<string, { readonly connector: string }>>;
}

/** What is missing, which names of connectors are none's, and which routes are there twice. */
export function judgeKeys(props: KeyedProps): readonly (Finding & { readonly at: readonly (string | number)[] })[] {
  const keys = Object.keys(props.connectors);
  const routes = Object.entries(props.routes);
  const named = [
    ...routes.map(([name, { home }]) => ({ at: ["routes", name, "home"], key: home })),
    ...props.drained.map((key, index) => ({ at: ["drained", index], key })),
    ...Object.entries(props.pinned).map(([name, { connector }]) => ({ at: ["pinned", name, "connector"], key: connector })),
  ];
  const needed = { subnetIds: "a subnet for the function", connectors: "a connector to watch", routes: "a route to move" } as const;
  return [
    ...(["subnetIds", "connectors", "routes"] as const)
      .filter((prop) => Object.keys(props[prop]).length === 0)
      .map((prop) => ({ at: [prop], problem: `${prop} is empty`, fix: `give ${needed[prop]}` })),
    ...named
      .filter(({ key }) => keys.length > 0 && !keys.includes(key))
      .map(({ at, key }) => ({ at, problem: `there is no connector ${key}`, fix: `use one of ${keys.join(", ")}` })),
    ...routes.flatMap(([name, { table, destination }], index) => {
      const former = routes.slice(0, index).find(([, other]) => other.table === table && other.destination === destination);
      return former ? [{ at: ["routes", name], problem: `this is the same route as ${former[0]}`, fix: "leave one out" }] : [];
    }),
  ];
}
