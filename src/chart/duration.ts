import type { DateInterval, Day } from './calendar.ts';

const MS_PER_DAY = 86_400_000;

/** Whole months between two events, as the least and the most they can be by partial dates. */
export interface Months {
  readonly least: number;
  readonly most: number;
}

/** From one event to another; never less than none. */
export function monthsBetween(from: DateInterval, to: DateInterval): Months {
  return { least: wholeMonths(from.end, to.start), most: wholeMonths(from.start, to.end) };
}

export function monthsUntil(from: DateInterval, today: Day): Months {
  return monthsBetween(from, { start: today, end: today, text: '' });
}

/** "14 months", or "11 to 13 months" where a date is partial. */
export function inMonths({ least, most }: Months): string {
  if (least === most) return most === 1 ? '1 month' : `${most} months`;
  return Number.isFinite(most) ? `${least} to ${most} months` : `at least ${least} months`;
}

function wholeMonths(from: Day, to: Day): number {
  if (!Number.isFinite(from) || !Number.isFinite(to)) return to - from > 0 ? Infinity : 0;
  const a = new Date(from * MS_PER_DAY);
  const b = new Date(to * MS_PER_DAY);
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  return Math.max(0, b.getUTCDate() >= a.getUTCDate() ? months : months - 1);
}
