import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import type { FirstDay } from './figures.ts';
import { nameOf, type Version, versionOf } from './versions.ts';

/** Reads something, in a turn of its own. */
export type Read = <Result>(work: (tables: Kysely<Tables>) => Promise<Result>) => Promise<Result>;

/** The first day that anything is on record of; undefined of an empty store. */
export async function readBeginning(tables: Kysely<Tables>): Promise<string | undefined> {
  const tally = await tables
    .selectFrom('tally')
    .select(({ fn }) => fn.min('day').as('first'))
    .executeTakeFirst();
  const showing = await tables
    .selectFrom('showing')
    .select(({ fn }) => fn.min('shown_at').as('first'))
    .executeTakeFirst();
  // Of an empty table the least is null, whatever its type says.
  const days = [tally?.first ?? undefined, showing?.first?.slice(0, 10)].filter((day) => day !== undefined);
  return days.toSorted()[0];
}

/** What says that a version was in use. */
const JUDGED = ['judged', 'judged-in-shadow'] as const;

/**
 * The first day of every version that is on record, whenever that was. It goes through an index from one version to the next, so that
 * it takes as long as there are versions, however long the record is.
 */
export async function readFirstDays(read: Read): Promise<readonly FirstDay[]> {
  const found: FirstDay[] = [];
  for (const measure of JUDGED) {
    let last: string | undefined;
    for (;;) {
      const next = await read((tables) => nextJudged(tables, measure, last));
      if (next === undefined) break;
      found.push({ ...versionOf(next), day: next.day });
      last = next.subject;
    }
  }
  let last: Version | undefined;
  for (;;) {
    const next = await read((tables) => nextShown(tables, last));
    if (next === undefined) break;
    found.push(next);
    last = next;
  }
  return [...Map.groupBy(found, nameOf).values()].flatMap((same) =>
    same.toSorted((a, b) => (a.day < b.day ? -1 : 1)).slice(0, 1),
  );
}

function nextJudged(tables: Kysely<Tables>, measure: (typeof JUDGED)[number], last: string | undefined) {
  return tables
    .selectFrom('tally')
    .select(['subject', 'day'])
    .where('measure', '=', measure)
    .$if(last !== undefined, (rows) => rows.where('subject', '>', last ?? ''))
    .orderBy('subject')
    .orderBy('day')
    .limit(1)
    .executeTakeFirst();
}

async function nextShown(tables: Kysely<Tables>, last: Version | undefined): Promise<FirstDay | undefined> {
  const next = await tables
    .selectFrom('showing')
    .select(['card_id', 'card_version', 'shown_at'])
    .$if(last !== undefined, (rows) =>
      rows.where((eb) =>
        eb(eb.refTuple('card_id', 'card_version'), '>', eb.tuple(last?.cardId ?? '', last?.version ?? '')),
      ),
    )
    .orderBy('card_id')
    .orderBy('card_version')
    .orderBy('shown_at')
    .limit(1)
    .executeTakeFirst();
  return next && { cardId: next.card_id, version: next.card_version, day: next.shown_at.slice(0, 10) };
}
