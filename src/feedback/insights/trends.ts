import { compareText } from './compare-text.ts';
import type { FirstDay, InsightsFigures, ShowingFigures } from './figures.ts';
import type { CardInsight, InsightsQuery, Trend } from './insights.ts';
import { outcomesOf } from './outcomes.ts';
import { periodsOf, periodUnitOf } from './periods.ts';

/** What of the figures is looked at. */
export interface ChosenFigures {
  readonly shown: readonly ShowingFigures[];
  readonly cards: readonly CardInsight[];
}

/** The course of every card that was shown, in the order of the cards. Each week or month of the window is there, without showings too. */
export function trendsOf(
  query: InsightsQuery,
  { firstDays, recordBegins }: InsightsFigures,
  chosen: ChosenFigures,
): readonly Trend[] {
  const unit = periodUnitOf(query);
  const periods = periodsOf(query);
  const byCard = Map.groupBy(chosen.shown, ({ cardId }) => cardId);
  const titles = new Map(chosen.cards.map(({ cardId, title }) => [cardId, title]));
  return [...titles].flatMap(([cardId, title]) => {
    const ofCard = byCard.get(cardId);
    if (ofCard === undefined) return [];
    const byPeriod = Map.groupBy(ofCard, ({ period }) => period);
    return [
      {
        cardId,
        title,
        unit,
        periods: periods.map(({ begins, to }) => ({
          begins,
          isOnRecord: recordBegins !== undefined && to >= recordBegins,
          ...outcomesOf(byPeriod.get(begins) ?? []),
        })),
        versions: beginningsOf(
          firstDays.filter((first) => first.cardId === cardId),
          query,
        ),
      },
    ];
  });
}

/** The versions of a card that began within the window, after another one; the earliest first. */
function beginningsOf(ofCard: readonly FirstDay[], { from, to }: InsightsQuery): Trend['versions'] {
  return ofCard
    .filter(({ day }) => day >= from && day <= to && ofCard.some((other) => other.day < day))
    .map(({ day, version }) => ({ day, version }))
    .toSorted((a, b) => compareText(a.day, b.day) || compareText(a.version, b.version));
}
