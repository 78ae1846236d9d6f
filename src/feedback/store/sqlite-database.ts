import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { Kysely } from 'kysely';
import { FeedbackStoreError, type FeedbackStoreErrorReason } from '../feedback-store.ts';
import type { Database } from './database.ts';
import { migrate } from './migrations.ts';
import { NodeSqliteDialect } from './node-sqlite-dialect.ts';
import { createPause } from './pause.ts';
import { failureReason } from './sqlite-failure.ts';
import { asStartError, claim, openFile } from './sqlite-file.ts';
import type { Tables } from './tables.ts';
import { createWorkUnderWay } from './work-under-way.ts';

/**
 * How long another process may hold the file. The service answers nobody meanwhile, since SQLite waits where it stands; a client
 * that is told to come again loses nothing.
 */
const BUSY_MS = 50;
const LOCKED_AT_START_MS = 5000;

/**
 * One SQLite file, on a local disk, made for a service that runs alone. A second process on the same machine, such as the next
 * version that is taking over, may write to it as well; each may have to ask its clients to come again. After a failure to write, as
 * after one to read, the file is left alone for a second: those who wait meanwhile must not each stop the service again.
 *
 * @throws {Error} if the file cannot be used, with one sentence for the operator that names it; nothing is overwritten.
 */
export async function openSqliteDatabase(file: string, { clock }: { readonly clock: () => number }): Promise<Database> {
  const path = resolve(file);
  const database = openFile(path);
  const tables = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) });
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    await untilUnlocked(async () => {
      claim(database, path);
      await migrate(tables, 'sqlite');
    });
  } catch (error) {
    database.close();
    throw asStartError(error, path);
  }

  const assertInPlace = watchPlace(path);
  let isDamaged = false;
  /** A damaged file is evidence, and perhaps most of it can be saved: nothing touches it any more until somebody has looked. */
  const assertUsable = () => {
    if (isDamaged) throw new FeedbackStoreError('damaged');
    assertInPlace();
  };
  const asFailure = (error: unknown) => {
    const failure = error instanceof FeedbackStoreError ? error : asStoreError(error);
    isDamaged ||= failure.reason === 'damaged';
    return failure;
  };
  const work = createWorkUnderWay();
  const writing = createPause({ asFailure, pausesAfter, clock });
  const reading = createPause({ asFailure, pausesAfter, clock });

  return {
    kind: 'sqlite',
    write: (write) =>
      work.run(() =>
        // The pause is looked at when the turn has come: of those who wait for their turn, one alone may stop the service.
        tables.connection().execute((connection) =>
          writing.run(() => {
            assertUsable();
            return connection.transaction().execute(write);
          }),
        ),
      ),
    writeQuickly: (write) =>
      work.run(() =>
        tables.connection().execute((connection) =>
          writing.run(() => {
            assertUsable();
            return unsynced(database, () => write(connection));
          }),
        ),
      ),
    read: (read) =>
      work.run(() =>
        tables.connection().execute((connection) =>
          reading.run(() => {
            assertUsable();
            return connection.transaction().setAccessMode('read only').execute(read);
          }),
        ),
      ),
    async isReachable() {
      if (work.isClosed()) return false;
      try {
        return await reading.run(async () => {
          assertUsable();
          // To read needs no lock in WAL mode, nor a turn: whoever asks cannot make anybody wait.
          database.prepare('SELECT id FROM feedback LIMIT 1').get();
          return true;
        });
      } catch {
        return false;
      }
    },
    async close() {
      await work.close();
      // To close it would write what is still in the write-ahead log into the file; the end of the process leaves it where it is.
      if (database.isOpen && !isDamaged) database.close();
    },
  };
}

/** Another process may be bringing the tables up to date. */
async function untilUnlocked(work: () => Promise<void>): Promise<void> {
  const giveUp = performance.now() + LOCKED_AT_START_MS;
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- it is tried again only when it has failed
      await work();
      return;
    } catch (error) {
      if (failureReason(error) !== 'locked' || performance.now() >= giveUp) throw error;
      // oxlint-disable-next-line no-await-in-loop -- the other one may be in this very process
      await setTimeout(BUSY_MS);
    }
  }
}

function asStoreError(error: unknown): FeedbackStoreError {
  return new FeedbackStoreError(failureReason(error), { cause: error });
}

/** That one client has sent too much is no reason to refuse the others. */
function pausesAfter(reason: FeedbackStoreErrorReason): boolean {
  return reason !== 'quota';
}

/** SQLite would go on writing into a file that was deleted, and all of it would be lost. */
function watchPlace(path: string): () => void {
  const opened = statSync(path);
  return () => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.ino !== opened.ino || found.dev !== opened.dev) throw new FeedbackStoreError('replaced');
  };
}

/** What is committed meanwhile is not waited for until it is on disk; the next commit that is takes it along. */
async function unsynced<Result>(database: DatabaseSync, write: () => Promise<Result>): Promise<Result> {
  database.exec('PRAGMA synchronous = NORMAL');
  try {
    return await write();
  } finally {
    database.exec('PRAGMA synchronous = FULL');
  }
}
