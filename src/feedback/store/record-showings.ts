import type { Insertable } from 'kysely';
import type { ShownCards } from '../showing.ts';
import type { Database } from './database.ts';
import { inChunks } from './in-chunks.ts';
import type { Tables } from './tables.ts';

/**
 * Puts cards on record, with their suggestions, in one transaction that is on disk before it resolves. What is on record already stays
 * as it is: to try again after a failure does no harm.
 *
 * @throws {FeedbackStoreError} if nothing was recorded, or if that is not known.
 */
export async function recordShowings(database: Database, shown: readonly ShownCards[]): Promise<void> {
  const showings = shown.flatMap(showingRows);
  if (showings.length === 0) return;
  const suggestions = shown.flatMap(({ cards }) =>
    cards.flatMap(({ card, suggestions: offered }) =>
      offered.map((suggestion, position) => ({ suggestion, card, position })),
    ),
  );
  await database.write(async (transaction) => {
    await inChunks(showings, (chunk) =>
      transaction
        .insertInto('showing')
        .values(chunk)
        .onConflict((conflict) => conflict.column('card').doNothing())
        .execute(),
    );
    await inChunks(suggestions, (chunk) =>
      transaction
        .insertInto('offered_suggestion')
        .values(chunk)
        .onConflict((conflict) => conflict.column('suggestion').doNothing())
        .execute(),
    );
  });
}

function showingRows({
  client,
  service,
  hookInstance,
  shownAt,
  cards,
}: ShownCards): readonly Insertable<Tables['showing']>[] {
  return cards.map(({ card, cardId, version, state, indicator }) => ({
    card,
    card_id: cardId,
    card_version: version,
    state,
    indicator,
    client: client ?? null,
    service,
    hook_instance: hookInstance,
    shown_at: shownAt.toISOString(),
  }));
}
