import { describe, expect, test } from '@jest/globals';
import { chance } from '../../src/insights-demo/chance.ts';

describe('made-up chance', () => {
  test('falls the same way each time, and differently with another seed', () => {
    const first = (seed: number) => Array.from({ length: 5 }, () => chance(seed).uuid());
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });

  test('makes a new UUID each time', () => {
    const luck = chance(3);
    const uuids = Array.from({ length: 10_000 }, () => luck.uuid());
    expect(new Set(uuids).size).toBe(10_000);
    for (const uuid of uuids)
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test.each([0.3, 5, 240])('happens %d times on average', (average) => {
    const luck = chance(4);
    const total = Array.from({ length: 2000 }, () => luck.times(average)).reduce((sum, count) => sum + count, 0);
    // Four standard errors; the seed is fixed, so that it falls the same way each time.
    expect(Math.abs(total / 2000 - average)).toBeLessThan(4 * Math.sqrt(average / 2000));
  });

  test('picks by weight, and nothing of nothing', () => {
    const luck = chance(5);
    const picked = Array.from({ length: 4000 }, () =>
      luck.pick([
        ['often', 3],
        ['never', 0],
        ['seldom', 1],
      ]),
    );
    const often = picked.filter((item) => item === 'often').length;
    expect(often).toBeGreaterThan(2800);
    expect(often).toBeLessThan(3200);
    expect(picked).not.toContain('never');
    expect(luck.pick([])).toBeUndefined();
  });
});
