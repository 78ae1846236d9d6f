import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readDate } from '../../../src/chart/calendar.ts';
import { dayInWords, ticksIn } from '../../../src/smart-app/timeline/ticks.ts';

const day = (text: string) => readDate(text)?.start ?? NaN;
const labels = (from: string, to: string, letters: number) =>
  ticksIn({ from: day(from), to: day(to) }, letters).map(({ label }) => label);

test.each([
  [
    'Mondays of a few weeks',
    '2026-11-01',
    '2026-12-01',
    80,
    ['2026-11-02', '2026-11-09', '2026-11-16', '2026-11-23', '2026-11-30'],
  ],
  ['months of half a year', '2026-01-15', '2026-06-15', 80, ['2026-02', '2026-03', '2026-04', '2026-05', '2026-06']],
  ['quarters of a year', '2025-12-15', '2026-12-15', 60, ['2026-01', '2026-04', '2026-07', '2026-10']],
  ['years of several', '2022-06-01', '2026-06-01', 40, ['2023', '2024', '2025', '2026']],
])('the axis is marked at the %s', (_claim, from, to, letters, expected) => {
  expect(labels(from, to, letters)).toEqual(expected);
});

test('ticks lie in the window, are few enough for their labels, and read as their day', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -40_000, max: 30_000 }),
      fc.integer({ min: 28, max: 40_000 }),
      fc.integer({ min: 40, max: 220 }),
      (from, days, letters) => {
        const ticks = ticksIn({ from, to: from + days }, letters);
        for (const { day: at, label } of ticks) {
          expect(at).toBeGreaterThanOrEqual(from);
          expect(at).toBeLessThan(from + days);
          expect(dayInWords(at, label.length)).toBe(label);
        }
        expect(ticks.length).toBeLessThanOrEqual(letters / 7 + 2);
      },
    ),
  );
});
