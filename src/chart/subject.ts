import { asObject, asText } from './json.ts';
import type { JsonObject } from './reading.ts';

// The elements by which the resource types we read name their patient.
const PATIENT_ELEMENTS = ['subject', 'patient'] as const;

// Wider than FHIR's own ids: a server that goes beyond them (`Patient/a_b`) still names a patient.
const LITERAL_REFERENCE = /^(?:.*\/)?[A-Za-z]+\/([^/]+)(?:\/_history\/[^/]+)?\/?$/s;
const BARE_ID = /^[^\s/?#:]+$/;

/**
 * Does the resource say that it is another patient's? A reference is compared by its id, be it relative, absolute or
 * version-suffixed. `urn:uuid:`, contained (`#…`), logical and missing references say nothing and are not held against it.
 */
export function isAnotherPatients(resource: JsonObject, patientId: string): boolean {
  if (resource['resourceType'] === 'Patient') return resource['id'] !== undefined && resource['id'] !== patientId;

  const own = `Patient/${patientId}`; // as nearly all of them say it
  return PATIENT_ELEMENTS.some((element) => {
    const value = asObject(resource[element]);
    if (value === undefined || value['reference'] === own) return false;
    const id = referencedId(value);
    return id !== undefined && id !== patientId;
  });
}

function referencedId(value: JsonObject): string | undefined {
  const reference = asText(value['reference'])?.trim();
  if (reference === undefined) return undefined;
  if (reference.startsWith('#') || /^urn:/i.test(reference)) return undefined;
  const path = reference.replace(/[?#].*$/s, '');
  return LITERAL_REFERENCE.exec(path)?.[1] ?? BARE_ID.exec(reference)?.[0];
}
