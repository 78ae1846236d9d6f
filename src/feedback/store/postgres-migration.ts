import { setTimeout } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { assertKnown, MIGRATION_TABLE, migrate, NewerDatabaseError, runMigrations } from './migrations.ts';
import { isPassing, postgresCode, withoutValues } from './postgres-failure.ts';
import { openPool, type PostgresPlace } from './postgres-pool.ts';
import type { Tables } from './tables.ts';

/** A migration may have to build an index over years of showings, or to wait for another process that does. */
const MIGRATION_MS = 300_000;
const RETRY_MS = 500;

/**
 * Brings the tables up to date. A database that does not answer is asked again for a while: it may be starting as well.
 *
 * @param patienceMs How long it may not answer, in milliseconds.
 * @throws {Error} with one sentence for the operator, without the password.
 */
export async function migratePostgres(url: string, place: PostgresPlace, patienceMs: number): Promise<void> {
  const pool = openPool(url, { max: 1, statementMs: MIGRATION_MS });
  const giveUp = performance.now() + patienceMs;
  try {
    for (;;) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- it is tried again only when it has failed
        await migrateSchema(pool.tables);
        return;
      } catch (error) {
        if (!isPassing(error) || performance.now() >= giveUp) throw asStartError(error, place);
        // oxlint-disable-next-line no-await-in-loop -- it is given time
        await setTimeout(RETRY_MS);
      }
    }
  } finally {
    await pool.end();
  }
}

/** One sentence for the operator. */
class PostgresStartError extends Error {}

async function migrateSchema(tables: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ readonly schema: string | null }>`select current_schema() as schema`.execute(tables);
  const schema = rows[0]?.schema;
  if (schema === null || schema === undefined) {
    throw new PostgresStartError('there is no schema in the search_path of this user');
  }
  const found = await tablesIn(tables, schema);
  if (found.has(MIGRATION_TABLE)) assertKnown(await runMigrations(tables));
  else if (found.has('feedback') || found.has('received')) {
    throw new PostgresStartError(`the schema ${schema} holds tables of another application`);
  }
  await migrate(tables, 'postgres', schema);
}

async function tablesIn(tables: Kysely<Tables>, schema: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ readonly name: string }>`
    select c.relname as name from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = ${schema}`.execute(tables);
  return new Set(rows.map(({ name }) => name));
}

/** What an error means before the database is in use, in one sentence for the operator, without the password. */
export function asStartError(error: unknown, { host, port, database, user }: PostgresPlace): Error {
  const at = `The database ${database} at ${host}:${port}`;
  if (error instanceof PostgresStartError || error instanceof NewerDatabaseError) {
    return new Error(`${at} cannot be used: ${error.message}.`);
  }
  const cause = withoutValues(error);
  switch (postgresCode(error)) {
    case 'ENOTFOUND':
      return new Error(`The host ${host} of DATABASE_URL is not known.`, { cause });
    case '28P01':
    case '28000':
      return new Error(`${at} does not let the user ${user} in.`, { cause });
    case '3D000':
      return new Error(`There is no database ${database} at ${host}:${port}.`, { cause });
    case '42501':
      return new Error(`${at} does not let the user ${user} make tables.`, { cause });
    case undefined:
    default:
      return isPassing(error)
        ? new Error(`${at} does not answer.`, { cause })
        : new Error(`${at} cannot be used: ${cause.message}.`, { cause });
  }
}
