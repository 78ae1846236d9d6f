import type { Occurrence, Outcomes } from '../../guideline/figure.ts';
import { countText, percentText, populationText, shareText, sizeText } from './figure-words.ts';
import { aroundMedian, measureName, medianText } from './median-view.ts';
import { figureRow, lines, type TableView } from './table-view.ts';

const COLUMNS = ['Cohort', 'How often', 'Number', 'Patients'] as const;

/** Brain metastases: how often, and when. */
export function brainTable({ occurrences, medians }: Outcomes): TableView {
  const times = medians.filter(({ treatment }) => treatment === undefined);
  return {
    caption: 'Brain metastases',
    columns: COLUMNS,
    rows: [
      ...occurrences.filter(({ measure }) => measure === 'brain metastases').map((one) => occurrenceRow(one)),
      ...times.map((one) =>
        figureRow(one, { text: measureName(one) }, [
          { text: `median ${medianText(one)}`, ...(one.spread === undefined ? {} : lines(aroundMedian(one).text)) },
          { text: sizeText(one) },
          { text: populationText(one.population), ...lines(one.design) },
        ]),
      ),
    ],
  };
}

/** Stage at presentation, late relapse and first misdiagnoses. */
export function presentationTable({ occurrences }: Outcomes): TableView {
  const rows = occurrences.filter(({ measure }) => measure !== 'brain metastases');
  return { caption: 'At presentation', columns: COLUMNS, rows: rows.map((one) => occurrenceRow(one, one.measure)) };
}

function occurrenceRow(one: Occurrence, what?: string) {
  const words = shareText(one, one.n);
  return figureRow(one, { text: one.cohort }, [
    { text: what === undefined ? words : `${words} ${what}` },
    { text: countText(one, one.count) },
    { text: populationText(one.population) },
  ]);
}

/** Harm seen under treatment. */
export function reactionTable({ reactions }: Outcomes): TableView {
  return {
    caption: 'Adverse reactions',
    columns: ['Treatment', 'What was seen', 'n', 'Patients'],
    rows: reactions.map((one) =>
      figureRow(one, { text: one.treatment, ...lines(one.what) }, [
        { text: one.events.map((event) => eventText(event, one.n)).join('; ') },
        { text: sizeText(one) },
        { text: populationText(one.population) },
      ]),
    ),
  };
}

function eventText(
  { event, percent, count }: Outcomes['reactions'][number]['events'][number],
  n: number | undefined,
): string {
  const figures = [
    ...(percent === undefined ? [] : [percentText(percent)]),
    ...(count === undefined ? [] : [n === undefined ? `${count}` : `${count} of ${n}`]),
  ];
  return `${event}: ${figures.join(', ')}`;
}
