import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { wilsonInterval } from '../../../src/feedback/insights/wilson.ts';

/** A part and a whole that is not nothing. */
const PROPORTIONS = fc
  .integer({ min: 1, max: 100_000 })
  .chain((of) => fc.record({ count: fc.integer({ min: 0, max: of }), of: fc.constant(of) }));

describe('the interval of a proportion', () => {
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d of %d is that of an example of Newcombe 1998', (count, of, low, high) => {
    expect(wilsonInterval(count, of)?.map((bound) => bound.toFixed(4))).toEqual([low.toFixed(4), high.toFixed(4)]);
  });

  test('of nothing is none', () => {
    expect(wilsonInterval(0, 0)).toBeUndefined();
  });

  test('holds the rate, and lies within 0 and 1', () => {
    fc.assert(
      fc.property(PROPORTIONS, ({ count, of }) => {
        const [low, high] = wilsonInterval(count, of) ?? [];
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(count / of);
        expect(high).toBeGreaterThanOrEqual(count / of);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('is narrower the more was seen at the same rate', () => {
    fc.assert(
      fc.property(PROPORTIONS, fc.integer({ min: 2, max: 20 }), ({ count, of }, times) => {
        expect(width(times * count, times * of)).toBeLessThan(width(count, of));
      }),
    );
  });

  test('of the rest is its mirror image', () => {
    fc.assert(
      fc.property(PROPORTIONS, ({ count, of }) => {
        const [low = Number.NaN, high = Number.NaN] = wilsonInterval(count, of) ?? [];
        const [restLow, restHigh] = wilsonInterval(of - count, of) ?? [];
        expect(restLow).toBeCloseTo(1 - high, 12);
        expect(restHigh).toBeCloseTo(1 - low, 12);
      }),
    );
  });
});

function width(count: number, of: number): number {
  const [low = Number.NaN, high = Number.NaN] = wilsonInterval(count, of) ?? [];
  return high - low;
}
