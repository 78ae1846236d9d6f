import { describe, expect, test } from '@jest/globals';
import type { DraftContext } from '../../src/chart/draft-orders.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import {
  asps,
  chartFrom,
  chartOf,
  coded,
  complete,
  condition,
  cutShort,
  draftsOf,
  ICD,
  named,
  type Parts,
  without,
} from './builders.ts';

const lung = (onsetDateTime: string | undefined = '2026-06-20', more: JsonObject = {}) =>
  condition(coded(ICD, 'C78.02'), { id: 'lung', ...(onsetDateTime === '' ? {} : { onsetDateTime }), ...more });
const bone = (onsetDateTime: string | undefined) =>
  condition(coded(ICD, 'C79.51'), { id: 'bone', ...(onsetDateTime === undefined ? {} : { onsetDateTime }) });
const scan = (on: string | undefined, id = `ct-${on}`, more: JsonObject = {}) =>
  named('DiagnosticReport', 'CT chest', {
    id,
    status: 'final',
    ...(on === undefined ? {} : { effectiveDateTime: on }),
    ...more,
  });
const diagnosed = asps({ onsetDateTime: '2025-01-10' });
const scansOf = (...dates: readonly (string | undefined)[]): Parts => ({
  conditions: [diagnosed, lung()],
  diagnosticReports: dates.map((on) => scan(on)),
});
const stagingOf = (parts: Parts, drafts?: DraftContext) => chartOf(parts, drafts).surgery.staging;
const references = ({ evidence }: { readonly evidence: readonly { readonly reference?: string }[] }) =>
  evidence.map(({ reference }) => reference);

describe('two chest CTs about three months apart', () => {
  test.each([
    ['75 days', '2026-06-20', '2026-09-03'],
    ['120 days', '2026-06-20', '2026-10-18'],
    ['three months', '2026-07-01', '2026-10-01'],
    ['with the CT that found it, a week before', '2026-06-13', '2026-09-15'],
    ['with a third one between', '2026-06-20', '2026-08-01', '2026-09-20'],
  ])('%s', (_claim, ...dates) => {
    expect(stagingOf(scansOf(...dates)).met.state).toBe('yes');
  });

  test('are the evidence, the newest first', () => {
    expect(references(stagingOf(scansOf('2026-06-20', '2026-09-20')).met)).toEqual([
      'DiagnosticReport/ct-2026-09-20',
      'DiagnosticReport/ct-2026-06-20',
    ]);
  });

  test.each([
    ['none', []],
    ['one', ['2026-06-20']],
    ['74 days', ['2026-06-20', '2026-09-02']],
    ['121 days', ['2026-06-20', '2026-10-19']],
    ['one of them of the time when the lung was clean', ['2026-03-25', '2026-06-20']],
    ['both of the time before', ['2025-10-01', '2026-01-05']],
    ['the same one twice', ['2026-06-20', '2026-06-20']],
  ])('are not there: %s', (_claim, dates) => {
    expect(stagingOf(scansOf(...dates)).met).toMatchObject({ state: 'no', unread: [] });
  });

  test('an abdomen CT, a PET and an ordered one are no chest CT that was made', () => {
    const parts = {
      conditions: [diagnosed, lung()],
      diagnosticReports: [
        scan('2026-06-20'),
        named('DiagnosticReport', 'CT abdomen', { id: 'abdomen', status: 'final', effectiveDateTime: '2026-09-20' }),
        named('DiagnosticReport', 'PET-CT', { id: 'pet', status: 'final', effectiveDateTime: '2026-09-20' }),
        scan('2026-09-20', 'planned', { status: 'registered' }),
      ],
    };
    expect(stagingOf(parts).met.state).toBe('no');
  });

  test.each([
    ['a date leaves it open', ['2026-06', '2026-09-20', '2026-06-20'].slice(0, 1).concat('2026-10-20')],
    ['one has no date', ['2026-06-20', undefined]],
  ])('are undecided when %s', (_claim, dates) => {
    expect(stagingOf(scansOf(...dates)).met).toMatchObject({ state: 'unknown', doubt: 'date-not-comparable' });
  });

  test('are undecided when nobody knows since when the metastasis is there', () => {
    const parts = { conditions: [diagnosed, lung('')], diagnosticReports: [scan('2026-06-20'), scan('2026-09-20')] };
    expect(stagingOf(parts).met.state).toBe('unknown');
    expect(stagingOf({ ...parts, diagnosticReports: [] }).met.state).toBe('no');
  });

  test('are undecided by a closed request without images of its own', () => {
    const request = (authoredOn: string) =>
      named('ServiceRequest', 'CT chest', { id: authoredOn, status: 'completed', intent: 'order', authoredOn });
    const met = (...authored: readonly string[]) =>
      stagingOf({ ...scansOf('2026-06-20'), serviceRequests: authored.map(request) }).met.state;
    expect(met('2026-08-20')).toBe('unknown');
    expect(met('2026-06-15')).toBe('no');
    expect(met('2026-06-15', '2026-08-20')).toBe('unknown');
    expect(met('2026-06-01', '2026-06-15')).toBe('unknown');
    expect(met('2024-06-01', '2026-06-15')).toBe('no');
  });

  test('are undecided in the year of a metastasis of which only the year is known', () => {
    const parts = {
      conditions: [diagnosed, lung('2026')],
      diagnosticReports: [scan('2026-04-20'), scan('2026-07-20')],
    };
    expect(stagingOf(parts).met.state).toBe('unknown');
    expect(stagingOf({ ...parts, diagnosticReports: [scan('2026-07-20')] })).toMatchObject({
      met: { state: 'no' },
      due: { state: 'no' },
    });
  });

  test.each(['procedures', 'diagnosticReports'] as const)('are unknown without %s', (key) => {
    expect(chartFrom(without(complete(scansOf()), key)).surgery.staging.met.state).toBe('unknown');
  });
});

