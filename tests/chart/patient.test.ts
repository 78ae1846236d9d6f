import { describe, expect, test } from '@jest/globals';
import { dayOf } from '../../src/chart/calendar.ts';
import { ageBetween, readAge } from '../../src/chart/patient.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { TODAY } from '../support/service.ts';
import { chartFrom, chartOf, coded, complete, cutShort, LOINC, observation, without } from './builders.ts';

const today = dayOf(TODAY);
const born = (birthDate: unknown) => complete({ patient: [{ resourceType: 'Patient', id: 'p1', birthDate }] });
const between = (birthDate: unknown, from: number, to: number, on = today) => {
  const readings = born(birthDate);
  return ageBetween(readAge(readings, on), from, to, readings).state;
};
const day = (iso: string) => dayOf(new Date(iso));

describe('on 22 November 2026', () => {
  test.each([
    ['18 today', '2008-11-22', 'yes', 'no'],
    ['17 years and 364 days', '2008-11-23', 'no', 'yes'],
    ['2 today', '2024-11-22', 'no', 'yes'],
    ['1 year and 11 months', '2024-12-22', 'no', 'no'],
    ['2 tomorrow', '2024-11-23', 'no', 'no'],
    ['born today', '2026-11-22', 'no', 'no'],
    ['80 years', '1946-01-01', 'yes', 'no'],
    ['born in 2008', '2008', 'unknown', 'unknown'],
    ['born in 2007', '2007', 'yes', 'no'],
    ['born in 2009', '2009', 'no', 'yes'],
    ['born in November 2008', '2008-11', 'unknown', 'unknown'],
    ['born in October 2008', '2008-10', 'yes', 'no'],
    ['born in 2024', '2024', 'no', 'unknown'],
    ['born in 2026', '2026', 'no', 'no'],
    ['born tomorrow', '2026-11-23', 'unknown', 'unknown'],
    ['born at some time', undefined, 'unknown', 'unknown'],
    ['born on no date', '22.11.2008', 'unknown', 'unknown'],
  ])('%s: adult %s', (_claim, birthDate, adult, paediatric) => {
    expect([between(birthDate, 18, Infinity), between(birthDate, 2, 17)]).toEqual([adult, paediatric]);
  });
});

describe('born on 29 February 2008', () => {
  test.each([
    ['17 on 28 February 2026', '2026-02-28', 'no'],
    ['18 on 1 March 2026', '2026-03-01', 'yes'],
  ])('%s', (_claim, on, adult) => {
    expect(between('2008-02-29', 18, Infinity, day(on))).toBe(adult);
  });
});

test('a patient who was not read has no age', () => {
  const readings = without(born('2000-01-01'), 'patient');
  expect(ageBetween(readAge(readings, today), 18, Infinity, readings)).toMatchObject({
    state: 'unknown',
    doubt: 'not-recorded',
    unread: [{ key: 'patient' }],
  });
});

test.each([
  ['2008-11-22', '18 years'],
  ['2008', '17 to 18 years'],
])('born %s is shown as %s', (birthDate, text) => {
  expect(readAge(born(birthDate), today)?.evidence).toMatchObject({ reference: 'Patient/p1', text });
});

