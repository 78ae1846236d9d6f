import { asObjects } from '../../chart/json.ts';
import type { JsonObject, Readings } from '../../chart/reading.ts';

/** `Type/id`, wherever it lies and whatever its version. */
const REFERENCE = /(?:^|\/)(?<type>[A-Z][A-Za-z]*)\/(?<id>[^/]+)(?:\/_history\/[^/]+)?$/;

/** The resource of this reference among all that was read; else one that stands within another (`contained`). */
export function findRecord(readings: Readings, reference: string): JsonObject | undefined {
  const { type, id } = REFERENCE.exec(reference)?.groups ?? {};
  if (type === undefined || id === undefined) return undefined;
  const read = [...readings.values()].flatMap((reading) => (reading.state === 'unread' ? [] : reading.resources));
  const isIt = (resource: JsonObject) => resource['resourceType'] === type && resource['id'] === id;
  return read.find(isIt) ?? read.flatMap((resource) => asObjects(resource['contained'])).find(isIt);
}
