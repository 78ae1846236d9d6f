import { describe, expect, test } from '@jest/globals';
import { metastasesItem, overInWords } from '../../../src/smart-app/header/disease.ts';
import { situationOf } from './situation-of.ts';

describe('Metastases that do not count', () => {
  const openOf = async (patient: string) =>
    metastasesItem(await situationOf(patient))
      .values.filter(({ words }) => words.startsWith('not counted: '))
      .map(({ words, note }) => [words, note]);

  test.each([
    ['resolved-stage-iv', 'Multiple lung metastases', 'recorded as resolved; 2018-06-20'],
    ['second-cancer', 'Multiple lung metastases', expect.stringMatching(/^of which cancer is open; /)],
    ['lung-late-suspected-bone', expect.any(String), expect.stringMatching(/^suspected; /)],
  ])('%s: for the one reason that holds', async (patient, text, note) => {
    const words = typeof text === 'string' ? `not counted: ${text}` : text;
    expect(await openOf(patient)).toEqual([[words, note]]);
  });
});

describe('An ASPS that is not active', () => {
  const code = (status: string) => ({ clinicalStatus: { coding: [{ code: status }] } });

  test.each([
    ['goes by its own status', [code('remission')], 'recorded as remission'],
    ['and not by that of a record that is active', [code('active'), code('inactive')], 'recorded as inactive'],
    [
      'is over where an end is on file beside "active"',
      [{ ...code('active'), abatementDateTime: '2024' }],
      'recorded as over',
    ],
    ['is over where no status says more', [{ abatementBoolean: true }], 'recorded as over'],
  ])('%s', (_claim, conditions, words) => {
    expect(overInWords(conditions)).toBe(words);
  });
});
