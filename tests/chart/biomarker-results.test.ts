import { expect, test } from '@jest/globals';
import { readBiomarkerResults } from '../../src/chart/biomarker-results.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { asps, chartOf, coded, condition, LOINC, observation, terminology } from './builders.ts';

function resultsOf(...observationsBiomarkers: readonly JsonObject[]) {
  const conditions = [asps(), condition('Breast cancer', { id: 'breast', onsetDateTime: '2026-01-01' })];
  const { readings, spread } = chartOf({ observationsBiomarkers, conditions });
  return readBiomarkerResults(readings, spread.primaries, terminology);
}

test.each([
  ['tfe3', coded(LOINC, '95779-5'), {}],
  ['tfe3', { text: 'ASPSCR1::TFE3 fusion' }, {}],
  ['tfe3', coded(LOINC, '69548-6'), { component: [{ valueCodeableConcept: { text: 'TFE3' } }] }],
  ['tumour-mutation-burden', coded(LOINC, '94076-7'), {}],
  ['tumour-mutation-burden', { text: 'TMB' }, {}],
  ['pd-l1', coded(LOINC, '83052-1'), {}],
  ['pd-l1', { text: 'PDL1 combined positive score' }, {}],
  ['other', coded(LOINC, '69548-6', 'Genetic variant assessment'), {}],
  ['other', {}, {}],
])('is of %s by its code, its words or its genes', (name, code, more) => {
  expect(resultsOf(observation(code, more))).toMatchObject([{ name, whose: 'open' }]);
});

test('is told in the words of the record, with its figure', () => {
  const [result] = resultsOf(
    observation(coded(LOINC, '94076-7', 'TMB'), {
      effectiveDateTime: '2026-04-30',
      valueQuantity: { comparator: '<', value: 5, unit: 'mut/Mb' },
    }),
  );
  expect(result).toMatchObject({ date: { text: '2026-04-30' }, evidence: { text: 'TMB: < 5 mut/Mb' } });
});

test('is kept without a date, and left out where there is no result or it is of another cancer', () => {
  expect(resultsOf(observation({ text: 'PD-L1' }, {}))).toMatchObject([{ date: undefined }]);
  expect(resultsOf(observation({ text: 'PD-L1' }, { status: 'cancelled' }))).toEqual([]);
  expect(resultsOf(observation({ text: 'PD-L1' }, { focus: [{ reference: 'Condition/breast' }] }))).toEqual([]);
});
