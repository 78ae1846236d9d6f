import { setImmediate } from 'node:timers/promises';
import type { Database } from '../store/database.ts';
import type { InsightsFigures, ReasonFigures, ResponseTime, ShowingFigures, TallyFigures } from './figures.ts';
import type { InsightsQuery } from './insights.ts';
import { piecesOf } from './periods.ts';
import { countOfUnknownCards, readComments } from './read-feedback.ts';
import { type Read, readBeginning, readFirstDays } from './read-history.ts';
import { readReasons, readResponseTimes, readShowings } from './read-showings.ts';
import { readTallies } from './read-tallies.ts';

/**
 * Counts in the database what is on record of a window. At most a week is read at once: SQLite answers while everybody waits, and hook
 * calls must get their turn in between.
 *
 * @throws {FeedbackStoreError} if the store cannot be read.
 */
export async function readFigures(database: Database, query: InsightsQuery, now: Date): Promise<InsightsFigures> {
  const read: Read = async (work) => {
    await setImmediate();
    return database.read(work);
  };
  const recordBegins = await read(readBeginning);
  const showings: ShowingFigures[] = [];
  const tallies: TallyFigures[] = [];
  const reasons: ReasonFigures[] = [];
  const responseTimes: ResponseTime[] = [];
  for (const piece of piecesOf(query)) {
    if (recordBegins === undefined || piece.to < recordBegins) continue;
    showings.push(...(await read((tables) => readShowings(tables, piece))));
    tallies.push(...(await read((tables) => readTallies(tables, piece))));
    reasons.push(...(await read((tables) => readReasons(tables, piece, query))));
    responseTimes.push(...(await read((tables) => readResponseTimes(tables, piece, query))));
  }
  return {
    showings,
    tallies,
    reasons,
    responseTimes,
    recordBegins,
    firstDays: await readFirstDays(read),
    ofUnknownCards: await read((tables) => countOfUnknownCards(tables, query)),
    comments: await read((tables) => readComments(tables, query, now)),
  };
}
