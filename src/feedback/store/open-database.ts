import type { Database } from './database.ts';
import { openSqliteDatabase } from './sqlite-database.ts';

export interface OpenDatabaseOptions {
  /** In milliseconds; a clock that nobody sets. Default is the process' own. */
  readonly clock?: () => number;
  /** How long a database server may not answer at the start before that is an error, in milliseconds. Default is 10,000. */
  readonly patienceMs?: number;
  /**
   * How long a statement may take on a database server, in milliseconds, waiting for locks included. Default is 2,000: whoever waits for
   * an answer waits for it.
   */
  readonly statementMs?: number;
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
  { clock = () => performance.now(), patienceMs = 10_000, statementMs }: OpenDatabaseOptions = {},
): Promise<Database> {
  const file = sqliteFile(url);
  if (file !== undefined) return openSqliteDatabase(file, { clock });
  // It takes time and memory, which those with a file need not spend.
  const { openPostgresDatabase } = await import('./postgres-database.ts');
  return openPostgresDatabase(url, { clock, patienceMs, statementMs });
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
