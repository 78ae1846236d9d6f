/** Was it not there yet? From now on it is. */
export function isNew(seen: Set<string>, item: string): boolean {
  if (seen.has(item)) return false;
  seen.add(item);
  return true;
}
