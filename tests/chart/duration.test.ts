import { expect, test } from '@jest/globals';
import { type DateInterval, readDate, UNDATED } from '../../src/chart/calendar.ts';
import { inMonths, monthsBetween } from '../../src/chart/duration.ts';

const on = (date: string): DateInterval => readDate(date) ?? UNDATED;

test.each([
  ['2024-08-12', '2026-11-22', 27, 27],
  ['2024-11-22', '2026-11-22', 24, 24],
  ['2024-11-23', '2026-11-22', 23, 23],
  ['2024', '2026-11-22', 22, 34],
  ['2024-08', '2026-11-22', 26, 27],
  ['2026-11-22', '2024-08-12', 0, 0],
])('from %s to %s are %d to %d whole months', (from, to, least, most) => {
  expect(monthsBetween(on(from), on(to))).toEqual({ least, most });
});

test('without a beginning there is no most', () => {
  expect(monthsBetween({ ...on('2024-08-12'), start: -Infinity }, on('2026-11-22'))).toEqual({
    least: 27,
    most: Infinity,
  });
});

test.each([
  [{ least: 14, most: 14 }, '14 months'],
  [{ least: 1, most: 1 }, '1 month'],
  [{ least: 11, most: 13 }, '11 to 13 months'],
  [{ least: 27, most: Infinity }, 'at least 27 months'],
])('%p reads %p', (months, words) => {
  expect(inMonths(months)).toBe(words);
});
