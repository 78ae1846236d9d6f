import type { Outcomes, Proportion } from './insights.ts';
import type { Cell, InsightsColumn } from './table.ts';

/** Where there is nothing to divide by, or nothing was measured. */
export const NONE = '–';

export function text(id: string, label: string): InsightsColumn {
  return { id, label, group: undefined, isNumeric: false };
}

export function number(id: string, label: string, group?: string): InsightsColumn {
  return { id, label, group, isNumeric: true };
}

/** The columns of {@link proportionCells}, under one heading that says of what. */
export function proportionColumns(id: string, group: string): readonly InsightsColumn[] {
  return [
    number(`${id}-n`, 'n', group),
    number(`${id}-percent`, '%', group),
    number(`${id}-from`, '95 % from', group),
    number(`${id}-to`, 'to', group),
  ];
}

/** The count, then the rate and the bounds of its interval in percent. What it is of stands in a column of its own. */
export function proportionCells({ count, rate, interval }: Proportion): readonly Cell[] {
  return [count, percent(rate), percent(interval?.[0]), percent(interval?.[1])];
}

/** The columns of {@link outcomeCells}. */
export const OUTCOME_COLUMNS: readonly InsightsColumn[] = [
  number('shown', 'Shown'),
  ...proportionColumns('no-response', 'No response, of those shown'),
  number('answered', 'Answered'),
  ...proportionColumns('accepted', 'Accepted, of those answered'),
  ...proportionColumns('overridden', 'Overridden, of those answered'),
  number('with-suggestion', 'With a suggestion'),
];

export function outcomeCells({ shown, accepted, overridden, noResponse, withSuggestion }: Outcomes): readonly Cell[] {
  return [
    shown,
    ...proportionCells(noResponse),
    accepted.of,
    ...proportionCells(accepted),
    ...proportionCells(overridden),
    withSuggestion.shown,
  ];
}

/** What the columns of {@link OUTCOME_COLUMNS} count. */
export const OUTCOMES_IN_WORDS = [
  'A showing is one card in one answer. No response is of all showings; accepted and overridden are of the showings that were answered.',
  'Ignored cards are never reported by clients, and clients of CDS Hooks 1.0 report none at all: no response is not a rejection.',
  'Each showing counts once, whenever its answer came, as accepted if any feedback on it says so.',
  "Accepted means that the suggestion's button was used: the draft that it made may never be signed, and who orders by hand and closes the card counts as overridden, or as no response.",
  'With a suggestion: showings that offered one; the others cannot be accepted, only overridden or ignored.',
  'The two figures behind a rate are the bounds of its 95 % confidence interval (Wilson), in percent; it takes showings as independent, and those to one clinician or of one patient are not: the truth may lie further out.',
].join(' ');

/** A count within a sentence, as `87,934`. */
export function inWords(count: number): string {
  return count.toLocaleString('en-GB');
}

/** Whole percent; `<1` and `>99` for what is not quite nothing or all. */
function percent(rate: number | undefined): Cell {
  if (rate === undefined) return NONE;
  const rounded = Math.round(100 * rate);
  if (rounded < 1 && rate > 0) return '<1';
  if (rounded > 99 && rate < 1) return '>99';
  return rounded;
}

/** A measured number, rounded to `digits` decimals. */
export function measured(value: number | undefined, digits = 0): Cell {
  if (value === undefined) return NONE;
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
