import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { nameOf, type Version } from './versions.ts';

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
const JUDGED: readonly string[] = ['judged', 'judged-in-shadow'];

/** Was it judged or shown before this day, to anybody? */
export async function wasSeenBefore(tables: Kysely<Tables>, version: Version, day: string): Promise<boolean> {
  const judged = await tables
    .selectFrom('tally')
    .select('day')
    .where('measure', 'in', [...JUDGED])
    .where('subject', '=', nameOf(version))
    .where('day', '<', day)
    .limit(1)
    .executeTakeFirst();
  if (judged !== undefined) return true;
  const shown = await tables
    .selectFrom('showing')
    .select('card')
    .where('card_id', '=', version.cardId)
    .where('card_version', '=', version.version)
    .where('shown_at', '<', `${day}T00:00:00.000Z`)
    .limit(1)
    .executeTakeFirst();
  return shown !== undefined;
}
