import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { buildChart, type Chart, diagnoseFrom } from '../../src/chart/chart.ts';
import { no, unknown, yes } from '../../src/chart/fact.ts';
import { noChestImagingSince } from '../../src/chart/follow-up.ts';
import type { JsonObject, Readings } from '../../src/chart/reading.ts';
import type { Settings } from '../../src/chart/settings.ts';
import { guideline, TODAY } from '../support/service.ts';
import { asps, chartFrom, complete, draftsOf, named, type Parts, terminology, without } from './builders.ts';

function chartAt(readings: Readings, settings: Partial<Settings>): Chart {
  const definitions = { terminology, settings: { ...guideline.settings, ...settings } };
  return buildChart('p1', diagnoseFrom(readings, terminology), readings, {}, definitions, TODAY);
}

const BRAIN = 'MRI brain';
const image = (text: string, effectiveDateTime?: string, more: JsonObject = {}) =>
  named('DiagnosticReport', text, { ...(effectiveDateTime === undefined ? {} : { effectiveDateTime }), ...more });
const conditions = [asps({ onsetDateTime: '2020-06-10' })];
const brain = (parts: Parts, months = 12) =>
  chartAt(complete({ conditions, ...parts }), { brainImagingIntervalMonths: months }).followUp.brain;
const images = (...diagnosticReports: readonly JsonObject[]) => ({ diagnosticReports });

describe('brain imaging, on 22 November 2026 and every 12 months', () => {
  test.each([
    ['a year ago to the day', images(image(BRAIN, '2025-11-22')), 'yes'],
    ['a year ago but for a day', images(image(BRAIN, '2025-11-23')), 'no'],
    ['last year, somewhen', images(image(BRAIN, '2025')), 'unknown'],
    ['the year before', images(image(BRAIN, '2024')), 'yes'],
    ['two, one of them recent', images(image(BRAIN, '2024-01-01'), image(BRAIN, '2026-05-01', { id: 'r2' })), 'no'],
    ['one old and one undated', images(image(BRAIN, '2024-01-01'), image(BRAIN, undefined, { id: 'r2' })), 'unknown'],
    [
      'a CT of the head last month, beside an old MRI',
      images(image(BRAIN, '2024-01-01'), image('CT head', '2026-10-01', { id: 'r2' })),
      'yes',
    ],
    ['none', {}, 'no'],
  ])('is overdue or not: %s', (_claim, parts, state) => {
    expect(brain(parts).overdue.state).toBe(state);
  });

  test('the last one is named, with its date', () => {
    const parts = images(image(BRAIN, '2023-01-01'), image(BRAIN, '2024-01-01', { id: 'r2' }));
    expect(brain(parts).overdue).toMatchObject({
      state: 'yes',
      value: '2024-01-01',
      evidence: [{ reference: 'DiagnosticReport/r2' }],
    });
  });

  test('nothing is overdue where no interval is set', () => {
    const readings = complete({ conditions, ...images(image(BRAIN, '2021-01-01')) });
    expect(chartFrom(readings).followUp.brain.overdue.state).toBe('no');
    expect(chartFrom(readings).followUp.chest.overdue.state).toBe('no');
  });

  test.each([
    ['reports', 'diagnosticReports', 'unknown'],
    ['Procedures', 'procedures', 'unknown'],
    ['ImagingStudies', 'imagingStudies', 'yes'],
  ] as const)('an old one on file, and the %s not read: %s is %s', (_claim, key, state) => {
    const old = named('Procedure', BRAIN, { performedDateTime: '2024-01-01' });
    const parts = key === 'procedures' ? images(image(BRAIN, '2024-01-01')) : { procedures: [old] };
    const readings = without(complete({ conditions, ...parts }), key);
    expect(chartAt(readings, { brainImagingIntervalMonths: 12 }).followUp.brain.overdue.state).toBe(state);
  });
});

describe('the next brain imaging', () => {
  const last = images(image(BRAIN, '2025-06-01'));
  const request = (more: JsonObject) => named('ServiceRequest', BRAIN, { status: 'active', ...more });
  const pending = (...serviceRequests: readonly JsonObject[]) => brain({ ...last, serviceRequests }).pending.state;

  test.each([
    ['an order since the last one', [request({ authoredOn: '2026-10-01' })], 'yes'],
    ['an order of the day of the last one', [request({ authoredOn: '2025-06-01' })], 'yes'],
    ['an undated order', [request({})], 'yes'],
    ['an order from before the last one', [request({ authoredOn: '2025-03-01' })], 'no'],
    ['one closed since the last one', [request({ status: 'completed', authoredOn: '2026-10-01' })], 'unknown'],
    ['the closed order of the last one', [request({ status: 'completed', authoredOn: '2025-05-20' })], 'no'],
    ['a revoked one', [request({ status: 'revoked', authoredOn: '2026-10-01' })], 'no'],
    ['nothing', [], 'no'],
  ])('is pending or not: %s', (_claim, requests, state) => {
    expect(pending(...requests)).toBe(state);
  });

  test('a draft is pending', () => {
    const drafts = draftsOf([named('ServiceRequest', BRAIN, { id: 'd1' })], ['ServiceRequest/other']);
    expect(chartFrom(complete({ conditions, ...last }), drafts).followUp.brain.pending).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'ServiceRequest/d1' }],
    });
  });

  test('a visit that is being booked is pending', () => {
    const readings = complete({ conditions, ...last });
    const appointment = {
      resourceType: 'Appointment',
      id: 'a1',
      status: 'proposed',
      description: BRAIN,
      start: '2026-12-01T09:00:00Z',
    };
    const context = { appointments: { resourceType: 'Bundle', entry: [{ resource: appointment }] } };
    const chart = buildChart('p1', diagnoseFrom(readings, terminology), readings, context, guideline, TODAY);
    expect(chart.followUp.brain.pending.state).toBe('yes');
  });

  test('none is only said with the orders read', () => {
    const readings = without(complete({ conditions, ...last }), 'serviceRequests');
    expect(chartFrom(readings).followUp.brain.pending.state).toBe('unknown');
  });
});

