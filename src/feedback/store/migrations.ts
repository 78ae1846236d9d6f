import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Database } from './database.ts';
import { feedback } from './migrations/0001-feedback.ts';
import { showings } from './migrations/0002-showings.ts';
import type { Tables } from './tables.ts';

/** The list of the migrations that were run. Its name is ours alone, since a schema may be shared with others that use Kysely. */
export const MIGRATION_TABLE = 'asps_cds_migration';

/** In their order. Once released, one is never changed, nor is another put before it. */
const MIGRATIONS: Readonly<Record<string, (kind: Database['kind']) => Migration>> = {
  '0001-feedback': feedback,
  '0002-showings': showings,
};

/** The database is what a newer version of the service has made of it. Its message names no database. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';

  constructor(migration: string) {
    super(`it was changed by a newer version of the service (${migration}), and this version does not know it`);
  }
}

/** @throws {NewerDatabaseError} if one of the migrations that were run is not among those that are known. */
export function assertKnown(run: readonly string[]): void {
  const unknown = run.find((name) => !Object.hasOwn(MIGRATIONS, name));
  if (unknown !== undefined) throw new NewerDatabaseError(unknown);
}

/**
 * Brings the tables up to date in one transaction, all or nothing, under a lock: of several processes that start at once one does
 * it, and the others wait for it.
 *
 * @param schemaName Of PostgreSQL, the schema in which the tables are.
 * @throws {NewerDatabaseError} and errors of the database.
 */
export async function migrate(tables: Kysely<Tables>, kind: Database['kind'], schemaName?: string): Promise<void> {
  const migrator = new Migrator({
    db: tables,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(Object.entries(MIGRATIONS).map(([name, migration]) => [name, migration(kind)])),
    },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: `${MIGRATION_TABLE}_lock`,
    ...(schemaName === undefined ? {} : { migrationTableSchema: schemaName }),
  });
  const { error } = await migrator.migrateToLatest();
  // A newer version may just have run its own; then the migrator says so less plainly.
  if (error !== undefined) assertKnown(await runMigrations(tables).catch(() => []));
  if (error !== undefined) throw error;
}

/** The names of the migrations that were run; the list has to be there. */
export async function runMigrations(tables: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(tables);
  return rows.map(({ name }) => name);
}
