import type { Outcomes, Survival } from '../../guideline/figure.ts';
import { flagsOf, intervalText, percentText, populationText, shareText, sizeText, spanText } from './figure-words.ts';
import { type Cell, figureRow, lines, type TableView } from './table-view.ts';

const STAGES = ['localised', 'metastatic', 'not recorded'] as const;

/** Cohorts side by side, a row each: no figure without its cohort and era. */
export function survivalTable({ survival }: Outcomes): TableView {
  const cohorts = Map.groupBy(survival, ({ cohort }) => cohort);
  return {
    caption: 'Survival by cohort',
    columns: ['Cohort', 'Localised', 'Metastatic', 'Stage not recorded', 'Patients and design'],
    rows: [...cohorts].flatMap(([cohort, figures]) => {
      const [first] = figures;
      if (first === undefined) return [];
      const { population, design } = first;
      const row = figureRow(
        { ...first, sources: eachOnce(figures.flatMap(({ sources }) => sources)) },
        { text: cohort, ...lines(population.era ?? 'era not recorded') },
        [
          ...STAGES.map((stage) => cellOf(figures.filter((figure) => figure.stage === stage))),
          { text: populationText(population), ...lines(design) },
        ],
      );
      return [{ ...withNotes(row, figures.slice(1)), flags: eachOnce(figures.flatMap((figure) => flagsOf(figure))) }];
    }),
  };
}

function eachOnce(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** The notes of the cohort's other figures too. */
function withNotes(row: TableView['rows'][number], figures: readonly Survival[]): TableView['rows'][number] {
  const notes = figures.flatMap(({ note }) => note ?? []);
  const [last] = row.cells.slice(-1);
  if (last === undefined || notes.length === 0) return row;
  return { ...row, cells: [...row.cells.slice(0, -1), { ...last, more: [...(last.more ?? []), ...notes] }] };
}

function cellOf(figures: readonly Survival[]): Cell {
  const [text = 'none given', ...more] = figures.flatMap((figure) => [survivalText(figure), ...sizeOf(figure)]);
  return { text, ...lines(...more) };
}

/** Nothing where the figure itself is a count of them. */
function sizeOf(figure: Survival): readonly string[] {
  if (figure.n === undefined) return [sizeText(figure)];
  return figure.percent === undefined && figure.count !== undefined ? [] : [`n = ${figure.n}`];
}

function survivalText(figure: Survival): string {
  const { measure, at, months, monthsRange, orLonger, about, interval, n } = figure;
  const approximately = about === true ? 'about ' : '';
  if (months !== undefined) return `median ${approximately}${months} months${orLonger === true ? ' or longer' : ''}`;
  if (monthsRange !== undefined) return `median ${approximately}${spanText(monthsRange)} months`;
  const bounds = interval === undefined ? '' : ` (95 % CI ${intervalText(interval)})`;
  return `${shareText(figure, n)} ${measure} at ${at ?? 'a time not recorded'}${bounds}`;
}

/** The span of the cohorts that were read, in words; what stands in unverified texts beside it. */
export function survivalRanges({ survival }: Outcomes): readonly string[] {
  return (['localised', 'metastatic'] as const).flatMap((stage) => {
    const figures = survival.filter(
      (figure) =>
        figure.stage === stage && figure.measure === 'alive' && figure.at === '5 years' && figure.notAsps === undefined,
    );
    const read = endsOf(figures.filter(({ status }) => status === 'verified'));
    if (read.length === 0) return [];
    const unverified = [...new Set(endsOf(figures.filter(({ status }) => status !== 'verified')))].filter(
      (percent) => percent < Math.min(...read) || percent > Math.max(...read),
    );
    const [low, high] = [Math.min(...read), Math.max(...read)];
    const span = low === high ? percentText(low) : `${low} to ${percentText(high)}`;
    const beside =
      unverified.length === 0 ? '' : `; ${unverified.map(percentText).join(' and ')} in an unverified text`;
    return [`${stage === 'localised' ? 'Localised' : 'Metastatic'}, alive at 5 years: ${span}, by cohort${beside}.`];
  });
}

function endsOf(figures: readonly Survival[]): readonly number[] {
  return figures.flatMap(({ percent, percentRange }) => percentRange ?? (percent === undefined ? [] : [percent]));
}
