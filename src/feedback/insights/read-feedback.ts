import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import type { CommentFigures } from './figures.ts';
import type { InsightsQuery } from './insights.ts';
import { instantsOf } from './weeks.ts';

/** More than anybody reads on one page; the window can be made smaller. */
const MOST_COMMENTS = 200;

/** Entries of feedback that came within the window on cards that are not on record: another store's, or older than is kept. */
export async function countOfUnknownCards(tables: Kysely<Tables>, query: InsightsQuery): Promise<number> {
  const row = await feedbackWithin(tables, query)
    .leftJoin('showing as s', 's.card', 'f.card')
    .where('s.card', 'is', null)
    .select(({ fn }) => fn.countAll().as('entries'))
    .executeTakeFirst();
  return Number(row?.entries ?? 0);
}

/** Comments that came within the window and may still be kept, the latest first. */
export async function readComments(
  tables: Kysely<Tables>,
  query: InsightsQuery,
  now: Date,
): Promise<readonly CommentFigures[]> {
  const rows = await feedbackWithin(tables, query)
    .innerJoin('feedback_comment as c', 'c.feedback', 'f.id')
    .leftJoin('showing as s', 's.card', 'f.card')
    // Whether or not it has been deleted yet.
    .where('c.delete_after', '>', now.toISOString())
    .select(['s.card_id', 'f.received_at', 'c.comment'])
    .orderBy('f.received_at', 'desc')
    .orderBy('f.id', 'desc')
    .limit(MOST_COMMENTS)
    .execute();
  return rows.map((row) => ({ cardId: row.card_id ?? undefined, at: row.received_at, comment: row.comment }));
}

function feedbackWithin(tables: Kysely<Tables>, query: InsightsQuery) {
  const [start, end] = instantsOf(query);
  return tables
    .selectFrom('feedback as f')
    .where('f.received_at', '>=', start)
    .where('f.received_at', '<', end)
    .$if(query.client !== undefined, (rows) => rows.where('f.client', '=', query.client ?? ''))
    .$if(query.service !== undefined, (rows) => rows.where('f.service', '=', query.service ?? ''));
}
