const DAY_MS = 86_400_000;
const FULL_DATE = /^(\d{4}-\d{2}-\d{2})(T.*)?$/;

/** Whole calendar days from one date to another, both read in UTC. */
export function daysBetween(from: Date, to: Date): number {
  return Math.floor(to.getTime() / DAY_MS) - Math.floor(from.getTime() / DAY_MS);
}

/**
 * Moves every full date and instant by whole days. Times of day stay; partial dates (`2024`, `2024-05`) stay too, since
 * a day means nothing to them.
 */
export function shiftDates<T>(value: T, days: number): T {
  return days === 0 ? value : (shifted(value, days) as T);
}

function shifted(value: unknown, days: number): unknown {
  if (typeof value === 'string') return shiftedText(value, days);
  if (Array.isArray(value)) return value.map((item) => shifted(item, days));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shifted(member, days)]));
}

function shiftedText(text: string, days: number): string {
  const [, date, time = ''] = FULL_DATE.exec(text) ?? [];
  const at = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(at)) return text;
  return new Date(at + days * DAY_MS).toISOString().slice(0, 10) + time;
}
