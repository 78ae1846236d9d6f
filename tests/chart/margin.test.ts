import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import {
  asps,
  chartFrom,
  chartOf,
  clinically,
  coded,
  complete,
  condition,
  LOINC,
  NCIT,
  named,
  observation,
  type Parts,
  SNOMED,
  without,
} from './builders.ts';

const resection = (more: JsonObject = {}) =>
  named('Procedure', 'Wide excision of sarcoma', {
    id: 'op',
    status: 'completed',
    performedDateTime: '2026-07-13',
    ...more,
  });
const report = (conclusion: unknown, more: JsonObject = {}) =>
  named('DiagnosticReport', 'Surgical pathology', {
    id: 'dr',
    status: 'final',
    effectiveDateTime: '2026-07-20',
    conclusion,
    ...more,
  });
const marginOf = (parts: Parts) => chartOf({ procedures: [resection()], ...parts }).surgery.positiveMargin;
const said = (conclusion: unknown, more: JsonObject = {}) =>
  marginOf({ diagnosticReports: [report(conclusion, more)] }).state;

describe('a positive margin', () => {
  test.each([
    'Margins positive.',
    'Deep margin is positive for tumor; other margins negative.',
    'Positive deep margin',
    'Resection R1',
    'R1 resection.',
    'R2',
    'Margin status: R1',
    'Tumor extends to the inked deep margin',
    'Tumour at the margin',
    'Ink on tumor.',
    'Incompletely excised',
    'Margins involved',
    'The margins are not clear.',
    'ALVEOLAR SOFT PART SARCOMA, 8 CM.\nMARGINS: deep margin involved',
  ])('in the words %s', (conclusion) => {
    expect(said(conclusion)).toBe('yes');
  });

  test.each([
    [
      'the code of a conclusion',
      { diagnosticReports: [report(undefined, { conclusionCode: [coded(SNOMED, '442479004')] })] },
    ],
    ['the outcome of the operation', { procedures: [resection({ outcome: coded(NCIT, 'C139579') })] }],
    ['its outcome in words', { procedures: [resection({ outcome: { text: 'Margins positive' } })] }],
    ['a note on it', { procedures: [resection({ note: [{ text: 'R1 resection' }] })] }],
    [
      'an Observation of the margin',
      {
        observationsStaging: [
          observation(coded(SNOMED, '395536008'), {
            effectiveDateTime: '2026-07-20',
            valueCodeableConcept: { text: 'Positive' },
          }),
        ],
      },
    ],
    [
      'an Observation of the residual tumour',
      {
        observationsStaging: [
          observation(coded(LOINC, '84892-9'), {
            effectiveDateTime: '2026-07-20',
            valueCodeableConcept: { coding: [{ code: 'R1', display: 'R1' }] },
          }),
        ],
      },
    ],
    [
      'an undated Observation, with one resection',
      { observationsStaging: [observation(coded(SNOMED, '395536008'), { valueString: 'involved' })] },
    ],
  ])('in %s', (_claim, parts: Parts) => {
    const fact = marginOf(parts);
    expect(fact.state).toBe('yes');
    expect(fact.evidence).toHaveLength(1);
  });

  test('names the report and what it says', () => {
    expect(marginOf({ diagnosticReports: [report('Margins positive')] })).toMatchObject({
      evidence: [{ reference: 'DiagnosticReport/dr', kind: 'report', text: 'Surgical pathology: positive margin' }],
      searched: ['procedures', 'diagnosticReports', 'observationsStaging'],
    });
  });

  test('outweighs a free one', () => {
    const diagnosticReports = [report('Margins negative', { id: 'a' }), report('Margins positive', { id: 'b' })];
    expect(marginOf({ diagnosticReports }).state).toBe('yes');
  });
});

