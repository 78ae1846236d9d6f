import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import type { TallyFigures } from './figures.ts';
import type { Piece } from './periods.ts';

/** The tallies of some days together. */
export async function readTallies(tables: Kysely<Tables>, { from, to }: Piece): Promise<readonly TallyFigures[]> {
  const rows = await tables
    .selectFrom('tally')
    .where('day', '>=', from)
    .where('day', '<=', to)
    .select(['measure', 'subject', 'client', 'service'])
    .select(({ fn }) => fn.sum('count').as('sum'))
    .groupBy(['measure', 'subject', 'client', 'service'])
    .execute();
  return rows.map(({ measure, subject, client, service, sum }) => ({
    measure,
    subject,
    client: client === '' ? undefined : client,
    service,
    count: Number(sum),
  }));
}
