import type { Database } from './database.ts';
import { openPostgresDatabase } from './postgres-database.ts';
import { openSqliteDatabase } from './sqlite-database.ts';

export interface OpenDatabaseOptions {
  /** In milliseconds; a clock that nobody sets. Default is the process' own. */
  readonly clock?: () => number;
  /** How long a database server may not answer at the start before that is an error, in milliseconds. Default is 10,000. */
  readonly patienceMs?: number;
}

/** Where the database is if nobody says otherwise: on one machine that is all it takes. */
export const DEFAULT_DATABASE_URL = 'sqlite:./data/asps-cds.db';
const SQLITE = 'sqlite:';

/**
 * Opens the database and brings its tables up to date.
 *
 * @param url `sqlite:` and a file, or `postgres://…` or `postgresql://…`.
 * @throws {Error} if it cannot be used, with one sentence for the operator, in which there is no password. Nothing is overwritten.
 */
export async function openDatabase(
  url: string,
  { clock = () => performance.now(), patienceMs = 10_000 }: OpenDatabaseOptions = {},
): Promise<Database> {
  const file = sqliteFile(url);
  return file === undefined ? openPostgresDatabase(url, { clock, patienceMs }) : openSqliteDatabase(file, { clock });
}

/**
 * The file of an SQLite database; undefined of PostgreSQL.
 *
 * @throws {Error} if it is neither, with one sentence for the operator.
 */
export function sqliteFile(url: string): string | undefined {
  if (url.startsWith(SQLITE) && url !== SQLITE) return url.slice(SQLITE.length);
  if (/^postgres(?:ql)?:\/\//.test(url)) return undefined;
  throw new Error('DATABASE_URL must be sqlite: and a file, or begin with postgres:// or postgresql://.');
}
