import { type Argument, type Block, type Body } from "../syntax/tree";

type Item = Argument | Block;

const first = ["for_each", "count", "provider", "alias"];
const last = [["tags", "tags_all"], ["lifecycle"], ["depends_on"]];

/** What a reader looks for first: the name, then ids of the thing itself and of those that it belongs to. */
const rank = ({ name }: Argument): number => (name === "name" || name === "name_prefix" ? 0 : /(^|_)id$/.test(name) ? 1 : 2);

const within = (names: readonly string[], items: readonly Item[]): Item[] =>
  names.flatMap((name) => items.filter((item) => nameOf(item) === name));

const nameOf = (item: Item): string => (item.kind === "argument" ? item.name : item.type);

/** Puts arguments and blocks in reading order: how many and where, arguments, blocks, tags, lifecycle, dependencies. */
export function arranged(items: readonly Item[]): Body {
  const placed = new Set([...first, ...last.flat()]);
  const rest = items.filter((item) => !placed.has(nameOf(item)));
  const args = rest.filter((item) => item.kind === "argument");
  return [
    within(first, items),
    args.sort((one, other) => rank(one) - rank(other)),
    rest.filter((item) => item.kind === "block"),
    ...last.map((names) => within(names, items)),
  ].filter((group) => group.length > 0);
}
