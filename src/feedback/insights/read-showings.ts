import type { Kysely, QueryCreator } from 'kysely';
import type { Tables } from '../store/tables.ts';
import type { ReasonFigures, ResponseTime, ShowingFigures } from './figures.ts';
import type { InsightsQuery } from './insights.ts';
import type { Piece } from './periods.ts';
import { instantsOf } from './weeks.ts';

/** What of a window is looked at. */
export type Chosen = Pick<InsightsQuery, 'client' | 'service'>;

/** A clinician who answers later answered another question, or a client's clock is wrong. */
const LONGEST_SECONDS = 24 * 60 * 60;

/** The showings of some days by all that tells them apart, each with what became of it whenever that came. */
export async function readShowings(tables: Kysely<Tables>, piece: Piece): Promise<readonly ShowingFigures[]> {
  const [start, end] = instantsOf(piece);
  const rows = await tables
    .selectFrom(
      tables
        .selectFrom('showing as s')
        .select(['s.card_id', 's.card_version', 's.state', 's.client', 's.service', 's.shown_at'])
        // 2: accepted; 1: overridden; null: no response. Of two entries on one card the acceptance counts (CH-147).
        .select((showing) =>
          showing
            .selectFrom('feedback as f')
            .whereRef('f.card', '=', 's.card')
            .select((eb) => eb.fn.max(eb.case().when('f.outcome', '=', 'accepted').then(2).else(1).end()).as('answer'))
            .as('answer'),
        )
        .select((eb) =>
          eb
            .selectFrom('offered_suggestion as o')
            .whereRef('o.card', '=', 's.card')
            .select((suggestions) => suggestions.fn.countAll().as('suggestions'))
            .as('suggestions'),
        )
        .where('s.shown_at', '>=', start)
        .where('s.shown_at', '<', end)
        .as('showing'),
    )
    .select(['card_id', 'card_version', 'state', 'client', 'service'])
    .select((eb) => [
      eb.fn.countAll().as('showings'),
      eb.fn.sum(eb.case().when('answer', '=', 2).then(1).else(0).end()).as('accepted'),
      eb.fn.sum(eb.case().when('answer', '=', 1).then(1).else(0).end()).as('overridden'),
      eb.fn.sum(eb.case().when('suggestions', '>', 0).then(1).else(0).end()).as('suggested'),
      eb.fn
        .sum(
          eb
            .case()
            .when(eb.and([eb('suggestions', '>', 0), eb('answer', '=', 2)]))
            .then(1)
            .else(0)
            .end(),
        )
        .as('suggested_accepted'),
      eb.fn
        .sum(
          eb
            .case()
            .when(eb.and([eb('suggestions', '>', 0), eb('answer', '=', 1)]))
            .then(1)
            .else(0)
            .end(),
        )
        .as('suggested_overridden'),
    ])
    .groupBy(['card_id', 'card_version', 'state', 'client', 'service'])
    .execute();
  return rows.map((row) => ({
    period: piece.period,
    cardId: row.card_id,
    version: row.card_version,
    state: row.state,
    client: row.client ?? undefined,
    service: row.service,
    showings: Number(row.showings),
    accepted: Number(row.accepted),
    overridden: Number(row.overridden),
    withSuggestion: {
      showings: Number(row.suggested),
      accepted: Number(row.suggested_accepted),
      overridden: Number(row.suggested_overridden),
    },
  }));
}

/** Why showings of some days were overridden. Of a reason that came twice for one showing, one counts. */
export async function readReasons(
  tables: Kysely<Tables>,
  piece: Piece,
  chosen: Chosen,
): Promise<readonly ReasonFigures[]> {
  const rows = await tables
    // SQLite is to look for the showings by their time first and by nothing else: only this makes it sure. It takes a cross join in
    // the order in which it is written.
    .with(
      (name) => name('s').materialized(),
      (within) =>
        shownWithin(within, piece, chosen)
          .where((eb) =>
            eb.not(
              eb.exists(
                eb
                  .selectFrom('feedback as a')
                  .select('a.id')
                  .whereRef('a.card', '=', 's.card')
                  .where('a.outcome', '=', 'accepted'),
              ),
            ),
          )
          .select(['s.card', 's.card_id']),
    )
    .selectFrom('s')
    .crossJoin('feedback as f')
    .crossJoin('override_reason as r')
    .whereRef('f.card', '=', 's.card')
    .whereRef('r.feedback', '=', 'f.id')
    .select(['s.card_id', 'r.system', 'r.code'])
    .select(({ fn }) => fn.count('s.card').distinct().as('showings'))
    .groupBy(['s.card_id', 'r.system', 'r.code'])
    .execute();
  return rows.map((row) => ({
    cardId: row.card_id,
    system: row.system ?? undefined,
    code: row.code,
    showings: Number(row.showings),
  }));
}

/**
 * How long each answered showing of some days took, by the client's clock: until the first entry of the outcome that counts. What is
 * before the showing or more than a day after it is left out.
 */
export async function readResponseTimes(
  tables: Kysely<Tables>,
  piece: Piece,
  chosen: Chosen,
): Promise<readonly ResponseTime[]> {
  const rows = await shownWithin(tables, piece, chosen)
    .select(['s.card_id', 's.card_version', 's.shown_at'])
    .select((showing) =>
      showing
        .selectFrom('feedback as f')
        .whereRef('f.card', '=', 's.card')
        .select((eb) =>
          eb.fn
            .coalesce(
              eb.fn.min(eb.case().when('f.outcome', '=', 'accepted').thenRef('f.outcome_timestamp').end()),
              eb.fn.min('f.outcome_timestamp'),
            )
            .as('answered_at'),
        )
        .as('answered_at'),
    )
    .execute();
  return rows
    .flatMap(({ card_id: cardId, card_version: version, shown_at: shownAt, answered_at: answeredAt }) =>
      answeredAt === null ? [] : [{ cardId, version, seconds: (Date.parse(answeredAt) - Date.parse(shownAt)) / 1000 }],
    )
    .filter(({ seconds }) => seconds >= 0 && seconds <= LONGEST_SECONDS);
}

/** The showings of some days that somebody saw, of the client and the service that are looked at. */
function shownWithin(tables: QueryCreator<Tables>, piece: Piece, { client, service }: Chosen) {
  const [start, end] = instantsOf(piece);
  return tables
    .selectFrom('showing as s')
    .where('s.state', '=', 'shown')
    .where('s.shown_at', '>=', start)
    .where('s.shown_at', '<', end)
    .$if(client !== undefined, (query) => query.where('s.client', '=', client ?? ''))
    .$if(service !== undefined, (query) => query.where('s.service', '=', service ?? ''));
}
