import { compareText } from './compare-text.ts';
import type { InsightsFigures, ShowingFigures, TallyFigures } from './figures.ts';
import type { CardInsight, InsightsQuery, Trend } from './insights.ts';
import { outcomesOf } from './outcomes.ts';
import { nameOf, type Version, versionOf } from './versions.ts';
import { weeksOf } from './weeks.ts';

/** What of the figures is looked at. */
export interface ChosenFigures {
  readonly shown: readonly ShowingFigures[];
  readonly tallies: readonly TallyFigures[];
  readonly cards: readonly CardInsight[];
}

/** The course of every card that was shown, in the order of the cards. Each week of the window is there, without showings too. */
export function trendsOf(query: InsightsQuery, figures: InsightsFigures, chosen: ChosenFigures): readonly Trend[] {
  const weeks = weeksOf(query);
  const starts = firstDays(figures, chosen);
  const byCard = Map.groupBy(chosen.shown, ({ cardId }) => cardId);
  const titles = new Map(chosen.cards.map(({ cardId, title }) => [cardId, title]));
  return [...titles].flatMap(([cardId, title]) => {
    const ofCard = byCard.get(cardId);
    if (ofCard === undefined) return [];
    const byWeek = Map.groupBy(ofCard, ({ week }) => week);
    return [
      {
        cardId,
        title,
        weeks: weeks.map(({ week }) => ({ week, ...outcomesOf(byWeek.get(week) ?? []) })),
        versions: starts.filter((start) => start.cardId === cardId).map(({ day, version }) => ({ day, version })),
      },
    ];
  });
}

/**
 * When versions were judged or shown for the first time, the earliest first; not in shadow, where they change nothing that is
 * seen. What was there on the first day of the record may be older than it, and so is no beginning.
 */
function firstDays(
  { recordBegins, seenBefore }: InsightsFigures,
  { shown, tallies }: ChosenFigures,
): readonly (Version & { readonly day: string })[] {
  const judged = tallies
    .filter(({ measure }) => measure === 'judged')
    .map((tally) => ({ ...versionOf(tally), firstDay: tally.firstDay }));
  return [...Map.groupBy<string, Version & { readonly firstDay: string }>([...shown, ...judged], nameOf)]
    .flatMap(([name, seen]) => {
      const [day] = seen.map(({ firstDay }) => firstDay).toSorted();
      const [version] = seen;
      if (day === undefined || version === undefined) return [];
      if (day === recordBegins || seenBefore.has(name)) return [];
      return [{ cardId: version.cardId, version: version.version, day }];
    })
    .toSorted((a, b) => compareText(a.day, b.day));
}
