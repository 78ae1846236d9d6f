import { cardTables } from './card-tables.ts';
import { healthTables } from './health-tables.ts';
import type { InsightsReport } from './insights.ts';
import type { InsightsTable } from './table.ts';

export type { Cell, InsightsColumn, InsightsTable } from './table.ts';

/** All tables of a report, in the order of the page. One without rows says that there was nothing to count. */
export function insightsTables(report: InsightsReport): readonly InsightsTable[] {
  return [...cardTables(report), ...healthTables(report)];
}
