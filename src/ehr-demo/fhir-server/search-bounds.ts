import { badRequest, OperationOutcomeError, type SearchRequest } from '@medplum/core';
import type { Resource } from './resource.ts';

/** Characters of a query as it is written: more takes long even to read. */
export const MAX_QUERY = 30_000;

const MAX_PARAMETERS = 50;
const MAX_CHAINS = 5;
/** Alternatives of all parameters together, as in `_id=a,b`. */
const MAX_VALUES = 500;
/** Characters of all values together. */
const MAX_LENGTH = 8000;
const MAX_SORT_KEYS = 5;
const MAX_INCLUDES = 10;

/**
 * A search as it was asked, without what was asked twice, if it can be answered in a moment: all of it is done before anything
 * else is answered, and for every parameter everything of the type is looked at.
 *
 * @throws {OperationOutcomeError} saying what is too much.
 */
export function withinBounds<T extends Resource>(request: SearchRequest<T>): SearchRequest<T> {
  const { filters = [] } = request;
  const sortRules = uniqueBy(request.sortRules ?? [], ({ code }) => code);
  const include = uniqueBy(request.include ?? [], JSON.stringify);
  const revInclude = uniqueBy(request.revInclude ?? [], JSON.stringify);
  const chains = filters.map(({ code }) => code.split('.').length - 1);
  const values = filters.map(({ value }) => value).join(',');

  atMost(MAX_PARAMETERS, filters.length, 'parameters');
  atMost(MAX_CHAINS, chains.filter((links) => links > 0).length, 'chained parameters');
  atMost(MAX_LENGTH, values.length, 'characters of values');
  atMost(MAX_VALUES, values.split(',').length, 'values');
  atMost(MAX_SORT_KEYS, sortRules.length, 'sort keys');
  atMost(MAX_INCLUDES, include.length + revInclude.length, 'includes');
  // Whether the token reaches what is looked into is asked for the first link alone.
  if (chains.some((links) => links > 1)) throw tooMuch('A chain may have one link');
  if (revInclude.some(({ modifier }) => modifier === 'iterate')) throw tooMuch('_revinclude:iterate is not supported');
  return { ...request, sortRules, include, revInclude };
}

function atMost(limit: number, count: number, what: string): void {
  if (count > limit) throw tooMuch(`A search may have ${limit} ${what}, not ${count}`);
}

export function tooMuch(why: string): OperationOutcomeError {
  return new OperationOutcomeError(badRequest(why));
}

/** The first of each key. */
function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const known = new Set<string>();
  return items.filter((item) => {
    const before = known.size;
    return known.add(keyOf(item)).size > before;
  });
}
