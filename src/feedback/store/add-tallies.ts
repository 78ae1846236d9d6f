import type { Insertable, Kysely } from 'kysely';
import { FeedbackStoreError } from '../feedback-store.ts';
import type { Tally } from '../tally.ts';
import type { Database } from './database.ts';
import { inChunks } from './in-chunks.ts';
import type { Tables } from './tables.ts';

type TallyRow = Insertable<Tables['tally']>;

/**
 * Adds counts to those that are kept, all or none. It is not waited for until they are on disk: a power cut may lose the last ones.
 *
 * @throws {FeedbackStoreError} if they were not, which is certain if it is `isUnwritten`.
 */
export async function addTallies(database: Database, tallies: readonly Tally[]): Promise<void> {
  const rows = sumByKey(tallies);
  if (rows.length === 0) return;
  let mayCommit = false;
  const write = async (transaction: Kysely<Tables>) => {
    await inChunks(rows, (chunk) => add(transaction, chunk));
    mayCommit = true;
  };
  try {
    await database.writeQuickly((tables) => tables.transaction().execute(write));
  } catch (error) {
    if (mayCommit || !(error instanceof FeedbackStoreError)) throw error;
    // No connection was made, or it ended before the commit was sent: what is not committed is undone.
    throw new FeedbackStoreError(error.reason, { cause: error.cause, isUnwritten: true });
  }
}

function add(tables: Kysely<Tables>, rows: readonly TallyRow[]): Promise<unknown> {
  return tables
    .insertInto('tally')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['day', 'client', 'service', 'measure', 'subject'])
        .doUpdateSet((set) => ({ count: set('tally.count', '+', set.ref('excluded.count')) })),
    )
    .execute();
}

/** Each key once, as PostgreSQL wants it; in the same order in each process, so that no two wait for each other. */
function sumByKey(tallies: readonly Tally[]): readonly TallyRow[] {
  const rows = new Map<string, TallyRow>();
  for (const { day, client = '', service, measure, subject, count } of tallies) {
    const key = JSON.stringify([day, client, service, measure, subject]);
    rows.set(key, { day, client, service, measure, subject, count: count + (rows.get(key)?.count ?? 0) });
  }
  return [...rows.keys()].toSorted().flatMap((key) => rows.get(key) ?? []);
}
