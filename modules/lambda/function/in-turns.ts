/** Calls that are made at once. */
const together = 5;

/** Acts on each, on a few at once. */
export async function inTurns<Item, Result>(items: readonly Item[], act: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let first = 0; first < items.length; first += together)
    results.push(...(await Promise.all(items.slice(first, first + together).map(act))));
  return results;
}
