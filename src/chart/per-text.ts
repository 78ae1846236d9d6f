/**
 * Remembers what was read from a text. A chart says the same in many records – copied reports, templates –, and each
 * distinct text is read once. Made anew for each reading of a chart: nothing outlives it.
 */
export function oncePerText<Result>(read: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, { readonly result: Result }>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before.result;
    const result = read(text);
    known.set(text, { result });
    return result;
  };
}
