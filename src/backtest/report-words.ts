import { RESOURCE_KEYS } from '../chart/reading.ts';
import { partsInWords } from '../guideline/wording.ts';
import { MEDICATIONS } from './missing-medications.ts';
import type { CardReport, DateReport, ExportReport } from './report-form.ts';

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

/** A number with its unit: `1 day`, `1,234 days`. */
export function counted(count: number, one: string): string {
  return `${number(count)} ${one}${count === 1 ? '' : 's'}`;
}

/** A count as a share of a whole; of nothing there is none. */
export function share(count: number, of: number): string {
  return of === 0 ? '–' : `${Math.round((100 * count) / of)} %`;
}

export function patientsTable(dates: readonly DateReport[]): ReportTable {
  return {
    heads: ['As of', 'ASPS established', 'suspected', 'deceased', 'evaluated', 'with a card', 'not ASPS on that date'],
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

/** Cards that say nothing of any patient: of each that was read, they do not apply. */
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

/** What stands where no part of a chart was left unread; of files, lines and resources that were, the report says how many. */
export function nothingUnread(
  { skippedResources, failed, unanswered }: DateReport,
  { brokenFiles, unreadableLines, notExported }: ExportReport,
): string {
  const isWhole =
    skippedResources + failed + unanswered + unreadableLines + brokenFiles.length + notExported.length === 0;
  return isWhole
    ? 'Every part of every chart was read, as far as it was exported.'
    : 'No part of a chart was left unread as a whole. What else could not be read, or was not exported, is said below.';
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
  if (key === MEDICATIONS) return 'Medication, which alone says what an order or dose is of';
  const known = RESOURCE_KEYS.find((one) => one === key);
  return known === undefined ? key : partsInWords([known]);
}
