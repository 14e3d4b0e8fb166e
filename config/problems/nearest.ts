/** Longer texts are no misspelt names, and the distance of two long texts is costly. */
const longestName = 60;

/** How many letters must be added, left out, changed or swapped with their neighbour to make one text of the other. */
export const editDistance = (one: string, other: string): number => {
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        at(above, column) + 1,
        at(current, column - 1) + 1,
        at(above, column - 1) + (same ? 0 : 1),
        swapped ? at(before, column - 2) + 1 : Infinity,
      );
    }
    [before, above] = [above, current];
  }
  return at(above, other.length);
};

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity;

const folded = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, "");

/** The known name that was probably meant: a third of its letters may be wrong, and case, hyphens and underscores do not count. */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  if (name.length > longestName) return undefined;
  const ranked = known
    .filter((candidate) => candidate.length <= longestName)
    .map((candidate) => ({ candidate, distance: editDistance(folded(name), folded(candidate)) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)) && distance < folded(name).length)
    .sort((one, other) => one.distance - other.distance);
  return ranked[0]?.candidate;
};
