import type { InsightsQuery } from '../feedback/insights/insights.ts';

/** The windows that are one click away, in days that end today. */
export const WINDOWS = [7, 30, 90, 365] as const;
const DEFAULT_DAYS = 90;
/** Two years, which take seconds to read, and everything older is past changing. */
const MOST_DAYS = 731;
const LONGEST_NAME = 200;
const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const PARAMETERS = ['days', 'from', 'to', 'client', 'service'] as const;

export type AskedInsights =
  | { readonly query: InsightsQuery; readonly days: number }
  | { readonly problems: readonly string[] };

/** A window of this many days that ends with this one. */
export function windowOf(days: number, today: string): Pick<InsightsQuery, 'from' | 'to'> {
  return { from: daysLater(today, 1 - days), to: today };
}

/**
 * What an address asks for: `days` until today, or `from` and `to`, and one `client` and `service`. Whatever is wrong is said, in one
 * sentence each: other figures than those that were asked for would be believed.
 */
export function readInsightsQuery(parameters: URLSearchParams, today: string): AskedInsights {
  const problems = [
    ...[...new Set(parameters.keys())]
      .filter((name) => !PARAMETERS.some((known) => known === name))
      .map(() => `There are no other parameters than ${PARAMETERS.join(', ')}.`)
      .slice(0, 1),
    ...PARAMETERS.filter((name) => parameters.getAll(name).length > 1).map((name) => `“${name}” was given twice.`),
  ];
  // A form sends its empty fields too.
  const given = (name: (typeof PARAMETERS)[number]) => parameters.get(name)?.trim() || undefined;
  const [days, from, to, client, service] = PARAMETERS.map(given);

  if (days !== undefined && !WINDOWS.some((known) => String(known) === days))
    problems.push(`“days” must be one of ${WINDOWS.join(', ')}.`);
  if (days !== undefined && (from !== undefined || to !== undefined))
    problems.push('There can be “days”, or “from” and “to”, and not both.');
  for (const [name, day] of Object.entries({ from, to }))
    if (day !== undefined && !isDay(day)) problems.push(`“${name}” must be a day, such as ${today}.`);
  for (const [name, value] of Object.entries({ client, service })) {
    if (value !== undefined && value.length > LONGEST_NAME) problems.push(`“${name}” is longer than any name.`);
    // PostgreSQL takes no NUL.
    if (value !== undefined && /\p{Cc}/u.test(value)) problems.push(`“${name}” has a control character in it.`);
  }
  if (problems.length > 0) return { problems };

  const last = to ?? today;
  const first = from ?? daysLater(last, 1 - Number(days ?? DEFAULT_DAYS));
  const length = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
  if (length < 1) return { problems: ['The last day must not be before the first; without a last day it is today.'] };
  if (length > MOST_DAYS) return { problems: [`There can be at most ${MOST_DAYS} days, which is two years.`] };
  return { query: { from: first, to: last, client, service }, days: length };
}

/** The same question as part of an address. */
export function queryString({ from, to, client, service }: InsightsQuery): string {
  const given = Object.entries({ from, to, client, service }).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, value ?? ''])).toString();
}

function isDay(text: string): boolean {
  // Of a day that is in no calendar, such as 30 February, comes another one.
  return DAY.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text && text >= '2000-01-01';
}

function daysLater(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