test('chest imaging is a CT or a PET-CT, by an interval of its own', () => {
  const chest = (text: string) =>
    chartAt(complete({ conditions, ...images(image(text, '2025-01-01')) }), { chestImagingIntervalMonths: 6 }).followUp
      .chest;
  expect(chest('CT chest').overdue.state).toBe('yes');
  expect(chest('PET/CT').overdue.state).toBe('yes');
  expect(chest('MRI brain').overdue.state).toBe('no');
});

describe('no chest imaging since a resection on 13 July 2026', () => {
  const resected = (text: string, start: number, end = start) =>
    yes([{ kind: 'procedure', text: 'Wide excision', date: { start, end, text } }]);
  const DAY = Math.floor(TODAY.getTime() / 86_400_000);
  const JULY = DAY - 132;
  const none = (
    parts: Parts,
    resection = resected('2026-07-13', JULY),
    readings = complete({ conditions, ...parts }),
  ) => noChestImagingSince(chartFrom(readings).imaging, resection, 90, readings, DAY);

  test.each([
    ['nothing', {}, 'yes'],
    ['a CT before it', images(image('CT chest', '2026-06-11')), 'yes'],
    ['a CT after it', images(image('CT chest', '2026-10-11')), 'no'],
    ['an undated CT', images(image('CT chest')), 'unknown'],
    ['a CT of that month', images(image('CT chest', '2026-07')), 'unknown'],
    ['an MRI of the brain after it', images(image('MRI brain', '2026-10-11')), 'yes'],
  ])('%s', (_claim, parts, state) => {
    expect(none(parts).state).toBe(state);
  });

  test('the resection is named', () => {
    expect(none({}).evidence).toMatchObject([{ text: 'Wide excision' }]);
  });

  test.each([
    ['89 days ago', resected('', DAY - 89), 'no'],
    ['91 days ago', resected('', DAY - 91), 'yes'],
    ['somewhen this year', resected('2026', DAY - 325, DAY + 39), 'unknown'],
    ['on an unknown day', yes([{ kind: 'procedure', text: 'Wide excision' }]), 'unknown'],
    ['not on file', no([]), 'no'],
    ['not read', unknown([]), 'unknown'],
  ])('resected %s', (_claim, resection, state) => {
    expect(none({}, resection).state).toBe(state);
  });

  test('nothing found, and the reports not read, is unknown', () => {
    expect(none({}, undefined, without(complete({ conditions }), 'diagnosticReports')).state).toBe('unknown');
    expect(none({}, undefined, without(complete({ conditions }), 'imagingStudies')).state).toBe('yes');
  });
});

describe('whatever stands in the chart', () => {
  test('it never throws', () => {
    const junk = fc.anything({ maxDepth: 2 });
    fc.assert(
      fc.property(junk, junk, (a, b) => {
        const chart = chartAt(
          complete({ conditions, ...images(image(BRAIN, undefined, { effectiveDateTime: a, effectivePeriod: b })) }),
          { brainImagingIntervalMonths: 12, chestImagingIntervalMonths: 12 },
        );
        expect(['yes', 'no', 'unknown']).toContain(chart.followUp.brain.overdue.state);
      }),
    );
  });

  test('order and duplicates do not matter, and a source that is lost makes no yes of a no', () => {
    const record = fc.tuple(
      fc.constantFrom(BRAIN, 'CT chest'),
      fc.constantFrom('2024', '2025-11-22', '2026-05-01', undefined),
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 4 }), (list) => {
        const diagnosticReports = list.map(([text, date], n) => image(text, date, { id: `r${n}` }));
        const once = brain({ diagnosticReports });
        const again = brain({ diagnosticReports: [...diagnosticReports.toReversed(), ...diagnosticReports] });
        expect([again.overdue.state, again.pending.state]).toEqual([once.overdue.state, once.pending.state]);
        const lost = chartAt(without(complete({ conditions, diagnosticReports }), 'procedures'), {
          brainImagingIntervalMonths: 12,
        });
        expect(lost.followUp.brain.overdue.state === 'yes').toBe(false);
      }),
    );
  });
});
