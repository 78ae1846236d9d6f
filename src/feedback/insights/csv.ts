import { stringify } from 'csv-stringify/sync';
import type { InsightsTable } from './table.ts';

/**
 * A table as CSV (RFC 4180): a header and exactly the cells that the page shows. A cell that a spreadsheet would take for a
 * formula is made text by an apostrophe (OWASP, CSV injection), and a byte order mark says that it is UTF-8, which Excel does
 * not see by itself.
 */
export function csvOf({ columns, rows }: InsightsTable): string {
  const header = columns.map(({ group, label }) => (group === undefined ? label : `${group}: ${label}`));
  return stringify([header, ...rows.map((row) => [...row])], {
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  });
}