describe('the second CT is due', () => {
  test.each([
    ['three months after the first', ['2026-10-10'], '2027-01-10'],
    ['at once, if that day has passed', ['2026-08-01'], '2026-11-22'],
    ['at once, if the time in which it counts has passed', ['2026-06-20'], '2026-11-22'],
    ['after the first from which the interval can be kept', ['2026-06-20', '2026-11-10'], '2027-02-10'],
    ['at the end of a shorter month', ['2026-11-22'], '2027-02-22'],
    ['after a CT of which only the month is known', ['2026-11'], '2027-02-28'],
  ])('%s', (_claim, dates, value) => {
    expect(stagingOf(scansOf(...dates)).due).toMatchObject({ state: 'yes', value });
  });

  const request = (on: string, status = 'active') =>
    named('ServiceRequest', 'CT chest', { id: 'sr', status, intent: 'order', authoredOn: on });

  test.each([
    ['both are there', scansOf('2026-06-20', '2026-09-20')],
    ['the first is not', scansOf()],
    ['it is ordered', { ...scansOf('2026-10-10'), serviceRequests: [request('2026-10-12')] }],
  ])('is no when %s', (_claim, parts: Parts) => {
    expect(stagingOf(parts).due.state).toBe('no');
  });

  test('is no when it is drafted', () => {
    const draft = named('ServiceRequest', 'CT chest', { id: 'draft', status: 'draft', intent: 'order' });
    expect(stagingOf(scansOf('2026-10-10'), draftsOf([draft])).due.state).toBe('no');
  });

  test('is yes beside an order from before the first', () => {
    expect(stagingOf({ ...scansOf('2026-10-10'), serviceRequests: [request('2026-10-01')] }).due.state).toBe('yes');
  });

  test('counts a CT that began and has no end as over by today', () => {
    const dueAfter = (start: string) => {
      const begun = scan(undefined, 'begun', { effectivePeriod: { start } });
      return stagingOf({ conditions: [diagnosed, lung()], diagnosticReports: [begun] }).due;
    };
    expect(dueAfter('2026-11-10')).toMatchObject({ state: 'yes', value: '2027-02-22' });
    expect(dueAfter('2026-10-10')).toMatchObject({ state: 'unknown', doubt: 'date-not-comparable' });
  });

  test('is undecided after a CT of which only the year is known', () => {
    expect(stagingOf(scansOf('2026')).due).toMatchObject({ state: 'unknown', doubt: 'date-not-comparable' });
  });

  test.each(['serviceRequests', 'diagnosticReports'] as const)('is unknown without %s', (key) => {
    const parts = {
      conditions: [diagnosed, lung()],
      procedures: [named('Procedure', 'CT chest', { id: 'ct', status: 'completed', performedDateTime: '2026-10-10' })],
    };
    expect(chartFrom(without(complete(parts), key)).surgery.staging.due.state).toBe('unknown');
  });
});

