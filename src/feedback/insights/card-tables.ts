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
import type { CardInsight, GroupInsight, InsightsReport, Trend } from './insights.ts';
import type { Cell, InsightsTable } from './table.ts';

/** The name of the table that holds the trend of a card. */
export function trendTableId(cardId: string): string {
  return `trend-${cardId}`;
}

/** What became of the cards. */
export function cardTables(report: InsightsReport): readonly InsightsTable[] {
  return [
    cards(report),
    burden(report),
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
      'Burden and flag are of the showings with a suggestion alone: the next table says how.',
      "Seconds to the answer: the median of those answered within a day, by the client's clock.",
    ].join(' '),
    columns: [
      text('card', 'Card'),
      text('card-id', 'Id'),
      text('version', 'Version'),
      number('evaluated', 'Evaluated'),
      number('left-out', 'Left out'),
      ...OUTCOME_COLUMNS,
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
      burdenOf(card),
      flagOf(card),
      measured(card.medianSecondsToOutcome),
    ]),
  };
}

function burden({ cards: all }: InsightsReport): InsightsTable {
  return {
    id: 'burden',
    caption: 'How burden and flag come about: the showings with a suggestion',
    denominators: [
      'Burden: showings with a suggestion × the lower bound of the part overridden of those of them that were answered. It says how many showings were at least unwelcome if those who said nothing think as those who answered, which nobody knows.',
      'The lower bound, so that a version with few answers is not taken for the worst. One that offered no suggestion, or whose showings with one nobody answered, has no burden and stands after the others.',
      'A version is flagged if at least 20 of its showings with a suggestion were answered and the interval of the overridden among them lies above one half. Whether an override was right these figures do not say.',
    ].join(' '),
    columns: [
      text('card', 'Card'),
      text('card-id', 'Id'),
      text('version', 'Version'),
      number('with-suggestion', 'With a suggestion'),
      number('answered', 'Answered, of those'),
      ...proportionColumns('overridden', 'Overridden, of those answered'),
      number('burden', 'Burden'),
      text('flag', 'Flag'),
    ],
    rows: all
      .filter(({ withSuggestion }) => withSuggestion.shown > 0)
      .map((card) => [
        card.title,
        card.cardId,
        card.version,
        card.withSuggestion.shown,
        card.withSuggestion.overridden.of,
        ...proportionCells(card.withSuggestion.overridden),
        burdenOf(card),
        flagOf(card),
      ]),
  };
}

/** Small ones would all round to the same. */
function burdenOf({ burden: showings }: CardInsight): Cell {
  return measured(showings, (showings ?? 0) < 10 ? 1 : 0);
}

/** A version that another one followed may not be in use any more. */
function flagOf({ isFlagged, followedBy: next }: CardInsight): string {
  if (!isFlagged) return '';
  return `more than half overridden${next === undefined ? '' : ` (followed by ${next.version} on ${next.day})`}`;
}

function trend({ cardId, title, unit, periods, versions }: Trend): InsightsTable {
  return {
    id: trendTableId(cardId),
    caption: `${title}: ${unit} by ${unit}`,
    denominators: [
      unit === 'week'
        ? 'Weeks begin on Monday, UTC.'
        : 'Calendar months, UTC, since the window has more than 40 weeks.',
      'The first and the last may be cut by the window, and showings of the last may still be answered. Of what ended before the record begins nothing is known.',
      'New version: the first day anywhere on which it was judged or shown, in shadow too, whichever client or service is looked at; only if another version of the card is on record before it, since without one it may be older than the record.',
      OUTCOMES_IN_WORDS,
    ].join(' '),
    columns: [
      unit === 'week' ? text('week', 'Week of') : text('month', 'Month'),
      ...OUTCOME_COLUMNS,
      text('versions', 'New version'),
    ],
    rows: periods.map((outcomes, index) => {
      const next = periods[index + 1]?.begins;
      const begun = versions.filter(({ day }) => day >= outcomes.begins && (next === undefined || day < next));
      // The first may begin before the window, never after what is in it.
      return [
        unit === 'week' ? outcomes.begins : outcomes.begins.slice(0, 'YYYY-MM'.length),
        ...(outcomes.isOnRecord ? outcomeCells(outcomes) : OUTCOME_COLUMNS.map(() => NONE)),
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
      'that they need not add up to 100 %. A code of HL7 counts as the reason of ours that the card sends to some clients by it. An override is not an error of the clinician, nor always one of the card.',
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
