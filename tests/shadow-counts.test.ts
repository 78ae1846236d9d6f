import { expect, test } from '@jest/globals';
import { shadowCounts } from '../src/shadow-counts.ts';

test('counts how often each card would have been shown', () => {
  const counts = shadowCounts();
  expect(counts.total()).toEqual({});
  counts.add(['a', 'b']);
  counts.add(['a']);
  counts.add([]);
  expect(counts.total()).toEqual({ a: 2, b: 1 });
});
