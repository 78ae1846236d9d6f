import { type DateInterval, type Day, readDate } from '../../chart/calendar.ts';
import { readCodedText } from '../../chart/coding.ts';
import { counts } from '../../chart/condition.ts';
import type { Evidence, EvidenceKind } from '../../chart/fact.ts';
import { asObject } from '../../chart/json.ts';
import type { JsonObject, Readings } from '../../chart/reading.ts';
import { evidence } from '../../chart/resource.ts';

/** How a record of this type says when it was made or what day it is of (FHIR R4), and what kind of record it is. */
const RECORDS: ReadonlyMap<string, { readonly kind: EvidenceKind; readonly dates: readonly string[] }> = new Map([
  ['Condition', { kind: 'diagnosis', dates: ['recordedDate', 'onsetDateTime'] }],
  ['Procedure', { kind: 'procedure', dates: ['performedDateTime', 'performedPeriod'] }],
  ['MedicationRequest', { kind: 'order', dates: ['authoredOn'] }],
  ['MedicationAdministration', { kind: 'administration', dates: ['effectiveDateTime', 'effectivePeriod'] }],
  ['MedicationStatement', { kind: 'statement', dates: ['dateAsserted', 'effectiveDateTime', 'effectivePeriod'] }],
  ['ServiceRequest', { kind: 'request', dates: ['authoredOn'] }],
  ['DiagnosticReport', { kind: 'report', dates: ['effectiveDateTime', 'effectivePeriod', 'issued'] }],
  ['ImagingStudy', { kind: 'study', dates: ['started'] }],
  ['Encounter', { kind: 'encounter', dates: ['period'] }],
  ['CareTeam', { kind: 'care-team', dates: ['period'] }],
  ['Observation', { kind: 'observation', dates: ['effectiveDateTime', 'effectivePeriod', 'issued'] }],
]);

interface DatedRecord {
  readonly date: DateInterval;
  readonly evidence: Evidence;
}

/** The record of the latest day that is not after today, of everything that was read; `undefined` if none has a date. */
export function newestRecord(readings: Readings, today: Day): Evidence | undefined {
  let newest: DatedRecord | undefined;
  for (const reading of readings.values()) {
    if (reading.state === 'unread') continue;
    for (const resource of reading.resources) {
      const found = datedRecord(resource, today);
      if (found !== undefined && (newest === undefined || found.date.start > newest.date.start)) newest = found;
    }
  }
  return newest?.evidence;
}

function datedRecord(resource: JsonObject, today: Day): DatedRecord | undefined {
  const type = resource['resourceType'];
  const record = typeof type === 'string' ? RECORDS.get(type) : undefined;
  if (record === undefined || resource['status'] === 'entered-in-error' || !counts(resource)) return undefined;
  const [date] = record.dates
    .flatMap((member) => readDate(resource[member]) ?? readDate(asObject(resource[member])?.['start']) ?? [])
    .filter(({ start }) => start <= today)
    .toSorted((a, b) => b.start - a.start);
  if (date === undefined) return undefined;
  const [text] = readCodedText(resource['code'], resource['medicationCodeableConcept'], resource['type']).texts;
  return { date, evidence: evidence(resource, record.kind, date, text) };
}
