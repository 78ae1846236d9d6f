import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readCodedText } from '../../src/chart/coding.ts';
import { doseInWords, readDraftedDose } from '../../src/chart/drafted-dose.ts';
import type { JsonObject } from '../../src/chart/reading.ts';

const read = (dosage: unknown, medication: JsonObject = { text: 'atezolizumab' }) =>
  readDraftedDose({ dosageInstruction: dosage }, readCodedText(medication));
const inText = (text: string) => read([{ text }]);
const quantity = (value: unknown, unit: unknown = 'mg', more: JsonObject = {}) => ({
  doseAndRate: [{ doseQuantity: { value, unit, ...more } }],
});
const repeat = (more: JsonObject) => ({ timing: { repeat: more } });

describe('in words', () => {
  test.each([
    ['1200 mg IV every 3 weeks', { dose: { mg: 1200 }, everyDays: 21, route: 'intravenous' }],
    ['1,200 mg intravenously q3w', { dose: { mg: 1200 }, everyDays: 21, route: 'intravenous' }],
    ['840mg IVPB q 2 weeks', { dose: { mg: 840 }, everyDays: 14, route: 'intravenous' }],
    ['1680 mg infusion every four weeks', { dose: { mg: 1680 }, everyDays: 28, route: 'intravenous' }],
    ['1200 mg IV q21d', { dose: { mg: 1200 }, everyDays: 21, route: 'intravenous' }],
    ['1200 mg IV on day 1 of each 21-day cycle', { dose: { mg: 1200 }, everyDays: 21, route: 'intravenous' }],
    ['1200 mg iv 3-weekly', { dose: { mg: 1200 }, everyDays: 21, route: 'intravenous' }],
    ['840 mg every other week', { dose: { mg: 840 }, everyDays: 14 }],
    ['1875 mg subcutaneously every 3 weeks', { dose: { mg: 1875 }, everyDays: 21, route: 'subcutaneous' }],
    ['800 mg by mouth once daily', { dose: { mg: 800 }, everyDays: 1, route: 'oral' }],
    ['800 mg PO qd', { dose: { mg: 800 }, everyDays: 1, route: 'oral' }],
    ['15 mg/kg IV every 3 weeks', { dose: { mgPerKg: 15 }, everyDays: 21, route: 'intravenous' }],
    ['15 mg/kg = 420 mg IV every 3 weeks', { dose: { mg: 420 }, everyDays: 21, route: 'intravenous' }],
    [
      '420 mg (15 mg/kg for 28 kg of 2026-11-02, at most 1200 mg) intravenously every 3 weeks',
      { dose: { mg: 420 }, everyDays: 21, route: 'intravenous' },
    ],
    ['15 mg/kg, max 1200 mg, IV every 3 weeks', { dose: { mgPerKg: 15 }, everyDays: 21, route: 'intravenous' }],
  ])('%p is read', (text, expected) => {
    expect(inText(text)).toEqual(expected);
  });

  test.each([
    ['millilitres', '20 mL IV every 3 weeks', { everyDays: 21, route: 'intravenous' }],
    ['a strength', '1200 mg/20 mL IV every 3 weeks', { everyDays: 21, route: 'intravenous' }],
    ['a number that may be 1200 or 1.2', '1.200 mg IV every 3 weeks', { everyDays: 21, route: 'intravenous' }],
    ['two doses', '1200 mg or 840 mg IV every 3 weeks', { everyDays: 21, route: 'intravenous' }],
    ['a dose by body surface', '75 mg/m2 IV every 3 weeks', { everyDays: 21, route: 'intravenous' }],
    ['two intervals', '1200 mg every 3 weeks, then every 4 weeks', { dose: { mg: 1200 } }],
    ['several days of a cycle', '900 mg days 1, 8 of 21-day cycle', { dose: { mg: 900 } }],
    ['as needed', '800 mg daily as needed', { dose: { mg: 800 } }],
    ['months, which are not four weeks', '1680 mg every 1 month', { dose: { mg: 1680 } }],
    ['two routes', '1200 mg IV or SC every 3 weeks', { dose: { mg: 1200 }, everyDays: 21 }],
    ['nothing', 'as directed', {}],
  ])('%s is not taken', (_what, text, expected) => {
    expect(inText(text)).toEqual(expected);
  });

  test('the name of a product is no dose, an instruction in its place is', () => {
    expect(read([], { text: 'Tecentriq 1200 mg/20 mL solution' })).toEqual({});
    expect(read([], { text: 'atezolizumab 840 mg injection' })).toEqual({});
    expect(read([], { text: 'Atezolizumab 1200 mg IV every 3 weeks' })).toEqual({
      dose: { mg: 1200 },
      everyDays: 21,
      route: 'intravenous',
    });
  });
});