describe('a free margin is no', () => {
  test.each([
    'Margins negative.',
    'All margins are free of tumor',
    'Negative margins',
    'Clear margin of 2 cm',
    'R0 resection',
    'Margins uninvolved by sarcoma',
    'No tumor at the margins',
    'Margins not involved.',
    'No residual tumour.',
  ])('%s', (conclusion) => {
    expect(said(conclusion)).toBe('no');
  });

  test('in a code', () => {
    expect(said(undefined, { conclusionCode: [coded(SNOMED, '55182004')] })).toBe('no');
  });
});

describe('unknown', () => {
  test.each([
    'Alveolar soft part sarcoma, 6 cm.',
    'Margins cannot be assessed',
    'Close margin, 1 mm',
    'Possible positive margin',
    'Bronchial margin positive',
    'Level R1 lymph node',
    '',
    42,
    null,
    { text: 'Margins positive' },
  ])('with the conclusion %j', (conclusion) => {
    expect(said(conclusion)).toBe('unknown');
  });

  test.each([
    [
      'the report is from before the resection',
      { diagnosticReports: [report('Margins positive', { effectiveDateTime: '2026-06-01' })] },
    ],
    ['it is from long after', { diagnosticReports: [report('Margins positive', { effectiveDateTime: '2027-06-01' })] }],
    [
      'it is no pathology',
      {
        diagnosticReports: [
          named('DiagnosticReport', 'CT chest', {
            status: 'final',
            effectiveDateTime: '2026-07-20',
            conclusion: 'Margins positive',
          }),
        ],
      },
    ],
    ['the report is only registered', { diagnosticReports: [report('Margins positive', { status: 'registered' })] }],
    [
      'the Observation was cancelled',
      {
        observationsStaging: [
          observation(coded(SNOMED, '395536008'), { status: 'cancelled', valueString: 'positive' }),
        ],
      },
    ],
    [
      'the Observation may be another cancer’s',
      {
        conditions: [asps(), condition('Breast cancer', { id: 'breast', ...clinically('active') })],
        observationsStaging: [
          observation(coded(SNOMED, '395536008'), { effectiveDateTime: '2026-07-20', valueString: 'positive' }),
        ],
      },
    ],
    [
      'there was a second resection since, whose margin nobody recorded',
      {
        procedures: [
          resection({ outcome: { text: 'R1' } }),
          resection({ id: 'again', performedDateTime: '2026-11-01' }),
        ],
      },
    ],
  ])('%s', (_claim, parts: Parts) => {
    expect(marginOf(parts)).toMatchObject({ state: 'unknown', doubt: 'not-recorded' });
  });

  test('where the resection is', () => {
    expect(chartFrom(without(complete(), 'procedures')).surgery.positiveMargin.state).toBe('unknown');
  });
});

describe('which resection it is of', () => {
  const margin = (effectiveDateTime: string | undefined, valueString = 'positive') =>
    observation(coded(SNOMED, '395536008'), { id: 'm', effectiveDateTime, valueString });
  const first = resection({ performedDateTime: '2025-02-01' });
  const second = resection({ id: 'again', performedDateTime: '2025-06-01' });

  test.each<[string, readonly JsonObject[], JsonObject, string, string | undefined]>([
    ['only its year, which has both', [first, second], margin('2025'), 'unknown', 'date-not-comparable'],
    ['free in the year that has both', [first, second], margin('2025', 'negative'), 'unknown', 'date-not-comparable'],
    ['undated, of one of two', [first, second], margin(undefined), 'unknown', 'date-not-comparable'],
    ['after the last one', [first, second], margin('2025-06-10'), 'yes', undefined],
    ['before the last one', [first, second], margin('2025-02-20'), 'unknown', 'not-recorded'],
    ['the month of the last one', [first, second], margin('2025-06'), 'yes', undefined],
    [
      'a month in which the first may still be reported',
      [resection({ performedDateTime: '2025-05-20' }), second],
      margin('2025-06'),
      'yes',
      undefined,
    ],
    [
      'that month, begun before the last one',
      [resection({ performedDateTime: '2025-05-20' }), resection({ id: 'again', performedDateTime: '2025-06-15' })],
      margin('2025-06'),
      'unknown',
      'date-not-comparable',
    ],
    [
      'of a re-excision a month later',
      [resection({ performedDateTime: '2025-05-20' }), second],
      margin('2025-06-08', 'negative'),
      'no',
      undefined,
    ],
    [
      'nobody knows which is the last',
      [resection({ performedDateTime: '2025' }), second],
      margin('2025-06-08'),
      'unknown',
      'date-not-comparable',
    ],
  ])('%s', (_claim, procedures, one, state, doubt) => {
    const fact = marginOf({ procedures, observationsStaging: [one] });
    expect([fact.state, fact.doubt]).toEqual([state, doubt]);
  });

  test('the outcome of either, when nobody knows which is the last', () => {
    const procedures = [resection({ performedDateTime: '2025', outcome: { text: 'R1' } }), second];
    expect(marginOf({ procedures })).toMatchObject({ state: 'unknown', doubt: 'date-not-comparable' });
  });
});

