import { sql } from 'kysely';
import type { Database } from './database.ts';

/**
 * Takes out of SQLite's write-ahead log what was deleted: in the file it is overwritten, but there it would stand for a while.
 * PostgreSQL keeps it until its vacuum.
 *
 * @returns whether the log is empty; not while another process reads from it.
 * @throws {FeedbackStoreError} if the file cannot be written.
 */
export async function emptyLog(database: Database): Promise<boolean> {
  if (database.kind !== 'sqlite') return true;
  const { rows } = await database.writeQuickly((tables) =>
    sql<{ readonly busy: number }>`pragma wal_checkpoint(truncate)`.execute(tables),
  );
  return rows[0]?.busy === 0;
}
