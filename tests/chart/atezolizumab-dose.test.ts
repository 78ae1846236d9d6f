import { describe, expect, test } from '@jest/globals';
import { type AtezolizumabDose, readAtezolizumabDose } from '../../src/chart/atezolizumab-dose.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { chartOf, coded, draftsOf, LOINC, medicated, observation, type Parts } from './builders.ts';

const HYBREZA = 'Tecentriq Hybreza (atezolizumab and hyaluronidase-tqjs)';

interface Case {
  readonly text?: string;
  readonly drug?: string;
  readonly born?: string;
  readonly kg?: number;
  readonly more?: JsonObject;
}

function check({ text, drug = 'atezolizumab', born = '1990-01-01', kg, more = {} }: Case): AtezolizumabDose {
  const parts: Parts = {
    patient: born === '' ? [] : [{ resourceType: 'Patient', id: 'p1', birthDate: born }],
    observationsBodyWeight:
      kg === undefined
        ? []
        : [
            observation(coded(LOINC, '29463-7'), {
              effectiveDateTime: '2026-11-20',
              valueQuantity: { value: kg, code: 'kg' },
            }),
          ],
  };
  const draft = medicated('MedicationRequest', drug, {
    status: 'draft',
    intent: 'order',
    ...(text === undefined ? {} : { dosageInstruction: [{ text }] }),
    ...more,
  });
  const { drafts = [], age, weight } = chartOf(parts, draftsOf([draft]));
  return readAtezolizumabDose(drafts, age, weight.weight);
}

const states = (dose: AtezolizumabDose) =>
  [dose.outsideLabel.state, dose.doseMissing.state, dose.weightNeeded.state].join(' ');

describe('an adult', () => {
  test.each([
    ['840 mg IV every 2 weeks', 'no no no'],
    ['1200 mg IV every 3 weeks', 'no no no'],
    ['1200 mg every 3 weeks', 'no no no'],
    ['1680 mg IV every 4 weeks', 'no no no'],
    ['1200 mg IV every 2 weeks', 'yes no no'],
    ['1680 mg IV every 3 weeks', 'yes no no'],
    ['1500 mg IV every 3 weeks', 'yes no no'],
    ['1500 mg IV', 'yes no no'],
    ['15 mg/kg IV every 3 weeks', 'yes no no'],
    ['IV every 6 weeks', 'yes no no'],
    ['1200 mg SC every 3 weeks', 'yes no no'],
    ['1200 mg by mouth every 3 weeks', 'yes no no'],
    ['1200 mg IV', 'unknown yes no'],
    ['IV every 3 weeks', 'unknown yes no'],
    ['20 mL IV every 3 weeks', 'unknown yes no'],
    [undefined, 'unknown yes no'],
  ])('%p: outside, missing, weight needed: %s', (text, expected) => {
    expect(states(check(text === undefined ? {} : { text }))).toBe(expected);
  });

  test.each([
    ['1875 mg SC every 3 weeks', 'no no no'],
    ['1875 mg every 3 weeks', 'no no no'],
    ['1200 mg SC every 3 weeks', 'yes no no'],
    ['1875 mg IV every 3 weeks', 'yes no no'],
    ['15 mL SC every 3 weeks', 'unknown yes no'],
  ])('with hyaluronidase, %p: %s', (text, expected) => {
    const dose = check({ text, drug: HYBREZA });
    expect(states(dose)).toBe(expected);
    expect(dose.withHyaluronidase.state).toBe('yes');
  });

  test('is told what is drafted', () => {
    expect(check({ text: '1500 mg IV every 3 weeks' }).outsideLabel).toMatchObject({
      value: '1500 mg IV every 3 weeks',
      evidence: [{ reference: 'MedicationRequest/m1', drug: 'atezolizumab' }],
    });
  });
});

describe('a child', () => {
  const child = { born: '2017-06-30', kg: 28 };

  test.each([
    ['420 mg IV every 3 weeks', 'no no no'],
    ['300 mg IV every 3 weeks', 'no no no'],
    ['15 mg/kg IV every 3 weeks', 'no no no'],
    ['421 mg IV every 3 weeks', 'yes no no'],
    ['20 mg/kg IV every 3 weeks', 'yes no no'],
    ['420 mg IV every 2 weeks', 'yes no no'],
    ['1201 mg IV every 3 weeks', 'yes no no'],
    ['420 mg SC every 3 weeks', 'yes no no'],
    ['420 mg IV', 'unknown yes no'],
    ['every 3 weeks', 'unknown yes no'],
  ])('%p: %s', (text, expected) => {
    expect(states(check({ text, ...child }))).toBe(expected);
  });

  test.each([
    ['420 mg IV every 3 weeks', 'unknown no yes'],
    ['15 mg/kg IV every 3 weeks', 'unknown no yes'],
    ['1300 mg IV every 3 weeks', 'yes no yes'],
    ['20 mg/kg IV every 3 weeks', 'yes no yes'],
    ['420 mg SC every 3 weeks', 'yes no yes'],
    ['420 mg IV', 'unknown yes no'],
  ])('without a weight, %p: %s', (text, expected) => {
    expect(states(check({ text, born: '2017-06-30' }))).toBe(expected);
  });

  test('the subcutaneous form is always outside, its dose read or not', () => {
    expect(check({ drug: HYBREZA, ...child }).outsideLabel).toMatchObject({
      state: 'yes',
      value: 'the subcutaneous form, under 18',
    });
  });

  test('is told how much its weight allows', () => {
    expect(check({ text: '1200 mg IV every 3 weeks', ...child }).outsideLabel.value).toBe(
      '1200 mg IV every 3 weeks, more than 420 mg for 28 kg',
    );
  });

  test('15 mg/kg ends at 1200 mg', () => {
    const heavy = { born: '2009-06-30', kg: 100 };
    expect(states(check({ text: '1200 mg IV every 3 weeks', ...heavy }))).toBe('no no no');
    expect(states(check({ text: '15 mg/kg IV every 3 weeks', ...heavy }))).toBe('yes no no');
  });

  test('below 2 years no dose is labelled', () => {
    expect(check({ text: '150 mg IV every 3 weeks', born: '2025-06-30', kg: 10 }).outsideLabel).toMatchObject({
      state: 'yes',
      value: 'under 2 years of age',
    });
  });
});

