import { describe, expect, test } from '@jest/globals';
import type { Readings } from '../../../src/chart/reading.ts';
import { CRITERIA } from '../../../src/guideline/criteria/registry.ts';
import { asps, chartFrom, complete, condition, cutShort } from '../../chart/builders.ts';

const stateOf = (id: string, readings: Readings) => CRITERIA.get(id)?.evaluate(chartFrom(readings)).state;

describe.each(['asps-established', 'asps-suspected', 'asps-by-text'])('%s', (id) => {
  const other = complete({ conditions: [condition('Hypertension')] });

  test('is no where the problems were read to their end, and hold none', () => {
    expect(stateOf(id, other)).toBe('no');
  });

  test('is unknown where they were not: the next page may hold it', () => {
    expect(stateOf(id, cutShort(other, 'conditions'))).toBe('unknown');
  });
});

test('asps-established is yes by what was read, whatever comes after', () => {
  expect(stateOf('asps-established', cutShort(complete({ conditions: [asps()] }), 'conditions'))).toBe('yes');
});
