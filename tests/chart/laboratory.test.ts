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
    ['a figure in words', alt({ valueQuantity: undefined, valueString: '24 U/L' })],
    ['a bound in words', alt({ valueQuantity: undefined, valueString: '<5' })],
    ['an integer', alt({ valueQuantity: undefined, valueInteger: 24 })],
    ['with its unit in the name', result('ALT (U/L)', 24, 'U/L')],
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
    ['cancelled', alt({ status: 'cancelled' })],
    ['hemolyzed', alt({ valueQuantity: undefined, valueString: 'specimen hemolyzed, test cancelled' })],
    ['not done', alt({ valueQuantity: undefined, valueCodeableConcept: { text: 'Test not performed' } })],
    ['of the urine', result('Bilirubin in urine', 1, 'mg/dL')],
    ['of the urinalysis', result('Bilirubin UA', 1, 'mg/dL')],
    ['of the dipstick', result('Bilirubin, dipstick', 1, 'mg/dL')],
    ['of another fluid', result('Bilirubin, total, peritoneal fluid', 1, 'mg/dL')],
    ['of a specimen of urine', result('Bilirubin', 1, 'mg/dL', { specimen: { display: 'Urine, clean catch' } })],
    ['another test', result('Albumin', 4, 'g/dL')],
  ])('no: %s', (_claim, record) => {
    expect(laboratoryOf(record).liverTestsRecent.state).toBe('no');
  });

  test('in words that give no figure: unknown', () => {
    const one = alt({ valueQuantity: undefined, valueString: 'normal' });
    expect(laboratoryOf(one).liverTestsRecent).toMatchObject({ state: 'unknown', doubt: 'implausible' });
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

  test.each([
    ['Creatinine, Ur', 80, 'mg/dL'],
    ['Creatinine, Urine', 80, 'mg/dL'],
    ['Creatinine, U', 80, 'mg/dL'],
    ['Creatinine (UA)', 80, 'mg/dL'],
    ['Creatinine, 24 h', 1200, 'mg/dL'],
    ['Creatinine 24hr urine', 1200, 'mg/dL'],
    ['Creatinine, random', 80, 'mg/dL'],
    ['Creatinine excretion', 1200, 'mg/dL'],
    ['Creatinine clearance', 90, 'mL/min'],
    ['EGFR mutation analysis', 1, 'mL/min'],
    ['EGFR gene exon 19 deletion', 1, 'mL/min'],
    ['EGFR (epidermal growth factor receptor) by IHC', 1, 'mL/min'],
    ['EGFR T790M', 1, 'mL/min'],
  ])('%s is no renal function', (name, value, unit) => {
    expect(laboratoryOf(result(name, value, unit)).renalFunctionRecent.state).toBe('no');
  });

  test.each(['Calcium, Ur', 'Calcium, 24 hour urine', 'Calcium random urine', 'Calcium/Creatinine ratio, ur'])(
    '%s is no calcium of the blood',
    (name) => {
      expect(laboratoryOf(result(name, 12, 'mg/dL')).calciumRecent.state).toBe('no');
    },
  );

  test('a name of urine outweighs another name and the code', () => {
    const code = { text: 'Creatinine', coding: [{ system: LOINC, code: '2160-0', display: 'Creatinine, urine' }] };
    expect(laboratoryOf(result(code, 80, 'mg/dL')).renalFunctionRecent.state).toBe('no');
  });

  test.each(['eGFR', 'eGFR (CKD-EPI 2021)', 'eGFR non-African American', 'Estimated GFR'])('%s is one', (name) => {
    expect(laboratoryOf(result(name, 78, 'mL/min')).renalFunctionRecent.state).toBe('yes');
  });

  test('both are shown where the dates do not tell which is the last', () => {
    const value = laboratoryOf(
      creatinine({ effectiveDateTime: '2026-11', valueQuantity: { value: 1.4, unit: 'mg/dL' } }),
      creatinine({ id: 'o3' }),
    ).renalFunctionRecent.value;
    expect(value).toBe('creatinine 0.8 mg/dL of 2026-11-10, creatinine 1.4 mg/dL of 2026-11');
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

describe('pregnancy', () => {
  const hcg = (more: JsonObject = {}) => result('hCG, quantitative', 25_000, 'mIU/mL', more);
  const pregnancyOf = (...observationsLaboratory: readonly JsonObject[]) =>
    chartOf({ observationsLaboratory }).safety.pregnancy.state;
  const interpretation = (code: string) => ({ interpretation: [{ coding: [{ system: 'urn:x', code }] }] });

  test.each([
    ['a figure without an interpretation', [hcg()], 'unknown'],
    ['a low figure', [hcg({ valueQuantity: { value: 1, unit: 'mIU/mL' } })], 'unknown'],
    ['a figure called high', [hcg(interpretation('H'))], 'unknown'],
    ['a figure in words', [hcg({ valueQuantity: undefined, valueString: '<5' })], 'unknown'],
    ['undated', [hcg({ effectiveDateTime: undefined })], 'unknown'],
    ['equivocal', [hcg({ valueQuantity: undefined, valueString: 'Equivocal' })], 'unknown'],
    ['a figure called positive', [hcg(interpretation('POS'))], 'yes'],
    ['a figure called negative', [hcg(interpretation('NEG'))], 'no'],
    ['an old figure', [hcg({ effectiveDateTime: '2025-11-10' })], 'no'],
    ['cancelled in words', [hcg({ valueQuantity: undefined, valueString: 'Test cancelled' })], 'no'],
    [
      'a figure, and a negative test after it',
      [
        hcg(),
        result('Urine pregnancy test', 0, '', {
          id: 'o2',
          effectiveDateTime: '2026-11-20',
          valueQuantity: undefined,
          valueString: 'Negative',
        }),
      ],
      'no',
    ],
  ])('%s', (_claim, found, state) => {
    expect(pregnancyOf(...found)).toBe(state);
  });
});
