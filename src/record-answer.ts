import { randomUUID } from 'node:crypto';
import type { CdsServiceResponse } from './cds-hooks/types.ts';
import type { Certainty } from './chart/asps.ts';
import type { Recorder } from './feedback/recorder.ts';
import type { Showing, ShownCards } from './feedback/showing.ts';
import type { CardVersion, Recommendations } from './guideline/recommend.ts';

/** An answer for a patient with ASPS, or suspected of it, as it is about to go out. */
export interface RecordedAnswer {
  readonly of: Omit<ShownCards, 'cards'>;
  readonly certainty: Exclude<Certainty, 'absent'>;
  /** Prefetch keys of the parts of the chart of which something is missing. */
  readonly unread: readonly string[];
  readonly recommendations: Recommendations;
  /** With the cards that are shown, in their order. */
  readonly response: CdsServiceResponse;
}

/** Counts what was judged, and has the cards on record before they go out, unless the store is slow. Never rejects. */
export async function recordAnswer(
  recorder: Pick<Recorder, 'count' | 'showed'>,
  { of, certainty, unread, recommendations, response }: RecordedAnswer,
): Promise<void> {
  const { client, service } = of;
  const count = (measure: 'answered' | 'unread' | 'judged' | 'judged-in-shadow' | 'cut', subject: string) =>
    recorder.count({ client, service, measure, subject });
  count('answered', certainty === 'established' ? 'asps' : 'suspected');
  for (const key of unread) count('unread', key);
  for (const { isInShadow, ...card } of recommendations.judged)
    count(isInShadow ? 'judged-in-shadow' : 'judged', nameOf(card));
  for (const card of recommendations.cut) count('cut', nameOf(card));
  const cards = showingsOf(recommendations, response);
  if (cards.length > 0) await recorder.showed({ ...of, cards });
}

function nameOf({ id, version }: CardVersion): string {
  return `${id}@${version}`;
}

/**
 * The cards as they go out, under the uuids that feedback will name. A client of 1.0 is told none, and so are clients of cards
 * in shadow: these have one that nobody knows, and no feedback will ever come of them.
 */
function showingsOf({ shown, shadow }: Recommendations, { cards }: CdsServiceResponse): readonly Showing[] {
  return [
    ...cards.flatMap(({ uuid = randomUUID(), indicator, suggestions = [] }, at): readonly Showing[] => {
      const recommendation = shown[at];
      if (recommendation === undefined) return [];
      const { id: cardId, version } = recommendation;
      return [
        {
          card: uuid,
          cardId,
          version,
          state: 'shown',
          // As the client is told it: some take none that is critical.
          indicator,
          suggestions: suggestions.map((suggestion) => suggestion.uuid),
        },
      ];
    }),
    ...shadow.map(
      ({ id: cardId, version, indicator }): Showing => ({
        card: randomUUID(),
        cardId,
        version,
        state: 'shadow',
        indicator,
        suggestions: [],
      }),
    ),
  ];
}
