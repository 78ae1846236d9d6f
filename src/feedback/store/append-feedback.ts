import { createHash } from 'node:crypto';
import type { Insertable, Kysely, Transaction } from 'kysely';
import type { FeedbackEntry } from '../../cds-hooks/feedback.ts';
import { type FeedbackStore, FeedbackStoreError, type ReceivedFeedback } from '../feedback-store.ts';
import type { Database } from './database.ts';
import { inChunks } from './in-chunks.ts';
import type { Tables } from './tables.ts';

export interface FeedbackStoreOptions {
  /**
   * The most entries that are kept of one client in a UTC day; those in open mode are one client's. Calls that come at the same moment
   * may go beyond it by what is in them. Default is 100,000.
   */
  readonly maxEntriesPerDay?: number;
  /** For how many days comments are kept. They may be about a patient: by default, 0, they are not kept. */
  readonly commentRetentionDays?: number;
}

/** Far beyond what a disease as rare as this one brings; 250 MB at the worst. */
const MAX_ENTRIES_PER_DAY = 100_000;
const DAY_MS = 86_400_000;

/**
 * Feedback in the database: each call is one transaction, on disk before it is acknowledged (CH-147). It takes the same few statements
 * for one entry and for two hundred. Calls of one client do not wait for each other's commits: what they add is counted after them.
 */
export function createFeedbackStore(
  database: Database,
  { maxEntriesPerDay = MAX_ENTRIES_PER_DAY, commentRetentionDays = 0 }: FeedbackStoreOptions = {},
): FeedbackStore {
  return {
    async append(feedback) {
      if (feedback.entries.length === 0) return;
      const count = await database.write(async (transaction) => {
        const added = await addEntries(transaction, feedback);
        if (added.length === 0) return 0;
        if ((await countOf(transaction, feedback)) + added.length > maxEntriesPerDay) {
          throw new FeedbackStoreError('quota');
        }
        await addSuggestions(transaction, added);
        await addReasons(transaction, added);
        if (commentRetentionDays > 0) {
          const until = new Date(feedback.receivedAt.getTime() + commentRetentionDays * DAY_MS);
          await addComments(transaction, added, until);
        }
        return added.length;
      });
      if (count === 0) return;
      // It was kept. That it could not be counted lets this client send a little more, and is no reason to have it sent again.
      await database.writeQuickly((tables) => addToCount(tables, feedback, count)).catch(() => {});
    },
    isReachable: () => database.isReachable(),
    close: () => database.close(),
  };
}

interface AddedEntry {
  readonly id: number;
  readonly entry: FeedbackEntry;
}

/** Those that were not kept before. */
async function addEntries(
  transaction: Transaction<Tables>,
  { client, service, receivedAt, entries }: ReceivedFeedback,
): Promise<readonly AddedEntry[]> {
  const byDigest = new Map<string, FeedbackEntry>();
  for (const entry of entries) {
    const digest = digestOf(service, entry);
    // What was sent first counts, as if each had been sent alone.
    if (!byDigest.has(digest)) byDigest.set(digest, entry);
  }
  // Two processes that are sent the same entries must not wait for each other: both take them in one order.
  const inOrder = [...byDigest].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const rows = inOrder.map(
    ([digest, { card, outcome, outcomeTimestamp, hasComment }]): Insertable<Tables['feedback']> => ({
      digest,
      client: client ?? null,
      service,
      card,
      outcome,
      outcome_timestamp: outcomeTimestamp,
      has_comment: hasComment ? 1 : 0,
      received_at: receivedAt.toISOString(),
    }),
  );
  const added: AddedEntry[] = [];
  await inChunks(rows, async (chunk) => {
    const kept = await transaction
      .insertInto('feedback')
      .values(chunk)
      .onConflict((conflict) => conflict.column('digest').doNothing()) // CH-147
      .returning(['id', 'digest'])
      .execute();
    for (const { id, digest } of kept) {
      const entry = byDigest.get(digest);
      if (entry !== undefined) added.push({ id, entry });
    }
  });
  return added;
}

async function addSuggestions(transaction: Transaction<Tables>, added: readonly AddedEntry[]): Promise<void> {
  const rows = added.flatMap(({ id, entry }) =>
    entry.acceptedSuggestions.map((suggestion) => ({ feedback: id, suggestion })),
  );
  await inChunks(rows, (chunk) => transaction.insertInto('accepted_suggestion').values(chunk).execute());
}

async function addReasons(transaction: Transaction<Tables>, added: readonly AddedEntry[]): Promise<void> {
  const rows = added.flatMap(({ id, entry }) =>
    entry.overrideReasons.map(({ system, code }) => ({ feedback: id, system: system ?? null, code })),
  );
  await inChunks(rows, (chunk) => transaction.insertInto('override_reason').values(chunk).execute());
}

async function addComments(transaction: Transaction<Tables>, added: readonly AddedEntry[], until: Date): Promise<void> {
  const rows = added.flatMap(({ id, entry }) =>
    entry.comments.map((comment) => ({ feedback: id, comment, delete_after: until.toISOString() })),
  );
  await inChunks(rows, (chunk) => transaction.insertInto('feedback_comment').values(chunk).execute());
}

/** How many entries were counted of this client and UTC day. */
async function countOf(transaction: Transaction<Tables>, feedback: ReceivedFeedback): Promise<number> {
  const { client, day } = countKey(feedback);
  const counted = await transaction
    .selectFrom('received')
    .select('entries')
    .where('client', '=', client)
    .where('day', '=', day)
    .executeTakeFirst();
  return counted?.entries ?? 0;
}

/** In a statement of its own: whoever counts for the same client waits for the statement, and not for a disk. */
async function addToCount(tables: Kysely<Tables>, feedback: ReceivedFeedback, entries: number): Promise<void> {
  await tables
    .insertInto('received')
    .values({ ...countKey(feedback), entries })
    .onConflict((conflict) =>
      conflict
        .columns(['client', 'day'])
        .doUpdateSet((set) => ({ entries: set('received.entries', '+', set.ref('excluded.entries')) })),
    )
    .execute();
}

function countKey({ client = '', receivedAt }: ReceivedFeedback) {
  return { client, day: receivedAt.toISOString().slice(0, 10) };
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
