import type { DateInterval, Day } from '../../chart/calendar.ts';

/** The days, both included, in which one moment lies; infinite where the chart does not bound it, never both. */
export interface Days {
  readonly from: Day;
  readonly to: Day;
}

/** Where an event stands in time, no more exactly than the chart says. */
export type Placement =
  | { readonly kind: 'moment'; readonly at: Days }
  | {
      readonly kind: 'stretch';
      /** It has a last day, as an end has. */
      readonly begin: Days;
      readonly end: Days | 'goes-on';
    };

/** A record dated longer ago than anyone lives, or decades ahead, is a slip of the pen: it would leave no room for the others. */
const PAST_DAYS = 120 * 366;
const FUTURE_DAYS = 20 * 366;

/** The days of a date; undefined where it bounds nothing. */
export function daysOf(date: DateInterval | undefined): Days | undefined {
  if (date === undefined || (date.start === -Infinity && date.end === Infinity)) return undefined;
  return { from: date.start, to: date.end };
}

/** One moment in these days. */
export function momentIn(date: DateInterval | undefined, hasHappened: boolean, today: Day): Placement | undefined {
  const days = daysOf(date);
  if (days === undefined) return undefined;
  return { kind: 'moment', at: hasHappened ? byToday(days, today) : days };
}

/** What has happened, happened by today. */
function byToday(days: Days, today: Day): Days {
  return days.from <= today && days.to > today ? { from: days.from, to: today } : days;
}

/** The same with a last day, by which it has happened: today, or its first day where that is yet to come. */
export function closed({ from, to }: Days, today: Day): Days {
  return Number.isFinite(to) ? byToday({ from, to }, today) : { from, to: Math.max(from, today) };
}

/** The finite days that a placement names. */
export function boundsOf(placement: Placement): readonly Day[] {
  const days =
    placement.kind === 'moment'
      ? [placement.at]
      : [placement.begin, ...(placement.end === 'goes-on' ? [] : [placement.end])];
  return days.flatMap(({ from, to }) => [from, to]).filter((day) => Number.isFinite(day));
}

/** Are all of its days near enough to a life to be drawn? */
export function isPlausible(placement: Placement, today: Day): boolean {
  return boundsOf(placement).every((day) => day >= today - PAST_DAYS && day <= today + FUTURE_DAYS);
}
