import { asObject, asText } from '../chart/json.ts';
import { type MedicationLookup, medicationLookup, readMedication } from '../chart/medication.ts';
import { namesNoDrug } from '../chart/nameless-medication.ts';
import type { JsonObject, Readings } from '../chart/reading.ts';
import type { Terminology } from '../chart/terminology.ts';
import { WITH_MEDICATIONS } from '../fhir/beside-orders.ts';
import { ingredientsOf, medicationOf } from './medication-reference.ts';

/** Stands among the parts of the chart that could not be read: it is none of its own, but orders and doses may need it. */
export const MEDICATIONS = 'medications';

/**
 * Is there an order, a dose or a statement of which nobody can tell the drug, since the Medication that it refers to, or one that
 * this is made of, is not in the export? One whose Medication is there and names no drug is not meant: it was read.
 */
export function missesMedications(readings: Readings, terminology: Terminology): boolean {
  return [...WITH_MEDICATIONS].some((key) => {
    const reading = readings.get(key);
    if (reading === undefined || reading.state === 'unread') return false;
    const lookup = medicationLookup(reading.resources);
    return reading.resources.some(
      (record) =>
        record['status'] !== 'entered-in-error' &&
        refersInVain(record, lookup) &&
        namesNoDrug(readMedication(record, lookup), terminology),
    );
  });
}

function refersInVain(record: JsonObject, { find }: MedicationLookup): boolean {
  const link = asObject(record['medicationReference']);
  if (link === undefined || asText(link['reference'])?.startsWith('#') === true) return false;
  const id = medicationOf(record);
  if (id === undefined) return true;
  const parts = new Set([id]);
  // A Set is walked to what was added on the way; each is added once, so that circles end.
  for (const part of parts) {
    const medication = find(part);
    if (medication === undefined) return true;
    for (const ingredient of ingredientsOf(medication)) parts.add(ingredient);
  }
  return false;
}
