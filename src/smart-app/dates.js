import { textOf } from './json.js';

/** FHIR R4, `date` and `dateTime`: a year, a month or a day, perhaps with a time. */
const DATE = /^(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:T.*)?$/s;

/**
 * The day as it is written in the record, since another time zone would make another day of it.
 * @param {unknown} dateTime
 * @returns {string} as precise as it was recorded; empty if it is no date
 */
export function dayOf(dateTime) {
  return DATE.exec(textOf(dateTime))?.[1] ?? '';
}
