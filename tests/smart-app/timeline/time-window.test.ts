import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { middleOf, panned, within, zoomed } from '../../../src/smart-app/timeline/time-window.ts';

const span = fc
  .record({ from: fc.integer({ min: -40_000, max: 30_000 }), days: fc.integer({ min: 190, max: 40_000 }) })
  .map(({ from, days }) => ({ from, to: from + days }));
const shown = span.chain((whole) =>
  fc
    .record({ at: fc.double({ min: 0, max: 1, noNaN: true }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
    .map(({ at, share }) => {
      const width = Math.max(28, (whole.to - whole.from) * share);
      return {
        span: whole,
        window: within({ from: whole.from + at * width, to: whole.from + at * width + width }, whole),
      };
    }),
);
const move = fc.oneof(
  fc.record({ kind: fc.constant('zoom' as const), by: fc.double({ min: 0.01, max: 50, noNaN: true }) }),
  fc.record({ kind: fc.constant('pan' as const), by: fc.double({ min: -20, max: 20, noNaN: true }) }),
);

describe('whatever is zoomed and panned', () => {
  test('the window stays within the span, and shows some of it', () => {
    fc.assert(
      fc.property(shown, fc.array(move, { maxLength: 20 }), ({ span: whole, window: first }, moves) => {
        let window = first;
        for (const { kind, by } of moves) {
          window = kind === 'zoom' ? zoomed(window, by, middleOf(window), whole) : panned(window, by, whole);
          expect(window.from).toBeGreaterThanOrEqual(whole.from - 1e-6);
          expect(window.to).toBeLessThanOrEqual(whole.to + 1e-6);
          expect(window.to - window.from).toBeGreaterThan(27.9);
        }
      }),
    );
  });

  test('in and out again is where it was, unless it was as close as it gets', () => {
    fc.assert(
      fc.property(shown, ({ span: whole, window }) => {
        fc.pre(window.to - window.from >= 57);
        const there = zoomed(window, 0.5, middleOf(window), whole);
        const back = zoomed(there, 2, middleOf(there), whole);
        expect(back.from).toBeCloseTo(window.from, 4);
        expect(back.to).toBeCloseTo(window.to, 4);
      }),
    );
  });

  test('there and back again is where it was, unless an end was in the way', () => {
    fc.assert(
      fc.property(shown, ({ span: whole, window }) => {
        fc.pre(window.to + (window.to - window.from) * 0.25 <= whole.to);
        const back = panned(panned(window, 0.25, whole), -0.25, whole);
        expect(back.from).toBeCloseTo(window.from, 4);
      }),
    );
  });
});

test('zooming keeps the day that it is about in its place', () => {
  const window = zoomed({ from: 0, to: 1000 }, 0.5, 250, { from: -5000, to: 5000 });
  expect(window).toEqual({ from: 125, to: 625 });
});

test('nothing wider than the span is shown', () => {
  expect(zoomed({ from: 0, to: 1000 }, 100, 500, { from: -200, to: 1500 })).toEqual({ from: -200, to: 1500 });
});