describe('the weight', () => {
  const weighed = (value: unknown, unit?: string, date = '2026-11-20', more: JsonObject = {}) =>
    observation(coded(LOINC, '29463-7'), {
      id: date,
      effectiveDateTime: date,
      valueQuantity: { value, ...(unit === undefined ? {} : { code: unit }) },
      ...more,
    });
  const patient = [{ resourceType: 'Patient', id: 'p1', birthDate: '2008-01-01' }];
  const weightOf = (...observationsBodyWeight: readonly JsonObject[]) =>
    chartOf({ patient, observationsBodyWeight }).weight;

  test.each([
    ['kilograms', weighed(70, 'kg'), 70],
    ['grams', weighed(70_500, 'g'), 70.5],
    ['pounds', weighed(150, '[lb_av]'), 68.04],
    ['a unit in words alone', weighed(70, undefined, '2026-11-20', { valueQuantity: { value: 70, unit: 'kg' } }), 70],
    [
      'pounds in words alone',
      weighed(1, undefined, '2026-11-20', { valueQuantity: { value: 150, unit: 'lb' } }),
      68.04,
    ],
    ['today', weighed(70, 'kg', '2026-11-22'), 70],
    ['30 days ago', weighed(70, 'kg', '2026-10-23'), 70],
    ['by its name alone', weighed(70, 'kg', '2026-11-20', { code: { text: 'Body weight' } }), 70],
    [
      'under the OID of LOINC',
      weighed(70, 'kg', '2026-11-20', { code: coded('urn:oid:2.16.840.1.113883.6.1', '29463-7') }),
      70,
    ],
  ])('counts: %s', (_claim, record, kg) => {
    const { weight, fact } = weightOf(record);
    expect(weight?.kg).toBeCloseTo(kg, 2);
    expect(fact.state).toBe('yes');
  });

  test.each([
    ['31 days ago', weighed(70, 'kg', '2026-10-22'), 'unknown', 'stale'],
    ['this month, on a day that may be too long ago', weighed(70, 'kg', '2026-10'), 'unknown', 'stale'],
    ['no unit', weighed(70), 'unknown', 'implausible'],
    ['a unit that is none', weighed(70, 'stone'), 'unknown', 'implausible'],
    ['too little', weighed(3, 'kg'), 'unknown', 'implausible'],
    ['too much', weighed(700, 'kg'), 'unknown', 'implausible'],
    ['grams taken for kilograms', weighed(70_000, 'kg'), 'unknown', 'implausible'],
    [
      'a bound',
      weighed(0, undefined, '2026-11-20', { valueQuantity: { value: 70, code: 'kg', comparator: '<' } }),
      'unknown',
      'implausible',
    ],
    [
      'units that contradict each other',
      weighed(0, undefined, '2026-11-20', { valueQuantity: { value: 70, code: 'kg', unit: 'lb' } }),
      'unknown',
      'implausible',
    ],
    [
      'an ideal weight',
      weighed(70, 'kg', '2026-11-20', { code: { text: 'Ideal body weight', ...coded(LOINC, '29463-7') } }),
      'no',
      undefined,
    ],
    ['negative', weighed(-70, 'kg'), 'unknown', 'implausible'],
    ['text for a number', weighed('70', 'kg'), 'unknown', 'implausible'],
    ['no value', weighed(undefined, 'kg', '2026-11-20', { valueQuantity: undefined }), 'unknown', 'implausible'],
    ['in the future', weighed(70, 'kg', '2026-11-23'), 'no', undefined],
    ['without a date', weighed(70, 'kg', 'x'), 'no', undefined],
    ['entered in error', weighed(70, 'kg', '2026-11-20', { status: 'entered-in-error' }), 'no', undefined],
    ['cancelled', weighed(70, 'kg', '2026-11-20', { status: 'cancelled' }), 'no', undefined],
    [
      'another observation',
      weighed(70, 'kg', '2026-11-20', { code: coded(LOINC, '8302-2', 'Body height') }),
      'no',
      undefined,
    ],
    [
      'the birth weight',
      weighed(3.4, 'kg', '2026-11-20', { code: coded(LOINC, '8339-4', 'Birth weight') }),
      'no',
      undefined,
    ],
  ])('is none: %s', (_claim, record, state, doubt) => {
    const { weight, fact } = weightOf(record);
    expect(weight).toBeUndefined();
    expect([fact.state, fact.doubt]).toEqual([state, doubt]);
  });

  test('is the latest, in whatever order they come', () => {
    const both = [weighed(70, 'kg', '2026-11-01'), weighed(72, 'kg', '2026-11-20')];
    expect(weightOf(...both).weight?.kg).toBe(72);
    expect(weightOf(...both.toReversed()).weight?.kg).toBe(72);
  });

  test.each([
    ['half of what is expected at 4 years', 9.5, 'yes'],
    ['less', 9.4, 'unknown'],
    ['twice', 38, 'yes'],
    ['more', 38.1, 'unknown'],
  ])('of a child is plausible within bounds: %s', (_claim, kg, state) => {
    const child = [{ resourceType: 'Patient', id: 'p1', birthDate: '2022-01-01' }];
    expect(chartOf({ patient: child, observationsBodyWeight: [weighed(kg, 'kg')] }).weight.fact.state).toBe(state);
  });

  test('of a patient of no known age cannot be judged', () => {
    expect(chartOf({ observationsBodyWeight: [weighed(70, 'kg')] }).weight.fact.state).toBe('unknown');
  });

  test('is not an older one when the latest is implausible', () => {
    expect(weightOf(weighed(70, 'kg', '2026-11-01'), weighed(700, 'kg', '2026-11-20')).fact.state).toBe('unknown');
  });

  test('passes over one in the future', () => {
    expect(weightOf(weighed(70, 'kg', '2026-11-20'), weighed(72, 'kg', '2026-12-01')).weight?.kg).toBe(70);
  });

  test('two of one day answer the same in any order', () => {
    const both = [weighed(70, 'kg', '2026-11-20'), weighed(700, 'kg', '2026-11-20')];
    expect(weightOf(...both).fact.state).toBe(weightOf(...both.toReversed()).fact.state);
  });

  test('that was not read is unknown', () => {
    expect(chartFrom(without(complete(), 'observationsBodyWeight')).weight.fact.state).toBe('unknown');
    expect(chartFrom(cutShort(complete(), 'observationsBodyWeight')).weight.fact.state).toBe('unknown');
    expect(chartFrom(complete()).weight.fact.state).toBe('no');
  });
});
