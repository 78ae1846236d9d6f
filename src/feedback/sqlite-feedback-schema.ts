import { DatabaseSync } from 'node:sqlite';
import { CORRUPT, NOT_A_DATABASE, READONLY_ROLLBACK, sqliteCode } from './sqlite-failure.ts';

/** `ASPS` in ASCII: a database that does not carry it is somebody else's. */
const APPLICATION_ID = 0x41535053;
/** Raised with every change of the tables. */
const SCHEMA_VERSION = 1;

/**
 * `digest` is what makes an entry the same (CH-147). Times are UTC, as text. Suggestions and reasons have tables of their own,
 * so that plain SQL ranks them, in SQLite as in PostgreSQL.
 */
const TABLES = `
  CREATE TABLE feedback (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    client TEXT,
    service TEXT NOT NULL,
    card TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'overridden')),
    outcome_timestamp TEXT NOT NULL,
    has_comment INTEGER NOT NULL CHECK (has_comment IN (0, 1)),
    received_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX feedback_by_card ON feedback (card);
  CREATE TABLE accepted_suggestion (
    feedback INTEGER NOT NULL REFERENCES feedback (id),
    suggestion TEXT NOT NULL
  ) STRICT;
  CREATE INDEX accepted_suggestion_by_feedback ON accepted_suggestion (feedback);
  CREATE TABLE override_reason (
    feedback INTEGER NOT NULL REFERENCES feedback (id),
    system TEXT,
    code TEXT NOT NULL
  ) STRICT;
  CREATE INDEX override_reason_by_feedback ON override_reason (feedback);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * How many entries were kept of a client on a UTC day: counted along, since to count them anew would take longer with each. In
 * open mode the client is ''. It was not there from the beginning; a version that does not know it is not disturbed by it.
 */
const RECEIVED = `
  CREATE TABLE IF NOT EXISTS received (
    client TEXT NOT NULL,
    day TEXT NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (client, day)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * Makes sure that a file that is there is a feedback database, whole and of a version that is known. It is opened for reading
 * alone: to open it for writing could already change what is not ours. Another process may hold it for `timeout` milliseconds.
 *
 * @throws {Error} with one sentence for the operator. The file is as it was.
 */
export function examineFile(file: string, timeout: number): void {
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout });
    try {
      examine(database, file);
      const [{ quick_check: verdict } = {}] = database.prepare('PRAGMA quick_check(1)').all();
      if (verdict !== 'ok') throw new Error(damaged(file));
    } finally {
      database.close();
    }
  } catch (error) {
    const code = sqliteCode(error);
    // A process was killed while it wrote, and SQLite mends that when the file is opened for writing.
    if (code === READONLY_ROLLBACK) return;
    if (code === undefined) throw error;
    throw new Error(explain(code, file), { cause: error });
  }
}

/** Creates the tables that are not there yet. To be called in a write transaction: two processes may be about to. */
export function createTables(database: DatabaseSync, file: string): void {
  if (examine(database, file) === 'new') database.exec(TABLES);
  database.exec(RECEIVED);
}

function examine(database: DatabaseSync, file: string): 'new' | 'known' {
  const { application_id: application } = database.prepare('PRAGMA application_id').get() ?? {};
  const { user_version: version } = database.prepare('PRAGMA user_version').get() ?? {};
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() ?? {};
  if (application === 0 && version === 0 && tables === 0) return 'new';
  if (application !== APPLICATION_ID) throw new Error(`${file}: this is the database of another application.`);
  if (version !== SCHEMA_VERSION) {
    throw new Error(
      `${file}: the feedback in it has schema ${String(version)}, and this version of the service knows schema ${SCHEMA_VERSION}.`,
    );
  }
  return 'known';
}

function explain(code: number, file: string): string {
  switch (code % 256) {
    case NOT_A_DATABASE:
      return `${file}: this is not an SQLite database.`;
    case CORRUPT:
      return damaged(file);
    default:
      return `${file}: the feedback database cannot be opened.`;
  }
}

function damaged(file: string): string {
  return `${file}: the feedback database is damaged. Put a copy in its place, or move it away to begin a new one.`;
}
