import { utcDay, utcMonth } from 'd3-time';
import { dayOf, weeksOf } from './weeks.ts';

/** How long a window is drawn in: weeks, or calendar months. */
export type PeriodUnit = 'week' | 'month';

/** A week or a month of a window, cut where the window begins or ends. */
export interface Period {
  /** Its Monday, or the first of the month: `YYYY-MM-DD`; may be before the window. */
  readonly begins: string;
  /** The first and the last day of it that are in the window. */
  readonly from: string;
  readonly to: string;
}

/** Days of a period that are read from the store at once. */
export interface Piece {
  /** Where the period begins that they belong to. */
  readonly period: string;
  readonly from: string;
  readonly to: string;
}

interface Days {
  readonly from: string;
  readonly to: string;
}

/** More of them are not to be told apart in a plot. */
const MOST_WEEKS = 40;

/** Weeks, or calendar months of a window of more than 40 weeks. */
export function periodUnitOf(window: Days): PeriodUnit {
  return weeksOf(window).length > MOST_WEEKS ? 'month' : 'week';
}

/** The weeks or months, UTC, that a window touches; none if it ends before it begins. */
export function periodsOf(window: Days): readonly Period[] {
  const { from, to } = window;
  if (periodUnitOf(window) === 'week') return weeksOf(window).map(({ week, ...days }) => ({ begins: week, ...days }));
  const end = utcDay.offset(new Date(to));
  return utcMonth.range(utcMonth.floor(new Date(from)), end).map((first) => {
    const [begins, last] = [dayOf(first), dayOf(utcDay.offset(utcMonth.offset(first), -1))];
    return { begins, from: begins < from ? from : begins, to: last < to ? last : to };
  });
}

/** Never more than a week of a period, so that others have their turn between two. */
export function piecesOf(window: Days): readonly Piece[] {
  return periodsOf(window).flatMap((period) =>
    weeksOf(period).map(({ from, to }) => ({ period: period.begins, from, to })),
  );
}
