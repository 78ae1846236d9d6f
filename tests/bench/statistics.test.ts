import { describe, expect, test } from '@jest/globals';
import { cpuRatios, type Round, spread, table, typicalRound } from '../../bench/statistics.ts';

function round(cpuMicroseconds: number): Round {
  return { cpuMicroseconds, requestsPerSecond: 1000, p50: 1, p99: 2 };
}

describe('the spread', () => {
  test.each([
    ['an odd number of values', [3, 1, 2], { median: 2, min: 1, max: 3 }],
    ['an even number of values', [4, 1, 10, 2], { median: 3, min: 1, max: 10 }],
    ['a single value', [5], { median: 5, min: 5, max: 5 }],
  ])('of %s', (_claim, values, expected) => {
    expect(spread(values)).toEqual(expected);
  });

  test('of nothing is an error, not a number', () => {
    expect(() => spread([])).toThrow('nothing was measured');
  });
});

test('ratios are taken pair by pair', () => {
  const pairs = [
    { service: round(150), bare: round(100) },
    { service: round(400), bare: round(200) },
    { service: round(110), bare: round(100) },
  ];
  expect(cpuRatios(pairs)).toEqual({ median: 1.5, min: 1.1, max: 2 });
});

test('the typical round is the median, member by member', () => {
  expect(typicalRound([round(1), round(9), round(2)])).toEqual(round(2));
});

test('a table lines its numbers up to the right and is Markdown', () => {
  expect(
    table([
      ['body', 'ratio'],
      ['no ASPS', '1.1'],
    ]),
  ).toBe('| body    | ratio |\n|:--------|------:|\n| no ASPS |   1.1 |');
});
