import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { JsonObject, Readings } from '../../../src/chart/reading.ts';
import { identityOf } from '../../../src/smart-app/header/identity.ts';
import { TODAY } from '../../support/service.ts';

describe('The identity', () => {
  test('is that of the name in use, not of an old one', () => {
    const name = [
      { use: 'old', family: 'Former' },
      { use: 'official', prefix: ['Dr'], given: ['Ivo', 'Maria'], family: 'Testcase' },
    ];
    expect(of({ name })?.name).toBe('Dr Ivo Maria Testcase');
    expect(of({ name: [...name, { use: 'usual', text: 'Ivo T.' }] })?.name).toBe('Ivo T.');
    expect(of({ name: [{ use: 'old', family: 'Former' }] })?.name).toBe('Former');
  });

  test('has no age, sex or name that is not recorded', () => {
    expect(of({})).toMatchObject({ name: undefined, age: undefined, born: undefined, sex: undefined, died: undefined });
    expect(of({ name: 'Ivo', gender: 7, birthDate: 1987 })).toMatchObject({
      name: undefined,
      age: undefined,
      sex: undefined,
    });
  });

  test('gives the age as a range where the birth date is partial', () => {
    expect(of({ birthDate: '1987-03-03' })).toMatchObject({ age: '39 years', born: '1987-03-03' });
    expect(of({ birthDate: '1987-11-22' })?.age).toBe('39 years');
    expect(of({ birthDate: '1987-11-23' })?.age).toBe('38 years');
    expect(of({ birthDate: '2008' })).toMatchObject({ age: '17 to 18 years', born: '2008' });
  });

  test('gives the age of an infant in months, and none for a birth in the future', () => {
    expect(of({ birthDate: '2024-12-22' })?.age).toBe('23 months');
    expect(of({ birthDate: '2026-11-23' })?.age).toBeUndefined();
  });

  test('gives the age at death, and none where the day of death is not recorded', () => {
    const birthDate = '1987-03-03';
    expect(of({ birthDate, deceasedDateTime: '2020-01-05T10:00:00Z' })).toMatchObject({
      age: '32 years',
      died: '2020-01-05',
    });
    expect(of({ birthDate, deceasedBoolean: true })).toMatchObject({ age: undefined, died: 'date not recorded' });
    expect(of({ birthDate, deceasedBoolean: false })).toMatchObject({ age: '39 years', died: undefined });
    expect(of({ birthDate, deceasedDateTime: 'last winter' })).toMatchObject({
      age: undefined,
      died: 'date not recorded',
    });
  });

  test('shows recorded “unknown” as the word of the record', () => {
    expect(of({ gender: 'unknown' })?.sex).toBe('unknown');
  });

  test('carries no character that cannot be seen, whatever the record holds', () => {
    expect(of({ name: [{ text: 'Ivo\u202E\nesacTset\u200B' }] })?.name).toBe('Ivo esacTset');
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('name', 'gender', 'birthDate', 'deceasedDateTime'), fc.anything()),
        (patient) => {
          const identity = of(patient);
          for (const words of [identity?.name, identity?.sex, identity?.born, identity?.died]) {
            expect(words ?? '').not.toMatch(/[\p{Cc}\p{Cf}]/u);
          }
        },
      ),
    );
  });

  test('is unknown as long as no Patient was read', () => {
    expect(identityOf(new Map(), TODAY)).toBeUndefined();
    expect(identityOf(new Map([['patient', { state: 'unread', reason: 'failed' }]]), TODAY)).toBeUndefined();
  });
});

function of(patient: JsonObject) {
  const readings: Readings = new Map([
    ['patient', { state: 'complete', resources: [{ resourceType: 'Patient', id: 'p', ...patient }] }],
  ]);
  return identityOf(readings, TODAY);
}
