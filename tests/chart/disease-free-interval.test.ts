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
  cutShort,
  ICD,
  named,
  observation,
  type Parts,
  SNOMED,
  without,
} from './builders.ts';

const lung = (onsetDateTime: string | undefined, more: JsonObject = {}) =>
  condition(coded(ICD, 'C78.00'), { id: 'lung', ...(onsetDateTime === undefined ? {} : { onsetDateTime }), ...more });
const resection = (performedDateTime: string | undefined) =>
  named('Procedure', 'Wide excision of sarcoma', {
    id: 'op',
    status: 'completed',
    ...(performedDateTime === undefined ? {} : { performedDateTime }),
  });
const diagnosed = asps({ onsetDateTime: '2024-01-10' });
const intervalOf = (parts: Parts) => chartOf(parts).surgery.longDiseaseFreeInterval;
const between = (operated: string | undefined, found: string | undefined) =>
  intervalOf({ conditions: [diagnosed, lung(found)], procedures: [resection(operated)] });

describe('the disease-free interval is long', () => {
  test.each([
    ['2024-02-01', '2025-02-01', '12 months'],
    ['2024-02-01', '2025-04-15', '14 months'],
    ['2024-02-29', '2026-03-01', '24 months'],
    ['2024-02', '2025-06', '15 to 16 months'],
    ['2024', '2026-06', '17 to 29 months'],
  ])('resected %s, metastasis %s: %s', (operated, found, value) => {
    expect(between(operated, found)).toMatchObject({ state: 'yes', value });
  });

  test('by the resection and the first metastasis', () => {
    const fact = intervalOf({
      conditions: [diagnosed, lung('2026-08-01', { id: 'second' }), lung('2025-06-01', { id: 'first' })],
      procedures: [resection('2024-02-01')],
    });
    expect(fact).toMatchObject({ state: 'yes', value: '16 months' });
    expect(fact.evidence.map(({ reference }) => reference)).toEqual(['Procedure/op', 'Condition/first']);
  });
});

describe('it is not', () => {
  test.each([
    ['2024-02-01', '2025-01-31', '11 months'],
    ['2024-02-01', '2024-08', '6 months'],
    ['2024-02-01', '2024-03-01', '0 (synchronous)'],
    ['2024-02-01', '2023-12-01', '0 (synchronous)'],
    ['2024-02-01', '2024-01', '0 (synchronous)'],
  ])('resected %s, metastasis %s: %s', (operated, found, value) => {
    expect(between(operated, found)).toMatchObject({ state: 'no', value });
  });

  test('found within the work-up of the diagnosis, whatever is known of an operation', () => {
    const conditions = [diagnosed, lung('2024-03-01')];
    expect(intervalOf({ conditions })).toMatchObject({ state: 'no', value: '0 (synchronous)' });
    expect(chartFrom(without(complete({ conditions }), 'procedures')).surgery.longDiseaseFreeInterval.state).toBe('no');
  });

  test('an M1 category of the first staging makes it synchronous', () => {
    const staging = observation(coded(SNOMED, '399387003'), {
      effectiveDateTime: '2024-01-20',
      valueCodeableConcept: { text: 'cM1' },
    });
    const fact = intervalOf({
      conditions: [diagnosed, lung('2025-06-01')],
      procedures: [resection('2024-02-01')],
      observationsStaging: [staging],
    });
    expect(fact).toMatchObject({ state: 'no', value: '0 (synchronous)' });
  });

  test('without metastases', () => {
    expect(intervalOf({ conditions: [asps({ stage: [{ summary: { text: 'Stage II' } }] })] }).state).toBe('no');
  });
});

describe('it is unknown', () => {
  test.each([
    ['the dates leave it open', '2024-02', '2025-02', 'date-not-comparable'],
    ['only years are known', '2024', '2025', 'date-not-comparable'],
    ['the metastasis has no date', '2024-02-01', undefined, 'date-not-comparable'],
    ['the resection has no date', undefined, '2025-06-01', 'not-recorded'],
  ])('%s', (_claim, operated, found, doubt) => {
    expect(between(operated, found)).toMatchObject({ state: 'unknown', doubt });
  });

  test('with a date of entry alone: it may have been found before', () => {
    const fact = intervalOf({
      conditions: [diagnosed, lung(undefined, { recordedDate: '2025-06-01' })],
      procedures: [resection('2024-02-01')],
    });
    expect(fact.state).toBe('unknown');
  });

  test('without a record of a resection', () => {
    expect(intervalOf({ conditions: [diagnosed, lung('2025-06-01')] })).toMatchObject({
      state: 'unknown',
      doubt: 'not-recorded',
    });
  });

  test('where the Procedures could not be read', () => {
    const readings = without(complete({ conditions: [diagnosed, lung('2025-06-01')] }), 'procedures');
    expect(chartFrom(readings).surgery.longDiseaseFreeInterval).toMatchObject({
      state: 'unknown',
      unread: [{ key: 'procedures' }],
    });
  });

  test('where the metastasis is', () => {
    expect(intervalOf({ conditions: [diagnosed] }).state).toBe('unknown');
  });

  test('though it looks short, with another resection of an unknown day', () => {
    const procedures = [resection('2024-02-01'), { ...resection(undefined), id: 'undated' }];
    expect(intervalOf({ conditions: [diagnosed, lung('2024-08-01')], procedures }).state).toBe('unknown');
  });

  test('with an earlier metastasis that is resolved', () => {
    const conditions = [
      diagnosed,
      lung('2025-06-01'),
      lung('2024-06-01', { id: 'earlier', ...clinically('resolved') }),
    ];
    expect(intervalOf({ conditions, procedures: [resection('2024-02-01')] }).state).toBe('unknown');
  });

  test('with more Conditions than were read', () => {
    const readings = cutShort(
      complete({ conditions: [diagnosed, lung('2025-06-01')], procedures: [resection('2024-02-01')] }),
      'conditions',
    );
    expect(chartFrom(readings).surgery.longDiseaseFreeInterval.state).toBe('unknown');
  });
});
