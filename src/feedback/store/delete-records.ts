import { setImmediate } from 'node:timers/promises';
import { type Expression, type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/**
 * Which records: those that fit all that is given. Before a UTC day, such as `2026-11-22`: feedback by when it came, showings by when
 * they went out, tallies by their day.
 */
export type RecordFilter =
  | { readonly beforeDay: string; readonly client?: string }
  | { readonly beforeDay?: string; readonly client: string };

/** How many there are, or were deleted. */
export interface RecordCounts {
  readonly feedback: number;
  readonly showings: number;
  readonly tallies: number;
}

/** What one transaction deletes, so that others do not wait for it for long. */
const BATCH = 500;
const DAY_MS = 86_400_000;

/** Counts what {@link deleteRecords} would delete; a database that an earlier version has made may lack tables. */
export async function countRecords(tables: Kysely<Tables>, filter: RecordFilter): Promise<RecordCounts> {
  const known = new Set(Array.from(await tables.introspection.getTables(), ({ name }) => name));
  const count = async (table: 'feedback' | 'showing' | 'tally', time: Time) => {
    if (!known.has(table)) return 0;
    const counted = tables.selectFrom(table).select((of) => of.fn.countAll<number>().as('rows'));
    const { rows } = await counted.where(fits(time, filter)).executeTakeFirstOrThrow();
    return rows;
  };
  return {
    feedback: await count('feedback', 'received_at'),
    showings: await count('showing', 'shown_at'),
    tallies: await count('tally', 'day'),
  };
}

/**
 * Deletes feedback with its comments, showings and tallies, in small transactions; to be stopped in the middle does no harm.
 *
 * @throws {FeedbackStoreError} if it could not go on; what was deleted until then stays deleted.
 */
export async function deleteRecords(database: Database, filter: RecordFilter): Promise<RecordCounts> {
  const feedback = await untilNoneIsLeft(database, (transaction) => deleteFeedback(transaction, filter));
  const showings = await untilNoneIsLeft(database, (transaction) => deleteShowings(transaction, filter));
  const tallies = await untilNoneIsLeft(database, (transaction) => deleteTallies(transaction, filter));
  await database.write((transaction) => transaction.deleteFrom('received').where(fits('day', filter)).execute());
  return { feedback, showings, tallies };
}

/** Repeats it, each time in a transaction of its own, until it finds nothing any more; how many there were. */
export async function untilNoneIsLeft(
  database: Database,
  deleteSome: (transaction: Transaction<Tables>) => Promise<number>,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- each batch begins where the last one ended
    const some = await database.write(deleteSome);
    if (some === 0) return deleted;
    deleted += some;
    // oxlint-disable-next-line no-await-in-loop -- SQLite answers at once: without it nobody would be answered until all is deleted
    await setImmediate();
  }
}

/**
 * Deletes comments whose time is over – by the setting under which they came, and by the one of now –, those of some entries; how
 * many entries.
 *
 * @param retentionDays for how many days comments are kept now; with 0 none is
 */
export async function deleteComments(
  transaction: Transaction<Tables>,
  now: Date,
  retentionDays: number,
): Promise<number> {
  const comments = transaction.selectFrom('feedback_comment').select('feedback_comment.feedback').limit(BATCH);
  const tooOld = new Date(now.getTime() - retentionDays * DAY_MS).toISOString();
  const past =
    retentionDays === 0
      ? comments
      : comments
          .innerJoin('feedback', 'feedback.id', 'feedback_comment.feedback')
          .where((of) => of.or([of('delete_after', '<=', now.toISOString()), of('received_at', '<=', tooOld)]));
  const rows = await past.execute();
  if (rows.length === 0) return 0;
  const feedback = [...new Set(rows.map((row) => row.feedback))];
  await transaction.deleteFrom('feedback_comment').where('feedback', 'in', feedback).execute();
  return feedback.length;
}

/** Deletes used JWTs that had run out before a time in seconds since 1970, some of them; how many. */
export async function deleteUsedJtis(transaction: Transaction<Tables>, before: number): Promise<number> {
  const some = transaction.selectFrom('used_jti').select('digest').where('expires_at', '<', before).limit(BATCH);
  const { numDeletedRows } = await transaction
    .deleteFrom('used_jti')
    .where('digest', 'in', some)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

async function deleteFeedback(transaction: Transaction<Tables>, filter: RecordFilter): Promise<number> {
  const rows = await transaction
    .selectFrom('feedback')
    .select('id')
    .where(fits('received_at', filter))
    .limit(BATCH)
    .execute();
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await transaction.deleteFrom('feedback_comment').where('feedback', 'in', ids).execute();
  await transaction.deleteFrom('accepted_suggestion').where('feedback', 'in', ids).execute();
  await transaction.deleteFrom('override_reason').where('feedback', 'in', ids).execute();
  await transaction.deleteFrom('feedback').where('id', 'in', ids).execute();
  return ids.length;
}

async function deleteShowings(transaction: Transaction<Tables>, filter: RecordFilter): Promise<number> {
  const rows = await transaction
    .selectFrom('showing')
    .select('card')
    .where(fits('shown_at', filter))
    .limit(BATCH)
    .execute();
  if (rows.length === 0) return 0;
  const cards = rows.map(({ card }) => card);
  await transaction.deleteFrom('offered_suggestion').where('card', 'in', cards).execute();
  await transaction.deleteFrom('showing').where('card', 'in', cards).execute();
  return cards.length;
}

/** Those of one day, the earliest. */
async function deleteTallies(transaction: Transaction<Tables>, filter: RecordFilter): Promise<number> {
  const { day } = await transaction
    .selectFrom('tally')
    .select((of) => of.fn.min<string | null>('day').as('day'))
    .where(fits('day', filter))
    .executeTakeFirstOrThrow();
  if (day === null) return 0;
  const { numDeletedRows } = await transaction
    .deleteFrom('tally')
    .where('day', '=', day)
    .where(fits('day', filter))
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

type Time = 'received_at' | 'shown_at' | 'day';

/** A time begins with its day: it is before the day if, as text, it is before it. */
function fits(time: Time, { beforeDay, client }: RecordFilter): Expression<SqlBool> {
  const conditions = [
    ...(beforeDay === undefined ? [] : [sql<SqlBool>`${sql.ref(time)} < ${beforeDay}`]),
    ...(client === undefined ? [] : [sql<SqlBool>`client = ${client}`]),
  ];
  return sql`${sql.join(conditions, sql` and `)}`;
}
