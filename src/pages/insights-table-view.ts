import type { Cell, InsightsColumn, InsightsTable } from '../feedback/insights/tables.ts';

/** Columns that are read together: a figure with its rate and interval, a name with its id; or one by itself. */
interface Part {
  readonly kind: 'proportion' | 'named' | 'plain';
  readonly heading: string;
  readonly small: string;
  readonly isNumeric: boolean;
  readonly columns: readonly number[];
}

/** Numbers as the readers of the page group them. */
const WRITTEN = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 10 });

/**
 * A table for the page. It has exactly the cells of the table: four columns of a proportion stand in one, as `16` over
 * `40 %, 26 to 55`, and an id beneath the name that it belongs to, so that the table fits on a screen.
 */
export function tableView({ id, caption, denominators, columns, rows }: InsightsTable, csvUrl: string): object {
  const parts = partsOf(columns);
  return {
    id,
    caption,
    denominators,
    csvUrl,
    isEmpty: rows.length === 0,
    headings: parts.map(({ heading, small, isNumeric }) => ({ text: heading, small, isNumeric })),
    rows: rows.map((row) =>
      parts.map((part) => ({ label: part.heading, isNumeric: part.isNumeric, kind: part.kind, ...cellOf(part, row) })),
    ),
  };
}

function partsOf(columns: readonly InsightsColumn[]): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < columns.length; at += 1) {
    const column = columns[at];
    if (column === undefined) break;
    const { group, isNumeric, label } = column;
    const alike = group === undefined ? [] : columns.slice(at).filter((one) => one.group === group);
    if (group !== undefined && alike.length === 4) {
      parts.push({
        kind: 'proportion',
        heading: group,
        small: 'n; %, 95 % interval',
        isNumeric,
        columns: [at, at + 1, at + 2, at + 3],
      });
      at += 3;
    } else if (columns[at + 1]?.id === `${column.id}-id`) {
      parts.push({ kind: 'named', heading: label, small: '', isNumeric, columns: [at, at + 1] });
      at += 1;
    } else {
      parts.push({
        kind: 'plain',
        heading: group === undefined ? label : `${group}: ${label}`,
        small: '',
        isNumeric,
        columns: [at],
      });
    }
  }
  return parts;
}

function cellOf({ kind, columns }: Part, row: readonly Cell[]): { readonly text: string; readonly small: string } {
  const [first = '', ...more] = columns.map((column) => written(row[column] ?? ''));
  if (kind === 'plain') return { text: first, small: '' };
  if (kind === 'named') return { text: first, small: more.join(', ') };
  const [rate = '', low = '', high = ''] = more;
  return { text: first, small: first === '–' ? '' : rate === '–' ? rate : `${rate} %, ${low} to ${high}` };
}

function written(cell: Cell): string {
  return typeof cell === 'number' ? WRITTEN.format(cell) : cell;
}
