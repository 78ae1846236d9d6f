import { readDate, readPeriod } from './calendar.ts';
import { type CodedText, readCodedText } from './coding.ts';
import { resourcesIn } from './context-resources.ts';
import { asObject, asObjects, asText } from './json.ts';
import type { JsonObject } from './reading.ts';
import { evidence } from './resource.ts';
import type { ServiceRecord } from './service-record.ts';
import { isAnotherPatients } from './subject.ts';

/** Visits that are over or will not be; any other status, or none, is a plan. */
const VOID = new Set(['fulfilled', 'cancelled', 'noshow', 'entered-in-error']);
/** A visit to speak about a scan is not the scan. */
const ABOUT_A_RESULT =
  /\b(?:results?|reviews?|discuss\w{0,5}|after|following|seen|show(?:s|ed|n)|findings?|abnormal\w{0,4}|reports?|follow[\s-]?up (?:of|on|to) (?:\w{1,12} ){0,2}(?:ct|mri?|pet|scan))\b/i;

/**
 * The visits that are being booked, as services that count as ordered (rule 6): nobody is asked to order what they are
 * just booking. Nothing of them is judged. Another patient's are left out and counted.
 */
export function readAppointments(
  bundle: JsonObject,
  patientId: string,
): { readonly records: readonly ServiceRecord[]; readonly skipped: number } {
  const { resources, skipped } = resourcesIn(bundle, 'Appointment', (appointment) => isOthers(appointment, patientId));
  const records = resources
    .filter((appointment) => !VOID.has(asText(appointment['status']) ?? ''))
    .map((appointment): ServiceRecord => {
      const date = readDate(appointment['start']) ?? requestedPeriod(appointment);
      const concepts = conceptsOf(appointment);
      const named = concepts.find(({ texts }) => texts.length > 0)?.texts[0];
      return {
        key: 'context',
        state: 'ordered',
        date,
        concepts: concepts.map(withoutResults),
        evidence: evidence(appointment, 'appointment', date, named),
        resource: appointment,
      };
    });
  return { records, skipped };
}

/** An Appointment names its patients among its participants: another's, if it names some and this one is not among them. */
function isOthers(appointment: JsonObject, patientId: string): boolean {
  const patients = asObjects(appointment['participant']).flatMap((participant) => {
    const actor = asObject(participant['actor']);
    return actor !== undefined && isPatient(actor) ? [actor] : [];
  });
  return patients.length > 0 && patients.every((subject) => isAnotherPatients({ subject }, patientId));
}

function isPatient(actor: JsonObject): boolean {
  return actor['type'] === 'Patient' || /(?:^|\/)Patient\//.test(asText(actor['reference']) ?? '');
}

function requestedPeriod(appointment: JsonObject) {
  return asObjects(appointment['requestedPeriod'])
    .map(readPeriod)
    .find((period) => period !== undefined);
}

/** What the visit is, and why, apart: "MRI" and "head injury" are no MRI of the head. */
function conceptsOf(appointment: JsonObject): readonly CodedText[] {
  return [
    readCodedText(appointment['serviceType'], { text: appointment['description'] }, appointment['serviceCategory']),
    ...asObjects(appointment['reasonCode']).map((reason) => readCodedText(reason)),
  ];
}

function withoutResults({ codings, texts }: CodedText): CodedText {
  return { codings, texts: texts.filter((text) => !ABOUT_A_RESULT.test(text)) };
}
