import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import type { InsightsFigures, ReasonFigures, ResponseTime, ShowingFigures, TallyFigures } from './figures.ts';
import type { InsightsQuery } from './insights.ts';
import { countOfUnknownCards, readComments } from './read-feedback.ts';
import { readBeginning, wasSeenBefore } from './read-history.ts';
import { readReasons, readResponseTimes, readShowings } from './read-showings.ts';
import { readTallies } from './read-tallies.ts';
import { nameOf, type Version, versionOf } from './versions.ts';
import { weeksOf } from './weeks.ts';

/**
 * Counts in the database what is on record of a window. It is done week by week: SQLite answers while everybody waits, and hook
 * calls must get their turn in between.
 *
 * @throws {FeedbackStoreError} if the store cannot be read.
 */
export async function readFigures(database: Database, query: InsightsQuery, now: Date): Promise<InsightsFigures> {
  const read = async <Result>(work: (tables: Kysely<Tables>) => Promise<Result>): Promise<Result> => {
    await setImmediate();
    return database.read(work);
  };
  const recordBegins = await read(readBeginning);
  const showings: ShowingFigures[] = [];
  const tallies: TallyFigures[] = [];
  const reasons: ReasonFigures[] = [];
  const responseTimes: ResponseTime[] = [];
  for (const week of weeksOf(query)) {
    if (recordBegins === undefined || week.to < recordBegins) continue;
    showings.push(...(await read((tables) => readShowings(tables, week))));
    tallies.push(...(await read((tables) => readTallies(tables, week))));
    reasons.push(...(await read((tables) => readReasons(tables, week, query))));
    responseTimes.push(...(await read((tables) => readResponseTimes(tables, week, query))));
  }

  const seenBefore = new Set<string>();
  for (const version of versionsOf(showings, tallies)) {
    if (await read((tables) => wasSeenBefore(tables, version, query.from))) seenBefore.add(nameOf(version));
  }
  return {
    showings,
    tallies,
    reasons,
    responseTimes,
    recordBegins,
    seenBefore,
    ofUnknownCards: await read((tables) => countOfUnknownCards(tables, query)),
    comments: await read((tables) => readComments(tables, query, now)),
  };
}

/** Every version that was judged or shown within the window. */
function versionsOf(showings: readonly ShowingFigures[], tallies: readonly TallyFigures[]): readonly Version[] {
  const judged = tallies.flatMap(({ measure, subject }) =>
    measure.startsWith('judged') ? [versionOf({ subject })] : [],
  );
  return [
    ...new Map(
      [...showings, ...judged]
        .map(({ cardId, version }) => ({ cardId, version }))
        .map((version) => [nameOf(version), version]),
    ).values(),
  ];
}
