import { RESOURCE_KEYS } from '../chart/reading.ts';
import { partsInWords } from '../guideline/wording.ts';
import type { CardReport, DateReport } from './report-form.ts';

/** A table of the report, the same in the terminal and on the page. */
export interface ReportTable {
  readonly heads: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly string[])[];
}

/** Grouped in threes, as `12,345`. */
export function number(count: number): string {
  return count.toLocaleString('en-GB');
}

/** A count as a share of a whole; of nothing there is none. */
export function share(count: number, of: number): string {
  return of === 0 ? '–' : `${Math.round((100 * count) / of)} %`;
}

export function patientsTable(dates: readonly DateReport[]): ReportTable {
  return {
    heads: ['As of', 'ASPS established', 'suspected', 'of these died', 'evaluated', 'with a card', 'not yet ASPS'],
    rows: dates.map((date) => [
      date.date,
      ...[date.established, date.suspected, date.deceased, date.evaluated].map(number),
      `${number(date.withCard)} (${share(date.withCard, date.evaluated)})`,
      number(date.absent),
    ]),
  };
}

export function cardsTable({ cards, evaluated }: DateReport): ReportTable {
  return {
    heads: [
      'Card',
      'shown',
      'of evaluated',
      'info',
      'warning',
      'critical',
      'beyond the limit',
      'in shadow',
      'not known',
    ],
    rows: cards
      .filter(saysSomething)
      .map((card) => [
        `${card.title} (${card.card} ${card.version})`,
        number(card.shown),
        share(card.shown, evaluated),
        ...['info', 'warning', 'critical'].map((level) => number(card.byIndicator[level] ?? 0)),
        ...[card.cut, card.shadow, card.undecided].map(number),
      ]),
  };
}

/** Cards that say nothing of any patient: they do not apply, to nobody's doubt. */
export function silentCards({ cards }: DateReport): readonly string[] {
  return cards.filter((card) => !saysSomething(card)).map(({ card, version }) => `${card} ${version}`);
}

export function unreadTable({ unread, evaluated, deceased }: DateReport): ReportTable {
  return {
    heads: ['Part of the chart', 'patients without it'],
    rows: unread.map(({ key, patients }) => [
      inWords(key),
      `${number(patients)} (${share(patients, evaluated + deceased)})`,
    ]),
  };
}

/** What went wrong on this date, a sentence each. */
export function problemsOf({ unanswered, failed, skippedResources }: DateReport): readonly string[] {
  return [
    ...(unanswered === 0
      ? []
      : [`Of ${number(unanswered)} there is no Patient resource that can be read: such calls are answered 412.`]),
    ...(failed === 0 ? [] : [`Of ${number(failed)} the evaluation broke off.`]),
    ...(skippedResources === 0 ? [] : [`Resources skipped as unreadable: ${number(skippedResources)}.`]),
  ];
}

/** Of any patient: that it applies, or that it may. */
export function saysSomething({ shown, cut, shadow, undecided }: CardReport): boolean {
  return shown + cut + shadow + undecided > 0;
}

function inWords(key: string): string {
  const known = RESOURCE_KEYS.find((one) => one === key);
  return known === undefined ? key : partsInWords([known]);
}
