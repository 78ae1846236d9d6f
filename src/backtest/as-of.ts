import { type Day, readDate, readPeriod } from '../chart/calendar.ts';
import { asText } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';

/**
 * The elements that say when a resource came to be known, by type, best first: when it was recorded, else when it happened.
 * Medication, Patient and whatever else is not here has no day on which it came, and is always there.
 */
const DATE_ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  CareTeam: ['period'],
  Condition: ['recordedDate', 'onsetDateTime', 'onsetPeriod'],
  DiagnosticReport: ['issued', 'effectiveDateTime', 'effectivePeriod'],
  Encounter: ['period'],
  ImagingStudy: ['started'],
  MedicationAdministration: ['effectiveDateTime', 'effectivePeriod'],
  MedicationRequest: ['authoredOn'],
  MedicationStatement: ['dateAsserted', 'effectiveDateTime', 'effectivePeriod'],
  Observation: ['issued', 'effectiveDateTime', 'effectivePeriod', 'effectiveInstant'],
  Procedure: ['performedDateTime', 'performedPeriod'],
  ServiceRequest: ['authoredOn'],
};

/** For the documentation: what each type goes by. */
export const AS_OF_ELEMENTS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(DATE_ELEMENTS));

/**
 * The first day on which the resource may have been known, in UTC; of a partial date or a period its first. Undefined: it does not say,
 * be it undated or of a type that has no such day.
 */
export function knownSince(resource: JsonObject): Day | undefined {
  for (const element of elementsOf(resource)) {
    const value = resource[element];
    const date = typeof value === 'string' ? readDate(value) : readPeriod(value);
    if (date !== undefined) return Number.isFinite(date.start) ? date.start : date.end;
  }
  return undefined;
}

/** Is it of a type that has a day on which it came to be known, and does not say which? */
export function isUndated(resource: JsonObject): boolean {
  return elementsOf(resource).length > 0 && knownSince(resource) === undefined;
}

/**
 * What was known by the end of a day, in the state in which it was exported: what is dated later is left out, and so is a
 * death. What is undated stays. Of today, everything is known, what is planned for later included.
 */
export function knownOn(resources: readonly JsonObject[], day: Day, today: Day): readonly JsonObject[] {
  if (day >= today) return resources;
  return resources
    .filter((resource) => (knownSince(resource) ?? -Infinity) <= day)
    .map((resource) => (resource['resourceType'] === 'Patient' ? aliveUntilDeath(resource, day) : resource));
}

/** The day of a date as the command takes it; undefined if there is no such day. */
export function readDay(text: string): Day | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  return readDate(text)?.start;
}

/** `YYYY-MM-DD` */
export function dayText(day: Day): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

const MS_PER_DAY = 86_400_000;
const NONE: readonly string[] = [];

function elementsOf(resource: JsonObject): readonly string[] {
  const type = asText(resource['resourceType']);
  return (type === undefined ? undefined : AS_OF_ELEMENTS.get(type)) ?? NONE;
}

function aliveUntilDeath(patient: JsonObject, day: Day): JsonObject {
  const death = readDate(patient['deceasedDateTime']);
  if (death === undefined || death.start <= day) return patient;
  const { deceasedDateTime: _later, ...alive } = patient;
  return alive;
}