describe('a new metastasis since the first CT', () => {
  const after = (...more: readonly JsonObject[]): Parts => ({
    ...scansOf('2026-06-13', '2026-09-20'),
    conditions: [diagnosed, lung(), ...more],
  });

  test('one that began after it', () => {
    const fact = stagingOf(after(bone('2026-09-25'))).newMetastasis;
    expect(fact.state).toBe('yes');
    expect(references(fact)).toEqual(['Condition/bone']);
  });

  test('none, though the first was entered a week after the CT that found it', () => {
    expect(stagingOf(after()).newMetastasis.state).toBe('no');
    expect(stagingOf(after(bone('2026-06-10'))).newMetastasis.state).toBe('no');
  });

  test('is undecided with one of unknown onset', () => {
    expect(stagingOf(after(bone(undefined))).newMetastasis.state).toBe('unknown');
    expect(stagingOf(after(bone('2026'))).newMetastasis.state).toBe('unknown');
  });

  test('is unknown without a CT, and with Conditions that go on', () => {
    expect(stagingOf(scansOf()).newMetastasis).toMatchObject({ state: 'unknown', doubt: 'not-recorded' });
    expect(chartFrom(cutShort(complete(after()), 'conditions')).surgery.staging.newMetastasis.state).toBe('unknown');
  });

  test.each(['procedures', 'diagnosticReports'] as const)('is unknown where the first CT may stand in %s', (key) => {
    const parts = {
      ...after(),
      procedures: [named('Procedure', 'CT chest', { id: 'ct', status: 'completed', performedDateTime: '2026-06-20' })],
    };
    expect(chartOf(parts).surgery.staging.newMetastasis.state).toBe('no');
    const fact = chartFrom(without(complete(parts), key)).surgery.staging.newMetastasis;
    expect(fact).toMatchObject({ state: 'unknown', unread: [{ key }] });
  });
});

describe('a brain MRI since the metastasis was found', () => {
  const mri = (on: string | undefined) =>
    named('DiagnosticReport', 'MRI brain', {
      id: 'mri',
      status: 'final',
      ...(on === undefined ? {} : { effectiveDateTime: on }),
    });
  const withMri = (on: string | undefined, found = '2026-06-20'): Parts => ({
    conditions: [diagnosed, lung(found)],
    diagnosticReports: [mri(on)],
  });

  test('yes after it, and in its work-up', () => {
    expect(stagingOf(withMri('2026-07-01')).brainMri.state).toBe('yes');
    expect(stagingOf(withMri('2026-05-01')).brainMri.state).toBe('yes');
  });
  test('no before, and when none is there', () => {
    expect(stagingOf(withMri('2025-01-20')).brainMri.state).toBe('no');
    expect(stagingOf(scansOf()).brainMri.state).toBe('no');
  });
  test('unknown since when, where no metastasis has a day: then the date of the MRI is no matter', () => {
    for (const conditions of [[asps()], [diagnosed, lung('')]])
      expect(stagingOf({ conditions, diagnosticReports: [mri('2026-07-01')] }).brainMri).toMatchObject({
        state: 'unknown',
        doubt: 'not-recorded',
        evidence: [{ date: { text: '2026-07-01' } }],
      });
    expect(stagingOf(withMri(undefined)).brainMri.doubt).toBe('date-not-comparable');
  });
  test('unknown without dates, or unread', () => {
    expect(stagingOf(withMri(undefined)).brainMri.state).toBe('unknown');
    expect(stagingOf(withMri('2026-07-01', '')).brainMri.state).toBe('unknown');
    expect(chartFrom(without(complete(scansOf()), 'diagnosticReports')).surgery.staging.brainMri.state).toBe('unknown');
  });
});
