const MS_PER_DAY = 86_400_000;
/** From 0000-03-01 to 1970-01-01. */
const DAYS_TO_1970 = 719_468;
const FHIR_DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?$/;

/** A calendar day as the number of days since 1970-01-01. */
export type Day = number;

/**
 * The days between which something happened, both included. A partial FHIR date (`2024`, `2024-03`) spans its year or
 * month; an unknown end is infinite. `text` is the date as the chart has it.
 */
export interface DateInterval {
  readonly start: Day;
  readonly end: Day;
  readonly text: string;
}

export const UNDATED: DateInterval = { start: -Infinity, end: Infinity, text: '' };

/** The calendar day of an instant, in UTC: the answer must not depend on where the server stands. */
export function dayOf(instant: Date): Day {
  return Math.floor(instant.getTime() / MS_PER_DAY);
}

/** Reads a FHIR date, dateTime or instant. The date counts as written, whatever its zone; `undefined` if it is none. */
export function readDate(value: unknown): DateInterval | undefined {
  if (typeof value !== 'string') return undefined;
  const parts = FHIR_DATE.exec(value);
  if (parts === null) return undefined;
  const [, year, month, day] = parts;
  const y = Number(year);
  if (month === undefined) return { start: dayNumber(y, 1, 1), end: dayNumber(y, 12, 31), text: value };
  const m = Number(month);
  if (m < 1 || m > 12) return undefined;
  if (day === undefined) return { start: dayNumber(y, m, 1), end: dayNumber(y, m + 1, 0), text: value };
  const d = Number(day);
  const number = dayNumber(y, m, d);
  if (d < 1 || number > dayNumber(y, m + 1, 0)) return undefined;
  return { start: number, end: number, text: value.slice(0, 10) };
}

/** Reads a FHIR Period; an open end is infinite. */
export function readPeriod(value: unknown): DateInterval | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { start, end } = value as { readonly start?: unknown; readonly end?: unknown };
  const first = readDate(start);
  const last = readDate(end);
  if (first === undefined && last === undefined) return undefined;
  return {
    start: first?.start ?? -Infinity,
    end: last?.end ?? Infinity,
    text: first?.text ?? `until ${last?.text ?? ''}`,
  };
}

/** Whole years between a birth date and a day, as the least and the most they can be. */
export function yearsSince(birth: DateInterval, today: Day): { readonly least: number; readonly most: number } {
  return { least: wholeYears(birth.end, today), most: wholeYears(birth.start, today) };
}

function wholeYears(from: Day, to: Day): number {
  const a = new Date(from * MS_PER_DAY);
  const b = new Date(to * MS_PER_DAY);
  const years = b.getUTCFullYear() - a.getUTCFullYear();
  const birthdayPassed =
    b.getUTCMonth() > a.getUTCMonth() || (b.getUTCMonth() === a.getUTCMonth() && b.getUTCDate() >= a.getUTCDate());
  return birthdayPassed ? years : years - 1;
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar; months and days beyond their range carry over. */
function dayNumber(year: number, month: number, day: number): Day {
  // Years begin in March here, so that a leap day is the last of its year.
  const months = year * 12 + month - 3;
  const y = Math.floor(months / 12);
  const m = months - y * 12;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return 365 * y + leapDays + Math.floor((153 * m + 2) / 5) + day - 1 - DAYS_TO_1970;
}
