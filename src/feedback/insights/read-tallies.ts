import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import type { TallyFigures } from './figures.ts';
import type { Week } from './weeks.ts';

/** The tallies of a week, of all its days together. */
export async function readTallies(tables: Kysely<Tables>, { from, to }: Week): Promise<readonly TallyFigures[]> {
  const rows = await tables
    .selectFrom('tally')
    .where('day', '>=', from)
    .where('day', '<=', to)
    .select(['measure', 'subject', 'client', 'service'])
    .select(({ fn }) => [fn.sum('count').as('sum'), fn.min('day').as('first')])
    .groupBy(['measure', 'subject', 'client', 'service'])
    .execute();
  return rows.map(({ measure, subject, client, service, sum, first }) => ({
    measure,
    subject,
    client: client === '' ? undefined : client,
    service,
    count: Number(sum),
    firstDay: first,
  }));
}
