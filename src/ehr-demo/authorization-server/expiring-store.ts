import { LRUCache } from 'lru-cache';

/** How many of a kind are kept: far more than one demo needs, and no more than a flood may take. */
const MOST_KEPT = 10_000;

/**
 * A memory that forgets: each entry after so many seconds, and the one not asked for longest when there are too many. By the
 * wall clock, as the library's own expiries are, and read each time: what lives on for a moment too long is a hole here.
 */
export function expiringStore<Value extends object>(seconds?: number): LRUCache<string, Value> {
  return new LRUCache({
    max: MOST_KEPT,
    ttl: (seconds ?? 0) * 1000,
    ttlResolution: 0,
    perf: { now: () => Date.now() },
  });
}
