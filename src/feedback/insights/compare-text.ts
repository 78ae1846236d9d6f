/** The order of ids and days: by code units, the same whatever the machine's language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
