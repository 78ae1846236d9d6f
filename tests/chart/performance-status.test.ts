import { expect, test } from '@jest/globals';
import { performanceScores } from '../../src/chart/performance-status.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { chartFrom, chartOf, coded, complete, LOINC, observation, terminology, without } from './builders.ts';

const statusOf = (...observationsPerformanceStatus: readonly JsonObject[]) =>
  chartOf({ observationsPerformanceStatus }).performanceStatus;
const ecog = (more: JsonObject) => observation(coded(LOINC, '89247-1'), { effectiveDateTime: '2026-11-02', ...more });
const karnofsky = (more: JsonObject) =>
  observation(coded(LOINC, '89243-0'), { effectiveDateTime: '2026-11-02', ...more });

test.each([
  ['an integer', ecog({ valueInteger: 1 }), 'ECOG 1'],
  ['a quantity', ecog({ valueQuantity: { value: 0 } }), 'ECOG 0'],
  ['a LOINC answer', ecog({ valueCodeableConcept: coded(LOINC, 'LA9624-3') }), 'ECOG 2'],
  ['words', ecog({ valueString: 'ECOG 3' }), 'ECOG 3'],
  ['a grade in words', ecog({ valueCodeableConcept: { text: 'Grade 2' } }), 'ECOG 2'],
  ['Karnofsky', karnofsky({ valueInteger: 90 }), 'Karnofsky 90'],
  [
    'by its name',
    observation({ text: 'ECOG performance status' }, { effectiveDateTime: '2026', valueInteger: 1 }),
    'ECOG 1',
  ],
])('is read from %s', (_claim, one, value) => {
  expect(statusOf(one)).toMatchObject({ state: 'yes', value, evidence: [{ reference: 'Observation/o1' }] });
});

test('is the latest', () => {
  const earlier = ecog({ id: 'o2', effectiveDateTime: '2026-05-01', valueInteger: 3 });
  expect(statusOf(earlier, ecog({ valueInteger: 1 })).value).toBe('ECOG 1');
});

test.each([
  ['out of the scale', [ecog({ valueInteger: 9 })]],
  ['between two steps', [karnofsky({ valueInteger: 85 })]],
  ['a bound', [ecog({ valueQuantity: { value: 1, comparator: '<' } })]],
  ['without a score', [ecog({})]],
  ['two of one day that differ', [ecog({ valueInteger: 1 }), ecog({ id: 'o2', valueInteger: 2 })]],
])('is unknown: %s', (_claim, found) => {
  expect(statusOf(...found)).toMatchObject({ state: 'unknown', doubt: 'implausible' });
});

test.each<[string, readonly JsonObject[], string, string | undefined]>([
  [
    'a year around a day',
    [ecog({ id: 'a', effectiveDateTime: '2026', valueInteger: 3 }), ecog({ valueInteger: 1 })],
    'unknown',
    undefined,
  ],
  [
    'a year around a day, the same',
    [ecog({ id: 'a', effectiveDateTime: '2026', valueInteger: 1 }), ecog({ valueInteger: 1 })],
    'yes',
    'ECOG 1',
  ],
  [
    'a year before',
    [ecog({ id: 'a', effectiveDateTime: '2025', valueInteger: 3 }), ecog({ valueInteger: 1 })],
    'yes',
    'ECOG 1',
  ],
  [
    'one of tomorrow',
    [ecog({ id: 'a', effectiveDateTime: '2026-11-23', valueInteger: 3 }), ecog({ valueInteger: 1 })],
    'yes',
    'ECOG 1',
  ],
  [
    'two scales of one day',
    [karnofsky({ id: 'a', valueInteger: 90 }), ecog({ valueInteger: 1 })],
    'yes',
    'ECOG 1, Karnofsky 90',
  ],
])('the dates of two: %s', (_claim, found, state, value) => {
  for (const order of [found, found.toReversed()]) {
    const fact = statusOf(...order);
    expect([fact.state, fact.value, fact.doubt]).toEqual([
      state,
      value,
      state === 'unknown' ? 'date-not-comparable' : undefined,
    ]);
  }
});

test('is not there: no, if it was looked for, else unknown', () => {
  expect(statusOf()).toMatchObject({ state: 'no', searched: ['observationsPerformanceStatus'] });
  expect(statusOf(ecog({ valueInteger: 1, effectiveDateTime: undefined })).state).toBe('no');
  expect(chartFrom(without(complete(), 'observationsPerformanceStatus')).performanceStatus.state).toBe('unknown');
});

test('every score on file up to today is listed, be it readable or not', () => {
  const { readings, today } = chartOf({
    observationsPerformanceStatus: [
      ecog({ valueInteger: 1 }),
      ecog({ id: 'o2', effectiveDateTime: '2026-05-01', valueInteger: 9 }),
      ecog({ id: 'o3', effectiveDateTime: '2027-05-01', valueInteger: 2 }),
    ],
  });
  expect(performanceScores(readings, terminology, today).map(({ value }) => value)).toEqual(['ECOG 1', undefined]);
});
