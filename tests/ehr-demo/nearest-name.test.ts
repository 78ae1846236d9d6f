import { expect, test } from '@jest/globals';
import { nearestName } from '../../src/ehr-demo/nearest-name.ts';

const names = ['metastatic-untreated', 'metastatic-treated', 'localised', 'no-asps'];

test.each([
  ['metastatic-untraeted', 'metastatic-untreated'],
  ['localized', 'localised'],
  ['no', 'no-asps'],
  ['something-else-entirely', undefined],
])('%s probably means %s', (typed, meant) => {
  expect(nearestName(typed, names)).toBe(meant);
});

test('among no names none is near', () => {
  expect(nearestName('a', [])).toBeUndefined();
});
