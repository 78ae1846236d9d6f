import type { Median, Outcomes } from '../../guideline/figure.ts';
import { byMeasure, capitalised, percentText, populationText, sizeText, spanText } from './figure-words.ts';
import { type Cell, figureRow, lines, type TableView } from './table-view.ts';

/** Medians under treatment, measure by measure. */
export function medianTable({ medians }: Outcomes): TableView {
  return {
    caption: 'Times and changes under treatment',
    columns: ['Treatment', 'Measure', 'Median', 'Range or 95 % CI', 'n', 'Patients and design'],
    rows: byMeasure(medians).flatMap((one) =>
      one.treatment === undefined
        ? []
        : [
            figureRow(one, { text: one.treatment }, [
              { text: measureName(one) },
              { text: medianText(one) },
              aroundMedian(one),
              { text: sizeText(one) },
              { text: populationText(one.population), ...lines(one.design, one.licence) },
            ]),
          ],
    ),
  };
}

/** What a median is of. */
export function measureName({ measure }: Median): string {
  return capitalised(measure);
}

export function medianText({ median, unit }: Median): string {
  if (unit === undefined) return `${median} months`;
  return `${median > 0 ? '+' : ''}${percentText(median)}`;
}

/** The spread of the values is no confidence interval, and is called what it is. */
export function aroundMedian({ spread, interval }: Median): Cell {
  const [first = 'none published', ...more] = [
    ...(interval === undefined ? [] : [`95 % CI ${spanText(interval)}`]),
    ...(spread === undefined ? [] : [`lowest to highest ${spanText(spread)}`]),
  ];
  return { text: first, ...lines(...more) };
}
