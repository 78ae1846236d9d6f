/** The name that was probably meant: the one fewest typing mistakes away, unless all are far. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, mistakes: name.startsWith(typed) ? 0 : mistakes(typed, name) }))
    .toSorted((a, b) => a.mistakes - b.mistakes);
  const [best] = ranked;
  return best !== undefined && best.mistakes <= Math.max(3, typed.length / 2) ? best.name : undefined;
}

/** Levenshtein's distance, row by row. */
function mistakes(typed: string, name: string): number {
  let row = Array.from({ length: name.length + 1 }, (_, column) => column);
  for (const [index, letter] of Array.from(typed).entries()) {
    const next = [index + 1];
    for (const [column, wanted] of Array.from(name).entries()) {
      const replaced = (row[column] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[name.length] ?? name.length;
}
