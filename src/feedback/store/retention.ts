import type { Database } from './database.ts';
import { deleteComments, deleteRecords, deleteUsedJtis, type RecordCounts, untilNoneIsLeft } from './delete-records.ts';
import { emptyLog } from './empty-log.ts';

export interface RetentionOptions {
  readonly now: Date;
  /** Comments are kept for so many days at most, whatever was said when they came; with 0, none is. */
  readonly commentRetentionDays: number;
  /** Showings, feedback and tallies of so many whole UTC days are kept; with 0, all. */
  readonly recordRetentionDays: number;
}

/** How much was deleted. */
export interface Deleted extends RecordCounts {
  /** Entries of feedback whose comments were deleted. */
  readonly comments: number;
  /** Can it still be read in the log of the file, since another process reads there? The next call takes it out. */
  readonly isInLog: boolean;
}

const DAY_MS = 86_400_000;
/** The clocks of processes differ: one that is behind still takes what has just run out. */
const CLOCKS_DIFFER_MS = 120_000;
/** Of a process that has not been seen for so long nobody speaks any more. */
const DEAD_MS = 3_600_000;

/**
 * Deletes what is past its time: comments, records if they are not kept for ever, used JWTs, windows of rate limits, and processes that
 * are gone. To be stopped in the middle of it does no harm; nor does another process that does the same.
 *
 * @throws {FeedbackStoreError} if it could not go on; what was deleted until then stays deleted.
 */
export async function deleteExpired(
  database: Database,
  { now, commentRetentionDays, recordRetentionDays }: RetentionOptions,
): Promise<Deleted> {
  const comments = await untilNoneIsLeft(database, (transaction) =>
    deleteComments(transaction, now, commentRetentionDays),
  );
  const firstDay = new Date(now.getTime() - recordRetentionDays * DAY_MS).toISOString().slice(0, 10);
  const records =
    recordRetentionDays > 0
      ? await deleteRecords(database, { beforeDay: firstDay })
      : { feedback: 0, showings: 0, tallies: 0 };
  await deleteShared(database, now);
  // Even if there was nothing: what was deleted before may be there still.
  return { comments, ...records, isInLog: !(await emptyLog(database)) };
}

/** What the processes share for minutes. */
async function deleteShared(database: Database, now: Date): Promise<void> {
  const past = now.getTime() - CLOCKS_DIFFER_MS;
  await untilNoneIsLeft(database, (transaction) => deleteUsedJtis(transaction, Math.floor(past / 1000)));
  await database.writeQuickly(async (tables) => {
    await tables.deleteFrom('rate_window').where('resets_at', '<', past).execute();
    const lastSeen = new Date(now.getTime() - DEAD_MS).toISOString();
    await tables.deleteFrom('instance').where('seen_at', '<', lastSeen).execute();
  });
}
