import { type DateInterval, type Day, UNDATED } from './calendar.ts';

/** The last of some records, as far as their dates tell. */
export interface Latest<Item> {
  /** All that may be the last one: nothing that is on file for certain was later. The latest end first. */
  readonly candidates: readonly Item[];
  /** The last one; `undecided` when another one that says something else may be as late. */
  readonly last: Item | 'undecided';
}

interface Dated {
  readonly date: DateInterval | undefined;
}

/**
 * Of records with a value each, the one that lies, by its whole interval, at or after all others. Where another one
 * overlaps it – a partial date, the same day, no date at all – and has a different value, nothing says which is the
 * last. Nothing at all for no records.
 */
export function latestOf<Item extends Dated>(
  records: readonly Item[],
  isSameValue: (one: Item, other: Item) => boolean,
): Latest<Item> | undefined {
  const latestStart = records.reduce((latest, record) => Math.max(latest, intervalOf(record).start), -Infinity);
  const candidates = records
    .filter((record) => intervalOf(record).end >= latestStart)
    .toSorted((a, b) => descending(intervalOf(a).start, intervalOf(b).start))
    .toSorted((a, b) => descending(knownEnd(a), knownEnd(b)));
  const [last] = candidates;
  if (last === undefined) return undefined;
  return { candidates, last: candidates.every((other) => isSameValue(last, other)) ? last : 'undecided' };
}

/** Have they all the same single day? Then it is no question of dates which one is the last. */
export function areOfOneDay(records: readonly Dated[]): boolean {
  const day = records[0]?.date;
  return records.every(
    ({ date }) => date !== undefined && date.start === date.end && date.start === day?.start && date.end === day.end,
  );
}

/** A result of tomorrow or later is none: a slip of the pen, or something that is only planned. */
export function isAfter(date: DateInterval | undefined, today: Day): boolean {
  return date !== undefined && date.start > today;
}

function intervalOf({ date }: Dated): DateInterval {
  return date ?? UNDATED;
}

/** An undated record comes after the dated ones. */
function knownEnd({ date }: Dated): number {
  return date?.end ?? -Infinity;
}

function descending(a: number, b: number): number {
  return a === b ? 0 : b - a;
}
