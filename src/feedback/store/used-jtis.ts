import type { CompiledQuery, Kysely } from 'kysely';
import type { Database } from './database.ts';
import { type Asked, inBatches } from './in-batches.ts';
import type { Tables } from './tables.ts';

/** The JWTs that were here, whichever process took them, and if it has ended since (CH-166, CH-177). */
export interface UsedJtis {
  /**
   * Uses a JWT up, known by a digest of client and `jti`. Of any number of uses, at however many processes, one alone is first.
   *
   * @param expiresAt when the JWT will be refused for its age; it may be forgotten then
   * @throws {FeedbackStoreError} if the database does not say: it may have been used up or not.
   */
  use(digest: string, expiresAt: Date): Promise<'first' | 'again'>;
}

interface Use {
  readonly digest: string;
  readonly expiresAt: Date;
}

/** Rows of one statement: as many as come in a turn of the loop on a very busy day; two parameters each. */
const MAX_ROWS = 256;

/** Over a database in which all processes keep them. Many uses at once are one statement, and wait for no disk. */
export function createUsedJtis(database: Database): UsedJtis {
  const insert = insertOf();

  const send = async (batch: readonly Asked<Use, 'first' | 'again'>[]): Promise<void> => {
    const kept = await database.writeQuickly(async (tables) =>
      tables.executeQuery(
        insert(
          tables,
          Array.from(batch, ({ item }) => item),
        ),
      ),
    );
    const added = new Set(Array.from(kept.rows, ({ digest }) => digest));
    for (const { item, answer } of batch) answer(added.delete(item.digest) ? 'first' : 'again');
  };
  const use = inBatches(send, MAX_ROWS);
  return { use: async (digest, expiresAt) => use({ digest, expiresAt }) };
}

/**
 * The statement, made once for 1, 2, 4 … rows: to make it costs more than to run it. What is left over is filled with the first
 * ones again, which changes nothing.
 */
function insertOf() {
  const made = new Map<number, CompiledQuery<{ readonly digest: string }>>();
  return (tables: Kysely<Tables>, uses: readonly Use[]): CompiledQuery<{ readonly digest: string }> => {
    const rows = Array.from(uses, ({ digest, expiresAt }) => ({
      digest,
      expires_at: Math.ceil(expiresAt.getTime() / 1000),
    }));
    // Two processes that use the same ones up must not wait for each other: both take them in one order.
    if (rows.length > 1) rows.sort((one, other) => (one.digest < other.digest ? -1 : 1));
    const size = 2 ** Math.ceil(Math.log2(rows.length));
    rows.push(...rows.slice(0, size - rows.length));

    const known =
      made.get(size) ??
      tables
        .insertInto('used_jti')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .returning('digest')
        .compile();
    made.set(size, known);
    return { ...known, parameters: rows.flatMap(({ digest, expires_at }) => [digest, expires_at]) };
  };
}
