import { describe, expect, test } from '@jest/globals';
import { cardsText, memberDifferences, missingResources, sameCards } from '../../src/sandbox/compare.ts';

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

describe('memberDifferences', () => {
  const uuid = '0b0c4a5e-4b6f-4d1e-8a55-0d6a1a2b3c4d';
  const card = { uuid, summary: 'No brain MRI', detail: `As ${uuid} says`, suggestions: [{ label: 'Order', uuid }] };
  const marks = [MRI];

  test.each([
    [
      'the same, with UUIDs of its own',
      JSON.parse(JSON.stringify(card).replaceAll(uuid, uuid.replace('0b', '1c'))),
      [],
    ],
    ['an empty detail', { ...card, detail: '' }, ['baseline-brain-mri: detail']],
    ['no detail', { ...card, detail: undefined }, ['baseline-brain-mri: detail']],
    [
      'a suggestion less, and a link more',
      { ...card, suggestions: [], links: [{}] },
      ['baseline-brain-mri: suggestions, links'],
    ],
  ])('%s', (_what, other, expected) => {
    expect(memberDifferences([card], [other as typeof card], marks)).toEqual(expected);
  });

  test('is silent where there are more cards on one side', () => {
    expect(memberDifferences([card], [card, card], marks)).toEqual([]);
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
