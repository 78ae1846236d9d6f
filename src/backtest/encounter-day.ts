import { readDate } from '../chart/calendar.ts';
import { asObject, asText } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';

/** Visits for which nobody opened the chart. */
const NOT_HELD = new Set(['planned', 'cancelled', 'entered-in-error']);
/** A day that a visit may have. They are counted one by one, so that they must not be without number. */
const WHOLE_DATE = /^(?:19|20)\d{2}-\d{2}-\d{2}$/;

/**
 * The day, `YYYY-MM-DD`, on which an Encounter began: as it is written, which is the site's own day, whatever its zone. Undefined of
 * one that was not held, or does not say its day.
 */
export function encounterDay(encounter: JsonObject): string | undefined {
  if (NOT_HELD.has(asText(encounter['status']) ?? '')) return undefined;
  const day = readDate(asObject(encounter['period'])?.['start'])?.text;
  return day !== undefined && WHOLE_DATE.test(day) ? day : undefined;
}
