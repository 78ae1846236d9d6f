import { asObject, asText } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';

/**
 * Each resource once: exports that are laid together, and those with history, hold some in several versions. The one that was
 * updated last is taken, of two from the same instant the later line. What has no id is no version of anything.
 */
export function newestVersions(resources: readonly JsonObject[]): readonly JsonObject[] {
  const newest = new Map<unknown, JsonObject>();
  for (const resource of resources) {
    const id = asText(resource['id']);
    const name = id === undefined ? resource : `${asText(resource['resourceType'])}/${id}`;
    const known = newest.get(name);
    if (known === undefined || updatedAt(known) <= updatedAt(resource)) newest.set(name, resource);
  }
  return [...newest.values()];
}

/** Milliseconds since 1970; what does not say comes before all that does. */
function updatedAt(resource: JsonObject): number {
  const at = Date.parse(asText(asObject(resource['meta'])?.['lastUpdated']) ?? '');
  return Number.isNaN(at) ? -Infinity : at;
}
