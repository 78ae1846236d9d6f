import { asObject, asText } from './json.ts';
import type { JsonObject } from './reading.ts';

/** The id at the end of a literal reference to a Patient: relative, absolute or with a version. */
const PATIENT_REFERENCE = /(?:^|\/)Patient\/([^/?#]+)(?:\/_history\/[^/]+)?$/;

/**
 * Does the resource say that it is about somebody else? References that name nobody (`urn:uuid:`, contained, an
 * identifier, none at all – entered-in-error records are stripped of it) are not held against it.
 */
export function isAboutAnother(resource: JsonObject, patientId: string): boolean {
  if (resource['resourceType'] === 'Patient') return resource['id'] !== patientId;
  const reference = asText(asObject(resource['subject'] ?? resource['patient'])?.['reference']);
  if (reference === undefined) return false;
  const named = PATIENT_REFERENCE.exec(reference)?.[1];
  return named !== undefined && named !== patientId;
}
