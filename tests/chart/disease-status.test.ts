import { expect, test } from '@jest/globals';
import { readAssessments, readDiseaseStatuses } from '../../src/chart/disease-status.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { asps, chartOf, coded, condition, LOINC, observation, SNOMED, terminology } from './builders.ts';

const WORSENED = { valueCodeableConcept: coded(SNOMED, '271299001', 'worse') };

function read(status: JsonObject, conditions: readonly JsonObject[] = [asps()]) {
  const { readings, spread, today } = chartOf({ observationsDiseaseStatus: [status], conditions });
  return {
    all: readAssessments(readings, spread.primaries, terminology),
    counted: readDiseaseStatuses(readings, spread.primaries, terminology, today),
  };
}
const status = (more: JsonObject) => observation(coded(LOINC, '97509-4'), more);

test('one with a course and a day counts', () => {
  const { all, counted } = read(status({ effectiveDateTime: '2026-10-20', ...WORSENED }));
  expect(all).toMatchObject([{ course: 'worsened', whose: 'asps', evidence: { text: 'disease status: worse' } }]);
  expect(counted).toMatchObject([{ course: 'worsened' }]);
});

test.each([
  ['without a date', status(WORSENED)],
  ['of a day to come', status({ effectiveDateTime: '2027-01-01', ...WORSENED })],
  ['without a course', status({ effectiveDateTime: '2026-10-20', valueCodeableConcept: { text: 'undetermined' } })],
  ['without an answer', status({ effectiveDateTime: '2026-10-20' })],
])('is on file and decides nothing: %s', (_claim, one) => {
  const { all, counted } = read(one);
  expect(all).toHaveLength(1);
  expect(counted).toEqual([]);
});

test('with another active cancer, one that nothing links is open, and one of that cancer is left out', () => {
  const conditions = [asps(), condition('Breast cancer', { id: 'breast', onsetDateTime: '2026-01-01' })];
  const { all, counted } = read(status({ effectiveDateTime: '2026-10-20', ...WORSENED }), conditions);
  expect(all).toMatchObject([{ whose: 'open' }]);
  expect(counted).toEqual([]);
  const of = read(
    status({ effectiveDateTime: '2026-10-20', focus: [{ reference: 'Condition/breast' }], ...WORSENED }),
    conditions,
  );
  expect(of.all).toEqual([]);
});