describe('one record that contradicts itself', () => {
  test.each([
    'Margins uninvolved by sarcoma. Deep margin involved.',
    'All margins negative. R1.',
    'Deep margin free of tumor; tumor present at deep margin.',
  ])('%s', (conclusion) => {
    expect(marginOf({ diagnosticReports: [report(conclusion)] })).toMatchObject({
      state: 'unknown',
      doubt: 'contradictory',
      evidence: [{ text: 'Surgical pathology: margin called positive and free' }],
    });
  });

  test('its code against its words', () => {
    const one = report('All margins negative.', { conclusionCode: [coded(SNOMED, '442479004')] });
    expect(marginOf({ diagnosticReports: [one] })).toMatchObject({ state: 'unknown', doubt: 'contradictory' });
  });

  test('another record that is plain decides', () => {
    const diagnosticReports = [report('Margins free. R1.', { id: 'a' }), report('Margins positive', { id: 'b' })];
    expect(marginOf({ diagnosticReports }).state).toBe('yes');
  });
});

test.each([
  ['Deep margin', 'Positive', 'yes'],
  ['Deep margin', 'Negative', 'unknown'],
  ['Margins involved by tumor', 'None', 'no'],
  ['Margins involved by tumor', 'Deep', 'yes'],
  ['Margins involved by tumor', 'Not applicable', 'unknown'],
  ['Surgical margin status', 'Uninvolved by sarcoma', 'no'],
  ['Surgical margin status', 'R1', 'yes'],
  ['Distance of tumor from closest margin', '2 mm', 'unknown'],
  ['Closest margin', 'Deep', 'unknown'],
])('an Observation "%s": "%s" is %s', (text, valueString, state) => {
  const one = observation({ text }, { effectiveDateTime: '2026-07-20', valueString });
  expect(marginOf({ observationsStaging: [one] }).state).toBe(state);
});

test('many long reports cost no time', () => {
  const started = performance.now();
  for (const words of ['margins a b c ', 'tumor at the ', 'positive for tumor at the ', 'not the margins ']) {
    const diagnosticReports = Array.from({ length: 2000 }, (_, at) =>
      report(`${at} ${words.repeat(1000 / words.length)}`, { id: `d${at}` }),
    );
    marginOf({ diagnosticReports });
  }
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('without a resection there is no margin', () => {
  expect(chartOf({ diagnosticReports: [report('Margins positive')] }).surgery.positiveMargin.state).toBe('no');
});

test('a long report costs no time', () => {
  const started = performance.now();
  for (const words of ['margins are ', 'tumor at ', 'positive deep ', 'no ', 'r1 ', 'margin'])
    said(words.repeat(100_000));
  expect(performance.now() - started).toBeLessThan(10_000);
});
