import type { DateInterval } from './calendar.ts';
import { readCodedText } from './coding.ts';
import type { Evidence, EvidenceKind } from './fact.ts';
import { asText } from './json.ts';
import type { JsonObject, Readings, ResourceKey } from './reading.ts';

/** What can be referred to: FHIR's resource names and ids, and nothing that only looks like one. */
const REFERENCE = /^[A-Z][A-Za-z]{1,63}\/[A-Za-z0-9\-.]{1,64}$/;
const NO_RESOURCES: readonly JsonObject[] = [];

/** The resources of one type that were read under a key, be they all or some; entered-in-error ones left out. */
export function resourcesOf(readings: Readings, key: ResourceKey, type: string): readonly JsonObject[] {
  const reading = readings.get(key);
  if (reading === undefined || reading.state === 'unread') return NO_RESOURCES;
  return reading.resources.filter(
    (resource) => resource['resourceType'] === type && resource['status'] !== 'entered-in-error',
  );
}

/** The resource as evidence, in the chart's own words: `code` or what is given. */
export function evidence(
  resource: JsonObject,
  kind: EvidenceKind,
  date?: DateInterval,
  text: string | undefined = readCodedText(resource['code']).texts[0],
): Evidence {
  const reference = `${asText(resource['resourceType']) ?? ''}/${asText(resource['id']) ?? ''}`;
  return {
    ...(REFERENCE.test(reference) ? { reference } : {}),
    kind,
    text: text ?? 'without a name',
    ...(date === undefined ? {} : { date }),
  };
}

/** The id a literal reference ends in, without a version: the last part of `Type/id`, an absolute URL or a bare id. */
export function referencedId(reference: string): string {
  const path = reference.split(/[?#]/)[0] ?? '';
  const parts = path.split('/').filter((part) => part !== '');
  const history = parts.indexOf('_history');
  return (history > 0 ? parts[history - 1] : parts.at(-1)) ?? '';
}
