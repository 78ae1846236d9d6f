import { utcDay, utcMonday } from 'd3-time';

/** One week of a window, cut where the window begins or ends. */
export interface Week {
  /** Its Monday, `YYYY-MM-DD`; may be before the window. */
  readonly week: string;
  /** The first and the last day of it that are in the window. */
  readonly from: string;
  readonly to: string;
}

/** The weeks that a window of UTC days, both included, touches; none if it ends before it begins. Weeks begin on Monday (ISO 8601). */
export function weeksOf({ from, to }: { readonly from: string; readonly to: string }): readonly Week[] {
  const first = new Date(from);
  const end = utcDay.offset(new Date(to));
  if (!(first < end)) return [];
  return utcMonday.range(utcMonday.floor(first), end).map((monday) => {
    const sunday = utcDay.offset(monday, 6);
    return {
      week: dayOf(monday),
      from: monday < first ? from : dayOf(monday),
      to: sunday < end ? dayOf(sunday) : to,
    };
  });
}

/** The instants between which the days lie, as they stand in the store: the first is in, the last is not. */
export function instantsOf({ from, to }: { readonly from: string; readonly to: string }): readonly [string, string] {
  return [new Date(from).toISOString(), utcDay.offset(new Date(to)).toISOString()];
}

/** The UTC day of an instant. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
