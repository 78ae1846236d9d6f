import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { assertKnown, MIGRATION_TABLE, NewerDatabaseError } from './migrations.ts';
import { CORRUPT, NOT_A_DATABASE, READONLY_ROLLBACK, sqliteCode } from './sqlite-failure.ts';

/** `ASPS` in ASCII: a database that does not carry it is somebody else's. */
const APPLICATION_ID = 0x41535053;
/**
 * Of the tables that the first version made. It stays as long as these stay as they are: the versions from before there was a list
 * of migrations look at it alone, and go on adding to a file that a newer version has added tables to. A migration that changes
 * one of the first tables has to raise it.
 */
const FIRST_TABLES = 1;
/** How long another process may hold the file while the service starts, when it answers nobody anyway. */
const BUSY_AT_START_MS = 5000;

/**
 * Opens the file, or makes it, so that each commit is on disk before it returns. No other account may read what is made – the
 * folder, the file and those that SQLite lays beside it. Nothing is in a new one yet.
 *
 * @param path Absolute, since SQLite reads meaning into names such as `:memory:` and `file:…?mode=…`.
 * @throws {Error} if the file cannot be used, with one sentence for the operator that names it; nothing is overwritten.
 */
export function openFile(path: string): DatabaseSync {
  const umask = process.umask(0o077);
  try {
    try {
      mkdirSync(dirname(path), { recursive: true });
    } catch (error) {
      throw new Error(`${path}: its folder cannot be made.`, { cause: error });
    }
    if (existsSync(path)) {
      examineFile(path);
      closeToOthers(path);
    }
    return openExamined(path);
  } finally {
    process.umask(umask);
  }
}

/** What an error means while a file is opened, in one sentence for the operator. */
export function asStartError(error: unknown, path: string): unknown {
  if (error instanceof NewerDatabaseError) return new Error(`${path}: ${error.message}.`, { cause: error });
  return sqliteCode(error) === undefined
    ? error
    : new Error(`${path}: the feedback database cannot be written.`, { cause: error });
}

/**
 * Makes sure that a file that is there is a feedback database, whole and of a version that is known. It is opened for reading
 * alone: to open it for writing could already change what is not ours.
 *
 * @throws {Error} with one sentence for the operator. The file is as it was.
 */
export function examineFile(path: string): void {
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_AT_START_MS });
    try {
      if (examine(database, path) === 'known') assertMigrationsKnown(database);
      const [{ quick_check: verdict } = {}] = database.prepare('PRAGMA quick_check(1)').all();
      if (verdict !== 'ok') throw new Error(damaged(path));
    } finally {
      database.close();
    }
  } catch (error) {
    const code = sqliteCode(error);
    // A process was killed while it wrote, and SQLite mends that when the file is opened for writing.
    if (code === READONLY_ROLLBACK) return;
    if (code === undefined) throw asStartError(error, path);
    throw new Error(explain(code, path), { cause: error });
  }
}

function openExamined(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: BUSY_AT_START_MS });
    // Readers and the writer do not block each other, and each commit is on disk before it returns. What is deleted is overwritten.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;');
    return database;
  } catch (error) {
    database?.close();
    throw asStartError(error, path);
  }
}

/** Writes into a new file whose it is, before there is anything else in it: another process may be about to. */
export function claim(database: DatabaseSync, path: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    if (examine(database, path) === 'new') {
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FIRST_TABLES};`);
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function examine(database: DatabaseSync, path: string): 'new' | 'known' {
  const { application_id: application } = database.prepare('PRAGMA application_id').get() ?? {};
  const { user_version: version } = database.prepare('PRAGMA user_version').get() ?? {};
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() ?? {};
  if (application === 0 && version === 0 && tables === 0) return 'new';
  if (application !== APPLICATION_ID) throw new Error(`${path}: this is the database of another application.`);
  if (version !== FIRST_TABLES) throw new NewerDatabaseError(`schema ${String(version)}`);
  return 'known';
}

function assertMigrationsKnown(database: DatabaseSync): void {
  const list = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(MIGRATION_TABLE);
  // A file of the first version has none.
  if (list === undefined) return;
  const names = database.prepare(`SELECT name FROM ${MIGRATION_TABLE} ORDER BY name`).all();
  assertKnown(names.map(({ name }) => String(name)));
}

/** A file that was copied here, or made by hand, may be open to others; so are those that SQLite then lays beside it. */
function closeToOthers(path: string): void {
  for (const name of [path, `${path}-wal`, `${path}-shm`]) {
    const mode = statSync(name, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & 0o077) === 0) continue;
    try {
      chmodSync(name, mode & 0o700);
    } catch {
      process.emitWarning(`${name}: other accounts may read it, and this one may not change that.`);
    }
  }
}

function explain(code: number, path: string): string {
  switch (code % 256) {
    case NOT_A_DATABASE:
      return `${path}: this is not an SQLite database.`;
    case CORRUPT:
      return damaged(path);
    default:
      return `${path}: the feedback database cannot be opened.`;
  }
}

function damaged(path: string): string {
  return `${path}: the feedback database is damaged. Put a copy in its place, or move it away to begin a new one.`;
}
