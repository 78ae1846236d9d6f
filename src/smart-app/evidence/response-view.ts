import type { Outcomes, Response, Span, TreatmentGroup } from '../../guideline/figure.ts';
import {
  byMeasure,
  capitalised,
  countText,
  flagsOf,
  intervalText,
  percentText,
  populationText,
  shareText,
} from './figure-words.ts';
import { type Cell, figureRow, lines, type TableView } from './table-view.ts';

const GROUPS: Readonly<Record<TreatmentGroup, string>> = {
  'checkpoint inhibitor': 'Checkpoint inhibitors',
  'both together': 'Checkpoint inhibitor with an anti-angiogenic drug',
  'anti-angiogenic drug': 'Anti-angiogenic drugs',
  'cytotoxic chemotherapy': 'Cytotoxic chemotherapy',
  'no treatment': 'Without treatment',
};

/** One rate in the plot. */
export interface PlotRow {
  readonly id: string;
  readonly treatment: string;
  /** Trial or series and year. */
  readonly short: string;
  /** Where the point stands, in percent. */
  readonly rate: number;
  /** 95 % confidence interval as published. */
  readonly interval?: Span;
  /** Rate, number and interval in words. */
  readonly value: string;
  readonly flags: readonly string[];
}

/** Rates that disagree, and why. */
export interface PlotContrast {
  readonly between: string;
  readonly why: string;
}

/** The rates of one kind of treatment, and why some of them disagree. */
export interface PlotGroup {
  readonly title: string;
  readonly rows: readonly PlotRow[];
  readonly contrasts: readonly PlotContrast[];
  /** The plot, for whoever cannot see it. */
  readonly inWords: string;
}

/** Objective responses of patients with ASPS, by kind of treatment; a range has no point to stand at. */
export function responsePlot({ responses, contrasts }: Outcomes): readonly PlotGroup[] {
  return Object.entries(GROUPS).flatMap(([group, title]) => {
    const rows = responses.filter((one) => one.group === group && isObjective(one)).flatMap(plotRow);
    if (rows.length === 0) return [];
    const names = new Map(rows.map(({ id, treatment, short }) => [id, `${treatment} (${short})`]));
    const apart = contrasts
      .filter(({ figures }) => figures.every((id) => names.has(id)))
      .map(({ figures, why }) => ({ between: figures.map((id) => names.get(id)).join(' and '), why }));
    return [{ title, rows, contrasts: apart, inWords: inWords(title, rows) }];
  });
}

function isObjective({ measure, notAsps }: Response): boolean {
  return measure === 'objective response' && notAsps === undefined;
}

function plotRow(response: Response): readonly PlotRow[] {
  const { id, treatment, short, percent, count, n, interval } = response;
  const rate = percent ?? (count === undefined || n === undefined ? undefined : (count / n) * 100);
  if (rate === undefined) return [];
  const size = n === undefined ? 'n not known' : `n = ${n}`;
  const value = [
    percent === undefined ? shareText(response, n) : `${shareText(response, n)}, ${size}`,
    ...(interval === undefined ? [] : [`95 % CI ${intervalText(interval)}`]),
  ].join('; ');
  return [
    { id, treatment, short, rate, value, flags: flagsOf(response), ...(interval === undefined ? {} : { interval }) },
  ];
}

function inWords(title: string, rows: readonly PlotRow[]): string {
  const each = rows.map(({ treatment, short, value, flags }) =>
    [`${treatment}, ${short}: ${value}`, ...flags].join(', '),
  );
  return `${title}, objective response on a scale of 0 to 100 %. ${each.join('. ')}. The table below says the same and more.`;
}

/** Every objective response, those in other diseases included. */
export function responseTable({ responses }: Outcomes): TableView {
  return {
    caption: 'Objective response',
    columns: ['Treatment', 'Response', 'Responders', '95 % CI', 'Assessed by', 'Patients and design'],
    rows: responses
      .filter(({ measure }) => measure === 'objective response')
      .map((one) => responseRow(one, rateCell(one))),
  };
}

/** What else was counted under treatment: stable disease, control, freedom from progression. */
export function controlTable({ responses }: Outcomes): TableView {
  return {
    caption: 'Other outcomes counted in patients',
    columns: ['Treatment', 'Outcome', 'Number', '95 % CI', 'Assessed by', 'Patients and design'],
    rows: byMeasure(responses.filter(({ measure }) => measure !== 'objective response')).map((one) => {
      const rate = rateCell(one);
      const text = `${capitalised(one.measure)}: ${rate.text}`;
      return responseRow(one, { text, ...lines(one.at, ...(rate.more ?? [])) });
    }),
  };
}

/** A percentage is published or follows from the counts, and then says so. */
function rateCell(one: Response): Cell {
  const { percent, count, n } = one;
  if (percent !== undefined || count === undefined || n === undefined) return { text: shareText(one, n) };
  return { text: percentText(Math.round((count / n) * 100)), more: ['calculated from the count'] };
}

function responseRow(one: Response, value: Cell) {
  return figureRow(one, { text: one.treatment, ...lines(one.short) }, [
    value,
    { text: countText(one, one.count) },
    { text: intervalText(one.interval) },
    { text: one.assessor ?? 'not recorded' },
    { text: populationText(one.population), ...lines(one.design, one.licence) },
  ]);
}
