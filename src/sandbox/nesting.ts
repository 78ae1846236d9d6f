/** No FHIR resource nests so deep, not even with Bundles and contained resources inside one another. */
const DEEPEST = 200;

/** Is the value nested no deeper than any FHIR resource? What walks through one that is may run out of stack. */
export function isShallow(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return false;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return true;
}
