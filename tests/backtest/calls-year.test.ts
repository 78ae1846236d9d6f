import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readDay } from '../../src/backtest/as-of.ts';
import { callsByDay, callsYear, DAYS_COUNTED, percentile } from '../../src/backtest/calls-year.ts';

const TODAY = readDay('2026-11-22') ?? 0;

test('the days end with the newest that has begun, and are 52 whole weeks at most', () => {
  const year = callsYear({ '2026-11-20': 3, '2027-01-01': 5, '2020-01-01': 1, nonsense: 9 }, TODAY);
  expect(year).toEqual({ from: TODAY - 2 - 363, to: TODAY - 2 });
});

test('days before the first Encounter of a short export are not days without calls', () => {
  const days = Object.fromEntries(
    Array.from({ length: 60 }, (_unused, at) => [new Date((TODAY - at) * 86_400_000).toISOString().slice(0, 10), 100]),
  );
  const year = callsYear({ ...days, '2027-01-01': 5 }, TODAY);
  expect(year).toEqual({ from: TODAY - 59, to: TODAY });
  const calls = callsByDay(days, year ?? { from: 0, to: 0 });
  expect([calls.length, percentile(calls, 50)]).toEqual([60, 100]);
});

test('without a day that has begun there is no year', () => {
  expect(callsYear({}, TODAY)).toBeUndefined();
  expect(callsYear({ '2027-01-01': 5 }, TODAY)).toBeUndefined();
});

test('days without Encounters count as days, and older ones do not', () => {
  const year = { from: TODAY - DAYS_COUNTED + 1, to: TODAY };
  const calls = callsByDay({ '2026-11-20': 7, '2026-11-21': 3, '2020-01-01': 100 }, year);
  expect(calls.length).toBe(DAYS_COUNTED);
  expect(calls.slice(-3)).toEqual([0, 3, 7]);
});

test('a percentile is one of the values, and enough of them are not above it', () => {
  const values = fc.array(fc.nat(50), { minLength: 1 }).map((some) => some.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(values, fc.constantFrom(1, 50, 95, 100), (sorted, percent) => {
      const value = percentile(sorted, percent);
      expect(sorted).toContain(value);
      expect(sorted.filter((one) => one <= value).length).toBeGreaterThanOrEqual((percent / 100) * sorted.length);
      expect(sorted.filter((one) => one < value).length).toBeLessThan((percent / 100) * sorted.length);
    }),
  );
  expect([percentile([1, 2, 3, 4], 50), percentile([1, 2, 3, 4], 95), percentile([1, 2, 3, 4], 100)]).toEqual([
    2, 4, 4,
  ]);
});