describe('an age that is not known', () => {
  test.each([
    ['a dose that fits one of the ages is not judged', '1200 mg IV every 3 weeks', 'unknown no no'],
    ['a dose that fits none is outside', '2000 mg IV every 3 weeks', 'yes no no'],
    ['no dose is still no dose', 'IV', 'unknown yes no'],
  ])('%s', (_claim, text, expected) => {
    expect(states(check({ text, born: '' }))).toBe(expected);
  });

  test('by the year of birth alone a patient may be 17 or 18', () => {
    expect(states(check({ text: '1680 mg IV every 4 weeks', born: '2008' }))).toBe('unknown no no');
    expect(states(check({ text: '1680 mg IV every 4 weeks', born: '2007' }))).toBe('no no no');
  });
});

describe('the exact age is asked for', () => {
  test.each([
    ['where the dose is the label’s at 18 and not at 17', '1680 mg IV every 4 weeks', '2008', 'yes'],
    ['without a birth date', '1200 mg IV every 3 weeks', '', 'yes'],
    ['not where the year is enough', '1680 mg IV every 4 weeks', '2007', 'no'],
    ['not of a dose that fits no age', '2000 mg IV every 3 weeks', '2008', 'no'],
    ['not before the dose is known', 'IV', '2008', 'no'],
  ])('%s', (_claim, text, born, state) => {
    expect(check({ text, born }).ageNeeded.state).toBe(state);
  });
});

describe('drafted twice', () => {
  const order = (id: string, more: JsonObject = {}, drug = 'atezolizumab') =>
    medicated('MedicationRequest', drug, { id, status: 'draft', ...more });
  const melanoma = { reasonCode: [{ text: 'Melanoma' }] };
  const twice = (drafts: readonly JsonObject[], selections?: readonly string[]) => {
    const chart = chartOf({}, draftsOf(drafts, selections));
    return readAtezolizumabDose(chart.drafts ?? [], chart.age, undefined).draftedTwice;
  };

  test('names both orders', () => {
    expect(twice([order('d1'), order('d2')])).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'MedicationRequest/d1' }, { reference: 'MedicationRequest/d2' }],
    });
  });

  test.each<[string, readonly JsonObject[], readonly string[] | undefined, string]>([
    ['the IV and the SC product', [order('d1'), order('d2', {}, HYBREZA)], undefined, 'yes'],
    ['one that is not selected', [order('d1'), order('d2')], ['MedicationRequest/d1'], 'yes'],
    ['none that is selected', [order('d1'), order('d2'), order('d3', {}, 'pazopanib')], ['MedicationRequest/d3'], 'no'],
    ['one beside another drug', [order('d1'), order('d2', {}, 'pembrolizumab')], undefined, 'no'],
    ['one', [order('d1')], undefined, 'no'],
    ['none', [], undefined, 'no'],
    ['one beside an order for another cancer', [order('d1'), order('d2', melanoma)], undefined, 'unknown'],
    ['two for another cancer', [order('d1', melanoma), order('d2', melanoma)], undefined, 'no'],
  ])('%s: %p', (_claim, drafts, selections, state) => {
    expect(twice(drafts, selections).state).toBe(state);
  });
});

test('an order for another cancer, and one of another drug, are not looked at', () => {
  expect(states(check({ text: '2000 mg IV every 3 weeks', more: { reasonCode: [{ text: 'Melanoma' }] } }))).toBe(
    'no no no',
  );
  expect(states(check({ text: '2000 mg IV every 3 weeks', drug: 'pembrolizumab' }))).toBe('no no no');
});

test('of several drafts one outside is enough, and it alone is named', () => {
  const drafts = ['1200 mg IV every 3 weeks', '1500 mg IV every 3 weeks'].map((text, at) =>
    medicated('MedicationRequest', 'atezolizumab', { id: `d${at}`, status: 'draft', dosageInstruction: [{ text }] }),
  );
  const chart = chartOf(
    { patient: [{ resourceType: 'Patient', id: 'p1', birthDate: '1990-01-01' }] },
    draftsOf(drafts),
  );
  expect(readAtezolizumabDose(chart.drafts ?? [], chart.age, undefined).outsideLabel.evidence).toMatchObject([
    { reference: 'MedicationRequest/d1' },
  ]);
});
