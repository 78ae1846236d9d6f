import type { Database } from '../store/database.ts';
import type { InsightsQuery, InsightsReport } from './insights.ts';
import { readFigures } from './read-figures.ts';
import { type InsightsWords, reportOf } from './report.ts';

/**
 * What clinicians did with the cards that were shown within a window, whenever they did it, and how the service did meanwhile.
 *
 * @throws {FeedbackStoreError} if the store cannot be read.
 */
export async function readInsights(
  database: Database,
  query: InsightsQuery,
  words: InsightsWords,
  now: Date = new Date(),
): Promise<InsightsReport> {
  return reportOf(query, await readFigures(database, query, now), words, now);
}
