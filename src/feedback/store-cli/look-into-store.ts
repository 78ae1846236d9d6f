import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { NodeSqliteDialect } from '../store/node-sqlite-dialect.ts';
import { sqliteFile } from '../store/open-database.ts';
import { asStartError } from '../store/postgres-migration.ts';
import { openPool, readPlace } from '../store/postgres-pool.ts';
import { examineFile } from '../store/sqlite-file.ts';
import type { Tables } from '../store/tables.ts';

/** A look at the database as it is: nothing is made in it or brought up to date. */
export interface Look {
  readonly kind: 'sqlite' | 'postgres';
  /** Where it is, without the password. */
  readonly place: string;
  readonly tables: Kysely<Tables>;
}

/** An operator waits for the counts of a large database, and for others to let go of what is to be deleted. In milliseconds. */
export const STATEMENT_MS = 600_000;

/** @throws {Error} if it cannot be looked into, with one sentence for the operator. */
export async function lookIntoStore<Result>(url: string, look: (store: Look) => Promise<Result>): Promise<Result> {
  const file = sqliteFile(url);
  if (file !== undefined) {
    const path = resolve(file);
    examineFile(path);
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return await look({
        kind: 'sqlite',
        place: path,
        tables: new Kysely({ dialect: new NodeSqliteDialect(database) }),
      });
    } finally {
      database.close();
    }
  }
  const place = readPlace(url);
  const pool = openPool(url, { max: 1, statementMs: STATEMENT_MS });
  try {
    return await look({
      kind: 'postgres',
      place: `${place.database} at ${place.host}:${place.port}`,
      tables: pool.tables,
    });
  } catch (error) {
    throw asStartError(error, place);
  } finally {
    await pool.end();
  }
}
