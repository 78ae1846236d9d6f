import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { instantsOf, weeksOf } from '../../../src/feedback/insights/weeks.ts';

const DAYS = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('the weeks of a window', () => {
  test('begin on Monday and are cut where the window is', () => {
    // 2026-11-22 is a Sunday.
    expect(weeksOf({ from: '2026-11-12', to: '2026-11-23' })).toEqual([
      { week: '2026-11-09', from: '2026-11-12', to: '2026-11-15' },
      { week: '2026-11-16', from: '2026-11-16', to: '2026-11-22' },
      { week: '2026-11-23', from: '2026-11-23', to: '2026-11-23' },
    ]);
  });

  test('are one of a window of one day', () => {
    expect(weeksOf({ from: '2026-11-22', to: '2026-11-22' })).toEqual([
      { week: '2026-11-16', from: '2026-11-22', to: '2026-11-22' },
    ]);
  });

  test('are none of a window that ends before it begins', () => {
    expect(weeksOf({ from: '2026-11-22', to: '2026-11-21' })).toEqual([]);
  });

  test('cover every day of it once, whatever the clocks of the machine do in spring and autumn', () => {
    fc.assert(
      fc.property(DAYS, fc.integer({ min: 0, max: 800 }), (from, length) => {
        const to = dayAfter(from, length);
        const weeks = weeksOf({ from, to });
        const days = weeks.flatMap((week) => daysOf(week.from, week.to));
        expect(days).toEqual(daysOf(from, to));
        for (const { week } of weeks) expect(new Date(week).getUTCDay()).toBe(1);
      }),
      { numRuns: 50 },
    );
  });
});

test('A window lies between two midnights, UTC', () => {
  expect(instantsOf({ from: '2026-10-24', to: '2026-10-25' })).toEqual([
    '2026-10-24T00:00:00.000Z',
    '2026-10-26T00:00:00.000Z',
  ]);
});

function dayAfter(day: string, count: number): string {
  return new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);
}

function daysOf(from: string, to: string): readonly string[] {
  const length = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  return Array.from({ length: length + 1 }, (_, index) => dayAfter(from, index));
}
