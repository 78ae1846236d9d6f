import { sql } from 'kysely';
import { assertKnown, runMigrations } from '../store/migrations.ts';
import { lookIntoStore } from './look-into-store.ts';

/**
 * Reads all there is, and says that it is whole.
 *
 * @throws {Error} if it is not, with one sentence for the operator.
 */
export function check(url: string): Promise<string> {
  return lookIntoStore(url, async ({ kind, place, tables }) => {
    if (kind === 'postgres') {
      assertKnown(await runMigrations(tables));
      return `${place}: it answers, and its tables are known. To check what is on its disk, use pg_amcheck.`;
    }
    const { rows } = await sql<{ readonly integrity_check: string }>`pragma integrity_check(1)`.execute(tables);
    const { rows: strays } = await sql`pragma foreign_key_check`.execute(tables);
    if (rows[0]?.integrity_check !== 'ok' || strays.length > 0) {
      throw new Error(`${place}: the feedback database is damaged. Put a copy in its place.`);
    }
    return `${place}: it is whole.`;
  });
}
