import { type CompiledQuery, type Kysely, sql } from 'kysely';
import type { Database } from './database.ts';
import { type Asked, inBatches } from './in-batches.ts';
import type { Tables } from './tables.ts';

/** Requests in the window that is open, counted over all processes. */
export interface RateWindow {
  /** With this one. */
  readonly hits: number;
  /** In milliseconds since 1970. */
  readonly resetsAt: number;
}

export interface RateWindows {
  /**
   * Counts one request, and opens a window of `windowMs` if none is. Of requests at the same moment, at however many processes,
   * no two get the same number in a window.
   *
   * @param key what is counted, such as `calls:General Hospital`
   * @param now in milliseconds since 1970
   * @throws {FeedbackStoreError} if the database does not say.
   */
  hit(key: string, windowMs: number, now: number): Promise<RateWindow>;
}

interface Hit {
  readonly key: string;
  readonly windowMs: number;
  readonly now: number;
}

interface Row {
  readonly key: string;
  readonly hits: number;
  readonly resets_at: number;
}

/** Keys of one statement: clients times what is counted of each, if all come at once. */
const MAX_HITS = 1000;

/** Over a database that several processes share. Many requests at once are one statement, and wait for no disk. */
export function createRateWindows(database: Database): RateWindows {
  const upsert = upsertOf();

  const send = async (batch: readonly Asked<Hit, RateWindow>[]): Promise<void> => {
    const now = Math.max(...batch.map(({ item }) => item.now));
    const byKey = Map.groupBy(batch, ({ item }) => item.key);
    const rows = Array.from(byKey, ([key, asked]): Row => {
      return { key, hits: asked.length, resets_at: now + (asked[0]?.item.windowMs ?? 0) };
    });
    // Two processes that count the same clients must not wait for each other: both take them in one order.
    rows.sort((one, other) => (one.key < other.key ? -1 : 1));
    const counted = await database.writeQuickly(async (tables) => tables.executeQuery(upsert(tables, rows, now)));
    for (const { key, hits, resets_at } of counted.rows) {
      const asked = byKey.get(key) ?? [];
      for (const [index, { answer }] of asked.entries()) {
        answer({ hits: hits - asked.length + 1 + index, resetsAt: resets_at });
      }
    }
  };
  const hit = inBatches(send, MAX_HITS);
  return { hit: async (key, windowMs, now) => hit({ key, windowMs, now }) };
}

/** The statement, made once for each number of keys: to make it costs more than to run it. */
function upsertOf() {
  const made = new Map<number, CompiledQuery<Row>>();
  return (tables: Kysely<Tables>, rows: readonly Row[], now: number): CompiledQuery<Row> => {
    const known = made.get(rows.length) ?? compile(tables, rows, now);
    made.set(rows.length, known);
    const parameters = rows.flatMap(({ key, hits, resets_at }) => [key, hits, resets_at]);
    return { ...known, parameters: [...parameters, now, now, now, now] };
  };
}

/**
 * It asks four times what time it is. A window that would end later than the next one after it was opened by a process whose
 * clock is wrong: it counts as over, or a client would be kept out for as long as that clock is ahead.
 */
function compile(tables: Kysely<Tables>, rows: readonly Row[], now: number): CompiledQuery<Row> {
  const isOpen = sql<boolean>`(rate_window.resets_at > ${now}
    and rate_window.resets_at - excluded.resets_at <= excluded.resets_at - ${now})`;
  return tables
    .insertInto('rate_window')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        hits: sql<number>`case when ${isOpen} then rate_window.hits else 0 end + excluded.hits`,
        resets_at: sql<number>`case when ${isOpen} then rate_window.resets_at else excluded.resets_at end`,
      }),
    )
    .returning(['key', 'hits', 'resets_at'])
    .compile();
}
