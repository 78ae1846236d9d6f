import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FeedbackEntry } from '../cds-hooks/feedback.ts';
import {
  type FeedbackStore,
  FeedbackStoreError,
  type FeedbackStoreErrorReason,
  type ReceivedFeedback,
} from './feedback-store.ts';
import { failureReason, sqliteCode } from './sqlite-failure.ts';
import { createTables, examineFile } from './sqlite-feedback-schema.ts';

export interface SqliteFeedbackStoreOptions {
  /** The most entries that are kept of one client in a UTC day; those in open mode are one client's. Default is 100,000. */
  readonly maxEntriesPerDay?: number;
  /** In milliseconds; a clock that nobody sets. */
  readonly clock?: () => number;
}

/**
 * How long another process may hold the file. The service answers nobody meanwhile, since SQLite waits where it stands; a client
 * that is told to come again loses nothing.
 */
const BUSY_MS = 50;
/** The same while it starts, and answers nobody anyway. */
const BUSY_AT_START_MS = 5000;
/** After a failure the file is left alone for so long: those who wait meanwhile must not each stop the service again. */
const PAUSE_MS = 1000;
/** Far beyond what a disease as rare as this one brings; 250 MB at the worst. */
const MAX_ENTRIES_PER_DAY = 100_000;

/** Who sent an entry, for what, and when it came. */
type Sender = Omit<ReceivedFeedback, 'entries'>;

/**
 * Feedback in one SQLite file, on a local disk, made for a service that runs alone. A second process on the same machine, such
 * as the next version that is taking over, may write to it as well; each may have to ask its clients to come again. What was
 * appended survives the end of the process and a power cut: each append is one transaction, synced to disk (CH-147).
 *
 * @throws {Error} if the file cannot be used, with one sentence for the operator that names it; nothing is overwritten.
 */
export function openSqliteFeedbackStore(
  file: string,
  { maxEntriesPerDay = MAX_ENTRIES_PER_DAY, clock = () => performance.now() }: SqliteFeedbackStoreOptions = {},
): FeedbackStore {
  // Absolute, since SQLite reads meaning into names such as `:memory:` and `file:…?mode=…`.
  const path = resolve(file);
  const database = forOwnerAlone(() => openDatabase(path));
  const write = prepareWrite(database);
  const countOf = prepareCount(database);
  const opened = statSync(path);
  const writing = pauseAfterFailure(clock);
  const reading = pauseAfterFailure(clock);

  /** SQLite would go on writing into a file that was deleted, and all of it would be lost. */
  function assertInPlace(): void {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.ino !== opened.ino || found.dev !== opened.dev) throw new FeedbackStoreError('replaced');
  }

  return {
    async append({ entries, ...sender }) {
      if (!database.isOpen) throw new FeedbackStoreError('closed');
      writing.assertOver();
      try {
        assertInPlace();
        inTransaction(database, () => {
          let added = 0;
          for (const entry of entries) if (write(sender, entry)) added += 1;
          if (added > 0 && countOf(sender, added) > maxEntriesPerDay) throw new FeedbackStoreError('quota');
        });
      } catch (error) {
        const failure = asFailure(error);
        // That one client has sent too much is no reason to refuse the others.
        if (failure.reason !== 'quota') writing.begin(failure.reason);
        throw failure;
      }
    },
    async isReachable() {
      try {
        reading.assertOver();
        assertInPlace();
        // To read needs no lock in WAL mode: whoever asks cannot make anybody wait.
        database.prepare('SELECT id FROM feedback LIMIT 1').get();
        return true;
      } catch (error) {
        reading.begin(asFailure(error).reason);
        return false;
      }
    },
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

function asFailure(error: unknown): FeedbackStoreError {
  if (error instanceof FeedbackStoreError) return error;
  return new FeedbackStoreError(failureReason(error), { cause: error });
}

/** For a while after a failure, what failed is refused for the same reason, without being tried. */
function pauseAfterFailure(clock: () => number) {
  let pause: { readonly until: number; readonly reason: FeedbackStoreErrorReason } | undefined;
  return {
    /** @throws {FeedbackStoreError} if the pause is not over. */
    assertOver: () => {
      if (pause !== undefined && clock() < pause.until) throw new FeedbackStoreError(pause.reason);
      pause = undefined;
    },
    /** A pause that has begun is not drawn out. */
    begin: (reason: FeedbackStoreErrorReason) => {
      pause ??= { until: clock() + PAUSE_MS, reason };
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
  if (existsSync(path)) {
    examineFile(path, BUSY_AT_START_MS);
    closeToOthers(path);
  }

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

/** Writes an entry and its parts; false if it was kept before. */
function prepareWrite(database: DatabaseSync): (sender: Sender, entry: FeedbackEntry) => boolean {
  const addEntry = database.prepare(
    `INSERT INTO feedback (digest, client, service, card, outcome, outcome_timestamp, has_comment, received_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING RETURNING id`,
  );
  const addSuggestion = database.prepare('INSERT INTO accepted_suggestion (feedback, suggestion) VALUES (?, ?)');
  const addReason = database.prepare('INSERT INTO override_reason (feedback, system, code) VALUES (?, ?, ?)');

  return ({ client, service, receivedAt }, entry) => {
    const { card, outcome, outcomeTimestamp, hasComment, acceptedSuggestions, overrideReasons } = entry;
    const row = addEntry.get(
      digestOf(service, entry),
      client ?? null,
      service,
      card,
      outcome,
      outcomeTimestamp,
      hasComment ? 1 : 0,
      receivedAt.toISOString(),
    );
    if (row === undefined) return false; // CH-147
    const id = Number(row['id']);
    for (const suggestion of acceptedSuggestions) addSuggestion.run(id, suggestion);
    for (const { system, code } of overrideReasons) addReason.run(id, system ?? null, code);
    return true;
  };
}

/** Counts entries that were added for a sender; how many there are then of that client and UTC day. */
function prepareCount(database: DatabaseSync): (sender: Sender, added: number) => number {
  const count = database.prepare(
    `INSERT INTO received (client, day, entries) VALUES (?, ?, ?)
     ON CONFLICT (client, day) DO UPDATE SET entries = entries + excluded.entries RETURNING entries`,
  );
  return ({ client = '', receivedAt }, added) =>
    Number(count.get(client, receivedAt.toISOString().slice(0, 10), added)?.['entries']);
}

/**
 * By what an entry is known again: the service and all that is said of the card, in whatever order. Not by the client's name,
 * which the operator may change and which the card's random uuid makes needless; and not by whether there was a comment: an
 * override that comes once without and once with it is one override.
 */
function digestOf(
  service: string,
  { card, outcome, outcomeTimestamp, acceptedSuggestions, overrideReasons }: FeedbackEntry,
): string {
  const reasons = overrideReasons.map(({ system, code }) => JSON.stringify([system, code]));
  const content = [service, card, outcome, outcomeTimestamp, acceptedSuggestions.toSorted(), reasons.toSorted()];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
