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

test('without a resection there is no margin', () => {
  expect(chartOf({ diagnosticReports: [report('Margins positive')] }).surgery.positiveMargin.state).toBe('no');
});

test('a long report costs no time', () => {
  const started = performance.now();
  for (const words of ['margins are ', 'tumor at ', 'positive deep ', 'no ', 'r1 ', 'margin'])
    said(words.repeat(100_000));
  expect(performance.now() - started).toBeLessThan(2000);
});
