import { statSync } from 'node:fs';
import { type Kysely, sql } from 'kysely';
import { runMigrations } from '../store/migrations.ts';
import type { Tables } from '../store/tables.ts';
import { type Look, lookIntoStore } from './look-into-store.ts';

const COUNTED = ['feedback', 'feedback_comment', 'showing', 'tally', 'used_jti', 'instance'] as const;

/**
 * What is in the database, in lines for the operator.
 *
 * @throws {Error} if it cannot be looked into, with one sentence for the operator.
 */
export function describeStore(url: string): Promise<string> {
  return lookIntoStore(url, async (store) => {
    const migrations = await runMigrations(store.tables).catch(() => []);
    const lines = [
      `${store.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'}: ${store.place}`,
      `migrations: ${migrations.length === 0 ? 'none yet; they are run when the service starts' : migrations.join(', ')}`,
      `size: ${Math.ceil((await sizeOf(store)) / 1024).toLocaleString('en')} KiB`,
    ];
    for (const table of COUNTED) {
      // oxlint-disable-next-line no-await-in-loop -- one connection
      lines.push(`${table}: ${await countOf(store.tables, table)}`);
    }
    return lines.join('\n');
  });
}

/** A database that an earlier version has made lacks some. */
async function countOf(tables: Kysely<Tables>, table: (typeof COUNTED)[number]): Promise<string> {
  const known = await tables.introspection.getTables();
  if (!known.some(({ name }) => name === table)) return '–';
  const { rows } = await tables
    .selectFrom(table)
    .select((of) => of.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  return rows.toLocaleString('en');
}

async function sizeOf({ kind, place, tables }: Look): Promise<number> {
  if (kind === 'sqlite') {
    return [place, `${place}-wal`]
      .map((name) => statSync(name, { throwIfNoEntry: false })?.size ?? 0)
      .reduce((sum, size) => sum + size, 0);
  }
  const { rows } = await sql<{ readonly size: number }>`select pg_database_size(current_database()) as size`.execute(
    tables,
  );
  return rows[0]?.size ?? 0;
}
