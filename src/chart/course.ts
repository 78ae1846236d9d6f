import { type DateInterval, readDate } from './calendar.ts';
import { asObject } from './json.ts';
import type { JsonObject } from './reading.ts';

/** From when to when something was done, each end as far as the record gives it. */
export interface Course {
  readonly begin: DateInterval | undefined;
  readonly end: DateInterval | undefined;
}

const PERIODS = ['performedPeriod', 'effectivePeriod', 'occurrencePeriod'];

/**
 * The course that a record gives as a Period; undefined where it gives none, or one within a day. A partial date is no
 * course: it is one day that is not known.
 */
export function courseOf(resource: JsonObject): Course | undefined {
  for (const member of PERIODS) {
    const period = asObject(resource[member]);
    const begin = readDate(period?.['start']);
    const end = readDate(period?.['end']);
    if (begin === undefined && end === undefined) continue;
    const isOneDay = begin !== undefined && end !== undefined && begin.start === end.end;
    return isOneDay ? undefined : { begin, end };
  }
  return undefined;
}
