import type { Day } from '../chart/calendar.ts';
import { dayText, readDay } from './as-of.ts';

/** At most. A leap day more or less does not matter here: every weekday comes as often. */
export const DAYS_COUNTED = 364;

/** The days that calls are counted on: both included. */
export interface CallsYear {
  readonly from: Day;
  readonly to: Day;
}

/**
 * The last 52 weeks with Encounters, up to the newest that has begun by today; undefined without any. Before the first Encounter of
 * an export there are no days without calls: nothing was exported, and nothing is known of them.
 */
export function callsYear(encountersByDay: Readonly<Record<string, number>>, today: Day): CallsYear | undefined {
  let oldest = Infinity;
  let newest = -Infinity;
  for (const text of Object.keys(encountersByDay)) {
    const day = readDay(text);
    if (day === undefined || day > today) continue;
    oldest = Math.min(oldest, day);
    newest = Math.max(newest, day);
  }
  return newest === -Infinity ? undefined : { from: Math.max(newest - DAYS_COUNTED + 1, oldest), to: newest };
}

/** How many Encounters began on each of these days, those without any included, least first. */
export function callsByDay(
  encountersByDay: Readonly<Record<string, number>>,
  { from, to }: CallsYear,
): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_unused, at) => encountersByDay[dayText(from + at)] ?? 0).toSorted(
    (a, b) => a - b,
  );
}

/** By nearest rank: the least of the values that so many per cent of them do not exceed. `sorted` holds one at least. */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}
