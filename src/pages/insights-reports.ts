import { LRUCache } from 'lru-cache';
import type { InsightsQuery, InsightsReport } from '../feedback/insights/insights.ts';

/** What a page and its CSV files have in common while somebody looks at them. */
const KEPT_MS = 10_000;
const MOST = 20;

/**
 * Reads each report once, for all who ask for it within ten seconds, and one after the other: they are read from the database that
 * hook calls are recorded in.
 */
export function keptReports(
  read: (query: InsightsQuery) => Promise<InsightsReport>,
  keptMs = KEPT_MS,
): (query: InsightsQuery) => Promise<InsightsReport> {
  const kept = new LRUCache<string, Promise<InsightsReport>>({ max: MOST, ttl: keptMs });
  let last: Promise<unknown> = Promise.resolve();
  return (query) => {
    const key = JSON.stringify([query.from, query.to, query.client, query.service]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const reading = last.then(() => read(query));
    last = reading.catch(() => kept.delete(key));
    kept.set(key, reading);
    return reading;
  };
}