describe('in the structure', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['milligrams', quantity(1200), { dose: { mg: 1200 } }],
    ['with a code besides the unit', quantity(1200, 'mg', { code: 'mg' }), { dose: { mg: 1200 } }],
    ['for each kilogram', quantity(15, 'mg/kg'), { dose: { mgPerKg: 15 } }],
    ['contradicting units', quantity(1200, 'mg', { code: 'mL' }), {}],
    ['millilitres', quantity(20, 'mL'), {}],
    ['grams', quantity(1.2, 'g'), {}],
    ['no unit', quantity(1200, ''), {}],
    ['a bound', quantity(1200, 'mg', { comparator: '<' }), {}],
    ['a number as text', quantity('1200'), {}],
    ['a negative', quantity(-1200), {}],
    ['no number', quantity(Number.NaN), {}],
    ['a range', { doseAndRate: [{ doseRange: { low: { value: 840, unit: 'mg' } } }] }, {}],
    ['a rate alone', { doseAndRate: [{ rateQuantity: { value: 1200, unit: 'mg' } }] }, {}],
  ])('%s', (_what, dosage, expected) => {
    expect(read([dosage])).toEqual(expected);
  });

  test('a dose for each kilogram says how the ordered one was made up', () => {
    const both = {
      doseAndRate: [
        { type: { text: 'calculated' }, doseQuantity: { value: 15, unit: 'mg/kg' } },
        { type: { text: 'ordered' }, doseQuantity: { value: 420, unit: 'mg' } },
      ],
    };
    expect(read([both])).toEqual({ dose: { mg: 420 } });
  });

  test.each<[string, JsonObject, number | undefined]>([
    ['every 3 weeks', { frequency: 1, period: 3, periodUnit: 'wk' }, 21],
    ['every 21 days', { period: 21, periodUnit: 'd' }, 21],
    ['every 24 hours', { frequency: 1, period: 24, periodUnit: 'h' }, 1],
    ['twice a day', { frequency: 2, period: 1, periodUnit: 'd' }, 0.5],
    ['every 1 month', { period: 1, periodUnit: 'mo' }, undefined],
    ['every 3 to 4 weeks', { period: 3, periodMax: 4, periodUnit: 'wk' }, undefined],
    ['never', { frequency: 0, period: 3, periodUnit: 'wk' }, undefined],
    ['backwards', { frequency: 1, period: -3, periodUnit: 'wk' }, undefined],
    ['in words', { frequency: 1, period: '3', periodUnit: 'wk' }, undefined],
    ['two days a week', { period: 1, periodUnit: 'wk', dayOfWeek: ['mon', 'thu'] }, undefined],
  ])('%s', (_what, timing, days) => {
    expect(read([repeat(timing)]).everyDays).toBe(days);
  });

  test('a timing code is an interval too', () => {
    expect(read([{ timing: { code: { text: 'Q3W' } } }]).everyDays).toBe(21);
    expect(read([{ timing: { code: { coding: [{ system: 'x', code: 'Q3W' }] } } }]).everyDays).toBe(21);
  });

  test.each([
    ['dose', { text: '840 mg IV every 3 weeks', ...quantity(1200) }],
    ['everyDays', { text: '1200 mg IV every 2 weeks', ...repeat({ period: 3, periodUnit: 'wk' }) }],
    ['route', { text: '1200 mg IV every 3 weeks', route: { text: 'Subcutaneous' } }],
  ] as const)('%s: where it contradicts the words, nothing is taken', (member, dosage) => {
    expect(read([dosage])[member]).toBeUndefined();
  });

  test('two dosages that differ are none', () => {
    expect(read([quantity(1200), quantity(840)]).dose).toBeUndefined();
    expect(read([quantity(1200), quantity(1200)]).dose).toEqual({ mg: 1200 });
  });
});

test.each([
  [{ dose: { mg: 1200 }, everyDays: 21, route: 'intravenous' }, '1200 mg IV every 3 weeks'],
  [{ dose: { mgPerKg: 15 } }, '15 mg/kg'],
  [{ everyDays: 10, route: 'subcutaneous' }, 'SC every 10 days'],
  [{ dose: { mg: 800 }, everyDays: 1, route: 'oral' }, '800 mg by mouth daily'],
  [{ everyDays: 7 }, 'every week'],
  [{}, ''],
] as const)('%p reads %p', (dose, words) => {
  expect(doseInWords(dose)).toBe(words);
});

test('whatever stands in an order, it can be read, and what is read is a number', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.string(), (dosage, part, text) => {
      for (const one of [dosage, [dosage], [{ doseAndRate: part, timing: part, route: part, text }]]) {
        const { dose, everyDays } = read(one, { text });
        for (const number of [everyDays, ...(dose === undefined ? [] : Object.values(dose))])
          expect(number === undefined || (Number.isFinite(number) && number > 0)).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

test('hostile text costs no time', () => {
  const started = performance.now();
  for (const text of ['('.repeat(1000), '1'.repeat(1000), '1,111'.repeat(200), 'every '.repeat(170), 'mg '.repeat(330)])
    inText(text);
  expect(performance.now() - started).toBeLessThan(10_000);
});
