import { describe, expect, test } from '@jest/globals';
import { saysPositive } from '../../src/chart/laboratory.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { chartFrom, chartOf, coded, complete, cutShort, LOINC, observation, without } from './builders.ts';

const laboratoryOf = (...observationsLaboratory: readonly JsonObject[]) =>
  chartOf({ observationsLaboratory }).laboratory;
const result = (code: JsonObject | string, value: number, unit: string, more: JsonObject = {}) =>
  observation(typeof code === 'string' ? { text: code } : code, {
    valueQuantity: { value, unit },
    effectiveDateTime: '2026-11-10',
    ...more,
  });
const alt = (more: JsonObject = {}) => result(coded(LOINC, '1742-6', 'ALT'), 24, 'U/L', more);
const creatinine = (more: JsonObject = {}) => result(coded(LOINC, '2160-0', 'Creatinine'), 0.8, 'mg/dL', more);
const egfr = (more: JsonObject = {}) =>
  result(coded(LOINC, '98979-8', 'eGFR'), 78, 'mL/min/{1.73_m2}', { id: 'o2', ...more });

describe('recent liver tests', () => {
  test.each([
    ['ALT', alt()],
    ['AST', result(coded(LOINC, '1920-8'), 20, 'U/L')],
    ['bilirubin', result(coded(LOINC, '1975-2'), 0.6, 'mg/dL')],
    ['by name', result('AST (SGOT)', 20, 'U/L')],
    ['bilirubin by name', result('Bilirubin, total', 0.5, 'mg/dL')],
    ['of the oldest day that counts', alt({ effectiveDateTime: '2026-10-23' })],
    ['of this month', alt({ effectiveDateTime: '2026-11' })],
    ['in words', alt({ valueQuantity: undefined, valueString: 'normal' })],
  ])('yes: %s', (_claim, record) => {
    expect(laboratoryOf(record).liverTestsRecent).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'Observation/o1' }],
    });
  });

  test.each([
    ['a day too old', alt({ effectiveDateTime: '2026-10-22' })],
    ['of tomorrow', alt({ effectiveDateTime: '2026-11-23' })],
    ['without a value', alt({ valueQuantity: undefined })],
    ['only registered', alt({ status: 'registered' })],
    ['entered in error', alt({ status: 'entered-in-error' })],
    ['of the urine', result('Bilirubin in urine', 1, 'mg/dL')],
    ['another test', result('Albumin', 4, 'g/dL')],
  ])('no: %s', (_claim, record) => {
    expect(laboratoryOf(record).liverTestsRecent.state).toBe('no');
  });

  test('no names the latest that is too old', () => {
    const old = laboratoryOf(
      alt({ effectiveDateTime: '2026-03-01' }),
      alt({ id: 'o2', effectiveDateTime: '2026-08-01' }),
    );
    expect(old.liverTestsRecent.evidence).toMatchObject([{ reference: 'Observation/o2', text: 'ALT 24 U/L' }]);
  });

  test.each([
    ['undated', alt({ effectiveDateTime: undefined })],
    ['of a month that reaches back too far', alt({ effectiveDateTime: '2026-10' })],
  ])('unknown: %s', (_claim, record) => {
    expect(laboratoryOf(record).liverTestsRecent).toMatchObject({ state: 'unknown', doubt: 'date-not-comparable' });
  });

  test('unknown when results were not read to their end, unless one is recent', () => {
    expect(chartFrom(without(complete(), 'observationsLaboratory')).laboratory.liverTestsRecent.state).toBe('unknown');
    expect(chartFrom(cutShort(complete(), 'observationsLaboratory')).laboratory.calciumRecent.state).toBe('unknown');
    const some = cutShort(complete({ observationsLaboratory: [alt()] }), 'observationsLaboratory');
    expect(chartFrom(some).laboratory.liverTestsRecent.state).toBe('yes');
  });
});

describe('figures', () => {
  test('creatinine and filtration rate, with unit and date', () => {
    expect(laboratoryOf(creatinine(), egfr()).renalFunctionRecent).toMatchObject({
      state: 'yes',
      value: 'eGFR 78 mL/min/1.73 m² of 2026-11-10, creatinine 0.8 mg/dL of 2026-11-10',
    });
  });

  test('calcium', () => {
    const calcium = result(coded(LOINC, '17861-6'), 9.4, 'mg/dL');
    expect(laboratoryOf(calcium).calciumRecent).toMatchObject({
      state: 'yes',
      value: 'calcium 9.4 mg/dL of 2026-11-10',
    });
    expect(laboratoryOf(result('Calcium', 2.3, 'mmol/L')).calciumRecent.value).toBe('calcium 2.3 mmol/L of 2026-11-10');
    expect(laboratoryOf(result('Calcium, ionized', 1.2, 'mmol/L')).calciumRecent.state).toBe('no');
  });

  test('the latest of each, and both of one day that differ', () => {
    const value = laboratoryOf(
      creatinine({ effectiveDateTime: '2026-11-01', valueQuantity: { value: 1.4, unit: 'mg/dL' } }),
      creatinine({ id: 'o3' }),
      creatinine({ id: 'o4', valueQuantity: { value: 71, unit: 'umol/L', code: 'umol/L' } }),
    ).renalFunctionRecent.value;
    expect(value).toBe('creatinine 0.8 mg/dL of 2026-11-10, creatinine 71 µmol/L of 2026-11-10');
  });

  test('a bound is shown as one', () => {
    expect(
      laboratoryOf(egfr({ valueQuantity: { value: 60, comparator: '>', unit: 'mL/min' } })).renalFunctionRecent.value,
    ).toBe('eGFR >60 mL/min of 2026-11-10');
  });

  test.each([
    ['in another unit', { value: 0.8, unit: 'g/L' }],
    ['without a unit', { value: 0.8 }],
    ['in two units', { value: 0.8, unit: 'mg/dL', code: 'umol/L' }],
    ['below nothing', { value: -1, unit: 'mg/dL' }],
    ['with a bound that is none', { value: 1, unit: 'mg/dL', comparator: 'about' }],
  ])('%s are none', (_claim, valueQuantity) => {
    expect(laboratoryOf(creatinine({ valueQuantity })).renalFunctionRecent).toMatchObject({
      state: 'unknown',
      doubt: 'implausible',
    });
  });

  test('chart text never becomes a figure', () => {
    const fact = laboratoryOf(creatinine({ valueQuantity: { value: 1, unit: '<b>mg/dL</b>' } })).renalFunctionRecent;
    expect(fact.value).toBeUndefined();
  });
});

test.each<[string, JsonObject, boolean | undefined]>([
  ['positive', { valueCodeableConcept: { text: 'Positive' } }, true],
  ['detected', { valueString: 'DETECTED' }, true],
  ['true', { valueBoolean: true }, true],
  ['by its interpretation', { interpretation: [{ coding: [{ system: 'urn:x', code: 'POS' }] }] }, true],
  ['negative', { valueString: 'Negative' }, false],
  ['not detected', { valueString: 'Not detected' }, false],
  ['false', { valueBoolean: false }, false],
  ['positive and negative', { valueString: 'Positive', interpretation: { text: 'Negative' } }, undefined],
  ['neither', { valueString: 'see report' }, undefined],
  ['nothing', {}, undefined],
])('a result that is %s', (_claim, one, positive) => {
  expect(saysPositive(one)).toBe(positive);
});
