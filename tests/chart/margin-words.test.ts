import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { marginIn, saysWhich } from '../../src/chart/margin-words.ts';

// Sentences as pathologists write them, in prose and in the synoptic form of a checklist.
describe('the margin is involved', () => {
  test.each([
    'Margins: positive',
    'MARGINS:\nPositive',
    'Margin status: involved by sarcoma',
    'Margin(s) involved by tumor: deep',
    'Surgical margins - positive for sarcoma',
    'Margin Status: Tumor present at margin',
    'The deep resection margin is focally positive.',
    'Sarcoma is present at the inked deep margin.',
    'Tumour reaches the posterior margin.',
    'The neoplasm abuts the medial resection margin.',
    'Tumor extends to the margin.',
    'Sarcoma involves the proximal margin',
    'Positive for sarcoma at the deep margin',
    'Microscopically positive margins',
    'Margins are not free.',
    'Ink on tumor, deep aspect.',
    'Residual tumor classification: R1',
    'Wide excision, R2.',
    'Incompletely excised sarcoma.',
    'Deep margin positive (R1); peripheral margins negative.',
    'Deep margin involved, all other margins are free.',
    'The superior margin is positive and the inferior margin is negative.',
    'Tumor size 0.9 cm. Margins involved.',
    'Margin positive, distance to the next one 3 mm',
    'Margins involved: yes',
  ])('%s', (text) => {
    expect(marginIn(text)).toBe('involved');
  });
});

describe('the margin is free', () => {
  test.each([
    'Margins: Negative',
    'Margin status: All margins negative for sarcoma',
    'Margins uninvolved by sarcoma. Distance from tumor to closest margin: 5 mm',
    'Margins free of tumor. Tumor 3 mm to the deep margin',
    'All margins negative; tumor close to the deep margin',
    'Margins involved: none',
    'Involved margins: none.',
    'Margins involved by tumor - none',
    'No positive margins.',
    'None of the margins is involved',
    'Resection margins are widely clear of tumor',
    'Negative for tumor at the margins',
    'No tumor is seen at the margins.',
    'Tumor does not extend to the margin',
    'tumor is not present at margin',
    'Tumor-free margins',
    'R0 resection',
    'Complete resection (R0)',
    'No residual sarcoma in the re-excision.',
    'No ink on tumor.',
    'Margins: not involved',
  ])('%s', (text) => {
    expect(marginIn(text)).toBe('free');
  });
});

describe('neither is said', () => {
  test.each([
    'Distance of tumor to closest margin 12 mm',
    'Distance from tumor to closest margin: 0.5 cm',
    'Tumor extends to within 2 mm of margin',
    'Tumor approaches the deep margin',
    'Tumor lies at 1 mm of the deep margin',
    'Tumor less than 0.1 cm from the inked margin',
    'Resection margin not assessed; cannot tell whether tumor at margin',
    'Margins cannot be assessed',
    'Margin status: not applicable',
    'Margins involved: cannot be determined',
    'Margins involved: not applicable',
    'Margin positivity is a risk factor.',
    'If margins are positive, radiotherapy is indicated.',
    'Re-excision is recommended to obtain negative margins',
    'Previously positive margin.',
    'Frozen section: deep margin positive',
    'Negative margins were not achieved in part',
    'Possible positive margin',
    'Close margins',
    'Closest margin: deep',
    'Peripheral margins negative.',
    'All margins are negative except the deep margin',
    'Not all margins are involved',
    'Bronchial margin positive',
    'Lymph node R1 negative',
    'R1 lymph nodes: three, reactive',
    'R0/R1',
    'ER positive with margins as below',
    'Tumor in the thigh with margins as below',
    'Clear cell change; margins as below',
    'Tumor to margin: see below',
    'The lesion has pushing margins',
    '',
  ])('%s', (text) => {
    expect(marginIn(text)).toBeUndefined();
  });
});

test.each([
  'Margins uninvolved by sarcoma. Margin involved by tumor: deep',
  'Margins negative. Margins positive.',
  'Deep margin negative, deep margin positive',
  'R0 resection. Tumor present at the margin.',
])('both are said: %s', (text) => {
  expect(marginIn(text)).toBe('contradictory');
});

test('a name that says which margin, or what of it', () => {
  expect(['Deep margin', 'Margins involved by tumor', 'Distance to margin'].map(saysWhich)).toEqual([true, true, true]);
  expect(['Surgical margin status', 'Margins'].map(saysWhich)).toEqual([false, false]);
});

test('whatever the text, it does not throw and takes no time', () => {
  const parts = [
    'margins ',
    'positive ',
    'not ',
    'the deep ',
    'tumor at ',
    ': ',
    ', ',
    '.',
    'r1 ',
    'no ',
    '\n',
    'extends to ',
    '1.2 mm ',
    ' - ',
  ];
  const started = performance.now();
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 60 }), fc.string(), (some, other) => {
      const text = `${some.join('')}${other}`;
      expect([undefined, 'involved', 'free', 'contradictory']).toContain(marginIn(text));
    }),
  );
  for (const part of parts) marginIn(part.repeat(100_000));
  expect(performance.now() - started).toBeLessThan(10_000);
});
