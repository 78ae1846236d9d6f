import { cardTables, trendTableId } from './card-tables.ts';
import { healthTables } from './health-tables.ts';
import type { InsightsReport } from './insights.ts';
import type { InsightsTable } from './table.ts';

export type { Cell, InsightsColumn, InsightsTable } from './table.ts';

const TABLE_IDS: ReadonlySet<string> = new Set([
  'cards',
  'burden',
  'reasons',
  'hooks',
  'clients',
  'shadow',
  'comments',
  'calls',
  'answers',
  'latency',
  'fhir',
  'unread',
]);

/** Can there be a table of this id? Of which cards there is a trend, only the report says. */
export function isTableId(id: string): boolean {
  return TABLE_IDS.has(id) || id.startsWith(trendTableId(''));
}

/** All tables of a report, in the order of the page. One without rows says that there was nothing to count. */
export function insightsTables(report: InsightsReport): readonly InsightsTable[] {
  return [...cardTables(report), ...healthTables(report)];
}
