import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FeedbackEntry } from '../cds-hooks/feedback.ts';
import type { FeedbackStore, ReceivedFeedback } from './feedback-store.ts';
import { createTables, examineFile, sqliteCode } from './sqlite-feedback-schema.ts';

/** How long another process may hold the file. The service answers nobody meanwhile: SQLite waits where it stands. */
const BUSY_MS = 500;
/** The same while it starts, and answers nobody anyway. */
const BUSY_AT_START_MS = 5000;

/** What its parts are written with. */
type Write = (received: Omit<ReceivedFeedback, 'entries'>, entry: FeedbackEntry) => void;

/**
 * Feedback in one SQLite file, for a service that runs alone; several processes on the same machine may share the file. What
 * was appended survives the end of the process and a power cut: each append is one transaction, synced to disk (CH-147).
 *
 * @throws {Error} if the file cannot be used, with one sentence for the operator that names it; nothing is overwritten.
 */
export function openSqliteFeedbackStore(file: string): FeedbackStore {
  // Absolute, since SQLite reads meaning into names such as `:memory:` and `file:…?mode=…`.
  const path = resolve(file);
  const database = forOwnerAlone(() => openDatabase(path));
  const write = prepareWrite(database);
  const opened = statSync(path);

  /** SQLite would go on writing into a file that was deleted, and all of it would be lost. */
  function assertInPlace(): void {
    const { ino, dev } = statSync(path);
    if (ino !== opened.ino || dev !== opened.dev) throw new Error('Another file is in its place');
  }

  return {
    async append({ entries, ...received }) {
      try {
        assertInPlace();
        inTransaction(database, () => {
          for (const entry of entries) write(received, entry);
        });
      } catch (error) {
        throw new Error('Feedback could not be written to its database', { cause: error });
      }
    },
    async isReachable() {
      try {
        assertInPlace();
        // The lock that writing needs, and a look into the table.
        inTransaction(database, () => database.prepare('SELECT id FROM feedback LIMIT 1').get());
        return true;
      } catch {
        return false;
      }
    },
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

/** What is made meanwhile – the folder, the file and those that SQLite lays beside it – no other account may read. */
function forOwnerAlone<Made>(make: () => Made): Made {
  const umask = process.umask(0o077);
  try {
    return make();
  } finally {
    process.umask(umask);
  }
}

function openDatabase(path: string): DatabaseSync {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new Error(`${path}: its folder cannot be made.`, { cause: error });
  }
  if (existsSync(path)) examineFile(path, BUSY_AT_START_MS);

  let database: DatabaseSync | undefined;
  try {
    const opened = new DatabaseSync(path, { timeout: BUSY_AT_START_MS });
    database = opened;
    // Readers and the writer do not block each other, and each commit is on disk before it returns.
    opened.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    inTransaction(opened, () => createTables(opened, path));
    opened.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    return opened;
  } catch (error) {
    database?.close();
    if (sqliteCode(error) === undefined) throw error;
    throw new Error(`${path}: the feedback database cannot be written.`, { cause: error });
  }
}

/** All or nothing. */
function inTransaction(database: DatabaseSync, work: () => void): void {
  // At once the lock for writing: a lock that is raised later fails without waiting.
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    // After some errors, such as a full disk, SQLite has rolled back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function prepareWrite(database: DatabaseSync): Write {
  const addEntry = database.prepare(
    `INSERT INTO feedback (digest, client, service, card, outcome, outcome_timestamp, has_comment, received_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING RETURNING id`,
  );
  const addSuggestion = database.prepare('INSERT INTO accepted_suggestion (feedback, suggestion) VALUES (?, ?)');
  const addReason = database.prepare('INSERT INTO override_reason (feedback, system, code) VALUES (?, ?, ?)');

  return ({ client, service, receivedAt }, entry) => {
    const { card, outcome, outcomeTimestamp, hasComment, acceptedSuggestions, overrideReasons } = entry;
    const row = addEntry.get(
      digestOf([client, service], entry),
      client ?? null,
      service,
      card,
      outcome,
      outcomeTimestamp,
      hasComment ? 1 : 0,
      receivedAt.toISOString(),
    );
    if (row === undefined) return; // kept before (CH-147)
    const id = Number(row['id']);
    for (const suggestion of acceptedSuggestions) addSuggestion.run(id, suggestion);
    for (const { system, code } of overrideReasons) addReason.run(id, system ?? null, code);
  };
}

/** By what an entry is known again: who sent it for what, and all that it says, in whatever order. */
function digestOf(
  sender: readonly (string | undefined)[],
  { card, outcome, outcomeTimestamp, acceptedSuggestions, overrideReasons }: FeedbackEntry,
): string {
  const reasons = overrideReasons.map(({ system, code }) => JSON.stringify([system, code]));
  const content = [...sender, card, outcome, outcomeTimestamp, acceptedSuggestions.toSorted(), reasons.toSorted()];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
