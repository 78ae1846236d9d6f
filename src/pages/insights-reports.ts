import { LRUCache } from 'lru-cache';
import type { InsightsQuery, InsightsReport } from '../feedback/insights/insights.ts';

/** What a page and its CSV files have in common while somebody looks at them. */
const KEPT_MS = 10_000;
const MOST = 20;
/** Whoever comes after them would wait for long, and so would all others. */
const MOST_WAITING = 4;

/** So many reports are waited for already that another one is not begun. */
export class InsightsBusyError extends Error {
  override readonly name = 'InsightsBusyError';
}

/**
 * Reads each report once, for all who ask for it within ten seconds, and one after the other: they are read from the database that
 * hook calls are recorded in.
 *
 * @throws {InsightsBusyError} by its promise, if one is being read and four wait for it.
 */
export function keptReports(
  read: (query: InsightsQuery) => Promise<InsightsReport>,
  keptMs = KEPT_MS,
): (query: InsightsQuery) => Promise<InsightsReport> {
  const kept = new LRUCache<string, Promise<InsightsReport>>({ max: MOST, ttl: keptMs });
  let last: Promise<unknown> = Promise.resolve();
  let underWay = 0;
  return (query) => {
    const key = JSON.stringify([query.from, query.to, query.client, query.service]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    if (underWay > MOST_WAITING) return Promise.reject(new InsightsBusyError('Too many reports are waited for'));
    underWay += 1;
    const reading = last
      .then(() => read(query))
      .finally(() => {
        underWay -= 1;
      });
    last = reading.catch(() => kept.delete(key));
    kept.set(key, reading);
    return reading;
  };
}
