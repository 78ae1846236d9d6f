import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { periodsOf, periodUnitOf, piecesOf } from '../../../src/feedback/insights/periods.ts';

const DAY_MS = 86_400_000;
const WINDOWS = fc
  .record({
    first: fc.date({ min: new Date('2020-01-01'), max: new Date('2030-12-31'), noInvalidDate: true }),
    length: fc.integer({ min: 0, max: 800 }),
  })
  .map(({ first, length }) => ({
    from: first.toISOString().slice(0, 10),
    to: new Date(first.getTime() + length * DAY_MS).toISOString().slice(0, 10),
  }));

describe('the periods of a window', () => {
  test('are weeks of one that has forty', () => {
    // Both are Mondays.
    const window = { from: '2026-01-05', to: '2026-10-11' };
    expect(periodUnitOf(window)).toBe('week');
    expect(periodsOf(window)).toHaveLength(40);
    expect(periodsOf(window)[0]).toEqual({ begins: '2026-01-05', from: '2026-01-05', to: '2026-01-11' });
  });

  test('are calendar months of one that has more, cut where the window is', () => {
    const window = { from: '2026-01-31', to: '2026-11-22' };
    expect(periodUnitOf(window)).toBe('month');
    const periods = periodsOf(window);
    expect(periods).toHaveLength(11);
    expect(periods.slice(0, 2)).toEqual([
      { begins: '2026-01-01', from: '2026-01-31', to: '2026-01-31' },
      { begins: '2026-02-01', from: '2026-02-01', to: '2026-02-28' },
    ]);
    expect(periods.at(-1)).toEqual({ begins: '2026-11-01', from: '2026-11-01', to: '2026-11-22' });
  });

  test('are none of a window that ends before it begins', () => {
    expect(periodsOf({ from: '2026-11-22', to: '2026-11-21' })).toEqual([]);
  });

  test('and what is read at once of them cover every day once, a week at the most', () => {
    fc.assert(
      fc.property(WINDOWS, (window) => {
        const days = daysOf(window);
        expect(periodsOf(window).flatMap(daysOf)).toEqual(days);
        const pieces = piecesOf(window);
        expect(pieces.flatMap(daysOf)).toEqual(days);
        const begins = new Map(
          periodsOf(window).flatMap((period) => daysOf(period).map((day) => [day, period.begins] as const)),
        );
        for (const piece of pieces) {
          expect(daysOf(piece).length).toBeLessThanOrEqual(7);
          for (const day of daysOf(piece)) expect(begins.get(day)).toBe(piece.period);
        }
      }),
      { numRuns: 50 },
    );
  });
});

function daysOf({ from, to }: { readonly from: string; readonly to: string }): readonly string[] {
  const length = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  return Array.from({ length }, (_, at) => new Date(Date.parse(from) + at * DAY_MS).toISOString().slice(0, 10));
}
