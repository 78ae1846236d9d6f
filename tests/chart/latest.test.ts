import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readDate, readPeriod } from '../../src/chart/calendar.ts';
import { areOfOneDay, isAfter, latestOf } from '../../src/chart/latest.ts';

interface Item {
  readonly name: string;
  readonly value: number;
  readonly date: ReturnType<typeof readDate>;
}

const at = (date: string | undefined, value: number): Item => ({
  name: `${date ?? 'undated'}=${value}`,
  value,
  date: readDate(date),
});
const lastOf = (...records: readonly Item[]) => {
  const found = latestOf(records, (a, b) => a.value === b.value);
  return found === undefined || found.last === 'undecided' ? found?.last : found.last.name;
};

describe('the last of several', () => {
  test.each<[string, readonly Item[], string | undefined]>([
    ['none', [], undefined],
    ['one', [at('2026-11-01', 3)], '2026-11-01=3'],
    ['one without a date', [at(undefined, 3)], 'undated=3'],
    ['two days', [at('2026-05-01', 3), at('2026-11-01', 4)], '2026-11-01=4'],
    ['a month after a day', [at('2026-05-01', 3), at('2026-06', 4)], '2026-06=4'],
    ['a day after a year', [at('2025', 3), at('2026-01-01', 4)], '2026-01-01=4'],
    ['one day, the same value', [at('2026-11-01', 3), at('2026-11-01', 3)], '2026-11-01=3'],
    ['a year around a day, the same value', [at('2026-11-01', 3), at('2026', 3)], '2026=3'],
    ['one day, two values', [at('2026-11-01', 3), at('2026-11-01', 4)], 'undecided'],
    ['a year around a day', [at('2026', 14), at('2026-11-01', 3)], 'undecided'],
    ['a year around two days', [at('2026-03-01', 3), at('2026', 14), at('2026-11-01', 3)], 'undecided'],
    ['a month that ends on the day', [at('2026-10', 14), at('2026-10-31', 3)], 'undecided'],
    ['one of them undated', [at(undefined, 14), at('2026-11-01', 3)], 'undecided'],
    [
      'an overlap among those that are earlier',
      [at('2025', 1), at('2025-06-01', 2), at('2026-11-01', 3)],
      '2026-11-01=3',
    ],
  ])('%s', (_claim, records, expected) => {
    expect(lastOf(...records)).toBe(expected);
    expect(lastOf(...records.toReversed())).toBe(expected);
  });

  test('names all that may be the last one', () => {
    const records = [at('2025', 1), at('2026', 14), at('2026-11-01', 3)];
    expect(latestOf(records, () => false)?.candidates.map(({ name }) => name)).toEqual(['2026=14', '2026-11-01=3']);
  });

  test('an open period may still run', () => {
    const running = { name: 'running', value: 1, date: readPeriod({ start: '2026-01-01' }) };
    expect(lastOf(running, at('2026-11-01', 2))).toBe('undecided');
  });

  test('is after nothing that is on file for certain, and nobody later is left out', () => {
    const day = fc.constantFrom('2024', '2025', '2025-03', '2025-03-04', '2026', '2026-03', undefined);
    fc.assert(
      fc.property(fc.array(fc.tuple(day, fc.integer({ min: 0, max: 2 })), { minLength: 1 }), (given) => {
        const records = given.map(([date, value]) => at(date, value));
        const found = latestOf(records, (a, b) => a.value === b.value);
        const last = found?.last;
        if (last === undefined || last === 'undecided') return;
        const end = last.date?.end ?? Infinity;
        for (const { value, date } of records)
          expect(value === last.value || (date !== undefined && date.end < end)).toBe(true);
      }),
    );
  });
});

test.each<[string, readonly (string | undefined)[], boolean]>([
  ['one day', ['2026-11-01', '2026-11-01'], true],
  ['two days', ['2026-11-01', '2026-11-02'], false],
  ['a month', ['2026-11', '2026-11'], false],
  ['undated', [undefined, undefined], false],
])('of one day: %s', (_claim, dates, expected) => {
  expect(areOfOneDay(dates.map((date) => at(date, 1)))).toBe(expected);
});

test('a result of tomorrow is after today, one of this year may not be', () => {
  const today = readDate('2026-11-22')?.start ?? 0;
  expect(['2026-11-23', '2027', '2026-11-22', '2026', undefined].map((date) => isAfter(readDate(date), today))).toEqual(
    [true, true, false, false, false],
  );
});
