import { describe, expect, test } from '@jest/globals';
import { cardsText, missingResources, sameCards } from '../../src/sandbox/compare.ts';

const MRI = { id: 'baseline-brain-mri', indicator: 'warning' };
const CT = { id: 'staging-chest-ct', indicator: 'info' };

describe('sameCards', () => {
  test.each([
    ['the same', [MRI, CT], [MRI, CT], true],
    ['none', [], [], true],
    ['another order', [MRI, CT], [CT, MRI], false],
    ['another indicator', [MRI], [{ ...MRI, indicator: 'info' }], false],
    ['another card', [MRI], [CT], false],
    ['one more', [MRI], [MRI, CT], false],
    ['one less', [MRI, CT], [MRI], false],
  ])('%s', (_what, some, others, same) => {
    expect(sameCards(some, others)).toBe(same);
    expect(cardsText(some) === cardsText(others)).toBe(same);
  });
});

describe('missingResources', () => {
  const bundle = (...references: readonly string[]) => ({
    resourceType: 'Bundle',
    entry: references.map((reference) => {
      const [resourceType, id] = reference.split('/');
      return { resource: { resourceType, id } };
    }),
  });

  test('names what is not found, each once, and nothing that is found besides', () => {
    const expected = { a: bundle('Condition/1', 'Condition/2'), b: bundle('Condition/2') };
    const found = { a: bundle('Condition/1', 'Condition/3'), b: bundle() };
    expect(missingResources(expected, found)).toEqual(['Condition/2']);
  });

  test('takes a read for the one resource that it is', () => {
    const patient = (id: string) => ({ patient: { resourceType: 'Patient', id } });
    expect(missingResources(patient('1'), patient('1'))).toEqual([]);
    expect(missingResources(patient('1'), patient('2'))).toEqual(['Patient/1']);
  });

  test('is silent on a query that was not answered at all', () => {
    expect(missingResources({ a: bundle('Condition/1') }, {})).toEqual([]);
  });

  test('takes an empty Bundle without entries', () => {
    expect(missingResources({ a: { resourceType: 'Bundle' } }, { a: { resourceType: 'Bundle' } })).toEqual([]);
  });
});
