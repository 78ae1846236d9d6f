import { asObjects, asText } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';

const LITERAL = /^(?:[^?#]*\/)?Patient\/([^/?#]+)(?:\/_history\/[^/?#]+)?\/?(?:[?#].*)?$/s;
const URN = /^urn:uuid:([^\s/?#]+)$/i;

/**
 * The id of the patient that a reference names: relative, absolute, with a version, or `urn:uuid:`. Contained resources (`#…`)
 * and other types are no patients of the export.
 */
export function patientIdOf(reference: string): string | undefined {
  const text = reference.trim();
  return LITERAL.exec(text)?.[1] ?? URN.exec(text)?.[1];
}

/** The elements by which the resource types of a chart name their patient. */
const ELEMENTS = ['subject', 'patient', 'beneficiary'] as const;
const NO_IDS: readonly string[] = [];

/** The ids of the patients whose chart a resource belongs to, each once: as a rule one, or none. */
export function patientsOf(resource: JsonObject): readonly string[] {
  if (resource['resourceType'] === 'Patient') {
    const id = asText(resource['id']);
    return id === undefined ? NO_IDS : [id];
  }
  const named = ELEMENTS.flatMap((element) => asObjects(resource[element]));
  const invited = asObjects(resource['participant']).flatMap(({ actor }) => asObjects(actor));
  // Of those who take part only what says that it is a patient: practitioners do, too.
  const ids = [
    ...named.flatMap(({ reference }) => idIn(reference)),
    ...invited.flatMap(({ reference }) => (asText(reference)?.includes('Patient/') === true ? idIn(reference) : [])),
  ];
  return ids.length < 2 ? ids : [...new Set(ids)];
}

function idIn(reference: unknown): readonly string[] {
  const text = asText(reference);
  const id = text === undefined ? undefined : patientIdOf(text);
  return id === undefined ? NO_IDS : [id];
}
