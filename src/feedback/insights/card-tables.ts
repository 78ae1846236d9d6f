import {
  measured,
  NONE,
  number,
  OUTCOME_COLUMNS,
  OUTCOMES_IN_WORDS,
  outcomeCells,
  proportionCells,
  proportionColumns,
  text,
} from './cells.ts';
import type { GroupInsight, InsightsReport, Trend } from './insights.ts';
import type { InsightsTable } from './table.ts';

/** The name of the table that holds the trend of a card. */
export function trendTableId(cardId: string): string {
  return `trend-${cardId}`;
}

/** What became of the cards. */
export function cardTables(report: InsightsReport): readonly InsightsTable[] {
  return [
    cards(report),
    ...report.trends.map(trend),
    reasons(report),
    groups('hooks', 'By hook', 'Service', report.byService, NONE),
    groups('clients', 'By client', 'Client', report.byClient, 'open mode'),
    shadow(report),
    ...(report.comments.length === 0 ? [] : [comments(report)]),
  ];
}

function cards({ cards: all }: InsightsReport): InsightsTable {
  return {
    id: 'cards',
    caption: 'Cards and their versions, by burden',
    denominators: [
      'Evaluated: answers in which the criteria of the card were judged, those in shadow not counted.',
      'Left out: answers in which it applied and the limit of cards an answer left no room for it.',
      OUTCOMES_IN_WORDS,
      'With a suggestion: showings that offered one; the others cannot be accepted, only overridden or ignored.',
      'Burden: showings × the part overridden of those answered, an estimate of how many showings were unwelcome; a card without any answer has none.',
      'A version is flagged if at least 20 of its showings were answered and the interval of the overridden lies above one half; one that never offers a suggestion is not.',
      "Seconds to the answer: the median of those answered within a day, by the client's clock.",
    ].join(' '),
    columns: [
      text('card', 'Card'),
      text('card-id', 'Id'),
      text('version', 'Version'),
      number('evaluated', 'Evaluated'),
      number('left-out', 'Left out'),
      ...OUTCOME_COLUMNS,
      number('with-suggestion', 'With a suggestion'),
      number('burden', 'Burden'),
      text('flag', 'Flag'),
      number('seconds', 'Seconds to the answer'),
    ],
    rows: all.map((card) => [
      card.title,
      card.cardId,
      card.version,
      card.judged,
      card.cut,
      ...outcomeCells(card),
      card.acceptable,
      measured(card.burden),
      card.isFlagged ? 'more than half overridden' : '',
      measured(card.medianSecondsToOutcome),
    ]),
  };
}

function trend({ cardId, title, weeks, versions }: Trend): InsightsTable {
  return {
    id: trendTableId(cardId),
    caption: `${title}: week by week`,
    denominators: `Weeks begin on Monday, UTC; the first and the last may be cut by the window. New version: the first day on which it was ever judged or shown. ${OUTCOMES_IN_WORDS}`,
    columns: [text('week', 'Week of'), ...OUTCOME_COLUMNS, text('versions', 'New version')],
    rows: weeks.map((outcomes, index) => {
      const next = weeks[index + 1]?.week;
      const begun = versions.filter(({ day }) => day >= outcomes.week && (next === undefined || day < next));
      // The first week may begin before the window, never after what is in it.
      return [
        outcomes.week,
        ...outcomeCells(outcomes),
        begun.map(({ day, version }) => `${version} on ${day}`).join(', '),
      ];
    }),
  };
}

function reasons({ reasons: all, cards: versions }: InsightsReport): InsightsTable {
  const titles = new Map(versions.map(({ cardId, title }) => [cardId, title]));
  return {
    id: 'reasons',
    caption: 'Reasons given for overriding',
    denominators:
      'Of the showings of the card that were overridden, how many gave this reason. One override may give several reasons or none, so ' +
      'that they need not add up to 100 %. An override is not an error of the clinician, nor always one of the card.',
    columns: [
      text('card', 'Card'),
      text('card-id', 'Id'),
      text('reason', 'Reason'),
      text('code', 'Code'),
      text('system', 'Code system'),
      number('overridden', 'Overridden'),
      ...proportionColumns('given', 'Gave this reason, of those overridden'),
    ],
    rows: all.map(({ cardId, system, code, display, given }) => [
      titles.get(cardId) ?? cardId,
      cardId,
      display ?? code,
      code,
      system ?? '',
      given.of,
      ...proportionCells(given),
    ]),
  };
}

function groups(
  id: string,
  caption: string,
  label: string,
  all: readonly GroupInsight[],
  nameless: string,
): InsightsTable {
  return {
    id,
    caption,
    denominators: `${OUTCOMES_IN_WORDS} All cards together; those in shadow are not among them.`,
    columns: [text('name', label), ...OUTCOME_COLUMNS],
    rows: all.map((group) => [group.name ?? nameless, ...outcomeCells(group)]),
  };
}

function shadow({ shadow: all }: InsightsReport): InsightsTable {
  return {
    id: 'shadow',
    caption: 'Cards in shadow: evaluated, and shown to nobody',
    denominators:
      'Evaluated: answers in which the criteria of this version were judged while it was in shadow. Would have been shown: of those. ' +
      'The limit of cards an answer is not applied.',
    columns: [
      text('card', 'Card'),
      text('card-id', 'Id'),
      text('version', 'Version'),
      number('evaluated', 'Evaluated'),
      ...proportionColumns('would', 'Would have been shown, of those evaluated'),
    ],
    rows: all.map(({ title, cardId, version, judged, wouldHaveBeenShown }) => [
      title,
      cardId,
      version,
      judged,
      ...proportionCells(wouldHaveBeenShown),
    ]),
  };
}

function comments({ comments: all }: InsightsReport): InsightsTable {
  return {
    id: 'comments',
    caption: 'Comments, the latest first',
    denominators:
      'Word for word as clinicians wrote them: they may name a patient. At most as many as are listed here are read.',
    columns: [text('at', 'Received'), text('card-id', 'Card'), text('comment', 'Comment')],
    rows: all.map(({ at, cardId, comment }) => [at, cardId ?? NONE, comment]),
  };
}
